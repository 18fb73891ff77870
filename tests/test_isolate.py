import ctypes
import math
import os
import time
from pathlib import Path

import pytest

from mood2music.errors import MusicFileError
from mood2music.isolate import CALLS, Crashed, Isolated, TimedOut
from mood2music.music.read import read
from tests.store import readers


def test_a_call_gives_what_the_function_gives_in_another_process() -> None:
    with Isolated() as child:
        assert child.call(math.hypot, 3.0, 4.0) == 5.0
        assert child.call(os.getpid) == child.call(os.getpid) != os.getpid()


def test_what_the_function_raises_is_raised_here() -> None:
    with Isolated() as child:
        with pytest.raises(MusicFileError, match="no music file at nowhere"):
            child.call(read, Path("nowhere"))
        assert child.call(math.hypot, 3.0, 4.0) == 5.0


def test_a_crash_is_told_and_the_next_call_gets_a_new_process() -> None:
    with Isolated() as child:
        with pytest.raises(Crashed, match="SIGABRT") as aborted:
            child.call(os.abort)
        assert not aborted.value.from_outside
        with pytest.raises(Crashed, match="SIGSEGV"):
            child.call(ctypes.string_at, 0)
        with pytest.raises(Crashed, match="exit status 3"):
            child.call(os._exit, 3)
        with pytest.raises(Crashed, match="SIGKILL") as killed:
            child.call(readers.end_itself)
        assert killed.value.from_outside
        assert child.call(math.hypot, 3.0, 4.0) == 5.0


def test_a_call_that_takes_too_long_is_ended() -> None:
    with Isolated() as child:
        assert child.call(math.hypot, 3.0, 4.0, timeout=60.0) == 5.0
        began = time.monotonic()
        with pytest.raises(TimedOut, match=r"0\.2 s"):
            child.call(readers.compute, math.inf, timeout=0.2)
        assert time.monotonic() - began < 30
        assert child.call(math.hypot, 3.0, 4.0) == 5.0


def test_what_is_printed_does_not_disturb_the_answers() -> None:
    with Isolated() as child:
        assert [child.call(readers.noisy, i) for i in range(3)] == [0, 1, 2]


def test_what_cannot_be_pickled_is_said_and_the_process_lives_on() -> None:
    with Isolated() as child:
        first = child.call(os.getpid)
        with pytest.raises(RuntimeError, match="ValueError"):
            child.call(readers.raise_what_does_not_pickle)
        assert child.call(os.getpid) == first


def test_a_process_is_exchanged_after_many_calls() -> None:
    with Isolated() as child:
        found = {child.call(os.getpid) for _ in range(CALLS + 1)}
    assert len(found) == 2


def test_the_process_ends_with_its_object() -> None:
    child = Isolated()
    pid = child.call(os.getpid)
    del child
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
