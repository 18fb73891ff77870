import threading
import time

import pytest

from mood2music.page.sessions import Sessions


@pytest.fixture
def ended() -> list[str]:
    return []


def sessions(away: float, ended: list[str]) -> Sessions:
    made = Sessions(away)
    made.ending.append(ended.append)
    return made


def until_ended(ended: list[str]) -> None:
    for _ in range(1000):
        if ended:
            return
        time.sleep(0.002)


def test_a_page_that_is_loaded_anew_is_of_the_visit_that_its_tab_had(ended: list[str]) -> None:
    known = sessions(60, ended)
    token = known.arrive("first", None)
    assert known.name("first") == "first"
    known.leave("first")
    assert known.arrive("second", token) == token
    assert [known.name(one) for one in ("first", "second", "other")] == ["first", "first", "other"]
    for wrong in (None, "", "x", 7, ["x"], {}):
        assert known.arrive(f"stranger {wrong}", wrong) != token
        assert known.name(f"stranger {wrong}") == f"stranger {wrong}"
    assert ended == []


def test_a_visit_that_was_left_is_over_after_a_while_and_its_token_no_longer_one(
    ended: list[str],
) -> None:
    known = sessions(0.01, ended)
    token = known.arrive("first", None)
    known.leave("first")
    until_ended(ended)
    assert ended == ["first"]
    assert known.arrive("second", token) != token
    assert known.name("second") == "second"


def test_who_has_come_back_is_not_ended_by_the_cut_connection_that_is_noticed_late(
    ended: list[str],
) -> None:
    known = sessions(0.02, ended)
    token = known.arrive("first", None)
    known.leave("first")
    known.arrive("second", token)
    known.leave("first")
    time.sleep(0.06)
    assert (known.name("second"), ended) == ("first", [])
    known.leave("second")
    until_ended(ended)
    assert ended == ["first"]


def test_a_visit_whose_page_still_asks_waits_once_more(ended: list[str]) -> None:
    known = sessions(0.1, ended)
    known.arrive("first", None)
    known.leave("first")
    for _ in range(5):
        time.sleep(0.03)
        assert known.name("first") == "first"
    assert ended == []
    until_ended(ended)
    assert ended == ["first"]


def test_a_visit_is_not_over_while_another_tab_of_it_is_open(ended: list[str]) -> None:
    known = sessions(0.02, ended)
    token = known.arrive("first", None)
    known.arrive("copy", token)
    known.leave("copy")
    time.sleep(0.06)
    assert (known.name("first"), ended) == ("first", [])
    known.leave("first")
    until_ended(ended)
    assert ended == ["first"]


def test_many_visits_that_were_left_take_one_thread_and_each_ends_once(ended: list[str]) -> None:
    known = sessions(0.2, ended)
    before = threading.active_count()
    visitors = [f"visitor {number}" for number in range(200)]
    for visitor in visitors:
        known.leave(visitor)
        known.name(visitor)
    assert threading.active_count() <= before + 1
    for _ in range(1000):
        if len(ended) == 200:
            break
        time.sleep(0.002)
    time.sleep(0.02)
    assert sorted(ended) == sorted(visitors)
