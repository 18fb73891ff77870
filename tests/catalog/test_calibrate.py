"""Axes onto [-1, 1], by numbers worked out by hand."""

import numpy as np
import pytest

from mood2music.catalog.calibrate import METHODS, calibrate
from mood2music.errors import SettingsError


def test_quantiles_spread_songs_evenly() -> None:
    assert calibrate([-2.3, 0.1, 0.2, 2.8]).tolist() == [-0.75, -0.25, 0.25, 0.75]


def test_equal_values_share_their_mean_rank() -> None:
    assert calibrate([5.0, -1.0, 5.0, 5.0]).tolist() == [0.25, -0.75, 0.25, 0.25]


def test_minmax_keeps_proportions() -> None:
    assert calibrate([0.0, 1.0, 4.0], "minmax").tolist() == [-1.0, -0.5, 1.0]


def test_none_leaves_values_and_cuts_off_outside() -> None:
    assert calibrate([-2.0, 0.3, 1.5], "none").tolist() == [-1.0, 0.3, 1.0]


@pytest.mark.parametrize("method", METHODS)
def test_every_method_keeps_order_and_range(method: str) -> None:
    values = np.random.default_rng(0).normal(size=200)
    mapped = calibrate(values, method)
    assert (np.abs(mapped) <= 1.0).all()
    assert (np.diff(mapped[np.argsort(values)]) >= 0).all()


@pytest.mark.parametrize("method", METHODS)
def test_none_and_one_value_are_no_special_case(method: str) -> None:
    assert len(calibrate([], method)) == 0
    assert calibrate([0.0], method).tolist() == [0.0]


def test_equal_values_all_lie_in_the_middle_of_minmax() -> None:
    assert calibrate([3.0, 3.0], "minmax").tolist() == [0.0, 0.0]


def test_an_unknown_method_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match=r"calibrate=zscore: expected one of quantile, minmax"):
        calibrate([1.0], "zscore")
