"""Spines that split and join keep every note at its time."""

import pytest

from mood2music.errors import MusicFileError
from mood2music.music.formats.kern import parse_kern
from mood2music.music.meter import as_text
from mood2music.music.stated_key import StatedKey
from mood2music.music.written import Written, place
from tests.music.rows import fields, rows


def read(*lines: str, repeats: bool = False) -> list[tuple[float, float, int]]:
    text = "\n".join(line.replace(" ", "\t").replace("&", " ") for line in lines)
    return rows(place(parse_kern(text, "a.krn"), "a.krn", repeats=repeats))


def test_a_spine_that_splits_twice_joins_at_once() -> None:
    assert read(
        "**kern **kern", "=1 =1", "* *^", "* * *^", "4C 4g 4e 4c", "4D 4a 4f 4d", "* *v *v *v",
        "=2 =2", "2E 2ee", "*- *-",
    ) == [
        (0, 1, 48), (0, 1, 60), (0, 1, 64), (0, 1, 67),
        (1, 1, 50), (1, 1, 62), (1, 1, 65), (1, 1, 69), (2, 2, 52), (2, 2, 76),
    ]  # fmt: skip


def test_neighbours_that_join_do_so_within_their_own_spine() -> None:
    assert read(
        "**kern **kern", "*^ *^", "4C 4E 4c 4e", "*v *v *v *v", "4D 4d", "*- *-"
    ) == [(0, 1, 48), (0, 1, 52), (0, 1, 60), (0, 1, 64), (1, 1, 50), (1, 1, 62)]  # fmt: skip


def test_columns_that_crossed_between_parts_join_as_neighbours() -> None:
    assert read(
        "**kern **kern", "*^ *", "* *x *x", "4C 4c 4E", "*v *v *", "4D 4F", "*- *-"
    ) == [(0, 1, 48), (0, 1, 52), (0, 1, 60), (1, 1, 50), (1, 1, 53)]  # fmt: skip


def test_spines_change_places_end_and_begin() -> None:
    assert read(
        "**kern **kern", "4C 4c", "*x *x", "4d 4D", "*- *", "4E", "*+", "*x *x", "**kern *",
        "4g 4F", "*- *-",
    )[-2:] == [(3, 1, 53), (3, 1, 67)]  # fmt: skip


def test_a_voice_that_is_silent_without_rests_comes_in_with_the_others() -> None:
    assert read(
        "**kern **kern", "* *^", "4C 4g .", "4D 4a 4f", "* *v *v", "*- *-"
    ) == [(0, 1, 48), (0, 1, 67), (1, 1, 50), (1, 1, 65), (1, 1, 69)]  # fmt: skip


def test_a_bar_that_is_short_in_a_part_moves_nothing() -> None:
    assert read("**kern **kern", "=1 =1", "4C 2c", "=2 =2", "4D 4d", "*- *-") == [
        (0, 1, 48), (0, 2, 60), (2, 1, 50), (2, 1, 62)
    ]  # fmt: skip


def test_chords_and_ties_hold_across_bars_and_staves() -> None:
    assert read(
        "**kern **kern", "=1 =1", "4C 2r", "4r .", "=2 =2", "[2E&[2G 2c", "=3 =3", "2E]&2G_ 4d",
        ". [4a", "=4 =4", "4G] 4f", "4a] 4r", "*- *-",
    ) == [
        (0, 1, 48), (2, 4, 52), (2, 5, 55), (2, 2, 60), (4, 1, 62), (5, 1, 69), (6, 1, 65),
        (7, 1, 69),
    ]  # fmt: skip
    assert read("**kern **kern", "4C [4c", "4c] 4e", "*- *-") == [
        (0, 1, 48),
        (0, 2, 60),
        (1, 1, 64),
    ]


def test_lengths_are_breves_dots_tuplets_and_rationals() -> None:
    lengths = ["0c", "2.d", "4..e", "16r", "12f", "6g", "3%2a", "1%2b"]
    assert [length for _, length, _ in read("**kern", *lengths, "*-")] == pytest.approx(
        [8, 3, 1.75, 1 / 3, 2 / 3, 8 / 3, 8], abs=0.03
    )


def test_pitches_are_letters_and_accidentals() -> None:
    notes = read("**kern", "4c", "4cc#", "4C-", "4CC--", "4ffn", "4B##", "*-")
    assert [pitch for _, _, pitch in notes] == [60, 73, 47, 34, 77, 61]


def test_grace_notes_take_no_time_and_other_spines_none_of_their_own() -> None:
    assert read("**kern **dynam", "4c f", "8qd .", ". p", "4e .", "*- *-") == [
        (0, 1, 60), (1, 1, 64)
    ]  # fmt: skip


def test_tempo_marks_count_where_they_stand() -> None:
    text = "**kern\n*MM60\n4c\n4d\n*MM120\n4e\n4f\n*-"
    assert place(parse_kern(text, "a"), "a").tempo == pytest.approx(80)
    shown = "!!!OMD: Andante [quarter-dot] = 40\n**kern\n4c\n*-"
    assert place(parse_kern(shown, "a"), "a").tempo == pytest.approx(60)


def test_percussion_is_counted_and_left_out() -> None:
    notes = place(parse_kern("**kern\t**kern\n*clefX\t*\n4c\t4e\n*-\t*-", "a"), "a")
    assert (rows(notes), notes.drums) == ([(0, 1, 64)], 1)


def test_repeats_are_played_when_asked_for() -> None:
    bars = ["**kern", "=1-", "4c", "=2:|!", "4d", "=:|!|:", "4e", "=:|!", "*-"]
    assert [p for _, _, p in read(*bars)] == [60, 62, 64]
    assert [p for _, _, p in read(*bars, repeats=True)] == [60, 60, 62, 62, 64, 64]


def test_a_list_of_sections_says_the_order() -> None:
    bars = ["**kern", "*>[A,A,B]", "*>norep[A,B]", "*>A", "=1", "4c", "*>B", "=2", "4d", "*-"]
    assert [p for _, _, p in read(*bars)] == [60, 62]
    assert [p for _, _, p in read(*bars, repeats=True)] == [60, 60, 62]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hello there\n", "line 1: it stands before a line that begins with [*][*]kern"),
        ("**kern\n4c\t4d\n*-", "line 2: 2 columns, expected 1"),
        ("**kern\nc\n*-", 'line 2: "c" has no length'),
        ("**dynam\nf\n*-", "has no [*][*]kern spine"),
        ("**kern\n4r\n*-", "holds no pitched notes"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(text: str, said: str) -> None:
    with pytest.raises(MusicFileError, match=said):
        place(parse_kern(text, "a.krn"), "a.krn")


def test_the_title_is_the_first_that_stands_there() -> None:
    lines = ["!!!OTL: Erlkönig", "!!!OTL: Another", "**kern", "4C", "*-"]
    assert parse_kern("\n".join(lines), "a.krn").title == "Erlkönig"


def notes_of(*lines: str) -> list[tuple[object, ...]]:
    """(Start, end, pitch) of each note in the order it is read, in exact quarter notes."""
    return fields(written(*lines).notes, "start", "end", "pitch")


def written(*lines: str) -> Written:
    """Each line a row; columns are parted by spaces, and "&" is a space."""
    text = "\n".join(line.replace(" ", "\t").replace("&", " ") for line in lines)
    return parse_kern(text, "a.krn")


@pytest.mark.parametrize(
    ("token", "length"),
    [
        ("1c", 4), ("2c", 2), ("4c", 1), ("8c", 1 / 2), ("16c", 1 / 4), ("3c", 4 / 3),
        ("0c", 8), ("00c", 16), ("4.c", 1.5), ("4..c", 1.75), ("0.c", 12), ("3%2c", 8 / 3),
        ("5%4c", 16 / 5), ("3%2.c", 4), ("{4c/L", 1), ("(8.cL", 0.75), ("c4", 1), ("20c", 1 / 5),
    ],
)  # fmt: skip
def test_a_length_is_a_part_of_a_whole_note(token: str, length: float) -> None:
    (found,) = written("**kern", token, "*-").notes
    assert float(found.end - found.start) == pytest.approx(length, abs=1e-12)
    assert found.velocity == 80


@pytest.mark.parametrize(
    ("token", "pitch"),
    [
        ("c", 60), ("d", 62), ("e", 64), ("f", 65), ("g", 67), ("a", 69), ("b", 71), ("C", 48),
        ("D", 50), ("B", 59), ("cc", 72), ("ccc", 84), ("CC", 36), ("CCC", 24), ("c#", 61),
        ("c##", 62), ("d-", 61), ("d--", 60), ("en", 64), ("BB-", 46), ("c;#", 60), ("gg#X", 80),
    ],
)  # fmt: skip
def test_a_pitch_is_its_letters_octave_and_accidentals(token: str, pitch: int) -> None:
    assert notes_of("**kern", f"4{token}", "*-") == [(0, 1, pitch)]


@pytest.mark.parametrize(
    ("rows", "notes"),
    [
        # In a chord a length holds for the notes behind it; the longest is the spine's.
        (["4c&e&2g", "4d"], [(0, 1, 60), (0, 1, 64), (0, 2, 67), (2, 3, 62)]),
        (["2c&4e", "4d"], [(0, 2, 60), (0, 1, 64), (2, 3, 62)]),
        # Rests last, and are silent wherever the letter stands; so does a token without a pitch.
        (["4r", "4d"], [(1, 2, 62)]),
        (["4rggg", "2.", "4d"], [(4, 5, 62)]),
        (["4c&4r", "4d"], [(0, 1, 60), (1, 2, 62)]),
        (["4r&4c", "4d"], [(0, 1, 60), (1, 2, 62)]),
        # Grace notes and chords take no time.
        (["8qe", "16Qf", "4c&4g", "qqb", "8qe&8g", "4d"], [(0, 1, 60), (0, 1, 67), (1, 2, 62)]),
        ([".", "4c", "", "4d"], [(0, 1, 60), (1, 2, 62)]),
        # A tie joins what touches: begun by [, gone on by _, ended by ].
        (["[4c", "4c_", "4c]", "4c"], [(0, 3, 60), (3, 4, 60)]),
        (["[4c", "4c]", "4c]"], [(0, 2, 60), (2, 3, 60)]),
        (["[4c", "4d", "4c]"], [(0, 1, 60), (1, 2, 62), (2, 3, 60)]),
        (["[4c", "4d]"], [(0, 1, 60), (1, 2, 62)]),
        (["4c]", "4c_", "4c]"], [(0, 1, 60), (1, 3, 60)]),
        (["4c", "4c]"], [(0, 1, 60), (1, 2, 60)]),
        (["[4c&[2e", "4c]"], [(0, 1, 60), (0, 2, 64), (2, 3, 60)]),
    ],
)
def test_a_row_begins_where_the_last_one_ended(
    rows: list[str], notes: list[tuple[int, int, int]]
) -> None:
    assert notes_of("**kern", *rows, "*-") == notes


@pytest.mark.parametrize(
    ("lines", "notes"),
    [
        # A row is where the part that has a new token there has ended its last one.
        (
            ["**kern **kern", "2C 4c", ". 4d", "2D 4e", ". 8f", ". 8g"],
            [
                (0, 2, 48),
                (0, 1, 60),
                (1, 2, 62),
                (2, 4, 50),
                (2, 3, 64),
                (3, 3.5, 65),
                (3.5, 4, 67),
            ],
        ),
        (
            ["**kern **kern", "4C 8c", ". 8d", "4D 4e"],
            [(0, 1, 48), (0, 0.5, 60), (0.5, 1, 62), (1, 2, 50), (1, 2, 64)],
        ),
        # What skipped its rests comes in at the next end of the others.
        (
            ["**kern **kern", "4C .", "4D .", "4E 4c"],
            [(0, 1, 48), (1, 2, 50), (2, 3, 52), (2, 3, 60)],
        ),
        (
            ["**kern **kern **kern", "2C 4E .", ". . 4c", ". 4F ."],
            [(0, 2, 48), (0, 1, 52), (1, 2, 60), (2, 3, 53)],
        ),
        # A part that is silent, or whose column is empty, is not waited for.
        (["**kern **kern", "4C 2c", ". 4d"], [(0, 1, 48), (0, 2, 60), (2, 3, 62)]),
        (["**kern **kern", "4C 2c", " 4d"], [(0, 1, 48), (0, 2, 60), (2, 3, 62)]),
        # Other spines have no time; a kern spine may follow them.
        (
            ["**dynam **kern **text", "f 2C la", "4c . 4d", "p 4D ."],
            [(0, 2, 48), (2, 3, 50)],
        ),
        # At a bar line all parts meet, at the end of the longest.
        (
            ["**kern **kern", "1C 4c", "= =", "4D 4d", ". 4e", "=- =-", "4E 4f"],
            [(0, 4, 48), (0, 1, 60), (4, 5, 50), (4, 5, 62), (5, 6, 64), (6, 7, 52), (6, 7, 65)],
        ),
        # A spine that splits goes on in both from its place, as percussion where it was.
        (
            ["**kern **kern", "4C 2c", "*^ *", "4D 4E .", "*v *v *", "4F 4d"],
            [(0, 1, 48), (0, 2, 60), (1, 2, 50), (1, 2, 52), (2, 3, 53), (2, 3, 62)],
        ),
        (["**kern", "*clefX", "*^", "4C 4E", "*v *v", "*clefG2", "4D"], [(1, 2, 50)]),
        # Where spines join, the next row waits for the last of them.
        (
            ["**kern", "*^", "4C 2E", "*v *v", "4D"],
            [(0, 1, 48), (0, 2, 52), (2, 3, 50)],
        ),
        (
            ["**kern", "*^", "2C 4E", "*v *v", "4D"],
            [(0, 2, 48), (0, 1, 52), (2, 3, 50)],
        ),
        # A tie is of its own part before it is of another.
        (
            ["**kern **kern", "[4c [4c", "2c] 4c]", ". 4d", "4d ."],
            [(0, 3, 60), (0, 2, 60), (2, 3, 62), (3, 4, 62)],
        ),
        # A new spine begins where the others are.
        (
            ["**kern", "2C", "*+", "* **kern", "4D 4d"],
            [(0, 2, 48), (2, 3, 50), (2, 3, 62)],
        ),
        # A part that ends has lasted: one that begins then comes behind it.
        (["**kern", "2C", "*-", "**kern", "4c"], [(0, 2, 48), (2, 3, 60)]),
        (["**kern **dynam", "2C f", "*- *", "**kern", "4c"], [(0, 2, 48), (2, 3, 60)]),
        # Spines that change places keep their time, and their ties by part.
        (
            ["**kern **kern", "2C [4c", "*x *x", "4c] .", "4d 4D"],
            [(0, 2, 48), (0, 2, 60), (2, 3, 62), (2, 3, 50)],
        ),
        (
            ["**kern **kern **kern **kern", "*x *x *x *x", "*clefX * * *clefX", "4C 4D 4E 4F"],
            [(0, 1, 50), (0, 1, 52)],
        ),
    ],
)
def test_parts_keep_their_time(lines: list[str], notes: list[tuple[float, float, int]]) -> None:
    assert notes_of(*lines) == notes


@pytest.mark.parametrize(
    ("lines", "tempos"),
    [
        (["*MM60", "4c", "4d"], [(0, 60)]),
        (["4c", "*MM72.5", "4d"], [(1, 72.5)]),
        (["4c", "*MM60", "*MM80", "4d", "4e"], [(1, 80)]),
        (["4c", "*MM[Allegro]", "4d"], []),
        (["4c", "!![quarter]=100", "4d"], []),
        (["4c", "![quarter]=100", "4d"], [(1, 100)]),
        (["4c", "!LO:TX:a:t=Lento&[half]&=&c.&40", "4d"], [(1, 80)]),
        (["4c", "!LO:TX:t=[eighth-dot]=ca.&80", "4d"], [(1, 60)]),
        (["!!!OMD:&[sixteenth]=&200", "4c"], [(0, 50)]),
        (["!!!OMD:&[whole]=20", "4c"], [(0, 80)]),
        (["!!!OMV:&[whole-dot]=20", "4c"], [(0, 120)]),
        (["!!!OTL:&[whole]=20", "4c"], []),
        (["![minim]=20", "4c"], []),
    ],
)
def test_a_tempo_holds_from_the_row_behind_it(lines: list[str], tempos: object) -> None:
    for grace in ([], ["8qb"]):
        assert written("**kern", *lines[:-1], *grace, lines[-1], "*-").tempos == tempos


@pytest.mark.parametrize(
    ("lines", "drums", "pitches"),
    [
        (["*clefX", "4c", "4d&4e"], 3, []),
        (["*clefX", "4c", "*clefF4", "4d"], 1, [62]),
        (["*clefG2", "4c", "*clefX2", "4r", "4d"], 1, [60]),
        (["4R", "4r", "4c"], 1, [60]),
        (["4R&4c"], 1, [60]),
        (["4Ra", "4bR&4c"], 2, [60]),
    ],
)
def test_strokes_of_drums_are_counted(lines: list[str], drums: int, pitches: list[int]) -> None:
    found = written("**kern", *lines, "*-")
    assert (found.drums, [note.pitch for note in found.notes]) == (drums, pitches)


def bars_of(*lines: str) -> list[tuple[object, ...]]:
    return fields(written("**kern", *lines, "*-").bars, "start", "end", "forward", "times")


@pytest.mark.parametrize(
    ("lines", "bars"),
    [
        (["4c", "4d"], [(0, 2, False, 1)]),
        (["4c", "=", "4d", "=="], [(0, 1, False, 1), (1, 2, False, 1)]),
        (["=1", "4c", "=2", "=3", "4d"], [(0, 1, False, 1), (1, 2, False, 1)]),
        (["=1-", "4c", "=:|!", "4d"], [(0, 1, False, 2), (1, 2, False, 1)]),
        (["4c", "=!|:", "4d", "=:!!", "4e"],
         [(0, 1, False, 1), (1, 2, True, 2), (2, 3, False, 1)]),
        (["4c", "=:|!|:", "4d"], [(0, 1, False, 2), (1, 2, True, 1)]),
        # Two signs in a row are about the same two bars.
        (["4c", "=", "=:|!", "=!|:", "4d"], [(0, 1, False, 2), (1, 2, True, 1)]),
        (["=:|!", "4c"], [(0, 1, False, 1)]),
        (["=!|:", "=", "4c"], [(0, 1, True, 1)]),
        (["=!|:", "4c", "=", "4d"], [(0, 1, True, 1), (1, 2, False, 1)]),
        (["4c", "*>A", "4d", "*>B", "*>C", "4e"],
         [(0, 1, False, 1), (1, 2, False, 1), (2, 3, False, 1)]),
    ],
)  # fmt: skip
def test_bars_and_their_repeats_stand_where_the_signs_are(
    lines: list[str], bars: list[tuple[int, int, bool, int]]
) -> None:
    assert bars_of(*lines) == bars


def test_a_bar_line_of_one_spine_is_enough() -> None:
    assert len(written("**dynam **kern", ". 4c", "!x =2", ". 4d", "*- *-").bars) == 1
    assert [b.times for b in written("**kern **kern", "4c 4e", "=:|! =:|!", "4d 4f").bars] == [2, 1]


@pytest.mark.parametrize(
    ("lines", "order"),
    [
        (["*>[A,B,A]", "*>A", "4c", "=", "4d", "*>B", "4e"], [0, 1, 2, 0, 1]),
        # The first list holds, without the others' names; spaces do not count.
        (["*>[B,&A]", "*>[A]", "*>norep[A]", "*>A", "4c", "*>B", "4d"], [1, 0]),
        # A section begins where its label first stands, and lasts to the next section.
        (["*>[A,B,A]", "*>A", "4c", "*>B", "4d", "*>A", "4e"], [0, 1, 2, 0]),
        # A list of sections that are not there says nothing.
        (["*>[A,C]", "*>A", "4c", "*>B", "4d"], None),
        (["*>A", "4c", "*>B", "4d"], None),
        (["*>[A,A]", "4c", "*>A", "4d"], [1, 1]),
        (["*>[X,X]", "*>X", "4c"], [0, 0]),
    ],
)
def test_a_list_of_sections_is_the_order_of_their_bars(
    lines: list[str], order: list[int] | None
) -> None:
    assert written("**kern", *lines, "*-").order == order


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["**kern", "4c", "4d 4e"], "line 3: 2 columns, expected 1"),
        (["!! a", "", "**kern **kern", "4c"], "line 4: 1 columns, expected 2"),
        (["**kern", "*^", "4c"], "line 3: 1 columns, expected 2"),
        (["**kern", "4c&d", "e&4f"], 'line 3: "e 4f" has no length'),
        (["**kern", "*-", "4c"], "line 3: 1 columns, expected 0"),
        (["**kern", "4%0c"], 'line 2: "4%0" is no length'),
        (["**dynam", "f"], "it has no **kern spine"),
        ([""], "it has no **kern spine"),
    ],
)
def test_a_fault_is_told_with_its_line(lines: list[str], said: str) -> None:
    with pytest.raises(MusicFileError) as refused:
        written(*lines)
    assert str(refused.value) == f"a.krn cannot be read: {said}"


def test_a_title_may_say_its_language() -> None:
    assert written("!!!OTL@@DE:&&Der&Mond&", "**kern", "4c", "*-").title == "Der Mond"
    assert written("!!!COM:&Bach", "!!!OTL:", "**kern", "4c", "*-").title == ""


def meter(*lines: str, repeats: bool = False) -> str:
    text = "\n".join(line.replace(" ", "\t").replace("&", " ") for line in lines)
    return as_text(place(parse_kern(text, "a.krn"), "a.krn", repeats=repeats).meter)


def test_time_signatures_hold_from_their_bar_and_a_short_first_bar_is_a_pickup() -> None:
    assert meter(
        "**kern", "*M3/4", "4c", "=1", "2.c", "=2", "2.c", "*M6/8", "=3", "2.c", "=4", "*M2+3/8",
        "8c", "2c", "*-",
    ) == "-48:3/4 168:6/8 240:5/8"  # fmt: skip
    assert meter("**kern", "4c", "*-") == ""
    assert meter("**kern", "*MM120", "*met(c)", "4c", "*-") == ""
    assert meter("**kern", "!LO:MO:null:mod=*M3/4", "2.c", "=", "2.c", "*-") == "0:3/4"


def test_a_bar_that_a_repeat_sign_divides_is_one() -> None:
    divided = ("**kern", "*M2/4", "8c", "=1", "2c", "=2", "4.c", "=:|!|:", "8c", "=3", "2c", "*-")
    assert meter(*divided) == "-36:2/4"
    # Played: pickup, bar and its rest twice, then the same.
    assert meter(*divided, repeats=True) == "-36:2/4"


def test_a_bar_of_another_length_moves_no_bar_line_behind_it() -> None:
    assert meter(
        "**kern", "*M2/4", "2c", "=1", "2.c", "=2", "2c", "=3", "2c", "*-"
    ) == "0:2/4 120:2/4"  # fmt: skip


@pytest.mark.parametrize(
    ("marks", "stated"),
    [
        (["*k[b-e-]", "*g:"], StatedKey(7, "minor")),
        (["*G:", "*k[f#]"], StatedKey(7, "major")),
        (["*k[f#]"], StatedKey(7)),
        (["*k[]", "*d:dor"], StatedKey(2, "minor")),
        (["*?:"], None),
    ],
)
def test_a_key_before_the_notes_says_more_than_its_signature(
    marks: list[str], stated: StatedKey | None
) -> None:
    assert written("**kern", *marks, "4c", "*k[f#c#]", "*D:", "4d", "*-").key == stated
