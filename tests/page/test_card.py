from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mood2music.flow.piece import Piece
from mood2music.music.authors import Author
from mood2music.music.key import Key
from mood2music.music.notes import Notes, make_notes
from mood2music.page.card import EDGE, HEIGHT, ROLL, WIDTH, write_card
from mood2music.render.colours import COLOURS
from tests.conftest import tune


def drawn(notes: Notes, path: Path) -> np.ndarray:  # type: ignore[type-arg]
    authors = np.full(len(notes), Author.STYLE, np.uint8)
    piece = Piece(notes, authors, Key(0, "major"), 0, [], 9, True)
    write_card(piece, "happy", path / "card.png")
    with Image.open(path / "card.png") as picture:
        assert picture.size == (WIDTH, HEIGHT)
        return np.asarray(picture)


def test_a_note_stands_at_its_time_in_its_authors_colour(tmp_path: Path) -> None:
    notes = make_notes([0, 72], [24, 24], [60, 72], [80, 80], title="One")
    found = (drawn(notes, tmp_path) == COLOURS[Author.STYLE]).all(-1)
    rows, columns = np.nonzero(found)
    assert ROLL[0] <= rows.min() < rows.max() < ROLL[1]
    across = WIDTH - 2 * EDGE
    assert columns.min() == EDGE
    assert columns.max() == pytest.approx(WIDTH - EDGE, abs=2)
    assert not found[:, EDGE + across // 4 + 1 : EDGE + 3 * across // 4 - 1].any()
    high, low = rows[columns > WIDTH // 2], rows[columns < WIDTH // 2]
    assert high.max() < low.min()


@pytest.mark.parametrize("title", ["", "A" * 300, "Jazz after a song · " + "somebody " * 40])
def test_no_title_is_too_long_for_it(title: str, tmp_path: Path) -> None:
    picture = drawn(replace(tune(1, 20), title=title), tmp_path)
    assert (picture[: ROLL[0], WIDTH - EDGE + 8 :] == picture[0, 0]).all()
