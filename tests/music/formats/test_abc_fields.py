"""Fields of ABC mean what the standard says, whatever stands beside it in them."""

from fractions import Fraction

import pytest

from mood2music.music.formats.abc_fields import (
    Placed,
    chords_multiplied,
    fraction,
    key_field,
    moved_note,
    tempo,
    unit_of,
    voice_field,
)


@pytest.mark.parametrize(
    ("text", "left", "placed"),
    [
        ("1", "1", Placed()),
        (" 1 clef=bass", "1", Placed(0, None, False)),
        ("T clef = treble-8", "T", Placed(-1, None, False)),
        ('T clef="tenor+15" octave=-1', "T", Placed(2, -1, False)),
        ("D perc", "D", Placed(0, None, True)),
        ("1 transpose=-2 nm=x", "1 transpose=-2", Placed(semitones=-2)),
        ("1 t=3 octave=up shift=Cc", "1 shift=Cc transpose=3", Placed(semitones=3)),
    ],
)
def test_a_voice_says_where_its_notes_sound(text: str, left: str, placed: Placed) -> None:
    assert voice_field(text) == (left.split()[0], left, placed)


@pytest.mark.parametrize(
    ("text", "left", "placed"),
    [
        ("G", "G", Placed()),
        ("Dm =f ^c treble-8", "Dm =f ^c", Placed(-1, None, False)),
        ("D mix=f octave=2", "D mix=f", Placed(None, 2, None)),
        ("none clef=alto", "none", Placed(0, None, False)),
        ("clef=alto", "none", Placed(0, None, False)),
        ("", "none", Placed()),
    ],
)
def test_a_key_keeps_what_is_its_own(text: str, left: str, placed: Placed) -> None:
    assert key_field(text, head=True) == (left, placed)


def test_what_a_field_leaves_open_stays_as_it_was() -> None:
    before = Placed(-1, 1, True)
    assert (before.up, Placed().over(before)) == (0, before)
    assert Placed(octave=0).over(before) == Placed(-1, 0, True)
    assert Placed(0, None, False).over(before) == Placed(0, 1, False)


@pytest.mark.parametrize(
    ("note", "up", "moved"),
    [
        ("C", 0, "C"),
        ("c", 1, "c'"),
        ("_b,,", 0, "_B,"),
        ("C'", 0, "c"),
        ("c'", -2, "C"),
        ("Z", 2, "Z"),
    ],
)
def test_marks_of_octaves_add_up(note: str, up: int, moved: str) -> None:
    assert moved_note(note, up) == moved


def test_lengths_in_a_chord_and_behind_it_multiply() -> None:
    assert chords_multiplied("[C2E2]3 [CE]3 [C2E2]A") == "[C6E6] [CE]3 [C2E2]A"
    assert chords_multiplied("[^C,/_E]// [C3/2E]/3 [K:D]4") == "[^C,1/8_E1/4] [C1/2E1/3] [K:D]4"


def test_a_unit_is_stated_or_by_the_meter() -> None:
    units = {"L:1/16": 16, "L:1": 1, "L:1/4\nL:1/2": 2, "L:x\nM:2/4": 16, "L:1/0": 8, "": 8,
             "M:2/4": 16, "M:5/8": 16, "M:3/4": 8, "M:C": 8, "M:4/4\nM:2/4": 16}  # fmt: skip
    assert {head: unit_of(f"{head}\nK:C\nL:1/2").denominator for head in units} == units
    assert [fraction(text) for text in ("1/8 % x", " 1 / 4 ", "1", "x", "1/0")] == [
        Fraction(1, 8), Fraction(1, 4), Fraction(1), None, None
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "qpm"),
    [
        ("120", 60),
        ("C=100", 50),
        ("C2=100", 100),
        ("1/4=96.4", 96.4),
        ("3/8=80", 120),
        ("1/4 3/8 1/4=40", 140),
        ('"Andante" 1/4=60 "poco 2"', 60),
        ('1/4=60 "Andante 3', 60),
        ("1/0=60", 30),
        ("=60", 30),
        ("1/4=100-120", 100),
        ("1/4=0", None),
        ("1/4=", None),
        ("1/4=1/8", None),
        ('"Allegro 120"', None),
    ],
)
def test_a_tempo_names_its_beat(text: str, qpm: float | None) -> None:
    assert tempo(text, Fraction(1, 8)) == (qpm if qpm is None else pytest.approx(qpm))
