"""Spines that split and join keep every note at its time."""

import pytest

from mood2music.errors import MusicFileError
from mood2music.music.kern import parse_kern
from mood2music.music.written import place
from tests.music.rows import rows


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
        ("hello there\n", "line 1: 1 columns, expected 0"),
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
