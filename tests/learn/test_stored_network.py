from pathlib import Path
from typing import Any

import pytest
import torch

from mood2music.errors import CheckpointError
from mood2music.learn import checkpoint
from mood2music.learn.stored_network import load_network, restore


def test_a_mismatch_names_the_first_weight(tmp_path: Path) -> None:
    network = torch.nn.Linear(2, 1)
    with pytest.raises(CheckpointError, match="does not fit"):
        restore(network, {"weight": torch.zeros(1, 2)}, tmp_path / "a")


def linear(header: dict[str, Any]) -> torch.nn.Linear:
    return torch.nn.Linear(header["inside"], 1)


def test_a_network_comes_back_as_it_was(tmp_path: Path) -> None:
    network = torch.nn.Linear(3, 1)
    path = tmp_path / "a.safetensors"
    checkpoint.save(path, network.state_dict(), "line", {"inside": 3})
    found, header = load_network(path, "line", linear)
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
    found, _ = load_network(path, "music", lambda header: Projected())
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
        load_network(path, "line", linear)
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
        load_network(path, "line", linear)
