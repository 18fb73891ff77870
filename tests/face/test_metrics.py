"""metrics.py: numbers worked out by hand."""

import numpy as np
import pytest

from mood2music.face.metrics import (
    accuracy,
    balanced_accuracy,
    beside_constant,
    calibration_error,
    ccc,
    cross_entropy,
    macro_f1,
    measure,
    pearson,
    rmse,
    sagr,
)

TRUTH = np.array([0.0, 1.0, 2.0])


def test_rmse_of_one_off_each_is_one() -> None:
    assert rmse(TRUTH, TRUTH + 1) == 1.0


def test_pearson_ignores_shift_and_scale_and_keeps_the_sign() -> None:
    assert pearson(TRUTH, 3 * TRUTH + 5) == pytest.approx(1.0)
    assert pearson(TRUTH, -TRUTH) == pytest.approx(-1.0)


def test_ccc_of_a_shift_by_one_is_four_sevenths() -> None:
    # covariance 2/3, variances 2/3 each, squared shift 1: 2 * 2/3 / (2/3 + 2/3 + 1) = 4/7
    assert ccc(TRUTH, TRUTH + 1) == pytest.approx(4 / 7)


def test_ccc_punishes_a_wrong_scale_that_pearson_forgives() -> None:
    # covariance 1/3, variances 2/3 and 1/6, shift 1/2: 2/3 / (5/6 + 1/4) = 8/13
    assert ccc(TRUTH, TRUTH / 2) == pytest.approx(8 / 13)


def test_a_constant_has_no_correlation() -> None:
    assert pearson(TRUTH, np.ones(3)) == 0.0
    assert ccc(TRUTH, np.ones(3)) == 0.0
    assert ccc(np.ones(3), np.ones(3)) == 0.0


def test_sagr_counts_equal_signs() -> None:
    assert sagr(np.array([-1, 1, 0.5, -0.2]), np.array([-0.1, -1, 0.1, -3])) == 3 / 4


def test_the_constant_predictor_stands_beside_the_network() -> None:
    rows = beside_constant({"valence": TRUTH}, {"valence": TRUTH}, {"valence": 0.0})
    assert [row["predictor"] for row in rows] == ["network", "constant"]
    assert rows[0]["rmse"] == 0.0
    assert rows[1]["rmse"] == pytest.approx(np.sqrt(5 / 3))


def test_without_a_constant_the_mean_of_the_truth_is_taken() -> None:
    rows = beside_constant({"valence": TRUTH}, {"valence": TRUTH})
    assert rows[1]["rmse"] == pytest.approx(np.sqrt(2 / 3))


def test_measure_gives_all_four() -> None:
    assert measure(TRUTH, TRUTH) == pytest.approx({"rmse": 0, "pearson": 1, "ccc": 1, "sagr": 1})


def test_accuracy_counts_pictures_and_macro_f1_counts_classes() -> None:
    truth, told = np.array([0, 0, 0, 2]), np.array([0, 0, 0, 0])
    assert accuracy(truth, told) == 3 / 4
    # Class 0: precision 3/4, recall 1, F1 6/7; class 2: 0; class 1 is not in the truth.
    assert macro_f1(truth, told) == pytest.approx((6 / 7) / 2)


def test_balanced_accuracy_counts_every_class_alike() -> None:
    truth, told = np.array([0, 0, 0, 2]), np.array([0, 0, 1, 0])
    assert balanced_accuracy(truth, told) == pytest.approx((2 / 3 + 0) / 2)


def test_cross_entropy_with_even_votes_is_that_of_a_coin() -> None:
    even = np.array([[0.5, 0.5]])
    assert cross_entropy(even, even) == pytest.approx(np.log(2))
    assert cross_entropy(even, np.array([[0.9, 0.1]])) > np.log(2)


def test_calibration_asks_whether_as_many_people_agree_as_was_told() -> None:
    votes = np.array([[0.7, 0.3], [0.1, 0.9]])
    assert calibration_error(votes, votes) == pytest.approx(0)
    surely = np.array([[1.0, 0.0], [0.0, 1.0]])
    assert calibration_error(votes, surely) == pytest.approx(1 - (0.7 + 0.9) / 2)
