"""Ctrl-C and SIGTERM ask long work to stop; it does so between two steps, at the second at once."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# How a user knows them.
NAMES = {signal.SIGINT: "Ctrl-C", signal.SIGTERM: "SIGTERM"}


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

    if threading.current_thread() is not threading.main_thread():
        yield request  # signals reach the main thread alone
        return
    before = {number: signal.signal(number, note) for number in NAMES}
    try:
        yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
