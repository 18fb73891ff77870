"""Makes standard output and error such that work goes on whatever becomes of them.

Whoever reads may stop (`| head -1`), the disk they go to may be full, their encoding may lack a
letter (`PYTHONIOENCODING=cp1252`), and they may be closed from the start (`>&-`). None of that is a
reason to lose a piece.
"""

import errno
import io
import os
import sys
from typing import TextIO


class Patient(io.TextIOWrapper):
    """A stream that takes all that is written; what went wrong first is in `fault`."""

    fault: OSError | None = None

    def write(self, text: str) -> int:
        """Write, or drop when nothing can be written any more."""
        try:
            return super().write(text)
        except OSError as error:
            self._give_up(error)
            return len(text)

    def flush(self) -> None:
        """Flush, or drop what is left."""
        try:
            super().flush()
        except OSError as error:
            self._give_up(error)

    def _give_up(self, error: OSError) -> None:
        """Send this and what libraries and child processes still write to nowhere."""
        self.fault = self.fault or error
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.fileno())
        os.close(nowhere)


def make_patient() -> None:
    """Exchange standard output and error; those that were exchanged, by a test say, stay."""
    for number, mode in ((0, os.O_RDONLY), (1, os.O_WRONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            # Else the next file that is opened gets the number, and what is printed ends up in it.
            os.open(os.devnull, mode)
    sys.stdout = _patient(sys.stdout, 1)
    sys.stderr = _patient(sys.stderr, 2)


def lost(stream: TextIO) -> str:
    """Why some of what was printed is missing; "" where nothing is, or its reader went away."""
    stream.flush()
    fault = stream.fault if isinstance(stream, Patient) else None
    return "" if fault is None or fault.errno == errno.EPIPE else str(fault.strerror)


def _patient(stream: TextIO | None, number: int) -> TextIO:
    if stream is None:  # closed when Python started
        buffer, encoding = io.BufferedWriter(io.FileIO(number, "w", closefd=False)), "utf-8"
        return Patient(buffer, encoding, "backslashreplace")
    if type(stream) is not io.TextIOWrapper:
        return stream
    return Patient(
        stream.buffer,
        stream.encoding,
        "backslashreplace",
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )
