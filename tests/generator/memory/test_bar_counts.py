from collections import Counter

import numpy as np
import pytest

from mood2music.generator.memory.bar_counts import ALIGNED, FRESH, GO_ON, RETURN, BarCounts
from mood2music.generator.memory.kinds import CLOSE, EXACT, LOOSE, NEW
from mood2music.generator.memory.returns import Bars


def bars(*sources: int, code: int = EXACT, move: int = 0) -> Bars:
    source = np.array(sources)
    codes = np.where(source < 0, NEW, code).astype(np.uint8)
    onsets = np.arange(len(source)) + 1
    return Bars(np.arange(len(source)) * 96, source, codes, np.where(source < 0, 0, move), onsets)


def counted(*pieces: Bars) -> BarCounts:
    counts = BarCounts()
    for piece in pieces:
        counts.count(piece)
    return counts


def test_it_counts_what_bars_do_and_how_far_back_they_go() -> None:
    counts = counted(bars(-1, -1, -1, -1, 0, 1, 0, -1))
    plain = {age: met for age, met in counts.does.items() if age.isdigit()}
    assert plain == {
        "0": Counter({FRESH: 3, RETURN: 1}),
        "1": Counter({GO_ON: 1, FRESH: 1}),
        "2": Counter({RETURN: 1}),
    }
    late = {age: met for age, met in counts.does.items() if not age.isdigit()}
    assert late == {
        "0.0": Counter({FRESH: 1}),
        "0.1": Counter({FRESH: 2}),
        "0.2": Counter({RETURN: 1}),
        # Runs that came from four bars back, and from six.
        "1/4": Counter({GO_ON: 1}),
        "1/4.2": Counter({GO_ON: 1}),
        "1/2": Counter({FRESH: 1}),
        "1/2.2": Counter({FRESH: 1}),
        "2/4": Counter({RETURN: 1}),
        "2/4.2": Counter({RETURN: 1}),
    }
    assert counts.back == Counter({4: 1, 6: 1})
    closely = {code: met for code, met in counts.closely.items() if code.isdigit()}
    assert closely == {str(NEW): Counter({EXACT: 1}), str(EXACT): Counter({EXACT: 2})}
    assert counts.full[str(EXACT)] == Counter({1: 2, 2: 1}), "of the bars that came back"
    assert counts.full[str(NEW)] == Counter(range(1, 9)), "of all"


def test_it_draws_in_the_proportions_that_it_met() -> None:
    rng = np.random.default_rng(0)
    counts = BarCounts({"0": Counter({FRESH: 300, RETURN: 100})}, Counter({4: 30, 8: 10}))
    drawn = Counter(counts.outcome(0, 9, 1, rng) for _ in range(2000))
    assert drawn[RETURN] / 2000 == pytest.approx(0.25, abs=0.04)
    counts.does["0.3"] = Counter({FRESH: 1, RETURN: 999})
    late, early = (Counter(counts.outcome(0, at, 1, rng) for _ in range(2000)) for at in (9, 7))
    assert late[RETURN] / 2000 == pytest.approx(0.98, abs=0.02), "behind 8 to 15"
    assert early[RETURN] / 2000 == pytest.approx(0.25, abs=0.04)
    far = Counter(counts.distance([9] * 16, rng) for _ in range(2000))
    assert far[4] / 2000 == pytest.approx(0.75, abs=0.04)
    assert {counts.distance([9] * 7, rng) for _ in range(50)} == {4}
    assert counts.distance([9] * 3, rng) is None


def test_a_run_from_a_phrase_back_goes_on_as_runs_like_it_did() -> None:
    rng = np.random.default_rng(0)
    counts = BarCounts({"2": Counter({GO_ON: 500, FRESH: 500})})
    counts.does["2/4"] = Counter({GO_ON: 900, FRESH: 100})
    counts.does["2/1"] = Counter({GO_ON: 100, FRESH: 900})
    on = {
        back: np.mean([counts.outcome(2, 20, back, rng) == GO_ON for _ in range(1000)])
        for back in (8, 4, 7)
    }
    assert on[8] == pytest.approx(0.9, abs=0.04)
    assert on[4] == pytest.approx(0.9, abs=0.04)
    assert on[7] == pytest.approx(0.1, abs=0.04)
    # What an older file does not tell apart goes by what it does tell.
    old = BarCounts({"4": Counter({GO_ON: 900, FRESH: 100})})
    drawn = np.mean([old.outcome(9, 20, 4, rng) == GO_ON for _ in range(1000)])
    assert drawn == pytest.approx(0.9, abs=0.04)


def test_bars_come_back_from_whole_phrases_more_and_as_often_as_they_fit() -> None:
    rng = np.random.default_rng(0)
    counts = BarCounts(back=Counter({3: 100, 4: 100}))
    far = Counter(counts.distance([9] * 8, rng) for _ in range(2000))
    assert far[4] / far[3] == pytest.approx(ALIGNED, abs=0.5)
    fits = [1.0] * 4 + [0.0] + [1.0] * 3  # the bar four bars back stands on other chords
    assert {counts.distance([9] * 8, rng, fits) for _ in range(50)} == {3}
    assert counts.distance([9] * 8, rng, [0.0] * 8) is None, "none fits"


def test_bars_come_back_as_often_and_as_closely_as_bars_as_full_do() -> None:
    rng = np.random.default_rng(0)
    counts = BarCounts(
        back=Counter({4: 1, 8: 1}),
        closely={str(NEW): Counter({LOOSE: 500, EXACT: 500})},
        full={
            str(NEW): Counter({3: 500, 9: 4500}),
            str(LOOSE): Counter({9: 500}),
            str(EXACT): Counter({3: 500}),
        },
    )
    codes = Counter(counts.code(NEW, 9, 3, rng) for _ in range(1000))
    assert codes[EXACT] > 900, "a bar of three onsets"
    codes = Counter(counts.code(NEW, 9, 9, rng) for _ in range(1000))
    assert codes[LOOSE] > 900, "of nine"
    # The bar of three onsets, eight bars back, comes back about nine times as often.
    backs = Counter(counts.distance([3, 9, 9, 9, 9, 9, 9, 9], rng) for _ in range(1000))
    assert backs[8] > 7 * backs[4]
    counts.closely[f"{NEW}.3"] = Counter({CLOSE: 10**6})
    assert {counts.code(NEW, 9, 9, rng) for _ in range(50)} == {CLOSE}, "behind 8 to 15 bars"


def test_what_was_never_met_can_still_be_drawn() -> None:
    rng = np.random.default_rng(0)
    assert {BarCounts().outcome(1, 3, 1, rng) for _ in range(100)} == {FRESH, GO_ON, RETURN}


def test_closer_returns_are_asked_one_step_more_loosely_as_often_as_it_says() -> None:
    counts = counted(*[bars(-1, -1, -1, -1, 0, 1, 2, 3, code=EXACT)] * 50)
    for looser, codes in ((0.0, {EXACT}), (1.0, {CLOSE}), (0.5, {EXACT, CLOSE})):
        counts.looser = looser
        rng = np.random.default_rng(0)
        drawn = Counter(counts.code(EXACT, 5, 5, rng) for _ in range(400))
        assert {code for code, times in drawn.items() if times > 40} == codes
    loose = counted(*[bars(-1, -1, -1, -1, 0, 1, 2, 3, code=LOOSE)] * 50)
    loose.looser = 1.0
    assert min(loose.code(LOOSE, 5, 5, np.random.default_rng(i)) for i in range(50)) == LOOSE
