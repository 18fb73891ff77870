import numpy as np

from mood2music.music.events import from_list, to_events
from mood2music.music.meter import TimeSignature
from mood2music.music.notes import Notes, make_notes
from mood2music.music.phrases import phrase_lines, phrases_of

FOUR = (TimeSignature(0, 4, 4),)


def tune(*quarters: float, meter: tuple[TimeSignature, ...] = FOUR, first: int = 0) -> Notes:
    """A tune of notes that last so many quarters each; negative ones are rests."""
    lengths = (np.array(quarters) * 24).astype(int)
    onset = first + np.cumsum([0, *np.abs(lengths)[:-1]])
    heard = lengths > 0
    pitch = 60 + np.arange(len(lengths)) % 5
    return make_notes(onset[heard], lengths[heard], pitch[heard], [80] * int(heard.sum()),
                      meter=meter)  # fmt: skip


BAR, CLOSE = (1, 1, 1, 1), (1, 1, 2)


def test_phrases_begin_behind_long_notes() -> None:
    notes = tune(*BAR, *BAR, *BAR, *CLOSE, *BAR, *BAR, *BAR, *CLOSE)
    assert phrase_lines(notes).tolist() == [0, 4 * 96]


def test_phrases_may_be_of_two_and_of_three_bars() -> None:
    notes = tune(*BAR, *CLOSE, *BAR, *BAR, *CLOSE, *BAR, *CLOSE)
    assert phrase_lines(notes).tolist() == [0, 2 * 96, 5 * 96]


def test_a_rest_parts_them_as_well() -> None:
    notes = tune(*BAR, *BAR, *BAR, 1, 1, 1, -1, *BAR, *BAR, *BAR, *BAR)
    assert phrase_lines(notes).tolist() == [0, 4 * 96]


def test_an_upbeat_belongs_to_the_bar_behind_it() -> None:
    meter = (TimeSignature(-72, 4, 4),)
    notes = tune(1, *BAR, *BAR, *BAR, 1, 2, 1, *BAR, *BAR, *BAR, 1, 1, 1, meter=meter)
    found = phrase_lines(notes).tolist()
    assert found[0] == -72, "not at the upbeat"
    assert 24 + 4 * 96 in found
    assert all((line - 24) % 96 == 0 for line in found)


def test_without_a_bar_line_within_it_a_piece_is_one_phrase() -> None:
    assert phrase_lines(tune(1, 1)).tolist() == [0]
    assert phrase_lines(tune(4)).tolist() == [0]


def test_two_bars_with_a_long_rest_between_are_two_phrases() -> None:
    eighths = (0.5,) * 8
    assert phrase_lines(tune(0.5, -3.5, *eighths)).tolist() == [0, 96]
    assert phrase_lines(tune(0.5, 0.5, -3, *eighths)).tolist() == [0, 96]
    assert phrase_lines(tune(*eighths, *eighths)).tolist() == [0]


def test_even_notes_make_phrases_of_four_bars() -> None:
    assert phrase_lines(tune(*BAR * 12)).tolist() == [0, 384, 768]


def test_events_have_the_phrases_of_their_notes() -> None:
    notes = tune(*BAR, *BAR, *BAR, *CLOSE, *BAR, *BAR, *BAR, *CLOSE)
    assert phrases_of(to_events(notes)).tolist() == [0, 384]
    assert phrases_of(to_events(notes)[8:]).tolist() == [2 * 96, 4 * 96]
    assert phrases_of(from_list([])).tolist() == [0]
