import math

import pytest

from mood2music.generator.bigram import Bigram, WittenBell
from mood2music.music.events import LONGEST, SYMBOLS, from_list


def test_probabilities_follow_the_formula_of_witten_and_bell() -> None:
    model = WittenBell()
    model.add(["a", "b", "a", "b", "a", "c"])
    # n(a) = 3 pairs begin with a: b twice, c once; 2 kinds follow it. 6 symbols of 3 kinds.
    b_alone = (2 + 3 * 0.1) / (6 + 3)
    assert model.probability("a", "b", 0.1) == pytest.approx((2 + 2 * b_alone) / (3 + 2))


def test_behind_an_unknown_symbol_the_frequency_alone_counts() -> None:
    model = WittenBell()
    model.add(["a", "b"])
    assert model.probability("z", "b", 0.1) == pytest.approx((1 + 2 * 0.1) / (2 + 2))


def test_probabilities_of_all_symbols_sum_to_one() -> None:
    model = WittenBell()
    model.add([1, 2, 3, 1, 2])
    floor = 1 / 10
    for before in (1, 2, 3, 4):
        total = sum(model.probability(before, after, floor) for after in range(10))
        assert total == pytest.approx(1.0)


def test_a_tune_that_repeats_costs_little_and_a_surprise_much() -> None:
    bigram = Bigram.fit([from_list([((60,), 24), ((), 12)] * 50)])
    assert sum(bigram.bits(((60,), 24), ((), 12))) < 0.2
    chord, duration = bigram.bits(((60,), 24), ((1, 2), 99))
    assert chord > 20
    assert duration > math.log2(LONGEST)


def test_without_training_every_symbol_costs_the_same() -> None:
    chord, duration = Bigram.fit([]).bits(((), 24), ((), 24))
    assert chord == pytest.approx(math.log2(SYMBOLS))
    assert duration == pytest.approx(math.log2(LONGEST))
