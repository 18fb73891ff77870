"""Every kind of notation comes in; what is broken or hostile is refused in one line."""

import time
from pathlib import Path

import pytest

from mood2music.errors import MusicFileError
from mood2music.music import notation
from mood2music.music.read import read
from tests.formats import MEI, SUFFIXES, write_mxl, write_notation

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "lolololololololololololol">'
    + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
    + "]><score-partwise><work><work-title>&a9;</work-title></work></score-partwise>"
)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_each_kind_of_notation_is_read(tmp_path: Path, suffix: str) -> None:
    notes = read(write_notation(tmp_path, suffix))
    assert len(notes) >= 8
    assert notes.pitch[0] == (67 if suffix in ("krn", "abc") else 60)


def test_a_suffix_in_capitals_is_the_same(tmp_path: Path) -> None:
    path = write_notation(tmp_path, "mxl").rename(tmp_path / "TUNE.MXL")
    assert len(read(path)) == 8


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("words.mxl", "not a zip", "words.mxl is no compressed MusicXML"),
        ("empty.mei", MEI.format(notes=""), "holds no pitched notes"),
        ("bomb.musicxml", BOMB, "bomb.musicxml cannot be read"),
        ("bomb.mei", BOMB.replace("score-partwise", "mei"), "bomb.mei cannot be read"),
        ("words.krn", "hello there\n", "words.krn cannot be read"),
        ("silent.abc", "X:1\nT:x\nK:C\n", "holds no pitched notes"),
        ("bytes.musicxml", "\x01\x02\x03", "bytes.musicxml cannot be read"),
    ],
)
def test_what_is_no_music_is_refused_in_one_line(
    tmp_path: Path, name: str, content: str, said: str
) -> None:
    (tmp_path / name).write_text(content)
    started = time.process_time()
    with pytest.raises(MusicFileError, match=said) as refused:
        read(tmp_path / name)
    assert "\n" not in str(refused.value)
    assert time.process_time() - started < 10


def test_half_an_mxl_is_refused(tmp_path: Path) -> None:
    path = write_notation(tmp_path, "mxl")
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(MusicFileError, match="damaged: expected a zip archive"):
        read(path)


def test_a_zip_that_unpacks_to_gigabytes_is_refused_before_it_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notation, "LARGEST", 1 << 20)
    path = tmp_path / "large.mxl"
    write_mxl(path, b"<score-partwise>" + b" " * (2 << 20))
    assert path.stat().st_size < 10_000
    with pytest.raises(MusicFileError, match=r"large.mxl holds 2 MB of text: expected at most 1"):
        read(path)
