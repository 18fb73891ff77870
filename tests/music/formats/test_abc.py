"""ABC is read as it is written: accidentals, voices, fields within a line, and no ornaments."""

from pathlib import Path

import pytest

from mood2music.errors import MusicFileError
from mood2music.music.formats import abc
from mood2music.music.formats.abc import decode, read_abc
from mood2music.music.formats.abc_text import plain
from mood2music.music.meter import TimeSignature, as_text
from mood2music.music.stated_chords import StatedChord
from mood2music.music.stated_key import StatedKey
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


def music(body: str, repeats: bool = False) -> str:
    """What is left of a line behind a tune's head."""
    head = "X:1\n%%MIDI chordattack 0\nK:C\n"
    text = plain(f"X:1\nK:C\n{body}", repeats)
    assert text.startswith(head)
    return text.removeprefix(head)


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("^A _B,, =c'3/2 x4 z/ Z3|", "^A _B,, =c'3/2 x4 z/ Z3|"),
        ("X3 y4 A y B", "Z3  A  B"),
        ("A>B c<d [CE]2-[CE]|A&B", "A>B c<d [CE]2-[CE]|A&B"),
        # A length stays behind what it lengthens, whatever goes from between.
        ('A"Am"2 B!x!3 c~4 [CE]"G"/2', "A2 B3 c4 [CE]/2"),
        ("2 A|2 (3:2:2A,2b'2c2", " A| (3:2:2A,2b'2c2"),
        # Marks of both directions count, and lengths in a chord and behind it multiply.
        ("C' c, C,' ^c'', [C2E2]3 [C/E/]2", "c C C ^c' [C6E6] [CE]"),
        ("A 2 z2 Z2 x2 X2", "A  z2 Z2 x2 Z2"),
        ("(A B) .c vd Te u$f", "A B c d e f"),
        ("!trill!A !f!B +p+C +trill+D", "A B C D"),
        ("+CE+ +ffff+ +c,^d'2+ +C E+", "[CE]  [c,^d'2] C E"),
        ("{ga}A {/g}B {g", "A B "),
        ('"Am"A "^up, b"B "open', "A B "),
        ("[K:D]A[M:3/4]B[L:1/8]C[V:2]D", "[K:D]A[M:3/4]B[L:1/8]C[V:2]D"),
        ("A[Q:slow]B[P:A]C[r:x]D[I:y]E", "ABCDE"),
        ("|:A:|B|]C||D::E[|F|1G:|2A [1 B [\"last\"C", "|A|B|C|D|E|F|G|A | B |C"),
        ('["Am"AB] ["last" A [CE]|["last"B|]', "[AB] | A [CE]||B|"),
        ("A % the end", "A"),
        (r"A \% B", "A  B"),
        ("A\\", "A"),
    ],
)  # fmt: skip
def test_of_a_line_what_sounds_is_left(line: str, left: str) -> None:
    assert music(line) == left + "\n"


def test_repeats_stay_where_they_are_played() -> None:
    line = "|:A:|1,2 B [P:A]:|2 c|]"
    assert music(line, repeats=True) == line + "\n"
    assert plain("X:1\nP:AB\nK:C\nA", repeats=True).splitlines()[2] == "P:AB"
    assert "P:" not in plain("X:1\nP:AB\nK:C\nA")


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        (["K:D", "w:la", "A", "+:la", "s:x", "B"], ["K:D", "A", "B"]),
        (["M:3/4", "L:1/16", "V:1 clef=bass", "m:~n=z"], ["M:3/4", "L:1/16", "V:1"]),
        (["M:3/4 % three", "L:1", "Q:fast"], ["M:3/4", "L:1/1"]),
        (["A|", "", "B|"], ["A|"]),
        # A line of what does not sound is no empty one.
        (["A|", '"Am"', "!segno!", "{g}", "[P:B] y", "\\", "B|"], ["A|", "B|"]),
        (["A|", "  ", "B|"], ["A|"]),
        (["A|", "%", "% B", "C|"], ["A|", "C|"]),
        # Directives that move pitches stay, those that fetch files or set instruments go.
        (["%%MIDI transpose -2", "A"], ["%%MIDI transpose -2", "A"]),
        (["I:MIDI  rtranspose 3", "A"], ["%%MIDI  rtranspose 3", "A"]),
        (["%%MIDI channel 10"], ["%%MIDI channel 10"]),
        (["I: propagate-accidentals octave"], ["%%propagate-accidentals octave"]),
        (["%%MIDI program 3", "%%MIDI channels", "%%score 1 2", "I:x MIDI transpose 1"], []),
        (["%%begintext", "A", "%%endtext", "B"], ["B"]),
        (["%%beginps", "A", "%%endtext", "B", "%%endps", "C"], ["C"]),
        (["%%begintext", "A"], ["A"]),
        # A bar line at the start of a line is no field.
        (["A:|", "A|:B"], ["A|", "A|B"]),
    ],
)
def test_of_a_tunes_lines_those_that_sound_are_left(lines: list[str], left: list[str]) -> None:
    assert music("\n".join(lines)).splitlines() == left


def test_what_stands_before_the_key_is_no_music() -> None:
    assert plain("X:7\nA B C\nM:3/4\nK:C\nD\n") == "X:1\n%%MIDI chordattack 0\nM:3/4\nK:C\nD\n"


@pytest.mark.parametrize(
    ("body", "tempo"),
    [
        ("CDEF|[Q:1/4=60]CDEF|", 80),
        ("CD[Q:1/4=60]EF|C>[Q:1/8=60]DEF|", 480 / 9.5),
        ("V:1\nCDEF|CDEF|\nV:2\nEFGA|[Q:1/4=60]EFGA|", 80),
        ("V:1\nCDEF|\nV:2\nEFGA|\nQ:1/4=60\nV:1\nCDEF|\nV:2\nEFGA|", 80),
        ("V:1\nCDEF|\nV:2\nEFGA|\nV:1\nQ:1/4=60\nCDEF|\nV:2\nEFGA|", 80),
        ("CDEF|[Q:1/4=60]C4&E4|", 80),
        ("[Q:1/4=92.5]CDEF|", 92.5),
        ("[Q:1/4=1/8]CDEF|", 120),
        ("[Q:1/2=600]CDEF|", 400),
    ],
)
def test_a_tempo_counts_from_its_place_in_whichever_voice(body: str, tempo: float) -> None:
    notes = read_abc(f"X:1\nM:4/4\nL:1/4\nK:C\n{body}\n".encode(), "a.abc")
    assert notes.tempo == pytest.approx(tempo, abs=0.05)


def test_a_tempo_without_a_beat_counts_the_unit_of_its_place() -> None:
    for tune, qpm in (
        ("L:1/4\nQ:90\nK:C\nA", 90),
        ("Q:60\nK:C\nL:1/4\nA", 30),
        ("K:C\nL:1/16\nQ:80\nA", 20),
    ):
        assert read_abc(f"X:1\n{tune}\n".encode(), "a.abc").tempo == qpm


@pytest.mark.parametrize(
    ("voice", "pitch"),
    [
        ('clef=treble-8 name="Tenor" snm="T"', 53),
        ('name="Tenor" clef=treble-8', 53),
        ("treble-8 stem=up", 53),
        ("clef=treble+8 stafflines=5", 77),
        ("clef=treble-15 middle=B", 41),
        ("clef=bass octave=-1 transpose=2", 55),
        ("t=-12", 53),
        ('name="clef=treble-8"', 65),
    ],
)
def test_a_clef_of_a_voice_moves_it_whatever_else_its_field_says(voice: str, pitch: int) -> None:
    both = [pitch, 69] if pitch < 69 else [69, pitch]
    assert pitches("V:1\nF4|\nV:2\nA4|", f"L:1/4\nV:1 {voice}\nV:2\nK:C") == both
    assert pitches("[V:1]F4|\n[V:2]A4|", f"L:1/4\nV:1 {voice}\nV:2\nK:C") == both
    assert pitches(f"V:1 {voice}\nF4|\nV:2\nA4|") == both


def test_a_clef_of_a_key_holds_for_all_voices_or_from_there() -> None:
    assert pitches("V:1\nF4|\nV:2\nA4|", "L:1/4\nV:2 clef=treble\nK:C clef=treble-8") == [53, 69]
    assert pitches("C[K:clef=treble-8]C[K:G]F[K:clef=treble]F|") == [60, 48, 54, 66]
    assert pitches("F", "L:1/4\nK:clef=bass") == pitches("F", "L:1/4\nK:") == [65]


def test_a_staff_of_percussion_is_counted_and_left_out() -> None:
    for body in ("V:1\nC4|\nV:2\nE4|\nV:1\nC4|\nV:2\nE4|", "[V:1]C4|C4|\n[V:2]E4|E4|"):
        tune = f'X:1\nM:4/4\nL:1/4\nV:2 clef=perc nm="Drum"\nK:C\n{body}\n'
        notes = read_abc(tune.encode(), "a.abc")
        assert (rows(notes), notes.drums) == ([(0, 4, 60), (4, 4, 60)], 2)


def test_an_overlay_of_several_bars_is_refused() -> None:
    with pytest.raises(MusicFileError, match=r"^a.abc cannot be read: an overlay of several bars"):
        read("CDEF|GABc|&&E4|F4|")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"\xef\xbb\xbfX:1", "X:1"),
        ("X:1\r\né".encode("utf-16"), "X:1\né"),
        (b"\xff\xfeX", "\xff\xfeX"),  # half a letter: no UTF-16
        ("é".encode(), "é"),
        ("é".encode("latin-1"), "é"),
        (b"a\r\nb\rc\nd", "a\nb\nc\nd"),
    ],
)
def test_text_is_decoded_whoever_wrote_it(content: bytes, text: str) -> None:
    assert decode(content) == text


BOOK = "T:book\nL:1/4\nM:3/4\n%%MIDI transpose 2\nC:me\n"
BOOK += "X:3\nT:three\nK:C\nC\n\nX: 030\nT:thirty\nK:D\nF\n"


@pytest.mark.parametrize(("number", "title", "pitch"), [(None, "three", 62), (3, "three", 62),
                                                        (30, "thirty", 68)])  # fmt: skip
def test_a_tune_of_a_book_has_what_the_book_says_of_all(
    number: int | None, title: str, pitch: int
) -> None:
    found = read_abc(BOOK.encode(), "b.abc", number=number)
    assert (found.title, rows(found)) == (title, [(0, 1, pitch)])
    assert found.velocity.tolist() == [80]


def test_a_tune_without_a_number_is_the_only_one() -> None:
    for text in ("\n\nT:a\nL:1/4\nK:C\nCD", "L:1/4\nT:b\nK:C\nCD", "X:1\nL:1/4\nK:C\nCD"):
        assert rows(read_abc(text.encode(), "a.abc", grid=12)) == [(0, 1, 60), (1, 1, 62)]


@pytest.mark.parametrize(
    ("field", "title"),
    [
        ("T: One \nT:Two", "One"),
        ("T:Reel, A", "A Reel"),
        ("T:Owl, An ", "An Owl"),
        ("T:Reel, Then", "Reel, Then"),
        ("T:The Reel", "The Reel"),
        ("T:", ""),
        ("C:me", ""),
    ],
)
def test_a_title_is_the_first_line_of_it(field: str, title: str) -> None:
    assert read_abc(f"X:1\n{field}\nK:C\nC\n".encode(), "a.abc").title == title


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("no key\n", "a.abc cannot be read: its tune has no key (K:), so it is no ABC"),
        ("X:1\nK:C\nz4|\n", "a.abc holds no notes: expected pitched notes"),
        (
            "X:1\nL:1/4\nK:C\nC|\nA>B2 " + "C" * 100 + "\n",
            "a.abc cannot be read: Cannot apply broken rhythm. Notes not equal durations: A>B2 "
            + "C" * 75,
        ),
    ],
)
def test_a_fault_is_told_in_the_tunes_own_words(content: str, said: str) -> None:
    with pytest.raises(MusicFileError) as refused:
        read_abc(content.encode(), "a.abc")
    assert str(refused.value) == said
    with pytest.raises(MusicFileError) as refused:
        read_abc(BOOK.encode(), "b.abc", number=0)
    assert str(refused.value) == "b.abc has no tune of the number 0"


def test_a_player_that_crashes_or_hangs_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "abc2midi"
    program.write_text("#!/bin/sh\nkill -SEGV $$\n")
    program.chmod(0o755)
    import symusic  # noqa: F401  # sets the variable when it is first imported

    with monkeypatch.context() as patched:
        patched.setenv("SYMUSIC_ABC2MIDI", str(program))
        with pytest.raises(MusicFileError, match=r"^a.abc cannot be read: abc2midi crashed on it$"):
            read("C")
    monkeypatch.setattr(abc, "_SECONDS", 0.0)
    with pytest.raises(MusicFileError, match=r"^a.abc took abc2midi longer than 0 s$"):
        read("C")


def test_letters_that_latin_1_lacks_lose_no_note() -> None:
    assert read("CD", "L:1/4\nK:C\nV:1 name=œ") == [(0, 1, 60), (1, 1, 62)]


def test_on_a_fine_grid_no_note_begins_late() -> None:
    notes = read_abc(b"X:1\nL:1/4\nK:C\nC D2|\n", "a.abc", grid=480)
    assert (notes.onset.tolist(), notes.duration[0]) == ([0, 480], 480)


def meter(body: str, head: str = "M:6/8\nL:1/8\nK:C", repeats: bool = False) -> str:
    tune = f"X:1\nT:t\n{head}\n{body}\n".encode()
    return as_text(read_abc(tune, "a.abc", repeats=repeats).meter)


def test_time_signatures_are_read_with_a_pickup_and_changes() -> None:
    assert meter("A|ABc def|d6|") == "-60:6/8"
    assert meter("ABc def|[M:3/4]A2B2c2|A6|") == "0:6/8 72:3/4"
    assert meter("ABc def|\nM:2/4\nA4|B4|") == "0:6/8 72:2/4"
    assert meter("V:1\nABc def|d6|\nV:2\nA6|B6|") == "0:6/8"
    assert meter("ABc def|d6|", "L:1/8\nK:C") == ""
    assert meter("ABc def|d6|", "M:none\nL:1/8\nK:C") == ""


def test_a_rest_before_a_bar_line_moves_it_not() -> None:
    assert meter("A|ABc d2z|zAB d2z|A3z3|d6|") == "-60:6/8"
    assert meter("ABc def|d2z|ABc def|d6|") == "0:6/8 108:6/8"


def test_parts_of_a_bar_around_a_repeat_are_one_bar() -> None:
    tune = "A|:ABc def|d5:|A|ABc def|d5|]"
    assert meter(tune) == "-60:6/8"
    # Played twice, the part of eleven eighths leaves a bar that is short by one.
    assert meter(tune, repeats=True) == "-60:6/8 144:6/8"


@pytest.mark.parametrize(
    ("key", "stated"),
    [
        ("G", StatedKey(7, "major")),
        ("F#m", StatedKey(6, "minor")),
        ("Bb major", StatedKey(10, "major")),
        ("D mix", StatedKey(2, "major")),
        ("Ador", StatedKey(9, "minor")),
        ("E clef=bass", StatedKey(4, "major")),
        ("HP", None),
        ("none", None),
        ("C transpose=2", None),
    ],
)
def test_the_key_of_a_tunes_head_is_stated(key: str, stated: StatedKey | None) -> None:
    tune = f"X:1\nL:1/4\nK:{key}\nC D|[K:A]E F|\n".encode()
    assert read_abc(tune, "a.abc").stated_key == stated


@pytest.mark.parametrize(
    ("body", "chords"),
    [
        (
            '"C"CD"G7"EF|"Am/E"C>"F"D z "^up"(3E/F/"Dm"G/|',
            [(0, 0), (48, 7), (96, 9), (132, 5), (184, 2)],
        ),
        (
            'C4|z2 "G"z "C"z|Z|"F"Z|"C"[CE]2 "Fine" E2|',
            [(144, 7), (168, 0), (288, 5), (384, 0)],
        ),
        ('C"D"D"N.C."EF|', [(24, 2), (48, 0)]),
        ('"C"C2-"F"C2-|"G"[CE]2-"C"[CE]2|', [(0, 0), (48, 5), (96, 7), (144, 0)]),
        ("C D E F|", []),
    ],
)
def test_chord_symbols_stand_where_they_are_written(
    body: str, chords: list[tuple[int, int]]
) -> None:
    notes = read_abc(f"X:1\nM:4/4\nL:1/4\nQ:1/4=90\nK:C\n{body}\n".encode(), "a.abc")
    assert [(c.step, c.root) for c in notes.chords] == chords
    assert notes.tempo == pytest.approx(90, abs=0.01), "no tempo of a symbol's"


@pytest.mark.parametrize(
    ("tune", "by"),
    [
        ('K:C transpose=-2\n"C/E"C2"G"G2|', -2),
        ('K:C\nV:1 transpose=5\n[V:1]"C/E"C2"G"G2|', 5),
        ('%%MIDI transpose 3\nK:C\n"C/E"C2"G"G2|', 3),
        ('%%MIDI transpose 3\n%%MIDI rtranspose 2\nK:C\n"C/E"C2"G"G2|', 5),
        ('%%MIDI transpose 3\nK:C transpose=-2\n"C/E"C2"G"G2|', -2),
        ('K:C clef=treble-8\n"C/E"C2"G"G2|', 0),
    ],
)
def test_chord_symbols_move_with_the_notes_that_a_field_transposes(tune: str, by: int) -> None:
    notes = read_abc(f"X:1\nM:4/4\nL:1/4\n{tune}\n".encode(), "a.abc")
    assert (notes.pitch % 12).tolist() == [by % 12, (7 + by) % 12]
    told = [(chord.root, chord.bass) for chord in notes.chords]
    assert told == [(by % 12, (4 + by) % 12), ((7 + by) % 12, (7 + by) % 12)]


def test_a_symbol_has_its_kind_and_bass_and_is_played_again_in_repeats() -> None:
    text = b'X:1\nM:4/4\nL:1/4\nK:C\n|:"Am7/E"C4:|"F"D4|\n'
    once = (StatedChord(0, 9, (0, 3, 7, 10), 4), StatedChord(96, 5, (0, 4, 7), 5))
    assert read_abc(text, "a.abc").chords == once
    again = read_abc(text, "a.abc", repeats=True).chords
    assert again == (once[0], once[0]._replace(step=96), once[1]._replace(step=192))


@pytest.mark.parametrize("rest", ["z4", "x4", "Z", "Z1", "z2 z2", "[L:1/8]Z[L:1/4]"])
def test_meters_and_tempi_behind_rests_stand_where_they_are_written(rest: str) -> None:
    notes = read_abc(f"X:1\nM:4/4\nL:1/4\nK:C\nC4|{rest}|[M:3/4][Q:1/4=30]CDE|C3|\n".encode(), "a")
    assert notes.meter == (TimeSignature(0, 4, 4), TimeSignature(192, 3, 4))
    assert notes.tempo == pytest.approx(14 / (8 / 120 + 6 / 30))


def test_whole_bars_of_rest_count_by_the_meter() -> None:
    text = b"X:1\nM:6/8\nL:1/8\nK:C\nC6|Z3|[M:2/4]C4|Z|[M:9/8]C9|\n"
    meter = read_abc(text, "a.abc").meter
    assert [(s.step, s.beats) for s in meter] == [(0, 6), (288, 2), (384, 9)]
