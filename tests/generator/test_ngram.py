import numpy as np
import pytest

from mood2music.generator.ngram import NGram

A, B, C, UNMET = 0, 1, 2, 9


def follows(model: NGram, *symbols: int, floor: float = 0.1) -> float:
    """P(the last symbol | those before it)."""
    return float(model.probabilities([np.array(symbols)], floor)[-1])


def test_probabilities_follow_the_formula_of_modified_kneser_and_ney() -> None:
    model = NGram.fit([np.array([A, B, A, B, A, C])], order=2)
    # Alone: a stands behind the start and b (2), b and c behind a (1 each). Two ones, one two:
    # Y = 2 / (2 + 2), D1 = 1 - 2 Y 1/2 = 0.5, D2 = 2 - 3 Y = 0.5, so 1.5 of 4 is freed.
    b_alone = (1 - 0.5 + 1.5 * 0.1) / 4
    assert follows(model, UNMET, B) == pytest.approx(b_alone)
    # Behind a: ab twice, ac once; ba twice besides. One one, two twos:
    # Y = 1 / (1 + 4), D1 = 1 - 2 Y 2 = 0.2, D2 = 2 - 3 Y 1/2 = 1.7.
    assert follows(model, A, B) == pytest.approx((2 - 1.7 + (1.7 + 0.2) * b_alone) / 3)


def test_probabilities_of_all_symbols_sum_to_one_behind_any_context() -> None:
    model = NGram.fit([np.array([1, 2, 3, 1, 2]), np.array([2, 2, 3])], order=3)
    for context in ([], [1], [1, 2], [2, 2], [3, 3], [UNMET], [UNMET, 1]):
        total = sum(follows(model, *context, symbol) for symbol in range(10))
        assert total == pytest.approx(1.0)


def test_a_longer_context_tells_what_a_bigram_cannot() -> None:
    tune = [np.array([A, A, B] * 50)]
    assert follows(NGram.fit(tune, 2), A, A, B) < 0.6
    assert follows(NGram.fit(tune, 3), A, A, B) > 0.95


def test_behind_a_context_never_met_the_shorter_one_counts() -> None:
    model = NGram.fit([np.array([A, B, C, A, B, C])], order=3)
    assert follows(model, C, B, C) == pytest.approx(follows(model, UNMET, B, C))


def test_runs_end_where_a_sequence_ends() -> None:
    apart = NGram.fit([np.array([A, B]), np.array([C, A])], order=2)
    assert follows(apart, B, C) == pytest.approx(follows(apart, UNMET, C))
    joined = NGram.fit([np.array([A, B, C, A])], order=2)
    assert follows(joined, B, C) > follows(joined, UNMET, C)


def test_sequences_are_scored_each_from_its_own_start() -> None:
    model = NGram.fit([np.array([A, B, A, B, A, C])], order=2)
    both = model.probabilities([np.array([A, B]), np.array([B])], 0.1)
    assert both.tolist() == pytest.approx(
        [follows(model, A), follows(model, A, B), follows(model, B)]
    )


def test_without_training_the_floor_alone_counts() -> None:
    model = NGram.fit([], order=5)
    assert model.probabilities([np.array([3, 4])], np.array([0.25, 0.5])).tolist() == [0.25, 0.5]
