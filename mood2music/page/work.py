"""Runs a long call in another thread, and gives its steps meanwhile and then its result.

Who sets its flag ends it at its next step; so does, of `follow`, who stops asking for steps.
"""

import math
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, wait
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")

# Seconds between two steps told to a page: often enough to look alive.
PACE = 0.2
# Shares of a run's time on two cores: two variants of 200 events, with score and sound.
LOOKING, WRITING, RENDERING = 0.06, 0.34, 0.6
ROUGHLY = 0.1


class Cancelled(Exception):
    """The visitor no longer wants what was being made."""


@dataclass(frozen=True)
class Step:
    """How far the work is.

    lines: said so far; done, total: events written, of how many (0: not begun); rough: whether
    that many are never needed, since bars or seconds are asked for; files, of: files made of the
    piece, of about how many (0: not begun); shown: what can be seen of it by now, None: nothing.
    """

    lines: tuple[str, ...]
    done: int = 0
    total: int = 0
    rough: bool = False
    files: int = 0
    of: int = 0
    shown: Any = None

    @property
    def share(self) -> float:
        """How much of the whole is done, 0 to 1: looking, writing and rendering count."""
        written = self.done / self.total if self.total else 0.0
        if self.rough:  # a piece in bars takes about a tenth of the events that would fill it
            written = 1 - math.exp(-written / ROUGHLY)
        rendered = min(self.files / self.of, 1.0) if self.of else 0.0
        if self.of and not self.total:  # what was written before is rendered anew
            return rendered
        return LOOKING * bool(self.lines) + WRITING * written + RENDERING * rendered


@dataclass(frozen=True)
class Done(Generic[T]):
    """What the call returned, with the lines said on the way."""

    result: T
    lines: tuple[str, ...]


class Teller:
    """What the working call tells: lines and progress; each telling is a place to be stopped."""

    def __init__(self, stop: threading.Event) -> None:
        """`stop`: set from outside to end the call."""
        self._stop = stop
        self._lines: list[str] = []
        self._done, self._total, self._rough = 0, 0, False
        self._files, self._of = 0, 0
        self._shown: Any = None

    def say(self, line: str) -> None:
        """Take a line for the visitor. Raises Cancelled when stopped."""
        self.check()
        self._lines.append(line)

    def count(self, done: int, total: int, rough: bool = False) -> None:
        """Take how many events are written, of how many at most. Raises Cancelled when stopped."""
        self.check()
        self._done, self._total, self._rough = done, total, rough

    def wrote(self, files: int, of: int) -> None:
        """Take how many files are made, of about how many. Raises Cancelled when stopped."""
        self.check()
        self._files, self._of = files, of

    def show(self, shown: Any) -> None:
        """Take what can be seen of the result by now. Raises Cancelled when stopped."""
        self.check()
        self._shown = shown

    def check(self) -> None:
        """Raise Cancelled when stopped."""
        if self._stop.is_set():
            raise Cancelled

    def step(self) -> Step:
        """Give the state of now."""
        counts = (self._done, self._total, self._rough, self._files, self._of)
        return Step(tuple(self._lines), *counts, self._shown)


class Going(Generic[T]):
    """A call that goes on in another thread, whoever looks at its steps or no longer does."""

    def __init__(self, call: Callable[[Teller], T], stop: threading.Event, pool: Executor) -> None:
        """Run `call` in a thread of `pool`; `stop`: ends it at its next step, set at its end."""
        self._teller = teller = Teller(stop)
        self._stop, self._told = stop, False

        def work() -> T:
            try:
                return call(teller)
            finally:
                stop.set()

        self._future = pool.submit(work)

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self._future.done()

    @property
    def untold(self) -> bool:
        """Whether there is more to tell: it goes on, or failed while nobody listened."""
        if not self.over:
            return True
        error = None if self._future.cancelled() else self._future.exception()
        return not self._told and error is not None and not isinstance(error, Cancelled)

    def join(self) -> None:
        """Wait until it has ended."""
        if not self._future.cancelled():
            wait([self._future])

    def steps(self, pace: float = PACE) -> Iterator[Step | Done[T]]:
        """Yield a Step now and then, and Done at the end.

        Raises what the call raises, Cancelled when it was stopped.
        """
        last = None
        while not wait([self._future], timeout=pace).done:
            if self._stop.is_set() and self._future.cancel():  # before a thread was free for it
                raise Cancelled
            if (step := self._teller.step()) != last:
                last = step
                yield step
        if self._future.cancelled():
            raise Cancelled
        self._told = True
        yield Done(self._future.result(), self._teller.step().lines)


def follow(
    call: Callable[[Teller], T], stop: threading.Event, pool: Executor, pace: float = PACE
) -> Iterator[Step | Done[T]]:
    """Run a call, and end it when nobody asks for its steps any more; steps as of `Going`.

    Closing the iterator sets `stop`, and waits until the thread has seen it.
    """
    going = Going(call, stop, pool)
    try:
        yield from going.steps(pace)
    finally:
        stop.set()
        going.join()
