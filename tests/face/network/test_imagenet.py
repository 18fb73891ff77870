"""imagenet.py: the shipped convolutions read; other files are refused without running them."""

import pickle
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from mood2music.errors import CheckpointError
from mood2music.face.network.alexnet import AlexNet
from mood2music.face.network.imagenet import SHIPPED, read_alexnet


def test_the_shipped_file_holds_the_five_convolutions() -> None:
    state = read_alexnet(SHIPPED)
    assert sorted(state) == sorted(n for n in AlexNet().state_dict() if n.startswith("features"))
    assert state["features.0.weight"].shape == (64, 3, 11, 11)
    assert SHIPPED.stat().st_size < 6_000_000


def test_pth_and_safetensors_give_the_same(tmp_path: Path) -> None:
    state = AlexNet(10, 3).state_dict()
    torch.save(state, tmp_path / "a.pth")
    save_file(state, tmp_path / "a.safetensors")
    first, second = read_alexnet(tmp_path / "a.pth"), read_alexnet(tmp_path / "a.safetensors")
    assert first.keys() == second.keys() == state.keys()
    assert all(torch.equal(first[name], second[name]) for name in state)


def test_a_pickle_is_refused_and_not_run(tmp_path: Path) -> None:
    class Burglar:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (open, (str(tmp_path / "stolen"),))

    (tmp_path / "a.pth").write_bytes(pickle.dumps({"features.0.weight": Burglar()}))
    with pytest.raises(CheckpointError, match="holds no weights"):
        read_alexnet(tmp_path / "a.pth")
    assert not (tmp_path / "stolen").exists()


@pytest.mark.parametrize("name", ["a.pth", "a.safetensors"])
def test_what_is_no_weights_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"not weights")
    with pytest.raises(CheckpointError, match="holds no weights"):
        read_alexnet(tmp_path / name)


def test_another_network_is_refused_by_what_was_found(tmp_path: Path) -> None:
    save_file({"stem.weight": torch.zeros(3)}, tmp_path / "a.safetensors")
    with pytest.raises(CheckpointError, match=r"stem\.weight.*expected features\.0\.weight"):
        read_alexnet(tmp_path / "a.safetensors")


def test_a_missing_file_says_the_ways_out(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="pretrained=true"):
        read_alexnet(tmp_path / "none.pth")
