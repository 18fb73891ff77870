import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from mood2music.errors import CheckpointError
from mood2music.learn import checkpoint
from tests.disk import room_for

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


def written(path: Path, header: str, state: dict[str, torch.Tensor] = STATE) -> Path:
    save_file(state, path, metadata={"mood2music": header})
    return path


@pytest.mark.parametrize(
    "header",
    [
        "[]", "null", "3", '"music"', "true", "[" * 5000 + "]" * 5000,
        '{"a":' * 900 + "1" + "}" * 900,
        '{"a":' * 40 + "1" + "}" * 40, "{", "", "NaN", '{"format": NaN}', '{"format": [1]}',
        '{"format": "1\\n2"}', '{"format": "' + 9000 * "x" + '"}',
        '{"format": 1, "kind": {"music": 1}}', '{"format": 1, "kind": null}', "9" * 5000,
    ],
)  # fmt: skip
def test_a_header_that_is_none_is_refused_in_one_line(header: str, tmp_path: Path) -> None:
    path = written(tmp_path / "a.safetensors", header)
    with pytest.raises(CheckpointError) as caught:
        checkpoint.load(path, "music")
    assert len(str(caught.value).splitlines()) == 1
    assert len(str(caught.value)) < len(str(path)) + 300


def test_a_header_of_a_hundred_megabytes_is_not_parsed(tmp_path: Path) -> None:
    path = written(tmp_path / "a.safetensors", "[" + "[]," * 6_000_000 + "1]")
    with pytest.raises(CheckpointError, match="not a mood2music checkpoint"):
        checkpoint.read_header(path)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("kind", [torch.float32, torch.float16, torch.bfloat16])
def test_weights_that_are_no_numbers_are_refused_by_name(
    value: float, kind: torch.dtype, tmp_path: Path
) -> None:
    state = {**STATE, "w": torch.tensor([1.0, value], dtype=kind)}
    checkpoint.save(tmp_path / "a.safetensors", state, "music", {})
    with pytest.raises(CheckpointError, match=r"no finite numbers \(w\)"):
        checkpoint.load(tmp_path / "a.safetensors")


def test_a_full_disk_is_told_and_the_old_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "best.safetensors"
    path.write_text("old")
    with pytest.raises(OSError, match=r"best.safetensors cannot be written"), room_for(1000):
        checkpoint.save(path, {"weight": torch.zeros(1000)}, "music", {})
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
