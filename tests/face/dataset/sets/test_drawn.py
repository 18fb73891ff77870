"""drawn.py: the formula is what its documentation says, and the drawing shows it."""

import numpy as np
import pytest

from mood2music.errors import SettingsError
from mood2music.face.dataset.sets.drawn import DrawnSettings, draw, draw_many, load, mood_of


def test_moods_follow_the_documented_formula() -> None:
    traits = np.array([[1.0, 1.0, -1.0, -1.0], [0.4, -0.2, 0.6, 0.0]])
    np.testing.assert_allclose(mood_of(traits), [[1.0, -1.0], [0.25, 0.33]], atol=1e-6)


def test_a_seed_draws_the_same_faces_and_another_others() -> None:
    first, again, other = draw_many(5, 0), draw_many(5, 0), draw_many(5, 1)
    np.testing.assert_array_equal(first.images, again.images)
    np.testing.assert_array_equal(first.moods, again.moods)
    assert (first.images != other.images).any()


def test_every_trait_changes_the_picture() -> None:
    base = draw(np.zeros(4), np.random.default_rng(0)).astype(int)
    for trait in range(4):
        traits = np.zeros(4)
        traits[trait] = 1.0
        changed = draw(traits, np.random.default_rng(0)).astype(int)
        assert np.abs(changed - base).max() > 40, trait


def test_an_open_mouth_is_darker_than_a_shut_one() -> None:
    random = [np.random.default_rng(1) for _ in range(2)]
    shut, wide = (
        draw(np.array([0, 0, 0, -1.0]), random[0]),
        draw(np.array([0, 0, 0, 1.0]), random[1]),
    )
    assert wide[33:43, 18:31].mean() < shut[33:43, 18:31].mean() - 20


def test_moods_fill_the_plane_and_carry_the_nearest_expression() -> None:
    faces = draw_many(400, 0)
    assert faces.images.shape == (400, 49, 49)
    assert np.abs(faces.moods).max() <= 1
    assert (faces.moods.std(0) > 0.3).all()
    assert len(set(faces.expressions.tolist())) >= 6


def test_drawn_faces_come_from_the_cache_the_second_time() -> None:
    settings = DrawnSettings(count=12, seed=7)
    np.testing.assert_array_equal(load(settings).images, load(settings).images)


def test_too_few_faces_are_refused() -> None:
    with pytest.raises(SettingsError, match=r"data\.count=3"):
        load(DrawnSettings(count=3))
