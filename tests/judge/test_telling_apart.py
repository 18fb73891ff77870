"""Pieces that differ in nothing, in one feature, and in what belongs to their source."""

import numpy as np
import pytest

from mood2music.errors import DataError
from mood2music.judge import telling_apart
from mood2music.judge.telling_apart import tell_apart


@pytest.fixture(autouse=True)
def _small_forest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling_apart, "TREES", 25)


Rows = list[dict[str, float | None]]


def rows(seed: int, count: int, shift: float = 0.0) -> Rows:
    rng = np.random.default_rng(seed)
    return [
        {"noise": float(rng.normal()), "told": float(rng.normal()) + shift, "nothing": None}
        for _ in range(count)
    ]


def each(count: int) -> list[str]:
    return [str(i) for i in range(count)]


def test_pieces_from_one_source_are_told_apart_by_chance_alone() -> None:
    told = tell_apart(rows(0, 60), rows(1, 60), each(120))
    assert set(told.aucs) == {"logistic regression", "random forest"}
    for auc in told.aucs.values():
        assert auc.low < 0.5 < auc.high


def test_a_feature_that_differs_gives_pieces_away_and_is_named_first() -> None:
    written = rows(0, 20, shift=5.0)
    written[3]["noise"] = None
    told = tell_apart(written, rows(1, 20), each(40))
    for auc in told.aucs.values():
        assert auc.value > 0.98
        assert auc.low <= auc.value <= auc.high
    first, *others = told.signs
    assert first.feature == "told"
    assert first.auc > 0.98
    assert first.written - first.real == pytest.approx(5, abs=1)
    assert first.weight > others[0].weight
    assert [sign.feature for sign in others] == ["noise"]


def test_pieces_of_one_source_are_never_on_both_sides() -> None:
    # Ten sources, each of its own place on one axis, half of them written: which half says nothing
    # of a source that was not seen, and all of one that was.
    rng = np.random.default_rng(0)
    places = rng.permutation(10)
    table: Rows = [{"place": float(places[i // 8]) + float(rng.normal(0, 0.01))} for i in range(80)]
    own = tell_apart(table[:40], table[40:], each(80))
    grouped = tell_apart(table[:40], table[40:], [str(i // 8) for i in range(80)])
    assert own.aucs["random forest"].value > 0.95
    assert grouped.aucs["random forest"].value < 0.8


def test_a_handful_of_pieces_is_too_few() -> None:
    with pytest.raises(DataError, match="4 pieces beside 9 are too few"):
        tell_apart(rows(0, 4), rows(1, 9), each(13))
