from dataclasses import replace

import pytest

from mood2music.music.meter import TimeSignature
from mood2music.music.notes import Notes, make_notes
from mood2music.render.symbols import Symbol, melody, symbols


def chords(*pitches: tuple[int, ...], length: int = 96) -> Notes:
    rows = [(i * length, length, p, 80) for i, one in enumerate(pitches) for p in one]
    notes = make_notes(*map(list, zip(*rows, strict=True)))
    return replace(notes, meter=(TimeSignature(0, 4, 4),))


@pytest.mark.parametrize(
    ("pitches", "root", "kind"),
    [
        ((60, 64, 67), 0, "major"),
        ((57, 60, 64, 67), 9, "minor-seventh"),  # A minor seventh, not C with a sixth: A is lowest
        ((55, 59, 62, 65), 7, "dominant-seventh"),
        ((53, 57, 60, 64), 5, "major-seventh"),
        ((59, 62, 65, 69), 11, "half-diminished-seventh"),
        ((52, 60, 67), 0, "major"),  # the third lies in the bass
    ],
)
def test_a_chord_is_named_by_its_pitches_and_its_bass(
    pitches: tuple[int, ...], root: int, kind: str
) -> None:
    assert symbols(chords(pitches)) == [Symbol(0, root, kind)]


def test_a_chord_that_stays_is_written_once_and_half_a_bar_may_have_its_own() -> None:
    c, g = (48, 64, 67), (43, 59, 65, 74)
    found = symbols(chords(c, c, g, c, length=48))
    assert [(one.step, one.root) for one in found] == [(0, 0), (96, 7), (144, 0)]


def test_what_is_no_chord_has_no_name() -> None:
    assert symbols(chords((60,), (60, 67))) == []
    assert symbols(chords(tuple(range(60, 72)))) == []


def test_the_tune_is_the_highest_voice_and_never_two_at_once() -> None:
    notes = make_notes(
        [0, 0, 0, 24, 24, 48], [24, 96, 24, 24, 48, 24], [72, 48, 60, 74, 52, 71], [80] * 6
    )
    tune, kept = melody(notes)
    assert tune.pitch.tolist() == [72, 74, 71]
    assert notes.pitch[kept].tolist() == tune.pitch.tolist()
    ends = tune.onset + tune.duration
    assert (ends[:-1] <= tune.onset[1:]).all()


def test_a_held_tune_is_not_cut_by_what_moves_beneath_it() -> None:
    notes = make_notes([0, 24, 48], [72, 24, 24], [76, 60, 62], [80] * 3)
    tune, _ = melody(notes)
    assert (tune.pitch.tolist(), tune.duration.tolist()) == ([76], [72])
