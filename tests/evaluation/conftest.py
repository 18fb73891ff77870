"""Makes photos, pieces and networks that tests measure."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from mood2music.face.network.backbone import build_networks
from mood2music.face.network.settings import FaceSettings, outputs
from mood2music.learn import checkpoint
from mood2music.music.notes import make_notes
from mood2music.music.write import write_midi

LABELS = {"a.png": (0.5, -0.25), "b.png": (-0.5, 0.75), "c.png": (0.0, 0.5)}


@pytest.fixture(scope="module")
def face_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A face network as training writes it, its weights drawn at random."""
    from dataclasses import asdict

    torch.manual_seed(0)
    settings = FaceSettings(
        name="cnn10", heads="joint", input_size=49, pretrained=False, hidden=16, width=4
    )
    header = {"settings": asdict(settings), "outputs": outputs(settings)}
    path = tmp_path_factory.mktemp("face") / "tiny.safetensors"
    checkpoint.save(path, build_networks(settings).state_dict(), "face", header)
    return path


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for name in LABELS:
        Image.fromarray(rng.integers(0, 256, (60, 60), np.uint8)).save(folder / name)
    (folder / "broken.png").write_bytes(b"not a picture")
    return folder


@pytest.fixture
def pieces(tmp_path: Path) -> Path:
    folder = tmp_path / "pieces"
    (folder / "deep").mkdir(parents=True)
    notes = make_notes([0, 24, 48, 72], [24] * 4, [60, 64, 67, 60], [80] * 4, tempo=60.0)
    write_midi(notes, folder / "arpeggio.mid")
    write_midi(notes.with_tempo(120.0), folder / "deep" / "faster.mid")
    (folder / "empty.mid").write_bytes(b"")
    return folder


def write_labels(folder: Path) -> None:
    lines = [f"{name},{v},{a}" for name, (v, a) in LABELS.items()]
    (folder / "labels.csv").write_text("path,valence,arousal\n" + "\n".join(lines) + "\n")


def face(weights: Path) -> dict[str, Any]:
    return {"detector": "none", "weights": str(weights)}


def by_name(tables: list[Any]) -> dict[str, list[Any]]:
    return {table.name: list(table.rows) for table in tables}
