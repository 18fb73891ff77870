import math

import numpy as np
import pytest

from mood2music.generator.event_batch import DURATIONS
from mood2music.generator.event_ngram import EventNGram
from mood2music.music.events import HELD, LEVELS, SYMBOLS, from_list, to_events
from tests.conftest import tune


@pytest.mark.parametrize("order", [2, 5])
def test_a_tune_that_repeats_costs_little_and_a_surprise_much(order: int) -> None:
    model = EventNGram.fit([from_list([((60,), 24), ((), 12)] * 50)], order)
    _, expected, surprise = model.bits(from_list([((60,), 24), ((), 12), ((1, 2), 99)]))
    assert expected[:2].sum() < 1
    assert surprise[0] > 15
    assert surprise[1] > math.log2(DURATIONS)
    assert np.isfinite(surprise).all()


def test_without_training_every_symbol_costs_the_same() -> None:
    ((chord, duration, levels),) = EventNGram.fit([], 5).bits(from_list([((60, 64), 24)]))
    assert chord == pytest.approx(3 * math.log2(SYMBOLS))  # two pitches and END
    assert duration == pytest.approx(math.log2(DURATIONS - 1))
    assert levels == pytest.approx(2 * math.log2(LEVELS))


def test_levels_are_those_of_struck_notes_alone() -> None:
    model = EventNGram.fit([to_events(tune(0))], 2)
    bits = model.bits(from_list([((60,), 24), ((60 + HELD,), 24), ((), 24)], levels=[3, 3]))
    assert bits[0, 2] > 0
    assert bits[1:, 2].tolist() == [0, 0]


def test_an_event_costs_the_same_whatever_follows() -> None:
    model = EventNGram.fit([to_events(tune(seed)) for seed in range(3)], 5)
    one = to_events(tune(7))
    assert np.array_equal(model.bits(one)[:20], model.bits(one[:20]))


def test_an_unmet_chord_of_usual_pitches_costs_less_than_one_of_unusual_pitches() -> None:
    model = EventNGram.fit([to_events(tune(seed)) for seed in range(3)], 2)
    usual, unusual = (model.bits(from_list([(chord, 6)]))[0, 0] for chord in ((41, 71), (3, 90)))
    assert usual < unusual


def test_more_events_of_context_foretell_more() -> None:
    pattern = [((60,), 6), ((60,), 6), ((60,), 12), ((67,), 24)] * 30
    bits = [EventNGram.fit([from_list(pattern)], order).bits(from_list(pattern[:40]))
            for order in (2, 5)]  # fmt: skip
    assert bits[1][4:, :2].sum() < bits[0][4:, :2].sum() / 4
