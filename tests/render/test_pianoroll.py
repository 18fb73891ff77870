import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mood2music.errors import MusicFileError
from mood2music.music.authors import Author
from mood2music.music.meter import TimeSignature
from mood2music.music.notes import Notes, make_notes
from mood2music.render.colours import BASE, SEED, STYLE
from mood2music.render.pianoroll import (
    BAR_LINE,
    BEAT_LINE,
    LOUD,
    PAPER,
    SOFT,
    WIDTH,
    lay_out,
    write_pianoroll,
)


def two_notes(first: int = 127, second: int = 127) -> Notes:
    return make_notes([0, 48], [24, 24], [60, 67], [first, second])


def colours(path: Path) -> dict[tuple[int, ...], int]:
    pixels = np.asarray(Image.open(path).convert("RGB"))[100:].reshape(-1, 3)
    found, counts = np.unique(pixels, axis=0, return_counts=True)
    return {tuple(c.tolist()): int(n) for c, n in zip(found, counts, strict=True)}


BY_TWO = np.array([Author.SEED, Author.BASE], np.uint8)


def test_every_author_has_a_colour(tmp_path: Path) -> None:
    notes = make_notes([0, 48, 96], [24] * 3, [60, 67, 69], [127] * 3)
    write_pianoroll(notes, tmp_path / "roll.png", np.array([0, 1, 2], np.uint8))
    found = colours(tmp_path / "roll.png")
    assert min(found[colour] for colour in (SEED, BASE, STYLE)) > 500


def test_without_authors_all_notes_are_the_bases(tmp_path: Path) -> None:
    write_pianoroll(two_notes(), tmp_path / "roll.png")
    found = colours(tmp_path / "roll.png")
    assert SEED not in found
    assert found[BASE] > 1000


def test_a_note_is_drawn_at_its_time_and_pitch(tmp_path: Path) -> None:
    notes = two_notes()
    write_pianoroll(notes, tmp_path / "roll.png", BY_TWO)
    picture, layout = Image.open(tmp_path / "roll.png"), lay_out(notes)
    inside = (layout.x(60), layout.y(0, 67) + 3)
    assert picture.getpixel(inside) == BASE
    assert picture.getpixel((layout.x(12), layout.y(0, 60) + 3)) == SEED
    assert picture.getpixel((layout.x(36), layout.y(0, 60) + 3)) not in (BASE, SEED)


def test_soft_notes_are_paler(tmp_path: Path) -> None:
    write_pianoroll(two_notes(SOFT, LOUD), tmp_path / "roll.png")
    picture, layout = Image.open(tmp_path / "roll.png"), lay_out(two_notes())
    soft = picture.getpixel((layout.x(12), layout.y(0, 60) + 3))
    loud = picture.getpixel((layout.x(60), layout.y(0, 67) + 3))
    assert isinstance(soft, tuple)
    assert loud == BASE
    assert sum(BASE) < sum(soft) < sum(PAPER)


def test_a_long_piece_wraps_into_rows_and_a_note_over_the_edge_into_both(tmp_path: Path) -> None:
    bar = 96
    notes = make_notes([0, 15 * bar], [24, 2 * bar], [60, 72], [127, 127])
    layout = lay_out(notes)
    assert layout.rows == 2
    long = make_notes([0, 16 * bar - 24, 31 * bar], [24, 48, bar], [60, 72, 64], [127] * 3)
    write_pianoroll(long, tmp_path / "roll.png")
    picture, layout = Image.open(tmp_path / "roll.png"), lay_out(long)
    assert (layout.rows, layout.ticks) == (2, 16 * bar)
    assert picture.getpixel((layout.x(16 * bar - 12), layout.y(0, 72) + 3)) == BASE
    assert picture.getpixel((layout.x(12), layout.y(1, 72) + 3)) == BASE


def test_rows_are_whole_bars_and_hold_the_whole_piece() -> None:
    for end in (1, 96, 97, 16 * 96, 16 * 96 + 1, 1000 * 96):
        notes = make_notes([0], [end], [60], [80])
        layout = lay_out(notes)
        assert layout.ticks % 96 == 0
        assert layout.rows * layout.ticks >= end
        assert layout.rows <= 12


def test_the_lowest_and_highest_pitch_fit(tmp_path: Path) -> None:
    notes = make_notes([0, 24], [24, 24], [0, 127], [127, 127])
    write_pianoroll(notes, tmp_path / "roll.png")
    picture, layout = Image.open(tmp_path / "roll.png"), lay_out(notes)
    assert picture.size == (WIDTH, layout.height)
    assert picture.getpixel((layout.x(12), layout.y(0, 0) + 3)) == BASE
    assert picture.getpixel((layout.x(36), layout.y(0, 127) + 3)) == BASE


def test_a_section_is_marked_where_it_starts(tmp_path: Path) -> None:
    notes = two_notes()
    write_pianoroll(notes, tmp_path / "plain.png")
    write_pianoroll(notes, tmp_path / "marked.png", sections=[("A", 0), ("B", 48), ("C", 9999)])
    plain, marked = (
        np.asarray(Image.open(tmp_path / name).convert("L")) for name in ("plain.png", "marked.png")
    )
    columns = np.flatnonzero((plain != marked).any(axis=0))
    layout = lay_out(notes)
    assert columns.min() <= layout.x(0) + 1
    assert layout.x(48) in columns
    assert columns.max() < layout.x(48) + 60


def test_four_hundred_events_are_drawn_within_five_seconds(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    onset = np.sort(rng.integers(0, 60 * 96, 900))
    notes = make_notes(onset, rng.integers(6, 48, 900), rng.integers(36, 84, 900), [80] * 900)
    begin = time.process_time()
    write_pianoroll(notes, tmp_path / "roll.png", (notes.onset > 480).astype(np.uint8))
    assert time.process_time() - begin < 5


def test_nothing_to_draw_is_refused_and_nothing_written(tmp_path: Path) -> None:
    with pytest.raises(MusicFileError, match="at least one note"):
        write_pianoroll(make_notes([], [], [], []), tmp_path / "roll.png")
    assert list(tmp_path.iterdir()) == []


def test_bar_lines_are_those_of_the_meter(tmp_path: Path) -> None:
    meter = (TimeSignature(-48, 3, 4), TimeSignature(96, 6, 8))
    notes = make_notes([0, 230], [24, 10], [60, 60], [80, 80], meter=meter)
    write_pianoroll(notes, tmp_path / "roll.png")
    picture, layout = Image.open(tmp_path / "roll.png"), lay_out(notes)
    height = layout.y(0, 72) + 3

    def drawn(tick: int) -> object:
        return picture.getpixel((layout.x(tick), height))

    assert [drawn(tick) for tick in (24, 96, 168)] == [BAR_LINE] * 3
    assert [drawn(tick) for tick in (0, 48, 72, 132, 204)] == [BEAT_LINE] * 5
    assert BAR_LINE not in {drawn(tick) for tick in (0, 120, 144, 192)}
    assert layout.ticks % 72 == 0
