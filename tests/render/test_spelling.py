import numpy as np
import pytest

from mood2music.render.spelling import Signs, named, signature, spell, spellings


def letters(pitches: list[int], sharps: int) -> str:
    """Names of the first of each pitch class of notes, in order."""
    found = spellings(np.array(pitches), sharps).tolist()
    names = [named(p, f) for p, f in zip(pitches, found, strict=True)]
    return " ".join(step + {-2: "bb", -1: "b", 1: "#", 2: "x"}.get(a, "") for step, a, _ in names)


def test_key_signatures_are_those_of_the_circle_of_fifths() -> None:
    assert [signature(tonic, "major") for tonic in (0, 7, 2, 5, 10, 3, 8)] == [
        0, 1, 2, -1, -2, -3, -4,
    ]  # fmt: skip
    assert [signature(tonic, "minor") for tonic in (9, 4, 2, 0, 6)] == [0, 1, -1, -3, 3]


def test_a_major_and_its_relative_minor_share_a_signature() -> None:
    for tonic in (0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11):
        assert signature(tonic, "major") == signature((tonic - 3) % 12, "minor")


def test_names_follow_the_key() -> None:
    assert spell(60, 0) == ("C", 0, 4)
    assert spell(66, 0) == ("F", 1, 4)
    assert spell(66, -5) == ("G", -1, 4)
    assert spell(68, 0) == ("G", 1, 4)  # the leading note of A minor
    assert spell(63, 0) == ("E", -1, 4)  # the blue third of C


def test_the_octave_belongs_to_the_letter() -> None:
    assert spell(60, 6) == ("B", 1, 3)
    assert spell(59, -6) == ("C", -1, 4)


def test_every_spelling_sounds_as_its_midi_number_in_every_key() -> None:
    semitone = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
    for sharps in range(-6, 7):
        for pitch in range(128):
            step, alteration, octave = spell(pitch, sharps)
            assert 12 * (octave + 1) + semitone[step] + alteration == pitch


@pytest.mark.parametrize(
    ("pitches", "sharps", "written"),
    [
        # Chords that the key alone would spell with a diminished fourth or an augmented second.
        ([61, 65, 68, 71], 1, "C# E# G# B"),
        ([68, 72, 75, 78], 1, "G# B# D# F#"),
        ([70, 74, 77, 80, 75, 79, 82], 0, "Bb D F Ab Eb G Bb"),
        ([54, 58, 61, 64, 59, 62, 66, 71], 1, "F# A# C# E B D F# B"),
        # The first of Bach's C minor fugue (BWV 847), with its F sharp.
        ([72, 71, 72, 67, 68, 72, 71, 72, 74, 67, 72, 71, 72, 74, 65, 67, 68, 67, 65, 63], -3,
         "C B C G Ab C B C D G C B C D F G Ab G F Eb"),
        # A blue third and seventh above a blues in E minor.
        ([52, 55, 59, 62, 58, 57, 55, 52, 51, 52], 1, "E G B D Bb A G E D# E"),
    ],
)  # fmt: skip
def test_what_sounds_around_a_note_names_it(pitches: list[int], sharps: int, written: str) -> None:
    assert letters(pitches, sharps) == written


def test_a_piece_may_begin_and_end_anywhere_and_be_of_any_length() -> None:
    assert spellings(np.array([], np.int64), 0).tolist() == []
    assert letters([60], 0) == "C"
    for sharps in range(-6, 7):
        pitches = np.random.default_rng(sharps + 6).integers(0, 128, 200)
        for pitch, fifths in zip(pitches.tolist(), spellings(pitches, sharps), strict=True):
            step, alteration, octave = named(pitch, int(fifths))
            semitone = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}[step]
            assert 12 * (octave + 1) + semitone + alteration == pitch
            assert abs(alteration) <= 2


def test_an_accidental_holds_to_the_end_of_its_bar() -> None:
    signs = Signs(0)
    assert signs.needed("F", 1, 4)
    assert not signs.needed("F", 1, 4)
    assert signs.needed("F", 0, 4)
    assert not signs.needed("F", 0, 4)


def test_notes_of_the_key_show_no_sign_and_foreign_ones_do() -> None:
    signs = Signs(-1)
    assert not signs.needed("B", -1, 4)
    assert signs.needed("B", 0, 3)


def test_a_courtesy_sign_takes_back_the_bar_before_and_only_once() -> None:
    signs = Signs(0)
    assert signs.needed("F", 1, 4)
    signs.new_bar()
    assert signs.needed("F", 0, 4)
    assert not signs.needed("F", 0, 4)
    signs.new_bar()
    assert not signs.needed("F", 0, 4)
