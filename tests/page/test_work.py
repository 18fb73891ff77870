import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from mood2music.page.work import Cancelled, Done, Going, Step, Teller, follow


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as threads:
        yield threads


def test_steps_come_while_the_work_goes_on_and_then_its_result(pool: ThreadPoolExecutor) -> None:
    heard = threading.Event()

    def work(teller: Teller) -> int:
        teller.say("first")
        for done in range(20):
            teller.count(done + 1, 20)
            if done == 10:
                heard.wait(120)
        teller.say("last")
        return 7

    going_on = follow(work, threading.Event(), pool, pace=0.02)
    steps = [next(going_on)]
    heard.set()
    *rest, end = going_on
    steps += rest
    assert end == Done(7, ("first", "last"))
    assert all(isinstance(step, Step) for step in steps)
    counts = [step.done for step in steps if isinstance(step, Step)]
    assert counts == sorted(set(counts))
    assert 0 < counts[0] < 20


def test_a_stop_ends_the_work_at_its_next_step(pool: ThreadPoolExecutor) -> None:
    stop, reached = threading.Event(), []

    def work(teller: Teller) -> None:
        for number in range(1000):
            reached.append(number)
            teller.count(number, 1000)
            time.sleep(0.005)

    steps = follow(work, stop, pool, pace=0.01)
    next(steps)
    stop.set()
    with pytest.raises(Cancelled):
        list(steps)
    assert len(reached) < 1000


def test_who_stops_listening_ends_the_work(pool: ThreadPoolExecutor) -> None:
    ended = threading.Event()

    def work(teller: Teller) -> None:
        try:
            while True:
                teller.check()
                teller.say("on")
                time.sleep(0.005)
        finally:
            ended.set()

    steps = follow(work, threading.Event(), pool, pace=0.01)
    next(steps)
    steps.close()  # type: ignore[attr-defined]
    assert ended.is_set()


def test_what_the_work_raises_is_raised(pool: ThreadPoolExecutor) -> None:
    def work(_: Teller) -> None:
        raise ValueError("why")

    with pytest.raises(ValueError, match="why"):
        list(follow(work, threading.Event(), pool))


def test_progress_goes_on_while_files_are_made_and_never_back() -> None:
    teller = Teller(threading.Event())
    shares = [teller.step().share]
    teller.say("song")
    shares.append(teller.step().share)
    for done in (50, 200):
        teller.count(done, 200)
        shares.append(teller.step().share)
    assert shares[-1] == pytest.approx(0.4)  # all is written, nothing is rendered
    for files in (4, 8, 9):
        teller.wrote(files, 8)
        shares.append(teller.step().share)
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, pytest.approx(1.0))


def test_a_piece_in_bars_is_told_as_growing_though_its_events_are_not_known() -> None:
    steps = [Step(("song",), done, 2000, rough=True).share for done in (0, 20, 200, 2000)]
    assert steps == sorted(steps)
    assert steps[2] - steps[0] > 0.2


def test_what_can_be_seen_by_now_is_part_of_a_step() -> None:
    teller = Teller(threading.Event())
    assert teller.step().shown is None
    teller.show("half of it")
    assert teller.step().shown == "half of it"


def test_what_is_stopped_while_it_waits_never_begins_and_ends_for_all_who_listen(
    pool: ThreadPoolExecutor,
) -> None:
    free, stop, begun = threading.Event(), threading.Event(), []
    pool.submit(free.wait, 60)
    going = Going(begun.append, stop, pool)
    listeners = [going.steps(pace=0.01) for _ in range(3)]
    assert all(next(one) == Step(()) for one in listeners)
    stop.set()
    for one in listeners[:2]:
        with pytest.raises(Cancelled):
            list(one)
    going.join()
    free.set()
    pool.submit(int).result(60)
    with pytest.raises(Cancelled):
        list(listeners[2])
    assert (begun, going.over, going.untold) == ([], True, False)
