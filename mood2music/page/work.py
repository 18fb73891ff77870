"""Runs a long call in another thread, and gives its steps meanwhile and then its result.

Whoever stops asking for steps (a closed page) or sets the flag ends it at its next step.
"""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, wait
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

# Seconds between two steps told to a page: often enough to look alive.
PACE = 0.2


class Cancelled(Exception):
    """The visitor no longer wants what was being made."""


@dataclass(frozen=True)
class Step:
    """How far the work is: lines said so far, events written and of how many (0: not begun)."""

    lines: tuple[str, ...]
    done: int = 0
    total: int = 0


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
        self._done, self._total = 0, 0

    def say(self, line: str) -> None:
        """Take a line for the visitor. Raises Cancelled when stopped."""
        self.check()
        self._lines.append(line)

    def count(self, done: int, total: int) -> None:
        """Take how many events are written, of how many. Raises Cancelled when stopped."""
        self.check()
        self._done, self._total = done, total

    def check(self) -> None:
        """Raise Cancelled when stopped."""
        if self._stop.is_set():
            raise Cancelled

    def step(self) -> Step:
        """Give the state of now."""
        return Step(tuple(self._lines), self._done, self._total)


def follow(
    call: Callable[[Teller], T], stop: threading.Event, pool: Executor, pace: float = PACE
) -> Iterator[Step | Done[T]]:
    """Run `call` in a thread of `pool`; yield a Step now and then, and Done at its end.

    Raises what `call` raises, Cancelled when `stop` is set. Closing the iterator sets it, and
    waits until the thread has seen it.
    """
    teller = Teller(stop)

    def work() -> T:
        teller.check()
        return call(teller)

    future = pool.submit(work)
    last = None
    try:
        while not wait([future], timeout=pace).done:
            if (step := teller.step()) != last:
                last = step
                yield step
        yield Done(future.result(), teller.step().lines)
    finally:
        stop.set()
        wait([future])
