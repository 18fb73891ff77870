from xml.etree import ElementTree

import pytest

from mood2music.music.formats.musicxml_chords import of_harmony
from mood2music.music.stated_chords import NO_CHORD, StatedChord


def harmony(kind: str, more: str = "", step: str = "B", alter: str = "-1") -> StatedChord | None:
    root = f"<root><root-step>{step}</root-step><root-alter>{alter}</root-alter></root>"
    return of_harmony(ElementTree.fromstring(f"<harmony>{root}{kind}{more}</harmony>"))


def degree(value: int, alter: int, how: str) -> str:
    return (
        f"<degree><degree-value>{value}</degree-value><degree-alter>{alter}</degree-alter>"
        f"<degree-type>{how}</degree-type></degree>"
    )


@pytest.mark.parametrize(
    ("kind", "more", "pitches"),
    [
        ("major", "", (0, 4, 7)),
        ("minor-seventh", "", (0, 3, 7, 10)),
        ("dominant-13th", "", (0, 4, 7, 10)),
        ("half-diminished", "", (0, 3, 6, 10)),
        ("diminished-seventh", "", (0, 3, 6, 9)),
        ("suspended-fourth", degree(7, 0, "add"), (0, 5, 7, 10)),
        ("dominant", degree(5, 1, "alter"), (0, 4, 8, 10)),
        ("dominant", degree(9, -1, "alter"), (0, 4, 7, 10)),
        ("major", degree(6, 0, "add"), (0, 4, 7, 9)),
        ("minor", degree(7, 1, "add"), (0, 3, 7, 11)),
        ("dominant", degree(4, 0, "add"), (0, 5, 7, 10)),
        ("power", "", (0, 7, 7)),
        ("major", degree(3, 0, "subtract"), (0, 7, 7)),
        ("dominant", degree(3, 0, "subtract") + degree(4, 0, "add"), (0, 5, 7, 10)),
        ("dominant", degree(4, 0, "add") + degree(3, 0, "subtract"), (0, 5, 7, 10)),
    ],
)
def test_a_kind_has_its_pitches_with_what_is_altered(
    kind: str, more: str, pitches: tuple[int, ...]
) -> None:
    found = harmony(f"<kind>{kind}</kind>", more)
    assert found is not None
    assert found._replace(above=()) == StatedChord(0, 10, pitches, 10)


@pytest.mark.parametrize(
    ("kind", "more", "above"),
    [
        ("dominant-ninth", "", (14,)),
        ("minor-11th", "", (14, 17)),
        ("dominant-13th", "", (14, 21)),
        ("dominant", degree(9, -1, "add") + degree(11, 1, "add"), (13, 18)),
        ("dominant-13th", degree(9, -1, "alter"), (13, 21)),
        ("dominant-13th", degree(9, 0, "subtract"), (21,)),
        ("major-sixth", degree(9, 0, "add"), (14,)),
        ("major", "", ()),
    ],
)
def test_a_kind_says_what_stands_above_its_seventh(
    kind: str, more: str, above: tuple[int, ...]
) -> None:
    found = harmony(f"<kind>{kind}</kind>", more)
    assert found is not None
    assert found.above == above


def test_a_bass_of_its_own() -> None:
    bass = "<bass><bass-step>D</bass-step><bass-alter>-1</bass-alter></bass>"
    assert harmony("<kind>minor</kind>", bass) == StatedChord(0, 10, (0, 3, 7), 1)


def test_a_kind_of_its_own_is_read_as_it_is_printed() -> None:
    assert harmony('<kind text="m7b5">other</kind>') == StatedChord(0, 10, (0, 3, 6, 10), 10)


def test_no_chord_and_none_that_is_named_by_its_root() -> None:
    assert harmony("<kind>none</kind>") == NO_CHORD
    assert harmony("<kind>Neapolitan</kind>") == StatedChord(0, 10, (0, 4, 7), 10)
    assert harmony('<kind text="Fr">French</kind>') is None
    assert harmony("<kind>major</kind>", step="H") is None
    assert harmony("") is None
    with pytest.raises(ValueError, match="could not convert"):
        harmony("<kind>major</kind>", alter="flat")
