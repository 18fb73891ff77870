import errno
import os
import tempfile
from pathlib import Path

import pytest
from hydra.errors import HydraException

from mood2music.command.failures import reason, status, system_reason
from mood2music.command.interrupt import Terminated
from mood2music.errors import MusicFileError


def raised(error: BaseException, cause: BaseException) -> BaseException:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MusicFileError("tune\x1b[2J.mid is\nempty"), "tune.mid is empty"),
        (HydraException("no\n\nsuch\nSee https://hydra.cc for details"), "no such"),
        (KeyboardInterrupt(), "ended by Ctrl-C"),
        (Terminated("SIGTERM"), "ended by SIGTERM"),
        (MemoryError(), "not enough memory"),
        (
            OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "out/piece.wav"),
            "out/piece.wav: No space left on device (free some space, or name a folder on another "
            "disk)",
        ),
        (OSError(errno.EIO, os.strerror(errno.EIO)), "Input/output error"),
        (
            HydraException("In 'hydra/config': Could not find 'hydra/launcher/submitit_slurm'"),
            'hydra/launcher=submitit needs its plug-in: pip install "mood2music[sweep]"',
        ),
        (OSError("the encoder stopped"), "the encoder stopped"),
        (OSError(), "OSError"),
        (
            raised(ValueError("Unable to configure handler 'file'"), NotADirectoryError(
                errno.ENOTDIR, os.strerror(errno.ENOTDIR), "a/b")),
            "a/b: Not a directory (a part of that path is a file, name another folder)",
        ),
    ],
)  # fmt: skip
def test_what_can_be_expected_is_one_line(error: BaseException, said: str) -> None:
    assert reason(error) == said


def test_what_nobody_expected_says_where_its_traceback_is(tmp_path: Path) -> None:
    try:
        {}["Zoë\udceb"]  # type: ignore[index]
    except KeyError as error:
        said = reason(error, tmp_path)
    written = tmp_path / "traceback.txt"
    assert said.startswith("not expected, a fault of this program: KeyError: ")
    assert said.endswith(str(written))
    assert "test_failures.py" in written.read_text(encoding="utf-8")


def test_without_a_folder_the_traceback_is_in_the_temporary_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "file").touch()
    for folder in (None, tmp_path / "file" / "folder"):
        said = reason(RuntimeError("why"), folder)
        (written,) = tmp_path.glob("mood2music-*.txt")
        assert said.endswith(f"RuntimeError: why; its traceback is in {written}")
        written.unlink()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "file"))
    assert reason(RuntimeError()).endswith("RuntimeError; its traceback could not be written")


def test_a_name_of_5000_letters_leaves_a_line_that_can_be_read() -> None:
    try:
        Path("x" * 5000).read_bytes()
    except OSError as error:
        said = reason(error)
    assert len(said) < 400
    assert said.endswith("xxx: File name too long (most systems take 255 letters a name)")


def test_what_the_cache_refuses_names_the_way_to_move_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOOD2MUSIC_CACHE", str(tmp_path / "file" / "cache"))
    (tmp_path / "file").touch()
    with pytest.raises(NotADirectoryError) as refused:
        (tmp_path / "file" / "cache").mkdir()
    said = reason(refused.value)
    assert "Not a directory (MOOD2MUSIC_CACHE=folder in the environment" in said


def test_a_name_that_is_no_text_is_shown(tmp_path: Path) -> None:
    assert system_reason(OSError(2, "No such file", b"a.mid")) == "a.mid: No such file"
    assert system_reason(OSError(2, "No such file", 3)) == "No such file"


def test_the_status_is_what_shells_expect() -> None:
    assert [status(e) for e in (KeyboardInterrupt(), Terminated("SIGTERM"), OSError())] == [
        130, 143, 1,
    ]  # fmt: skip
