from pathlib import Path

import pytest

from mood2music.command.given_files import check_source
from mood2music.errors import ImageError, MusicFileError

KINDS = {"photo": ImageError, "midi": MusicFileError, "audio": MusicFileError}


@pytest.mark.parametrize("option", KINDS)
def test_a_folder_an_address_and_nothing_are_told_apart(option: str, tmp_path: Path) -> None:
    for given, said in (
        (tmp_path, "that is a folder"),
        ("https://example.org/a.jpg", "that is an address: download it first"),
        (Path("https://example.org/a.jpg"), "that is an address: download it first"),
        (tmp_path / "gone", "no such file, expected a"),
        ("x" * 5000, "no such file"),
        ("a\0b", "no such file"),
    ):
        with pytest.raises(KINDS[option], match=said) as refused:
            check_source(option, given)
        assert str(refused.value).startswith(f"{option}=")
        assert "\n" not in str(refused.value)


def test_a_file_and_none_pass(tmp_path: Path) -> None:
    (tmp_path / "a.mid").touch()
    check_source("midi", tmp_path / "a.mid")
    check_source("midi", None)
