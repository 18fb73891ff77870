from pathlib import Path

import pytest

from mood2music.errors import MusicFileError
from mood2music.render.soundfont import SHIPPED, find_soundfont


def test_the_shipped_one_is_a_soundfont_and_passes_its_own_check() -> None:
    shipped = find_soundfont(None)
    assert shipped.name == SHIPPED
    assert find_soundfont(str(shipped)) == shipped


@pytest.mark.parametrize(
    "content", [b"", b"RIFF", b"RIFF\0\0\0\0WAVE", b"RIFX\0\0\0\0sfbk", b"MThd\0\0\0\6sfbk"]
)
def test_other_files_are_refused_by_their_first_bytes(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "my.sf2").write_bytes(content)
    with pytest.raises(MusicFileError, match=r"my\.sf2 is no SoundFont 2 file"):
        find_soundfont(str(tmp_path / "my.sf2"))


def test_a_file_that_begins_as_one_is_taken_and_one_that_is_not_there_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "my.sf2").write_bytes(b"RIFF\4\0\0\0sfbk")
    assert find_soundfont("~/my.sf2") == tmp_path / "my.sf2"
    with pytest.raises(MusicFileError, match=r"no file at gone\.sf2"):
        find_soundfont("gone.sf2")


def test_one_of_the_systems_folders_is_found_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Grand.sf2").write_bytes(b"RIFF\4\0\0\0sfbk")
    monkeypatch.setattr("mood2music.render.soundfont.FOLDERS", (str(tmp_path),))
    assert find_soundfont("Grand") == find_soundfont("Grand.sf2") == tmp_path / "Grand.sf2"
    with pytest.raises(MusicFileError, match="apt install fluid-soundfont-gm"):
        find_soundfont("FluidR3")
