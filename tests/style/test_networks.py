"""networks.py: files become one network, and what does not go together is refused."""

import logging
from pathlib import Path

import pytest
import torch

from mood2music.errors import CheckpointError, SettingsError
from mood2music.files import checksum
from mood2music.generator import network as networks
from mood2music.generator.network import EventNetwork, NetworkSettings
from mood2music.music.idiom import idiom_of
from mood2music.style.blend import blend
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
    with pytest.raises(CheckpointError) as refused:
        load_styled(str(base), own(tmp_path / "mine.safetensors"))
    assert str(refused.value) == (
        "mine.safetensors was trained on music read with {'grid': 12, 'quantize': [4, 6]}, its "
        "base with {'grid': 24, 'quantize': [4, 6]}: fine-tune it on data read alike"
    )


def test_a_style_of_another_base_is_warned_of(
    base: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(tmp_path / "mine.safetensors", 1, init="of another")
    with caplog.at_level(logging.WARNING):
        load_styled(str(base), own(tmp_path / "mine.safetensors"))
    assert "fine-tuned from another network than base.safetensors" in caplog.text


def test_two_styles_of_one_name_are_refused_also_where_their_settings_were_not_checked(
    base: Path, tmp_path: Path
) -> None:
    write(tmp_path / "mine.safetensors", 1, init=checksum(base))
    path = str(tmp_path / "mine.safetensors")
    asked = StyleSettings(mix={"Mine": 0.5, path: 0.25}, checkpoints={"mine": path})
    with pytest.raises(SettingsError, match=rf"Mine and {path} are both called mine"):
        load_styled(str(base), asked)


@pytest.mark.parametrize("of_this", [True, False])
def test_a_style_of_this_base_or_of_none_that_is_known_is_no_matter_for_a_warning(
    base: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, of_this: bool
) -> None:
    write(tmp_path / "mine.safetensors", 1, init=checksum(base) if of_this else None)
    with caplog.at_level(logging.WARNING):
        styled = load_styled(str(base), own(tmp_path / "mine.safetensors", 0.25))
    assert caplog.text == ""
    assert styled.strengths() == {"mine": 0.25}
    assert styled.checksums() == {
        name: checksum(tmp_path / name) for name in ("base.safetensors", "mine.safetensors")
    }
    assert styled.unstyled is not None
    assert not styled.unstyled.training


def test_a_style_of_no_strength_leaves_the_base_as_it_is(base: Path, tmp_path: Path) -> None:
    write(tmp_path / "mine.safetensors", 1, init=checksum(base))
    styled = load_styled(str(base), own(tmp_path / "mine.safetensors", 0.0))
    assert styled.unstyled is None
    plain, _ = networks.load(base)
    for name, weight in styled.network.state_dict().items():
        torch.testing.assert_close(weight, plain.state_dict()[name], rtol=0, atol=0)


def test_method_and_layers_are_those_asked_for(base: Path, tmp_path: Path) -> None:
    ours = write(tmp_path / "mine.safetensors", 1, init=checksum(base)).state_dict()
    path = str(tmp_path / "mine.safetensors")
    asked = StyleSettings("mine", 1.0, checkpoints={"mine": path}, layers={"encoder": 0.0})
    plain = networks.load(base)[0].state_dict()
    for name, weight in load_styled(str(base), asked).network.state_dict().items():
        wanted = plain[name] if name.startswith("encoder") else ours[name]
        torch.testing.assert_close(weight, wanted)
    asked = StyleSettings("mine", 0.5, checkpoints={"mine": path}, method="spherical")
    found = load_styled(str(base), asked).network.state_dict()
    wanted = blend(plain, {"mine": ours}, {"mine": 0.5}, "spherical")
    for name, weight in found.items():
        torch.testing.assert_close(weight, wanted[name])


def test_the_next_piece_finds_the_network_there_unless_a_file_has_changed(
    base: Path, tmp_path: Path
) -> None:
    write(tmp_path / "mine.safetensors", 1, init=checksum(base))
    asked = own(tmp_path / "mine.safetensors")
    first = load_styled(str(base), asked)
    assert load_styled(str(base), asked) is first
    assert load_styled(str(base), own(tmp_path / "mine.safetensors", 0.6)) is not first
    ours = write(tmp_path / "mine.safetensors", 2, init=checksum(base)).state_dict()
    plain = networks.load(base)[0].state_dict()
    other = load_styled(str(base), asked)
    for name, weight in other.network.state_dict().items():
        torch.testing.assert_close(weight, (plain[name] + ours[name]) / 2)
    assert other.checksums()["mine.safetensors"] == checksum(tmp_path / "mine.safetensors")


def test_pop_asks_for_looser_returns_by_its_strength() -> None:
    looser = idiom_of("pop").looser
    for strength, share in ((0.0, 0.0), (0.5, looser / 2), (1.0, looser), (3.0, 1.0)):
        styled = load_styled("lstm", StyleSettings("pop", strength))
        assert styled.form is not None
        assert styled.form.bars.looser == pytest.approx(share)
    classical = load_styled("lstm", StyleSettings("classical")).form
    assert classical is not None
    assert classical.bars.looser == 0


def test_a_layer_that_the_network_has_not_is_refused() -> None:
    asked = StyleSettings("pop", layers={"encodr": 0.5})
    with pytest.raises(SettingsError, match=r"begins with encodr, did you mean encoder\?"):
        load_styled("lstm", asked)
