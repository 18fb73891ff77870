import errno
import io
import os
import sys
from pathlib import Path

import pytest

from mood2music.command.streams import Patient, lost, make_patient


def pipe() -> tuple[int, Patient]:
    """A stream into a pipe, and the pipe's other end."""
    reader, writer = os.pipe()
    raw = io.BufferedWriter(io.FileIO(writer, "w"))
    return reader, Patient(raw, "ascii", "backslashreplace", line_buffering=True)


def test_letters_that_the_terminal_lacks_are_written_as_escapes() -> None:
    reader, stream = pipe()
    with stream:
        assert stream.write("Zoë\n") == 4
    with os.fdopen(reader) as out:
        assert out.read() == "Zo\\xeb\n"


def test_a_reader_that_goes_away_is_no_loss_and_what_follows_goes_nowhere() -> None:
    reader, stream = pipe()
    os.close(reader)
    with stream:
        for _ in range(3):
            stream.write("a line\n")
        assert isinstance(stream.fault, OSError)
        assert stream.fault.errno == errno.EPIPE
        assert lost(stream) == ""
        os.write(stream.fileno(), b"a library writes on")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
def test_a_full_disk_is_told() -> None:
    with Path("/dev/full").open("wb", buffering=0) as full:
        stream = Patient(io.BufferedWriter(io.FileIO(os.dup(full.fileno()), "w")), "utf-8")
        stream.write("a line\n")
        assert lost(stream) == os.strerror(errno.ENOSPC)
        assert lost(stream) == os.strerror(errno.ENOSPC)
        stream.close()


def test_streams_that_were_exchanged_stay(capsys: pytest.CaptureFixture[str]) -> None:
    before = sys.stdout, sys.stderr
    make_patient()
    assert (sys.stdout, sys.stderr) == before
    assert lost(sys.stdout) == ""
