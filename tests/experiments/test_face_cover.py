"""face_cover: what is drawn over a face hides its mouth, or leaves it alone."""

import numpy as np
import pytest

from experiments.face_cover.covers import (
    EYES,
    KINDS,
    MEDIAN,
    MOUTH,
    Part,
    cover,
    elsewhere,
    frame,
    over_eyes,
    over_mouth,
)
from experiments.face_cover.pool import COPIES, HELD, add_real, make_pool

AT = frame(np.array(MEDIAN))


def inside(part: Part, side: int = 48) -> np.ndarray:
    """Which pixels of a face lie in a part of it."""
    x, y = AT.coordinates(side)
    return (x > part.left) & (x < part.right) & (y > part.top) & (y < part.bottom)


def test_the_frame_lies_between_eyes_and_mouth() -> None:
    x, y = AT.coordinates(200)
    for across, down, at in ((0.35, 0.774, (-0.39, 0)), (0.315, 0.385, (-0.48, -1))):
        place = round(200 * down), round(200 * across)
        assert (x[place], y[place]) == pytest.approx(at, abs=0.03)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "glasses"])
def test_no_mouth_shows_through_a_cover_of_any_kind(kind: str) -> None:
    random = np.random.default_rng(0)
    plain = np.full((48, 48), 0.6, np.float32)
    striped = plain.copy()
    striped[inside(MOUTH) & (np.arange(48) % 2 == 0)] = 0.1  # a mouth that one cannot miss
    for seed in range(12):
        part = over_mouth(random)
        drawn = [
            cover(face, plain, kind, part, AT, np.random.default_rng(seed))
            for face in (plain, striped)
        ]
        # What blurs the face itself keeps a share of its mean; no stripe is left of it.
        steps = [np.diff(face, axis=1, prepend=0.0) for face in drawn]
        assert np.mean(np.abs(steps[1] - steps[0])[inside(MOUTH)] > 0.1) < 0.1


def test_parts_hide_what_they_are_named_after() -> None:
    random = np.random.default_rng(0)
    for _ in range(300):
        assert over_mouth(random).overlap(MOUTH) == 1
        assert over_eyes(random).overlap(EYES) == 1
        assert elsewhere(random).overlap(MOUTH) < 0.1


def test_a_pool_says_what_is_hidden_and_keeps_the_rest() -> None:
    random = np.random.default_rng(0)
    images = random.integers(0, 255, (6, 48, 48), dtype=np.uint8)
    marks = np.full((6, 5, 2), np.nan, np.float32)
    each = {"mouth": 1.0, "elsewhere": 1.0, "eyes": 1.0, "both": 1.0}
    pool = make_pool(images, marks, np.arange(6), random, each)
    assert pool.hidden.tolist() == [[0, 0], [1, 0], [0, 0], [0, 1], [1, 1]] * 6
    bare = pool.of([])
    np.testing.assert_array_equal(bare.images, images)
    for picture, (mouth, eyes), row in zip(pool.images, pool.hidden, pool.rows, strict=True):
        changed = np.abs(picture.astype(int) - images[row]) > 1
        assert changed[inside(MOUTH)].mean() > 0.6 if mouth else changed[inside(MOUTH)].mean() < 0.4
        assert not eyes or changed[inside(EYES)].mean() > 0.5


def test_what_was_seen_in_photos_corrects_a_pool() -> None:
    random = np.random.default_rng(0)
    images = random.integers(0, 255, (12, 48, 48), dtype=np.uint8)
    marks = np.full((12, 5, 2), np.nan, np.float32)
    each = {"mouth": 1.0, "elsewhere": 1.0}
    pool = make_pool(images, marks, np.arange(12), random, each)
    seen = {0: "hidden", 1: "visible", 2: "partly", 3: "unlooked"}
    made = add_real(pool, images, marks, seen, random)

    def mouths(row: int) -> list[float]:
        return sorted(made.hidden[(made.rows == row) & (made.kinds != "held"), 0].tolist())

    assert mouths(0) == [1] * (3 + COPIES)  # bare, both covers and copies: hidden in all
    assert mouths(1) == [0, 0, 0, 1]  # bare, twice
    assert mouths(2) == mouths(3) == [1]  # only where a cover of ours hides it
    assert mouths(4) == [0, 0, 1]
    held = made.kinds == "held"
    assert made.rows[held].tolist() == list(range(0, 12, HELD))
    assert made.hidden[held].tolist() == [[1, 0]] * held.sum()
    for picture in made.images[held]:  # of row 0, the only one whose mouth was seen to be hidden
        at = inside(MOUTH)
        assert np.abs(picture[at].astype(int) - images[0][at]).mean() < 20
