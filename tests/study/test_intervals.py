"""Intervals of means whose spread is known."""

import numpy as np
import pytest

from mood2music.study.intervals import bootstrap, mean_of


def test_a_mean_of_equal_values_is_certain() -> None:
    estimate = mean_of([2, 2.0, None, 2])
    assert estimate is not None
    assert (estimate.value, estimate.low, estimate.high) == (2, 2, 2)


def test_nothing_has_no_mean() -> None:
    assert mean_of([None, None]) is None
    assert mean_of([]) is None


def test_the_interval_is_about_two_standard_errors_each_way() -> None:
    values = np.random.default_rng(1).normal(5, 2, 400)
    estimate = mean_of(values.tolist())
    assert estimate is not None
    error = values.std() / 400**0.5
    assert estimate.value == pytest.approx(values.mean())
    assert estimate.high - estimate.value == pytest.approx(1.96 * error, rel=0.1)
    assert estimate.value - estimate.low == pytest.approx(1.96 * error, rel=0.1)


def test_a_ratio_is_taken_of_the_means() -> None:
    rows = np.array([[1.0, 2.0], [3.0, 2.0]])
    estimate = bootstrap(rows, lambda means: means[:, 0] / means[:, 1])
    assert (estimate.value, estimate.low, estimate.high) == (1, 0.5, 1.5)
