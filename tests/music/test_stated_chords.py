import pytest

from mood2music.music.stated_chords import NO_CHORD, StatedChord, chords_at, of_symbol

MAJOR, MINOR, DOMINANT = (0, 4, 7), (0, 3, 7), (0, 4, 7, 10)


@pytest.mark.parametrize(
    ("text", "root", "pitches", "bass"),
    [
        ("C", 0, MAJOR, 0),
        ("Bb", 10, MAJOR, 10),
        ("F♯m", 6, MINOR, 6),
        ("Ebb", 2, MAJOR, 2),
        ("Gmin7/D", 7, (0, 3, 7, 10), 2),
        ("A-7", 9, (0, 3, 7, 10), 9),
        ("D7", 2, DOMINANT, 2),
        ("D13", 2, DOMINANT, 2),
        ("D7b9", 2, DOMINANT, 2),
        ("Dm9", 2, (0, 3, 7, 10), 2),
        ("CM7", 0, (0, 4, 7, 11), 0),
        ("CMaj9", 0, (0, 4, 7, 11), 0),
        ("Ab^7", 8, (0, 4, 7, 11), 8),
        ("CΔ", 0, MAJOR, 0),
        ("Cm(maj7)", 0, (0, 3, 7, 11), 0),
        ("Edim", 4, (0, 3, 6), 4),
        ("E°7", 4, (0, 3, 6, 9), 4),
        ("Bm7b5", 11, (0, 3, 6, 10), 11),
        ("Bø7", 11, (0, 3, 6, 10), 11),
        ("C+", 0, (0, 4, 8), 0),
        ("C+7", 0, (0, 4, 8, 10), 0),
        ("C7#5", 0, (0, 4, 8, 10), 0),
        ("C7+", 0, (0, 4, 8, 10), 0),
        ("C(b5)", 0, (0, 4, 6), 0),
        ("Gsus4", 7, (0, 5, 7), 7),
        ("G7sus", 7, (0, 5, 7, 10), 7),
        ("Gsus2", 7, (0, 2, 7), 7),
        ("G5", 7, (0, 7, 7), 7),
        ("C6/9", 0, (0, 4, 7, 9), 0),
        ("Cm6", 0, (0, 3, 7, 9), 0),
        ("Cadd9", 0, MAJOR, 0),
        ("Cmadd9", 0, MINOR, 0),
        ("G7/b", 7, DOMINANT, 11),
        ("C/bb", 0, MAJOR, 10),
        ("C7alt", 0, (0, 4, 8, 10), 0),
        ("C7aug", 0, (0, 4, 8, 10), 0),
        ("C7♭9", 0, DOMINANT, 0),
        ("B♭△7/D", 10, (0, 4, 7, 11), 2),
        ("CMA7", 0, (0, 4, 7, 11), 0),
        ("CMI7", 0, (0, 3, 7, 10), 0),
        ("C7/9", 0, DOMINANT, 0),
        ("Cm7/11", 0, (0, 3, 7, 10), 0),
        ("C(no3)", 0, (0, 7, 7), 0),
        ("C7omit3", 0, (0, 7, 7, 10), 0),
        ("(Am)", 9, MINOR, 9),
        ("G(Em)", 7, MAJOR, 7),
        ("A m 7", 9, (0, 3, 7, 10), 9),
    ],
)
def test_a_symbol_is_a_root_its_pitches_and_a_bass(
    text: str, root: int, pitches: tuple[int, ...], bass: int
) -> None:
    found = of_symbol(text)
    assert found is not None
    assert found._replace(above=()) == StatedChord(0, root, pitches, bass)


@pytest.mark.parametrize(
    ("text", "above"),
    [
        ("C7", ()),
        ("C9", (14,)),
        ("Cm11", (14, 17)),
        ("CMaj13", (14, 21)),
        ("C6/9", (14,)),
        ("Cadd9", (14,)),
        ("Caddb9", (13,)),
        ("C7/9", (14,)),
        ("C7b9", (13,)),
        ("C7(#9,b13)", (15, 20)),
        ("C9#11", (14, 18)),
        ("C13b9", (13, 21)),
        ("C9sus4", (14,)),
        ("C7b5", ()),
    ],
)
def test_a_symbol_says_what_stands_above_its_seventh(text: str, above: tuple[int, ...]) -> None:
    found = of_symbol(text)
    assert found is not None
    assert found.above == above
    assert found.transposed(5).above == above


@pytest.mark.parametrize("text", ["N.C.", "NC", "n.c."])
def test_a_symbol_may_say_that_no_chord_sounds(text: str) -> None:
    assert of_symbol(text) == NO_CHORD


@pytest.mark.parametrize(
    "text", ["", "Fine", "D.C.", "^slow", "2nd time", "Coda", "Dal segno", "hello", "H", "Cmoll5x"]
)
def test_words_above_a_tune_are_no_chords(text: str) -> None:
    assert of_symbol(text) is None


def test_of_chords_at_one_place_the_first_counts() -> None:
    one, two, three = (StatedChord(step, root, MAJOR, root) for step, root in
                       [(24, 5), (0, 0), (24, 7)])  # fmt: skip
    assert chords_at([one, two, three]) == (two, one)


def test_a_chord_moves_with_its_bass() -> None:
    assert StatedChord(5, 11, MINOR, 2).transposed(-3) == StatedChord(5, 8, MINOR, 11)
