import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from mood2music import checkpoint
from mood2music.errors import CheckpointError

STATE = {"w": torch.tensor([1.5, -2.0]), "n": torch.tensor([3])}


def test_weights_and_header_come_back(tmp_path: Path) -> None:
    checkpoint.save(tmp_path / "a.safetensors", STATE, "music", {"x": [1, 2]})
    state, header = checkpoint.load(tmp_path / "a.safetensors", "music")
    assert state["w"].tolist() == [1.5, -2.0]
    assert header["x"] == [1, 2]
    assert [p.name for p in tmp_path.iterdir()] == ["a.safetensors"]


def test_half_precision_is_for_floats_and_loads_as_float32(tmp_path: Path) -> None:
    checkpoint.save(tmp_path / "a.safetensors", STATE, "music", {}, torch.float16)
    state, _ = checkpoint.load(tmp_path / "a.safetensors")
    assert state["w"].dtype == torch.float32
    assert state["n"].dtype == torch.int64


def test_another_kind_is_refused_by_name(tmp_path: Path) -> None:
    checkpoint.save(tmp_path / "a.safetensors", STATE, "face", {})
    with pytest.raises(CheckpointError, match="is a face network, expected music"):
        checkpoint.load(tmp_path / "a.safetensors", "music")


def test_another_format_is_refused_by_number(tmp_path: Path) -> None:
    header = {"mood2music": json.dumps({"format": 99, "kind": "music"})}
    save_file(STATE, tmp_path / "a.safetensors", metadata=header)
    with pytest.raises(CheckpointError, match="format 99, this version reads 1"):
        checkpoint.load(tmp_path / "a.safetensors")


def test_a_pickle_is_refused_and_not_run(tmp_path: Path) -> None:
    torch.save(STATE, tmp_path / "a.safetensors")
    with pytest.raises(CheckpointError, match="not a mood2music checkpoint"):
        checkpoint.load(tmp_path / "a.safetensors")


def test_a_mismatch_names_the_first_weight(tmp_path: Path) -> None:
    network = torch.nn.Linear(2, 1)
    with pytest.raises(CheckpointError, match="does not fit"):
        checkpoint.restore(network, {"weight": torch.zeros(1, 2)}, tmp_path / "a")
