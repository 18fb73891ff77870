"""pictures.py: decoded once, cached, faults listed."""

from pathlib import Path

import numpy as np
import pytest

from mood2music.errors import DataError
from mood2music.face.dataset.drawn import draw_many
from mood2music.face.dataset.pictures import Picture, cached, fingerprint, join, read


def test_unreadable_pictures_are_skipped_with_their_reason(classes: Path) -> None:
    wanted = ["Sad/0.png", "happiness/broken.png", "Sad/1.png", "Sad/none.png"]
    faces = read(
        [Picture(path, 0.1, 0.2) for path in wanted], lambda name: (classes / name).read_bytes()
    )
    assert faces.paths == ["Sad/0.png", "Sad/1.png"]
    assert faces.images.shape == (2, 49, 49)
    assert [path for path, _ in faces.skipped] == ["happiness/broken.png", "Sad/none.png"]
    assert "damaged" in faces.skipped[0][1]


def test_no_readable_picture_at_all_is_an_error(classes: Path) -> None:
    with pytest.raises(DataError, match=r"no readable .*broken\.png is damaged"):
        read([Picture("happiness/broken.png", 0, 0)], lambda n: (classes / n).read_bytes())


def test_the_second_time_nothing_is_made() -> None:
    made = []

    def make() -> object:
        made.append(1)
        return draw_many(11, 5)

    first = cached("a test", make)  # type: ignore[arg-type]
    again = cached("a test", make)  # type: ignore[arg-type]
    assert made == [1]
    assert isinstance(again.images, np.memmap)
    np.testing.assert_array_equal(first.images, draw_many(11, 5).images)
    np.testing.assert_array_equal(again.moods, draw_many(11, 5).moods)
    assert again.paths == draw_many(11, 5).paths


def test_join_keeps_the_order() -> None:
    one, two = draw_many(10, 0), draw_many(12, 1)
    both = join([one, two])
    assert len(both) == 22
    np.testing.assert_array_equal(both.images[np.arange(10, 22)], two.images)
    assert both.groups == one.groups + two.groups


def test_the_fingerprint_changes_with_pixels_and_with_labels() -> None:
    one = draw_many(10, 0)
    same = draw_many(10, 0)
    assert fingerprint(one) == fingerprint(same)
    same.moods[3, 0] += 0.1
    assert fingerprint(one) != fingerprint(same)
    assert fingerprint(one, np.arange(5)) != fingerprint(one)
