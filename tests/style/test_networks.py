"""networks.py: files become one network, and what does not go together is refused."""

import logging
from pathlib import Path

import pytest
import torch

from mood2music.errors import CheckpointError
from mood2music.files import checksum
from mood2music.generator import network as networks
from mood2music.generator.network import EventNetwork, NetworkSettings
from mood2music.style.networks import load_styled
from mood2music.style.settings import StyleSettings


def write(path: Path, seed: int, grid: int = 24, init: str | None = None) -> EventNetwork:
    torch.manual_seed(seed)
    made = networks.build_network(
        NetworkSettings("lstm", "pitchwise", {"hidden": 8, "embedding": 8})
    )
    header = {"data": {"settings": {"grid": grid, "quantize": [4, 6]}}, "init": init}
    networks.save(path, made, header)
    return made.eval()


@pytest.fixture
def base(tmp_path: Path) -> Path:
    write(tmp_path / "base.safetensors", 0)
    return tmp_path / "base.safetensors"


def own(path: Path, strength: float = 0.5) -> StyleSettings:
    return StyleSettings("mine", strength, checkpoints={"mine": str(path)})


def test_a_style_is_blended_into_the_base_at_its_strength(base: Path, tmp_path: Path) -> None:
    ours = write(tmp_path / "mine.safetensors", 1, init=checksum(base))
    styled = load_styled(str(base), own(tmp_path / "mine.safetensors", 0.25))
    plain, _ = networks.load(base)
    assert styled.unstyled is not None
    for name, weight in styled.network.state_dict().items():
        was, wanted = plain.state_dict()[name], ours.state_dict()[name]
        torch.testing.assert_close(weight, was + 0.25 * (wanted - was))
        torch.testing.assert_close(styled.unstyled.state_dict()[name], was, rtol=0, atol=0)
    assert styled.styles == {"mine": (tmp_path / "mine.safetensors", 0.25)}
    assert not styled.network.training


def test_without_a_style_it_is_the_base_and_has_no_other(base: Path) -> None:
    styled = load_styled(str(base), StyleSettings())
    plain, _ = networks.load(base)
    assert styled.unstyled is None
    assert styled.checksums() == {"base.safetensors": checksum(base)}
    assert (styled.grid, styled.divisors) == (24, [4, 6])
    for name, weight in styled.network.state_dict().items():
        torch.testing.assert_close(weight, plain.state_dict()[name], rtol=0, atol=0)


def test_a_style_that_was_read_another_way_is_refused(base: Path, tmp_path: Path) -> None:
    write(tmp_path / "mine.safetensors", 1, grid=12)
    with pytest.raises(CheckpointError, match="fine-tune it on data read alike"):
        load_styled(str(base), own(tmp_path / "mine.safetensors"))


def test_a_style_of_another_base_is_warned_of(
    base: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(tmp_path / "mine.safetensors", 1, init="of another")
    with caplog.at_level(logging.WARNING):
        load_styled(str(base), own(tmp_path / "mine.safetensors"))
    assert "fine-tuned from another network than base.safetensors" in caplog.text
