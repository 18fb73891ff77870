"""rehearsal.py: music of the base out of the package alone, made once."""

from pathlib import Path

import pytest
import torch

from mood2music.generator import network as networks
from mood2music.generator.network import NetworkSettings
from mood2music.style import rehearsal
from mood2music.style.rehearsal import Rehearsal


@pytest.mark.parametrize("kind", ["catalog", "written"])
def test_music_of_the_base_is_made_once(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rehearsal, "SONGS", {"catalog": 2, "written": 2})
    monkeypatch.setattr(rehearsal, "EVENTS", 12)
    monkeypatch.setattr(rehearsal, "TOGETHER", 1)
    torch.manual_seed(0)
    network = networks.build_network(
        NetworkSettings("lstm", "pitchwise", {"hidden": 8, "embedding": 8})
    ).eval()
    header = {"data": {"settings": {"grid": 24, "quantize": [4, 3]}}}
    networks.save(tmp_path / "base.safetensors", network, header)
    music = Rehearsal(kind, tmp_path / "base.safetensors", header)
    assert music.steps == 2
    heard: list[tuple[int, int]] = []
    store = music.open(network, lambda *step: heard.append(step))
    assert heard[-1] == (2, 2)
    assert heard == sorted(heard)
    assert store is not None
    assert len(store.pieces) == 2
    assert all(piece.events >= 12 for piece in store.pieces)
    again = Rehearsal(kind, tmp_path / "base.safetensors", header)
    assert again.steps == 0
    kept = again.open(network, lambda *_: pytest.fail("made again"))
    assert kept is not None
    assert kept.fingerprint == store.fingerprint


def test_without_rehearsal_there_is_no_music(tmp_path: Path) -> None:
    none = Rehearsal("none", tmp_path / "base.safetensors", {})
    assert none.steps == 0
