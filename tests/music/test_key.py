from dataclasses import replace

import pytest
from music21 import converter

from mood2music.errors import UnknownNameError
from mood2music.music.key import (
    Key,
    doubted,
    find_key,
    key_of,
    parse_key,
    result_key,
    with_its_mode,
    with_signs,
)
from mood2music.music.notes import Notes, make_notes
from mood2music.music.stated_key import StatedKey
from mood2music.music.stream import from_stream


@pytest.mark.parametrize("shift", range(12))
def test_a_transposed_scale_is_found_in_its_own_key_and_moves_home(shift: int) -> None:
    scale = [60, 62, 64, 65, 67, 69, 71, 72, 67, 64, 60]
    notes = make_notes(range(11), [1] * 11, [p + shift for p in scale], [80] * 11)
    key = find_key(notes)
    assert key == Key(shift, "major")
    assert (shift + key.to_c) % 12 == 0
    assert -6 <= key.to_c <= 5


@pytest.mark.parametrize(
    "tune",
    [
        "tinynotation: 4/4 c4 d e f g2 g2 a4 b c' b g1",
        "tinynotation: 3/4 a4 b c' d' e'2 g#'4 a'2. e'4 c' a",
        "tinynotation: 4/4 f#4 g# a b c#'2 e#' f#'1",
        "tinynotation: 4/4 e-4 g b- c' d' b- g e-",
    ],
)
def test_the_key_is_the_one_that_music21_finds(tune: str) -> None:
    score = converter.parse(tune)
    theirs = score.analyze("key.aarden")
    ours = find_key(from_stream(score))
    assert (ours.tonic, ours.mode) == (theirs.tonic.pitchClass, theirs.mode)


def test_a_minor_goes_home_to_a() -> None:
    assert Key(9, "minor").to_c == 0
    assert Key(11, "minor").to_c == -2
    assert Key(3, "minor").name == "Eb minor"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("G", Key(7, "major")),
        ("Bb", Key(10, "major")),
        ("E- major", Key(3, "major")),
        ("E♭", Key(3, "major")),
        ("F♯m", Key(6, "minor")),
        ("Am", Key(9, "minor")),
        ("bb min", Key(10, "minor")),
        ("f# minor", Key(6, "minor")),
        ("Cb", Key(11, "major")),
    ],
)
def test_keys_are_read_as_people_write_them(text: str, key: Key) -> None:
    assert parse_key(text) == key


@pytest.mark.parametrize("text", ["H", "", "C dorian", "CC"])
def test_other_words_are_refused_with_an_example(text: str) -> None:
    with pytest.raises(UnknownNameError, match="key=G"):
        parse_key(text)


# Chords that a transposition leaves as they are: keys so far apart fit them equally well.
@pytest.mark.parametrize("chord", [(0, 6), (0, 3, 6, 9), (0, 4, 8), (0, 2, 4, 6, 8, 10)])
@pytest.mark.parametrize("root", range(12))
@pytest.mark.parametrize("duration", [1, 7, 24])
def test_of_keys_that_fit_equally_the_first_is_taken(
    chord: tuple[int, ...], root: int, duration: int
) -> None:
    pitches = [48 + (root + step) % 12 for step in chord]
    notes = make_notes([0] * len(chord), [duration] * len(chord), pitches, [80] * len(chord))
    assert find_key(notes).tonic < chord[1]


@pytest.mark.parametrize(
    ("song", "asked", "key", "shift"),
    [
        (Key(2, "major"), None, Key(2, "major"), 2),
        (Key(2, "major"), "G", Key(7, "major"), 7),  # up a fourth
        (Key(7, "major"), "F#", Key(6, "major"), -6),  # down a semitone
        (Key(7, "major"), "Ab", Key(8, "major"), -4),
        (Key(7, "major"), "Db", Key(1, "major"), -11),  # a tritone goes down
        (Key(2, "major"), "Eb", Key(3, "major"), 3),
        (Key(9, "minor"), "G", Key(4, "minor"), -5),
        (Key(9, "minor"), "Eb", Key(0, "minor"), 3),
        (Key(9, "minor"), "E minor", Key(4, "minor"), -5),
        (Key(9, "minor"), "C minor", Key(0, "minor"), 3),
    ],
)
def test_the_results_key_has_the_signature_that_was_asked_for(
    song: Key, asked: str | None, key: Key, shift: int
) -> None:
    assert result_key(song, asked) == (key, shift)


@pytest.mark.parametrize(
    ("name", "printed"),
    [("Eb major", "E♭ major"), ("F# minor", "F♯ minor"), ("B- major", "B♭ major"), ("B", "B")],
)
def test_a_keys_name_is_printed_with_its_sign(name: str, printed: str) -> None:
    assert with_signs(name) == printed


@pytest.mark.parametrize(
    ("mode", "asked", "told"),
    [
        ("major", "A minor", "C major, of the same signature as A minor: a song keeps its mode"),
        ("minor", "Eb major", "C minor, of the same signature as Eb major: a song keeps its mode"),
        ("minor", "c minor", ""),
        ("minor", "Cm", ""),
        ("major", "Am", "C major, of the same signature as A minor: a song keeps its mode"),
        ("minor", "G", ""),
        ("major", None, ""),
    ],
)
def test_a_key_of_another_mode_is_told_what_it_becomes(
    mode: str, asked: str | None, told: str
) -> None:
    assert with_its_mode(Key(0 if mode == "major" else 9, mode), asked) == told


def waltz() -> Notes:
    """Twelve bars in G major on its first, second and fifth degree, and a last chord.

    Their pitch classes alone fit A minor better.
    """
    bars = [(43, (59, 62)), (43, (59, 62)), (45, (60, 64)), (45, (60, 64)), (50, (60, 66)),
            (50, (60, 66))]  # fmt: skip
    tune = [67, 71, 74, 74, 74, 62, 69, 72, 76, 76, 76, 66, 69, 72, 76, 74, 72, 69]
    rows = [(24 * i, 24, pitch) for i, pitch in enumerate(2 * tune)]
    for bar, (bass, chord) in enumerate(2 * bars):
        rows.append((72 * bar, 24, bass))
        rows += [(72 * bar + beat, 24, pitch) for beat in (24, 48) for pitch in chord]
    rows += [(864, 72, pitch) for pitch in (43, 59, 67)]
    onset, duration, pitch = zip(*rows, strict=True)
    return make_notes(onset, duration, pitch, [80] * len(rows))


def scale(*pitches: int) -> Notes:
    return make_notes(range(len(pitches)), [1] * len(pitches), pitches, [80] * len(pitches))


@pytest.mark.parametrize("by", range(12))
def test_a_signature_that_fits_is_believed_where_the_notes_alone_say_another_key(by: int) -> None:
    notes = replace(waltz(), stated_key=StatedKey(7))
    assert find_key(notes) == Key(9, "minor")
    moved = notes.transposed(by)
    assert key_of(moved) == Key((7 + by) % 12, "major")
    assert doubted(moved) == ""


def test_without_a_stated_key_or_notes_it_is_found() -> None:
    assert key_of(waltz()) == find_key(waltz())
    assert key_of(replace(scale(), stated_key=StatedKey(7))) == find_key(scale())
    assert doubted(waltz()) == ""


@pytest.mark.parametrize("by", [1, 2, 3, 4, 6, 8, 9, 10, 11])
def test_a_signature_that_stayed_behind_a_transposition_is_not_believed(by: int) -> None:
    notes = scale(60, 62, 64, 65, 67, 69, 71, 72, 67, 64, 60).transposed(by)
    notes = replace(notes, stated_key=StatedKey(0))
    assert key_of(notes) == find_key(notes) == Key(by, "major")
    assert doubted(notes) == f"{Key(by, 'major').name} by the notes: the file states the " + (
        "signature of C major"
    )


def test_a_mode_that_does_not_fit_leaves_the_signature() -> None:
    minor = scale(57, 59, 60, 62, 64, 65, 68, 69, 64, 60, 57)
    major = scale(60, 64, 67, 72, 67, 64, 60, 65, 67, 62, 60)
    for notes, wrong, right in (
        (minor, StatedKey(0, "major"), Key(9, "minor")),
        (major, StatedKey(9, "minor"), Key(0, "major")),
    ):
        stated = replace(notes, stated_key=wrong)
        assert key_of(stated) == right
        assert doubted(stated) == f"{right.name} by the notes: the file states {Key(*wrong).name}"


def test_of_relative_keys_that_fit_alike_the_last_bass_note_chooses() -> None:
    even = 2 * (60, 62, 64, 65, 67, 69, 71, 72, 60, 64, 67, 69, 64, 67, 72, 76)
    for last, key in ((48, Key(0, "major")), (45, Key(9, "minor"))):
        notes = replace(scale(*even, last), stated_key=StatedKey(0))
        assert find_key(notes) == Key(0, "major")
        assert key_of(notes) == key


def test_a_stated_minor_is_believed_over_the_minor_a_fourth_above() -> None:
    tune = scale(72, 70, 68, 74, 72, 70, 67, 67, 72, 68, 67, 65, 65, 68, 65, 67, 72)
    assert find_key(tune) == Key(5, "minor")
    assert key_of(replace(tune, stated_key=StatedKey(0, "minor"))) == Key(0, "minor")
