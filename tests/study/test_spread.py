import math

import pytest

from mood2music.study.spread import compare, spread


def test_the_interval_is_students() -> None:
    # scipy.stats.t.interval(0.95, 2, 2, 1 / sqrt(3)), as tables have it: 4.303 / sqrt(3)
    assert spread([1.0, 2.0, 3.0]).interval == pytest.approx(4.3027 / math.sqrt(3), abs=1e-4)


def test_one_figure_has_no_spread_and_none_no_mean() -> None:
    one, none = spread([2.0]), spread([math.nan])
    assert (one.n, one.mean, math.isnan(one.sd), math.isnan(one.interval)) == (1, 2.0, True, True)
    assert (none.n, math.isnan(none.mean)) == (0, True)


def test_what_both_seeds_share_cancels_out() -> None:
    found = compare({"0": 10.0, "1": 21.0, "2": 5.0}, {"0": 9.0, "1": 20.0})
    assert (found.n, found.mean, found.sd) == (2, 1.0, 0.0)


def test_without_shared_seeds_means_are_compared() -> None:
    assert compare({"0": 3.0}, {"1": 1.0, "2": 2.0}).mean == 1.5
