"""split.py: no picture and no group in two parts, whatever the seed."""

import dataclasses

import numpy as np
import pytest

from mood2music.errors import DataError
from mood2music.face.dataset.pictures import Faces
from mood2music.face.dataset.sets.drawn import draw_many
from mood2music.face.dataset.split import Shares, split, uniform

TABLE = draw_many(60, 0)


def changed(**fields: object) -> Faces:
    return dataclasses.replace(TABLE, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(3))
def test_parts_cover_everything_once_in_the_shares_asked(seed: int) -> None:
    parts = split(TABLE, uniform(60, 0.2, 0.1), seed)
    assert (len(parts.train), len(parts.val), len(parts.test)) == (42, 12, 6)
    assert sorted([*parts.train, *parts.val, *parts.test]) == list(range(60))


def test_the_same_seed_deals_the_same_and_another_otherwise() -> None:
    first, again, other = (split(TABLE, uniform(60, 0.2), seed) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first.val, again.val)
    assert first.val.tolist() != other.val.tolist()


def test_a_group_is_never_torn() -> None:
    table = changed(groups=[f"person {row // 4}" for row in range(60)])
    parts = split(table, uniform(60, 0.3, 0.2), 0)
    people = [{row // 4 for row in rows} for rows in (parts.train, parts.val, parts.test)]
    assert sum(len(part) for part in people) == len(set().union(*people)) == 15


def test_equal_pixels_are_one_group() -> None:
    images = TABLE.images.copy()
    images[30:] = images[:30]
    parts = split(changed(images=images), uniform(60, 0.3, 0.2), 0)
    for rows in (parts.train, parts.val, parts.test):
        assert {row % 30 for row in rows if row < 30} == {row % 30 for row in rows if row >= 30}
    assert parts.duplicates == 0


def test_a_picture_of_a_later_part_that_an_earlier_one_holds_is_taken_out() -> None:
    images = TABLE.images.copy()
    images[59] = images[0]
    said = ["train"] * 30 + ["val"] * 15 + ["test"] * 15
    parts = split(changed(images=images, parts=said), uniform(60, 0.0), 0)
    assert 59 not in parts.test
    assert len(parts.test) == 14
    assert parts.duplicates == 1


def test_a_part_that_is_said_is_kept() -> None:
    said = ["test"] * 10 + [""] * 50
    parts = split(changed(parts=said), uniform(60, 0.2), 0)
    assert parts.test.tolist() == list(range(10))
    assert len(parts.val) == 10


def test_repeated_pictures_come_several_times_and_only_in_train() -> None:
    shares = Shares(np.full(60, 3), np.full(60, 0.25), np.full(60, 0.0))
    parts = split(TABLE, shares, 0)
    assert len(parts.train) == 45 * 3
    assert len(set(parts.train.tolist())) == 45
    assert len(parts.val) == 15


def test_nothing_left_to_stop_by_is_refused() -> None:
    with pytest.raises(DataError, match="no picture is left for val"):
        split(TABLE, uniform(60, 0.0), 0)


def test_too_few_groups_to_deal_are_named() -> None:
    table = changed(groups=["women", "men", "other"] * 20)
    with pytest.raises(DataError, match="out of 60 in 3 groups, of which each stays together"):
        split(table, uniform(60, 0.1), 0)
