"""Calls a function in a process that may die or be stopped, and gives what it returns or raises.

Parsers of foreign files can end the process they run in, or never return. Here such a call costs
that one file: the caller gets an error, and the next call a fresh process.

    child = Isolated()
    child.call(read, path, timeout=60.0)   # what read(path) returns or raises
    child.call(os.abort)                   # raises Crashed("SIGABRT")

A limit is in processor seconds where the system can count them, so that a busy machine refuses no
file that an idle one reads; one that waits for nothing is ended after PATIENCE times as long.

multiprocessing, and pebble and loky with it, refuse to start a process inside a daemonic one, which
the workers of Dask are; hence a plain interpreter and two pipes.
"""

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")

# A process is exchanged after so many calls: music21 keeps what it has read in memory.
CALLS = 1000
# Seconds on the clock for each processor second that a call may take.
PATIENCE = 10.0
# POSIX systems end a process by this signal when its processor time is up.
_COUNTS = hasattr(signal, "setitimer")
_SERVE = "from mood2music.isolate import serve; serve()"


class Crashed(Exception):
    """The process died; its text says of what: a signal's name or an exit status."""

    @property
    def from_outside(self) -> bool:
        """Whether somebody ended the process (out of memory, say) rather than it itself."""
        return str(self) in {"SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"}


class TimedOut(Exception):
    """The call took longer than allowed; its process was ended."""


class Isolated:
    """One process beside this one, started at the first call, ended with this object.

    For one thread at a time.
    """

    def __init__(self) -> None:
        """Start nothing yet."""
        self._process: subprocess.Popen[bytes] | None = None
        self._calls = 0
        self._end: Callable[[], Any] = lambda: None

    def __enter__(self) -> "Isolated":
        """Give itself, to be closed at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """End the process; the next call starts another."""
        self._process, self._calls = None, 0
        self._end()

    def call(self, function: Callable[..., T], *args: Any, timeout: float | None = None) -> T:
        """Return what `function(*args)` returns, or raise what it raises.

        function: importable by name; args and result: picklable; timeout: processor seconds, None
        for no limit. Raises Crashed when the process dies, TimedOut when it took too long.
        """
        process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        timer = threading.Timer((timeout or 0.0) * (PATIENCE if _COUNTS else 1.0), stop)
        if timeout is not None:
            timer.start()
        try:
            # Two layers: what cannot be unpickled on the other side is then said, not fatal.
            pickle.dump((timeout, pickle.dumps((function, args))), process.stdin)
            process.stdin.flush()
            good, result = pickle.load(process.stdout)
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            cause = _cause(process)
            self.close()
            if late.is_set() or cause == "SIGPROF":
                raise TimedOut(f"{timeout:g} s") from error
            raise Crashed(cause) from error
        except BaseException:
            self.close()  # half an answer may be under way
            raise
        finally:
            timer.cancel()
            if timeout is not None:
                timer.join()
        self._calls += 1
        if self._calls >= CALLS or late.is_set():
            self.close()
        if not good:
            raise result
        value: T = result
        return value

    def _start(self) -> subprocess.Popen[bytes]:
        one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", _SERVE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what parsers print would tear the progress bar
            env={**os.environ, **one_thread, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        self._process = process
        self._end = weakref.finalize(self, _end, process)  # at exit too
        return process


def serve() -> None:
    """Answer calls from stdin on stdout until stdin ends; what Isolated runs."""
    calls, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a parser that prints must not speak into the answers
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the caller, who ends this process
    while True:
        try:
            timeout, call = pickle.load(calls)
        except EOFError:
            return
        try:
            function, args = pickle.loads(call)
            _limit(timeout)
            answer = pickle.dumps((True, function(*args)))
        except Exception as error:
            answer = _error(error)
        _limit(None)
        answers.write(answer)
        answers.flush()


def _limit(seconds: float | None) -> None:
    """End this process when it has computed for so many seconds more; None takes the limit away."""
    if _COUNTS:
        signal.setitimer(signal.ITIMER_PROF, seconds or 0.0)


def _error(error: Exception) -> bytes:
    try:
        answer = pickle.dumps((False, error))
        pickle.loads(answer)  # some exceptions pickle and do not come back
    except Exception:
        return pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}")))
    return answer


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):  # unsent bytes to a process that is gone
                pipe.close()


def _cause(process: subprocess.Popen[bytes]) -> str:
    try:
        status = process.wait(timeout=5.0)
        return signal.Signals(-status).name if status < 0 else f"exit status {status}"
    except (subprocess.TimeoutExpired, ValueError):
        return "no answer"
