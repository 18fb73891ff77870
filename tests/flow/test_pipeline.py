import json
from pathlib import Path

import pytest
import torch

from mood2music.errors import SettingsError
from mood2music.flow.pipeline import generate
from mood2music.flow.request import GenerateSettings
from mood2music.generator import network as networks
from mood2music.generator.embedding import END_OF_PIECE
from mood2music.generator.network import NetworkSettings
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.music.events import END, to_events
from mood2music.music.read import read
from tests.conftest import SILENT

pytestmark = pytest.mark.slow

G_MAJOR = {7, 9, 11, 0, 2, 4, 6}


@pytest.fixture(scope="module")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small network's checkpoint whose pieces end now and then, where they may."""
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("network") / "small.safetensors"
    network = networks.build_network(
        NetworkSettings("lstm", "pitchwise", {"hidden": 16, "embedding": 16})
    )
    with torch.no_grad():
        network.representation.out.bias[END] += 2
        network.representation.duration.out.bias[END_OF_PIECE] += 6
    data = {"settings": {"grid": 24, "quantize": [4, 3]}}
    networks.save(path, network, {"data": data})
    return path


def walk(folder: Path, **settings: object) -> Path:
    folder.mkdir()
    asked = GenerateSettings(**settings, render=SILENT)  # type: ignore[arg-type]
    return generate(asked, folder, lambda _: None)


def test_the_piece_keeps_to_key_range_and_polyphony(
    untrained: Path, song: Path, tmp_path: Path
) -> None:
    settings = {"midi": str(song), "model": str(untrained), "length": 80, "key": "G"}
    for structure in ([], ["A", "B", "A3"]):
        folder = tmp_path / "".join(["out", *structure])
        notes = read(walk(folder, **settings, range=[48, 84], polyphony=2, structure=structure))
        assert notes.pitch.min() >= 48
        assert notes.pitch.max() <= 84
        assert set((notes.pitch % 12).tolist()) <= G_MAJOR
        assert to_events(notes).counts().max() <= 2
    free = read(walk(tmp_path / "free", **settings, in_key=False))
    assert not set((free.pitch % 12).tolist()) <= G_MAJOR
    assert free.pitch.max() > 84
    assert to_events(free).counts().max() > 2


def test_a_piece_that_the_network_ends_says_where_in_the_manifest(
    untrained: Path, song: Path, tmp_path: Path
) -> None:
    common = {"midi": str(song), "model": str(untrained), "length": 50, "n": 3}
    for name, ending in (("fixed", False), ("ending", True)):
        walk(tmp_path / name, **common, sampler=SamplerSettings(end_of_piece=ending))
        pieces = json.loads((tmp_path / name / "run.json").read_text())["pieces"]
        assert all(piece["ended"] == (piece["events"] < 50) for piece in pieces)
        assert any(piece["ended"] for piece in pieces) == ending


def test_a_metric_that_nothing_measures_is_refused_before_a_note_is_written(
    untrained: Path, song: Path, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match=r"metric=novelty has nothing .*small.safetensors does"):
        walk(tmp_path / "out", midi=str(song), model=str(untrained), metric="novelty")
    assert list((tmp_path / "out").iterdir()) == []
