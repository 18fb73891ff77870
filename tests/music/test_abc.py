"""ABC is read as it is written: accidentals, voices, fields within a line, and no ornaments."""

import pytest

from mood2music.errors import MusicFileError
from mood2music.music.abc import plain, read_abc
from tests.music.rows import rows


def read(body: str, head: str = "M:4/4\nL:1/4\nK:C", repeats: bool = False) -> list[
    tuple[float, float, int]
]:  # fmt: skip
    return rows(read_abc(f"X:1\nT:t\n{head}\n{body}\n".encode(), "a.abc", repeats=repeats))


def pitches(body: str, head: str = "M:4/4\nL:1/4\nK:C", repeats: bool = False) -> list[int]:
    return [pitch for _, _, pitch in read(body, head, repeats)]


def test_accidentals_last_to_the_bar_line() -> None:
    assert pitches("_G =E G E | G E", "L:1/4\nK:Eb") == [66, 64, 66, 64, 67, 63]
    assert pitches("=c c c' | c", "L:1/4\nK:D") == [72, 72, 84, 73]


def test_voices_that_alternate_by_line_sound_together() -> None:
    voices = "V:1\nc d e f|\nV:2\nC D E F|\nV:1\ng4|\nV:2\nG4|"
    both = [
        (i, 1, p) for i, pair in enumerate([(60, 72), (62, 74), (64, 76), (65, 77)]) for p in pair
    ]
    assert read(voices) == [*both, (4, 4, 67), (4, 4, 79)]
    assert read("[V:1] c d e f|\n[V:2] C D E F|") == both


def test_fields_within_a_line_hold_from_there() -> None:
    assert pitches("F|[K:D] F|[K:F] B") == [65, 66, 70]
    assert read("C [L:1/8] D E|[M:3/4] F6") == [
        (0, 1, 60),
        (1, 0.5, 62),
        (1.5, 0.5, 64),
        (2, 3, 65),
    ]


def test_rests_of_whole_bars_last_as_long() -> None:
    assert [onset for onset, _, _ in read("C D E|Z|F3|Z2|G3|X|A3", "M:3/4\nL:1/4\nK:C")] == [
        0, 1, 2, 6, 15, 21
    ]  # fmt: skip


def test_ties_of_chords_and_of_accidentals_sound_as_one() -> None:
    assert read("[CE]-[CE] [CG]2|") == [(0, 2, 60), (0, 2, 64), (2, 2, 60), (2, 2, 67)]
    assert read("^F4-|F4|F4|") == [(0, 8, 66), (8, 4, 65)]


def test_an_overlay_is_a_second_voice_of_its_bar() -> None:
    assert read("c2 d2 & C4|") == [(0, 4, 60), (0, 2, 72), (2, 2, 74)]


def test_tuplets_of_every_form_have_their_lengths() -> None:
    assert [
        d for _, d, _ in read("(3CDE (5:4CDEFG (3:2:2C2D2", "M:4/4\nL:1/4\nK:C")
    ] == pytest.approx([2 / 3] * 3 + [0.8] * 5 + [4 / 3] * 2, abs=1 / 24)


def test_a_broken_rhythm_is_three_to_one_whatever_the_dance() -> None:
    assert read("C>D E<F", "R:hornpipe\nM:4/4\nL:1/4\nK:C") == [
        (0, 1.5, 60), (1.5, 0.5, 62), (2, 0.5, 64), (2.5, 1.5, 65)
    ]  # fmt: skip


def test_ornaments_words_and_spacers_change_no_note() -> None:
    plain_ones = read("CDEF|")
    for text in (
        "!trill!C +fermata+D ~E TF|",
        '"Am"C "^a, b"D {gab}E .F|\nw: la la la la',
        "C y2 D (E F)|",
        "vC uD PE HF| % the end",
        "C!D E$F|",
        "CD\n%%begintext\nwords C D\n%%endtext\nEF|",
    ):
        assert read(text) == plain_ones, text


def test_octaves_of_keys_and_clefs_transpose() -> None:
    assert pitches("C", "L:1/4\nK:C octave=-1") == [48]
    assert pitches("C", "L:1/4\nK:C clef=treble-8") == [48]
    assert pitches("C", "L:1/4\nV:1 octave=1\nK:C\nV:1") == [72]


def test_repeats_and_endings_are_as_written_unless_asked_for() -> None:
    assert pitches("|:CD|[1 E2:|[2 F2|]") == [60, 62, 64, 65]
    assert pitches("|:CD|1 E2:|2 F2|]") == [60, 62, 64, 65]
    assert pitches("|:CD|[1 E2:|[2 F2|]", repeats=True) == [60, 62, 64, 60, 62, 65]
    assert pitches("|:C::D:|") == [60, 62]


def test_old_chords_and_decorations_between_plus_signs_are_told_apart() -> None:
    assert read("+CE+ +trill+F +f+G") == [(0, 1, 60), (0, 1, 64), (1, 1, 65), (2, 1, 67)]


@pytest.mark.parametrize(
    ("field", "tempo"),
    [
        ("1/4=96", 96),
        ("1/8=96", 48),
        ("C=100", 50),
        ("3/8=80", 120),
        ('"Lively" 1/4=140', 140),
        ("120", 60),
        ("C3=40", 60),
        ("1/4 3/8=48", 120),
        ("Allegro", 120),
    ],
)
def test_tempo_fields_of_every_age(field: str, tempo: float) -> None:
    notes = read_abc(f"X:1\nQ:{field}\nM:4/4\nL:1/8\nK:C\nCDEF|".encode(), "a.abc")
    assert notes.tempo == pytest.approx(tempo, abs=0.1)


def test_a_tempo_that_changes_is_the_mean() -> None:
    body = "CD|\nQ:1/4=120\nEF|"
    notes = read_abc(f"X:1\nQ:1/4=60\nL:1/4\nK:C\n{body}".encode(), "a.abc")
    assert notes.tempo == pytest.approx(80, abs=0.1)


def test_latin_1_and_windows_lines_are_read() -> None:
    notes = read_abc("X:1\r\nT:Frère\r\nL:1/4\r\nK:C\r\nCD|\r\n".encode("latin-1"), "a.abc")
    assert (notes.title, rows(notes)) == ("Frère", [(0, 1, 60), (1, 1, 62)])


def test_an_article_behind_a_title_is_put_before_it() -> None:
    assert read_abc(b"X:1\nT:Mullingar Races, The\nK:C\nCD|\n", "a").title == "The Mullingar Races"


def test_of_a_collection_the_first_or_the_numbered_tune_is_read() -> None:
    book = b"L:1/4\nX:1\nT:one\nK:C\nCD|\n\nX:02\nT:two\nK:D\nFF|\n"
    assert read_abc(book, "b.abc").title == "one"
    assert rows(read_abc(book, "b.abc", number=2)) == [(0, 1, 66), (1, 1, 66)]
    with pytest.raises(MusicFileError, match="no tune of the number 7"):
        read_abc(book, "b.abc", number=7)


def test_a_file_without_a_key_and_faults_are_refused_with_the_place() -> None:
    with pytest.raises(MusicFileError, match=r"a.abc cannot be read: its tune has no key"):
        read_abc(b"just words\n", "a.abc")
    with pytest.raises(MusicFileError, match=r"a.abc holds no notes"):
        read_abc(b"X:1\nK:C\n", "a.abc")
    with pytest.raises(MusicFileError, match=r"broken rhythm.*A>B2"):
        read("A>B2 C|")


def test_nothing_that_a_tune_says_reaches_abc2midi_but_music() -> None:
    text = plain("X:1\n%%abc-include /etc/passwd\nI:abc-include x\nK:C\n%%MIDI program 3\nCD|\n")
    assert text == "X:1\n%%MIDI chordattack 0\nK:C\nCD|\n"
