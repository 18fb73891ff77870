"""The plane's picture has each song where its mood is, in its style's colour."""

from pathlib import Path

import numpy as np
from PIL import Image

from mood2music.mood import Mood
from mood2music.render.pianoroll import INK, PAPER
from mood2music.render.plane import (
    NO_STYLE,
    STYLE_COLOURS,
    Dot,
    Mark,
    place,
    style_colours,
    write_plane,
)


def pixels(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGB")).astype(int)


def near(picture: np.ndarray, mood: Mood, reach: int = 4) -> np.ndarray:
    """Mean colour around a mood's place."""
    x, y = (round(n) for n in place(mood))
    return np.asarray(picture[y - reach : y + reach, x - reach : x + reach].mean(axis=(0, 1)))


def test_dots_stand_at_their_moods_in_their_styles_colours(tmp_path: Path) -> None:
    moods = {"jazz": Mood(0.7, 0.3), "folk": Mood(-0.4, -0.62)}
    write_plane([Dot(mood, style) for style, mood in moods.items()], tmp_path / "p.png")
    picture = pixels(tmp_path / "p.png")
    for style, mood in moods.items():
        towards = np.array(STYLE_COLOURS[style]) - np.array(PAPER)
        moved = near(picture, mood) - np.array(PAPER)
        assert moved @ towards / (np.linalg.norm(moved) * np.linalg.norm(towards)) > 0.999
    assert np.abs(near(picture, Mood(0.4, 0.62)) - np.array(PAPER)).max() < 6


def test_high_arousal_is_up_and_high_valence_to_the_right() -> None:
    (x, y), (x2, y2) = place(Mood(-0.5, 0.5)), place(Mood(0.5, -0.5))
    assert x < x2
    assert y < y2


def test_a_mark_rings_its_place_and_its_name_stays_on_the_picture(tmp_path: Path) -> None:
    mood = Mood(0.98, 0.2)
    write_plane([], tmp_path / "without.png", title="t")
    write_plane([], tmp_path / "with.png", [Mark(mood, "A rather long name of a song")], title="t")
    changed = np.abs(pixels(tmp_path / "with.png") - pixels(tmp_path / "without.png")).sum(axis=2)
    rows, columns = np.nonzero(changed > 30)
    x, y = place(mood)
    assert columns.min() < x - 200  # written to the left of a mark near the edge
    assert columns.max() < changed.shape[1] - 1
    assert np.abs(rows - y).max() < 30
    assert np.abs(pixels(tmp_path / "with.png")[round(y), round(x) + 12] - INK).max() < 60


def test_styles_keep_their_colours_whatever_stands_beside_them() -> None:
    alone, among = style_colours(["tango", "jazz"]), style_colours(["jazz", "", "waltz", "tango"])
    assert alone["jazz"] == among["jazz"] == STYLE_COLOURS["jazz"]
    assert alone["tango"] == among["tango"]
    assert among[""] == NO_STYLE
    assert len(set(among.values())) == 4


def test_many_styles_and_none_are_drawn_too(tmp_path: Path) -> None:
    dots = [Dot(Mood(0, 0), f"a style with a long name {i}") for i in range(20)]
    write_plane(dots, tmp_path / "many.png")
    write_plane([], tmp_path / "none.png")
    assert pixels(tmp_path / "many.png").shape == pixels(tmp_path / "none.png").shape
