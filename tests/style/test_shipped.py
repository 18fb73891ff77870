from pathlib import Path

import pytest

from mood2music.errors import CheckpointError, UnknownNameError
from mood2music.style.shipped import bases, find_style, locate, shipped, styles_of


def test_every_shipped_name_is_found_whatever_its_capitals() -> None:
    for name in bases():
        assert locate(name.upper()) == locate(name) == shipped(name, "base")[0]
        for style in styles_of(name):
            assert find_style(style.title(), name, {}) == (style, shipped(name, style)[0])


def test_a_path_is_taken_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / "mine.safetensors").write_bytes(b"")
    assert locate(str(tmp_path / "mine.safetensors")) == tmp_path / "mine.safetensors"
    with pytest.raises(CheckpointError, match="no checkpoint at"):
        locate(str(tmp_path / "other.safetensors"))


def test_a_name_that_is_not_there_is_told_what_is() -> None:
    with pytest.raises(UnknownNameError, match="lstm"):
        locate("lstmm")
    with pytest.raises(UnknownNameError, match="jazz"):
        find_style("jaz", "lstm", {})


def test_the_users_own_style_wins_over_a_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "mine.safetensors").write_bytes(b"")
    own = {"jazz": str(tmp_path / "mine.safetensors")}
    assert find_style("Jazz", "lstm", own) == ("jazz", tmp_path / "mine.safetensors")
    with pytest.raises(CheckpointError, match=r"style\.checkpoints names jazz"):
        find_style("jazz", "lstm", {"jazz": str(tmp_path / "gone.safetensors")})


def test_the_base_is_no_style() -> None:
    assert "base" not in styles_of("lstm")
    with pytest.raises(UnknownNameError):
        find_style("base", "lstm", {})


def test_networks_and_styles_are_named_after_their_files() -> None:
    assert bases() == ["lstm", "bilstm_attention"]
    assert sorted(styles_of("lstm")) == ["classical", "jazz", "pop"]
    # A style is no network that writes.
    with pytest.raises(UnknownNameError, match="no network lstm_jazz"):
        locate("lstm_jazz")
