"""pictures.py: decoded once, cached, faults listed."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mood2music.errors import DataError
from mood2music.face.dataset.pictures import Faces, Picture, cached, fingerprint, join, read
from mood2music.face.dataset.sets.drawn import draw_many


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


def test_votes_are_shared_out_and_stand_in_for_them_are_known_expressions() -> None:
    faces = Faces(
        np.zeros((3, 49, 49), np.uint8), np.zeros((3, 2), np.float32), np.array([0, 1, -1]),
        [""] * 3, [""] * 3, ["r"] * 3, [],
        np.array([[3, 0, 1, 0, 0, 0, 0, 0], [0.0] * 8, [0.0] * 8], np.float32),
    )  # fmt: skip
    assert faces.shares().tolist() == [[0.75, 0, 0.25, 0, 0, 0, 0, 0], [0, 1] + [0] * 6, [0] * 8]
    joined = join([faces, replace(faces, votes=None)])
    assert joined.shares()[3].tolist() == [1] + [0] * 7
    assert fingerprint(faces) != fingerprint(replace(faces, votes=None))


def test_votes_are_cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, classes: Path) -> None:
    monkeypatch.setenv("MOOD2MUSIC_CACHE", str(tmp_path))
    votes = (1.0, 0.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    made = read([Picture("Sad/0.png", 0, 0, votes=votes)], lambda n: (classes / n).read_bytes())
    for _ in range(2):
        found = cached("votes", lambda: made).votes
        assert found is not None
        assert found.tolist() == [list(votes)]
