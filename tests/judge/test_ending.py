from dataclasses import replace

import numpy as np
import pytest

from mood2music.judge.ending import Ending, _before_the_end, ending
from mood2music.music.key import Key
from mood2music.music.meter import TimeSignature
from mood2music.music.notes import Notes, make_notes

C, A_MINOR = Key(0, "major"), Key(9, "minor")
DOMINANT, TONIC = (43, 59, 65, 67), (36, 64, 67, 72)


def piece(*chords: tuple[int, ...], last: int = 96) -> Notes:
    """Chords of half a bar of 4/4 each, the last one of `last` steps, behind a bar of C major."""
    rows = [(0, 96, p) for p in TONIC]
    for i, chord in enumerate(chords):
        length = last if i == len(chords) - 1 else 48
        rows += [(96 + 48 * i, length, p) for p in chord]
    onset, duration, pitch = zip(*rows, strict=True)
    meter = (TimeSignature(0, 4, 4),)
    return make_notes(onset, duration, pitch, [80] * len(rows), meter=meter)


@pytest.mark.parametrize(
    ("notes", "found"),
    [
        (piece((41, 57, 60), DOMINANT, TONIC), Ending(True, True, True, True)),
        # Five beats of it: the piece stops behind the first of a bar.
        (piece((41, 57, 60), DOMINANT, TONIC, last=120), Ending(False, True, True, True)),
        # A plagal close is none.
        (piece(DOMINANT, (41, 57, 60, 65), TONIC), Ending(True, True, True, False)),
        # A deceptive one, and the dominant itself.
        (piece((41, 57, 60), DOMINANT, (45, 60, 64)), Ending(True, False, False, False)),
        (piece((41, 57, 60), TONIC, DOMINANT), Ending(True, False, False, False)),
        # The tonic below a sixth, and the triad above its third.
        (piece((41, 57, 60), DOMINANT, (36, 64, 69)), Ending(True, True, False, True)),
        (piece((41, 57, 60), DOMINANT, (40, 60, 67)), Ending(True, False, True, False)),
    ],
)
def test_an_end_is_told_from_others(notes: Notes, found: Ending) -> None:
    assert ending(notes, C) == found


def test_a_minor_key_has_its_own_dominant_and_the_key_is_found() -> None:
    minor = piece((38, 57, 65), (40, 56, 62, 64), (45, 57, 60, 64))
    assert ending(minor, A_MINOR) == Ending(True, True, True, True)
    assert not ending(minor, C).tonic
    assert ending(piece((41, 57, 60), DOMINANT, TONIC)).cadence


def test_the_meter_says_where_bar_lines_are() -> None:
    notes = piece((41, 57, 60), DOMINANT, TONIC)
    assert ending(replace(notes, meter=(TimeSignature(0, 3, 4),)), C).bar_line  # 12 quarters
    assert not ending(replace(notes, meter=(TimeSignature(0, 5, 4),)), C).bar_line


def test_no_notes_end_nowhere() -> None:
    assert ending(make_notes(*[np.zeros(0, int)] * 4)) == Ending(False, False, False, False)


def test_half_a_bar_before_the_last_chord_is_heard() -> None:
    # A dominant of a quarter note behind one of C: half of the half bar is the dominant's.
    rows = [(0, 96, p) for p in TONIC] + [(96, 24, p) for p in (41, 57)]
    rows += [(120, 24, p) for p in TONIC] + [(144, 48, p) for p in DOMINANT]
    rows += [(192, 96, p) for p in TONIC]
    onset, duration, pitch = (np.array(part) for part in zip(*rows, strict=True))
    notes = make_notes(onset, duration, pitch, [80] * len(rows), meter=(TimeSignature(0, 4, 4),))
    heard = _before_the_end(notes, notes.onset == 192, {0, 4, 7})
    assert heard[[7, 11, 5, 9, 0, 2]].tolist() == [96, 48, 48, 0, 0, 0]
