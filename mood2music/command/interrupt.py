"""Signals ask a program to end: `raising` does so at once, `listening` lets a step be finished.

A command is within `raising` from its start; a training, which has weights to keep, is within
`listening` too, whose handlers stand before the others until it ends.
"""

import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType

# How a user knows them.
NAMES = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "SIGTERM"}


class Terminated(KeyboardInterrupt):
    """The process was asked to end by a signal, whose name is the text."""


class Interrupted(KeyboardInterrupt):
    """Work that a signal stopped: `str` says what was kept; `exit_code` is 128 and the signal."""

    def __init__(self, message: str, number: int) -> None:
        """`number`: of the signal, 2 for Ctrl-C, 15 for SIGTERM."""
        super().__init__(message, number)
        self.number = signal.Signals(number)

    def __str__(self) -> str:
        """Give the sentence alone."""
        return str(self.args[0])

    @property
    def exit_code(self) -> int:
        """What a shell says of a program that this signal ended: 130 or 143."""
        return 128 + self.number


class Request:
    """The signal that asked to stop, None as long as none did."""

    number: signal.Signals | None = None

    @property
    def name(self) -> str:
        """The signal as a user knows it, empty as long as none came."""
        return NAMES[self.number] if self.number is not None else ""

    def obey(self) -> None:
        """Raise Interrupted when a signal has come."""
        if self.number is not None:
            raise Interrupted(f"stopped by {self.name}", self.number)


@contextmanager
def listening() -> Iterator[Request]:
    """Catch Ctrl-C and SIGTERM during the block: the first is noted, a second is obeyed at once."""
    request = Request()

    def note(number: int, frame: FrameType | None) -> None:
        again = request.number is not None
        request.number = signal.Signals(number)
        if again:
            request.obey()

    with _handled(note, NAMES):
        yield request


@contextmanager
def raising() -> Iterator[None]:
    """Let SIGTERM and the closing of a terminal end the work as Ctrl-C does: Terminated is raised.

    What ignores a signal (nohup) or handles it already goes on to.
    """

    def end(number: int, frame: FrameType | None) -> None:
        raise Terminated(signal.Signals(number).name)

    numbers = [getattr(signal, n) for n in ("SIGTERM", "SIGHUP") if hasattr(signal, n)]
    with _handled(end, [n for n in numbers if signal.getsignal(n) == signal.SIG_DFL]):
        yield


@contextmanager
def _handled(
    handler: Callable[[int, FrameType | None], None], numbers: Iterable[signal.Signals]
) -> Iterator[None]:
    """Let a handler take signals during the block; they reach the main thread alone."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, usual in before.items():
            signal.signal(number, usual if usual is not None else signal.SIG_DFL)
