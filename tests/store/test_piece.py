from dataclasses import replace

import numpy as np
import pytest

from mood2music.music.events import HELD
from mood2music.music.key import find_key
from mood2music.music.meter import TimeSignature
from mood2music.music.notes import Notes, make_notes
from mood2music.store.piece import pack, to_piece, unpack
from tests.conftest import tune


@pytest.mark.parametrize(
    "notes",
    [
        tune(1),
        replace(
            tune(1),
            meter=(TimeSignature(-24, 3, 4), TimeSignature(120, 6, 8)),
            meter_found=True,
        ),
        replace(tune(2, 5), grid=12),
        make_notes([], [], [], []),
    ],
)
def test_a_piece_comes_back_from_its_bytes(notes: Notes) -> None:
    piece = replace(to_piece(notes, (4, 3)), title="Für Elise\n", drums=7)
    back = unpack(pack(piece))
    assert (back.events.grid, back.events.meter) == (piece.events.grid, notes.meter)
    for name in ("title", "key", "shift", "tempo", "seconds", "notes", "drums", "meter_found"):
        assert getattr(back, name) == getattr(piece, name)
    for name in ("tokens", "offsets", "durations", "levels"):
        ours, theirs = getattr(piece.events, name), getattr(back.events, name)
        assert ours.dtype == theirs.dtype
        assert np.array_equal(ours, theirs)


def test_a_piece_says_its_own_key_and_stands_in_c() -> None:
    piece = to_piece(tune(1).transposed(3), (4, 3))
    assert (find_key(tune(1)).name, piece.key, piece.shift) == ("F major", "Ab major", 4)
    assert piece.seconds == pytest.approx(tune(1).seconds, abs=0.5)
    original = to_piece(tune(1), (4, 3)).events.tokens % HELD
    assert (piece.events.tokens % HELD % 12).tolist() == (original % 12).tolist()


def test_bytes_that_were_cut_are_refused() -> None:
    with pytest.raises(ValueError, match="bytes, expected"):
        unpack(pack(to_piece(tune(1), (4, 3)))[:-1])
