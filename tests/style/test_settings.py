from pathlib import Path

import pytest

from mood2music.errors import CheckpointError, DataError, SettingsError, UnknownNameError
from mood2music.style.settings import StyleSettings
from mood2music.style.shipped import find_style


def test_a_mix_stands_before_a_name() -> None:
    assert StyleSettings("jazz", 0.5).strengths() == {"jazz": 0.5}
    assert StyleSettings("jazz", mix={"pop": 0.25}).strengths() == {"pop": 0.25}
    assert StyleSettings("None").strengths() == {}


def test_a_name_beside_a_mix_without_it_is_refused() -> None:
    StyleSettings("pop", mix={"pop": 0.25}).check()
    with pytest.raises(SettingsError) as refused:
        StyleSettings("jazz", mix={"pop": 0.5}).check()
    assert str(refused.value) == (
        "style=jazz with style.mix={pop:0.5}: expected one; both are style.mix={jazz:1,pop:0.5}"
    )


@pytest.mark.parametrize(
    ("one", "other", "name"),
    [
        ("a/best.safetensors", "b/best.safetensors", "best"),
        ("jazz", "Jazz", "jazz"),
        ("jazz", "my/jazz.safetensors", "jazz"),
    ],
)
def test_two_styles_of_one_name_are_refused(one: str, other: str, name: str) -> None:
    with pytest.raises(SettingsError) as refused:
        StyleSettings(mix={one: 0.5, "pop": 0.1, other: 0.25}).check()
    assert str(refused.value) == (
        f"style.mix: {one} and {other} are both called {name}, expected one of them, or a file of "
        "another name"
    )


def test_strengths_of_a_line_may_sum_to_one_and_no_further() -> None:
    StyleSettings(mix={"jazz": 0.7, "pop": 0.3}, method="linear").check()
    with pytest.raises(SettingsError, match=r"strengths sum to 1\.25, at most 1"):
        StyleSettings(mix={"jazz": 0.75, "pop": 0.5}, method="linear").check()
    StyleSettings(mix={"jazz": 0.75, "pop": 0.5}).check()


@pytest.mark.parametrize(
    ("settings", "style"),
    [
        (StyleSettings("Jazz"), "jazz"),
        (StyleSettings("jazz", mix={"pop": 0.7, "jazz": 0.2}), "pop"),
        (StyleSettings("tangos", idiom="jazz"), "jazz"),
        (StyleSettings("jazz", idiom="classical"), "classical"),
        (StyleSettings("none", idiom="pop"), "pop"),
        (StyleSettings("none"), ""),
    ],
)
def test_the_idiom_is_the_strongest_styles_unless_another_is_asked(
    settings: StyleSettings, style: str
) -> None:
    assert settings.players(settings.strengths()) == style


def test_an_idiom_that_there_is_not_is_refused() -> None:
    with pytest.raises(
        SettingsError, match=r"style\.idiom=polka: expected one of jazz, classical, pop"
    ):
        StyleSettings(idiom="polka").check()


def test_a_sphere_takes_one_style() -> None:
    StyleSettings("jazz", method="spherical").check()
    with pytest.raises(SettingsError, match="mixes one style with the base, not several"):
        StyleSettings(mix={"jazz": 0.5, "pop": 0.5}, method="spherical").check()


def test_a_style_that_there_is_not_is_refused_before_any_network_is_read() -> None:
    StyleSettings("Jazz").check_names("lstm")
    with pytest.raises(UnknownNameError, match="style=jaz"):
        StyleSettings("jaz").check_names("lstm")


def test_a_style_of_ones_own_has_a_file_whatever_the_network(tmp_path: Path) -> None:
    own = tmp_path / "mine.safetensors"
    own.touch()
    for model in ("lstm", "LSTM", str(own)):
        StyleSettings("Mine", checkpoints={"mine": str(own)}).check_names(model)
        StyleSettings("mine", checkpoints={"mine": str(own)}).check_names(model)
        StyleSettings("jazz").check_names(model)
        with pytest.raises(UnknownNameError, match="style=mine"):
            StyleSettings("mine").check_names(model)
        absent = StyleSettings("mine", checkpoints={"mine": str(tmp_path / "none")})
        if model != str(own):  # of an unknown kind of network it is seen when it is read
            with pytest.raises(CheckpointError, match=r"none: style.checkpoints names mine"):
                absent.check_names(model)
    with pytest.raises(CheckpointError, match="no checkpoint at"):
        StyleSettings().check_names(str(tmp_path / "none.safetensors"))


def test_music_of_ones_own_names_the_style(tmp_path: Path) -> None:
    own = StyleSettings(from_=str(tmp_path / "tango"), strength=0.7)
    own.check()
    assert own.strengths() == {"tango": 0.7}
    learnt = own.with_own(tmp_path / "best.safetensors")
    assert learnt.strengths() == {"tango": 0.7}
    assert learnt.checkpoints == {"tango": str(tmp_path / "best.safetensors")}
    assert learnt.source is None
    (tmp_path / "Vol. 2.zip").touch()
    for name in ("Vol. 2", "Vol. 2.zip"):  # a folder's dots are its own
        assert StyleSettings(from_=str(tmp_path / name)).own_name == "Vol. 2"
    mixed = StyleSettings(mix={"tango": 0.5, "jazz": 0.5}, from_="tango")
    mixed.check()
    assert mixed.with_own(Path("a")).strengths() == {"tango": 0.5, "jazz": 0.5}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (StyleSettings("jazz", from_="tango"), r"style\.mix=\{tango:0\.5,jazz:0\.5\}"),
        (StyleSettings(mix={"jazz": 1.0}, from_="tango"), "leaves it out"),
        (StyleSettings(save="a.safetensors"), r"nothing is learnt, expected style\.from=folder"),
        (StyleSettings(from_="tango", save="a.mid"), r"a name in \.safetensors"),
        (StyleSettings(from_="tango", minutes=0), r"style\.minutes=0"),
        (StyleSettings(rehearsal="daily"), r"style\.rehearsal=daily"),
    ],
)
def test_what_does_not_go_together_is_refused(settings: StyleSettings, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        settings.check()


def test_music_that_is_not_there_is_refused_before_anything_is_learnt(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"style\.from=.*no such folder"):
        StyleSettings(from_=str(tmp_path / "none")).check_names("lstm")
    (tmp_path / "tune.mid").touch()
    with pytest.raises(DataError, match="that is one file"):
        StyleSettings(from_=str(tmp_path / "tune.mid")).check_names("lstm")


def test_a_file_is_a_style_by_its_path(tmp_path: Path) -> None:
    own = tmp_path / "Mine.safetensors"
    own.touch()
    StyleSettings(str(own)).check_names("lstm")
    assert find_style(str(own), "lstm", {}) == ("Mine", own)
    with pytest.raises(CheckpointError, match="no checkpoint at"):
        StyleSettings(str(tmp_path / "none.safetensors")).check_names("lstm")
