import json
from pathlib import Path
from typing import Any

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


def test_a_mismatch_names_the_first_weight(tmp_path: Path) -> None:
    network = torch.nn.Linear(2, 1)
    with pytest.raises(CheckpointError, match="does not fit"):
        checkpoint.restore(network, {"weight": torch.zeros(1, 2)}, tmp_path / "a")


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


def linear(header: dict[str, Any]) -> torch.nn.Linear:
    return torch.nn.Linear(header["inside"], 1)


def test_a_network_comes_back_as_it_was(tmp_path: Path) -> None:
    network = torch.nn.Linear(3, 1)
    path = tmp_path / "a.safetensors"
    checkpoint.save(path, network.state_dict(), "line", {"inside": 3})
    found, header = checkpoint.load_network(path, "line", linear)
    assert torch.equal(found.weight, network.weight)
    assert found.weight.device.type == "cpu"
    assert (header["inside"], found.training) == (3, False)


class Projected(torch.nn.Module):
    """A layer behind a projection that no file holds: its own generator draws it."""

    def __init__(self) -> None:
        super().__init__()
        fixed = torch.empty(3, 2).normal_(generator=torch.Generator().manual_seed(5))
        self.register_buffer("fixed", fixed, persistent=False)
        self.layer = torch.nn.Linear(2, 1)


def test_weights_are_not_drawn_before_the_files_take_their_place_but_what_no_file_holds_is(
    tmp_path: Path,
) -> None:
    path, made = tmp_path / "a.safetensors", Projected()
    checkpoint.save(path, made.state_dict(), "music", {})
    torch.manual_seed(1)
    before = torch.random.get_rng_state()
    found, _ = checkpoint.load_network(path, "music", lambda header: Projected())
    assert torch.equal(torch.random.get_rng_state(), before)
    assert torch.equal(found.fixed, made.fixed)
    assert torch.equal(found.layer.weight, made.layer.weight)


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        (4, r"weight has shape \[1, 3\], expected \[1, 4\]"),
        (10**6, "larger network than its weights are|shape"),
        (10**9, "larger network than its weights are"),
        (10**30, "describes no network"),
        (-1, "describes no network"),
        ("3", "describes no network"),
        (None, "describes no network"),
    ],
)
def test_settings_that_the_weights_do_not_fit_are_refused_before_the_network_is_made(
    inside: object, said: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.safetensors"
    checkpoint.save(path, torch.nn.Linear(3, 1).state_dict(), "line", {"inside": inside})
    with pytest.raises(CheckpointError, match=said) as caught:
        checkpoint.load_network(path, "line", linear)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"more": torch.zeros(1)}, "its settings know no more"),
        ({"weight": None}, "the file lacks weight"),
        ({"weight": torch.zeros(1, 3, dtype=torch.int64)}, "weight holds I64, expected"),
        ({"weight": torch.zeros(3)}, r"weight has shape \[3\], expected \[1, 3\]"),
    ],
)
def test_tensors_amiss_are_named(
    change: dict[str, torch.Tensor | None], said: str, tmp_path: Path
) -> None:
    state = {**torch.nn.Linear(3, 1).state_dict(), **change}
    path = tmp_path / "a.safetensors"
    kept = {name: tensor for name, tensor in state.items() if tensor is not None}
    checkpoint.save(path, kept, "line", {"inside": 3})
    with pytest.raises(CheckpointError, match=said):
        checkpoint.load_network(path, "line", linear)


def test_a_full_disk_is_told_and_the_old_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "best.safetensors"
    path.write_text("old")
    with pytest.raises(OSError, match=r"best.safetensors cannot be written"), room_for(1000):
        checkpoint.save(path, {"weight": torch.zeros(1000)}, "music", {})
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
