from dataclasses import replace

import numpy as np
import pytest

from mood2music.music.meter import TimeSignature
from mood2music.music.notes import Notes, make_notes
from mood2music.music.stated_chords import UNSAID, StatedChord
from mood2music.render.spelling import named, spellings
from mood2music.render.symbols import (
    KINDS,
    STATED,
    Symbol,
    melody,
    restated,
    symbols,
    with_chords,
)


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
        ((53, 57, 60, 62), 5, "major-sixth"),  # D minor seven over F
        ((50, 53, 57, 59), 2, "minor-sixth"),  # B minor seven flat five over D
        ((62, 65, 68, 71), 2, "diminished-seventh"),
        ((48, 65, 67, 70), 0, "dominant-suspended"),
        ((43, 62, 65, 68, 71), 7, "dominant-seventh"),  # the same four over G
    ],
)
def test_a_chord_is_named_by_its_pitches_and_its_bass(
    pitches: tuple[int, ...], root: int, kind: str
) -> None:
    assert symbols(chords(pitches)) == [Symbol(0, root, kind)]


def test_a_bass_that_walks_down_to_a_third_makes_no_sixth_of_a_seventh() -> None:
    # A3 C3, then C3 A3, under C5 E5 G5.
    for bass, found in (([57, 48], (9, "minor-seventh")), ([48, 57], (0, "major-sixth"))):
        notes = make_notes([0, 24, 0, 0, 0], [24] * 2 + [48] * 3, [*bass, 72, 76, 79], [80] * 5)
        assert [(one.root, one.kind) for one in symbols(notes)] == [found]


def test_a_chord_that_stays_is_written_once_and_half_a_bar_may_have_its_own() -> None:
    c, g = (48, 64, 67), (43, 59, 65, 74)
    found = symbols(chords(c, c, g, c, length=48))
    assert [(one.step, one.root) for one in found] == [(0, 0), (96, 7), (144, 0)]


def test_stated_chords_are_named_as_they_are_stated_up_to_where_none_is() -> None:
    f6 = (53, 57, 60, 62)
    said = (StatedChord(0, 5, (0, 4, 7, 9), 5), StatedChord(96, 5, (0, 4, 7), 9),
            StatedChord(168, 0, (0, 7, 7), 0), UNSAID._replace(step=192))  # fmt: skip
    sounds = symbols(chords(f6, f6, f6))
    assert [(one.root, one.kind) for one in sounds] == [(5, "major-sixth")]
    found = symbols(replace(chords(f6, f6, f6), chords=said))
    sounding = sounds[0]._replace(step=168)  # a fifth alone has no name here
    assert found == [Symbol(0, 5, "major-sixth"), Symbol(96, 5, "major", 9), sounding]


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


def test_where_the_tune_rests_the_bass_is_no_tune() -> None:
    tune = [(24 * i, 24, 72 + i % 3) for i in range(12) if i not in (5, 6)]
    rows = sorted([*tune, *((48 * i, 48, 40) for i in range(6))])
    onset, duration, pitch = zip(*rows, strict=True)
    found, _ = melody(make_notes(onset, duration, pitch, [80] * len(rows)))
    assert list(zip(found.onset.tolist(), found.pitch.tolist(), strict=True)) == [
        (at, p) for at, _, p in tune
    ]


def test_a_breath_of_a_sixteenth_does_not_part_a_tune() -> None:
    # D4 G4 F sharp 4, a sixteenth's silence, G4, and on an octave higher.
    low = [62, 64, 62, 64, 62, 67]
    onset = [*range(0, 72, 12), 72, 90, *range(96, 192, 12)]
    pitch = [*low, 66, 67, *[79, 81, 83, 84] * 2]
    length = [12] * 6 + [12, 6] + [12] * 8
    tune, _ = melody(make_notes(onset, length, pitch, [80] * len(onset)))
    assert tune.pitch.tolist() == pitch
    assert tune.duration.tolist() == length


def test_a_held_tune_is_not_cut_by_what_moves_beneath_it() -> None:
    notes = make_notes([0, 24, 48], [72, 24, 24], [76, 60, 62], [80] * 3)
    tune, _ = melody(notes)
    assert (tune.pitch.tolist(), tune.duration.tolist()) == ([76], [72])


SEVENTH, MAJOR_7 = "dominant-seventh", "major-seventh"


@pytest.mark.parametrize(
    ("heard", "sharps", "roots"),
    [
        ([(1, SEVENTH)], 1, ["C#"]),
        ([(1, SEVENTH), (6, "minor")], 1, ["C#", "F#"]),
        ([(1, SEVENTH), (3, MAJOR_7)], 1, ["Db", "Eb"]),  # D sharp would have two signs
        ([(2, SEVENTH), (8, SEVENTH), (7, "major")], 1, ["D", "Ab", "G"]),
        ([(3, SEVENTH), (8, SEVENTH), (2, SEVENTH)], 1, ["Eb", "Ab", "D"]),
        ([(8, "diminished"), (9, "minor")], 0, ["G#", "A"]),
        ([(4, SEVENTH), (9, "minor")], 0, ["E", "A"]),
        ([(10, SEVENTH), (9, SEVENTH), (2, "minor")], -1, ["Bb", "A", "D"]),
        ([(6, "half-diminished-seventh"), (11, SEVENTH), (4, "minor")], 1, ["F#", "B", "E"]),
        ([(6, "major"), (11, "major")], 6, ["F#", "B"]),
        ([(6, "major"), (11, "major")], -6, ["Gb", "Cb"]),
    ],
)
def test_roots_are_named_as_the_key_and_the_chords_around_them(
    heard: list[tuple[int, str]], sharps: int, roots: list[str]
) -> None:
    notes = chords(*(tuple(60 + root + tone for tone in KINDS[kind]) for root, kind in heard))
    said = [Symbol(96 * i, root, kind) for i, (root, kind) in enumerate(heard)]
    names, called = with_chords(spellings(notes.pitch, sharps), notes, said, sharps)
    written = [named(60, name)[:2] for name in called]
    assert [step + {0: "", 1: "#", -1: "b"}[sign] for step, sign in written] == roots
    for symbol, name in zip(said, called, strict=True):
        here = notes.onset == symbol.step
        fifths = {0: 0, 3: -3, 4: 4, 6: -6, 7: 1, 10: -2, 11: 5}
        above = (notes.pitch[here] - symbol.root) % 12
        assert names[here].tolist() == [name + fifths[tone] for tone in above.tolist()]


def test_where_no_chord_is_to_sound_that_is_said_and_no_root_is_looked_for() -> None:
    f = (53, 57, 60, 65)
    none = StatedChord(96, 0, (), 0)
    said = (none._replace(step=0), StatedChord(96, 5, (0, 4, 7), 5, (14,)), none._replace(step=192))
    notes = replace(chords(f, f, f), chords=said)
    found = symbols(notes)
    assert [(one.step, one.kind, one.above) for one in found] == [
        (0, "none", ()), (96, "major", (14,)), (192, "none", ())
    ]  # fmt: skip
    names, roots = with_chords(spellings(notes.pitch, -1), notes, found, -1)
    assert named(65, roots[1])[:2] == ("F", 0)
    assert names.tolist() == spellings(notes.pitch, -1).tolist()


@pytest.mark.parametrize(
    ("root", "seventh"), [(11, ("A", -1)), (6, ("E", -1)), (1, ("B", -1)), (0, ("A", 0))]
)
def test_a_diminished_seventh_is_no_sixth_where_that_needs_no_second_flat(
    root: int, seventh: tuple[str, int]
) -> None:
    notes = chords(tuple(60 + root + tone for tone in (0, 3, 6, 9)))
    said = [Symbol(0, root, "diminished-seventh")]
    names, _ = with_chords(spellings(notes.pitch, 0), notes, said, 0)
    assert named(int(notes.pitch[-1]), int(names[-1]))[:2] == seventh


def test_where_a_section_begins_the_chord_that_holds_is_said_again() -> None:
    heard = [Symbol(0, 0, "major"), Symbol(96, 5, "major"), Symbol(192, 7, "major", 11)]
    said = restated(heard, [0, 96, 384])
    assert said == [*heard, Symbol(384, 7, "major", 11)]
    assert restated([], [0, 96]) == []


def test_a_note_beside_a_chord_is_named_near_its_root() -> None:
    # A fourth over B flat minor seven, and a fourth over F sharp seven.
    notes = chords((58, 61, 65, 68, 75), (54, 58, 61, 64, 71), length=48)
    said = [Symbol(0, 10, "minor-seventh"), Symbol(48, 6, "dominant-seventh")]
    names, _ = with_chords(np.array([-1, -4, 0, -3, 10, 7, 11, 8, 5, -6]), notes, said, 0)
    assert [named(int(p), int(n))[:2] for p, n in zip(notes.pitch, names, strict=True)][4::5] == [
        ("E", -1), ("B", 0)
    ]  # fmt: skip


def test_where_few_of_its_tones_sound_a_chord_names_nothing() -> None:
    # A flat seven, then D, A and C without a third, which has no symbol: C stays C.
    notes = chords((56, 60, 63, 66), (50, 57, 60), length=48)
    names = np.array([9, 13, 10, 7, 3, 4, 1])
    found, roots = with_chords(names, notes, [Symbol(0, 8, "dominant-seventh")], 1)
    assert roots == [-3]
    assert found.tolist() == [-3, 1, -2, -5, 3, 4, 1]


@pytest.mark.parametrize("root", range(12))
@pytest.mark.parametrize("kind", [kind for kind in STATED if STATED[kind]])
def test_every_chord_has_a_root_by_which_no_tone_has_two_signs(root: int, kind: str) -> None:
    pitches = tuple(60 + root + tone for tone in STATED[kind])
    # B augmented seven has F double sharp, C flat augmented seven B double flat.
    most = 2 if (root, kind) == (11, "augmented-seventh") else 1
    for sharps in range(-6, 7):
        names, _ = with_chords(
            np.full(len(pitches), 30), chords(pitches), [Symbol(0, root, kind)], sharps
        )
        for pitch, fifths in zip(pitches, names.tolist(), strict=True):
            step, alteration, octave = named(pitch, fifths)
            semitone = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}[step]
            assert 12 * (octave + 1) + semitone + alteration == pitch
            assert abs(alteration) <= most
