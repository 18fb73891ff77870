"""images.py: arrays joined without copying give what one array would."""

import numpy as np

from mood2music.face.dataset.images import JoinedImages


def test_rows_in_any_order_are_those_of_the_joined_array() -> None:
    random = np.random.default_rng(0)
    parts = [random.integers(0, 255, (n, 4, 4), dtype=np.uint8) for n in (3, 1, 5)]
    joined, whole = JoinedImages(parts), np.concatenate(parts)
    rows = random.integers(0, 9, 40)
    np.testing.assert_array_equal(joined[rows], whole[rows])
    np.testing.assert_array_equal(np.stack(list(joined)), whole)
    assert joined.shape == whole.shape


def test_a_part_is_looked_at_and_not_copied() -> None:
    part = np.zeros((3, 4, 4), dtype=np.uint8)
    joined = JoinedImages([part, part.copy()])
    part[2] = 7
    assert (joined[np.array([2])] == 7).all()
