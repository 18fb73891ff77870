import numpy as np

from mood2music.generator.memory.kinds import CLOSE, EXACT, LOOSE, NEW
from mood2music.generator.memory.moves import MOVES
from mood2music.generator.memory.returns import Bars, bars_of, pointed


def bars(*contents: list[int], length: int = 96) -> tuple[Bars, np.ndarray, np.ndarray]:
    """Bars of quarter notes, each a list of pitches; gives where events begin, and bars too."""
    begin = np.array(
        [length * i + 24 * j for i, bar in enumerate(contents) for j in range(len(bar))]
    )
    pitch = np.array([pitch for bar in contents for pitch in bar])
    line = begin // length * length
    event = np.arange(len(begin))
    return bars_of(begin, line, np.full(len(begin), length), event, pitch), begin, line


A, B, C = [60, 62, 64, 65], [67, 65, 64, 62], [72, 71, 72, 74]


def test_a_bar_that_returns_is_found_and_so_are_those_behind_it() -> None:
    found, _, _ = bars(A, B, C, A, B)
    assert found.source.tolist() == [-1, -1, -1, 0, 1]
    assert found.code.tolist() == [NEW, NEW, NEW, EXACT, EXACT]


def test_how_alike_two_bars_are_is_told_in_steps() -> None:
    found, _, _ = bars(A, C, [60, 62, 64, 66], [60, 62, 50, 66], [30, 31, 32, 33])
    # Three of five pitches shared, then three of five with that one, nothing at last.
    assert found.code.tolist() == [NEW, NEW, CLOSE, CLOSE, NEW]
    assert bars(A, [60, 40, 41, 42])[0].code.tolist() == [NEW, NEW]
    assert bars(A, [60, 62, 41])[0].code.tolist() == [NEW, LOOSE]


def test_the_bar_behind_the_last_one_is_preferred_to_a_later_equal() -> None:
    found, _, _ = bars(A, B, C, B, A, B)
    assert found.source.tolist() == [-1, -1, -1, 1, 0, 1]


def test_a_bar_of_two_notes_is_like_none() -> None:
    assert bars([60, 62], [60, 62])[0].source.tolist() == [-1, -1]


def test_it_is_pointed_to_the_event_at_the_same_place_of_the_earlier_bar() -> None:
    found, begin, line = bars(A, C, A)
    event, code, _ = pointed(begin, line, found)
    assert event.tolist() == [-1] * 8 + [0, 1, 2, 3]
    assert code.tolist() == [NEW] * 8 + [EXACT] * 4


def test_where_no_event_begins_there_nothing_is_pointed_to() -> None:
    begin = np.array([0, 24, 48, 72, 96, 120, 132, 144, 168])
    pitch = np.array([60, 62, 64, 65, 60, 62, 50, 64, 65])
    line = begin // 96 * 96
    found = bars_of(begin, line, np.full(9, 96), np.arange(9), pitch)
    event, code, _ = pointed(begin, line, found)
    assert event[4:].tolist() == [0, 1, -1, 2, 3]
    assert code[4:].tolist() == [CLOSE] * 5


def test_a_bar_may_return_moved_by_semitones_or_along_the_scale() -> None:
    tune = [60, 62, 64, 65, 67, 65]
    third = [pitch + 3 for pitch in tune]  # C minor's to E flat
    step = [62, 64, 65, 67, 69, 67]
    found, _, _ = bars(tune, [40, 41, 42, 45, 49, 50], third, step, length=144)
    assert found.source.tolist() == [-1, -1, 0, 0]
    assert found.code.tolist() == [NEW, NEW, EXACT, EXACT]
    for bar, at in ((third, 2), (step, 3)):
        assert MOVES[found.move[at]][tune].tolist() == bar


def test_a_bar_that_returns_as_it_was_is_not_sought_elsewhere() -> None:
    tune = [60, 62, 64, 65, 67, 65]
    found, _, _ = bars(tune, [pitch + 3 for pitch in tune], tune, length=144)
    assert found.source.tolist() == [-1, 0, 0]
    assert found.move[2] == 0


def test_a_sequence_goes_on_by_the_same_move() -> None:
    first, second = [60, 62, 64, 65, 67, 65], [72, 67, 64, 67, 72, 76]
    moved = [[pitch + 5 for pitch in bar] for bar in (first, second)]
    found, _, _ = bars(first, second, [30, 40, 31, 41, 32, 42], *moved, length=144)
    assert found.source.tolist() == [-1, -1, -1, 0, 1]
    assert found.move[3] == found.move[4] > 0


def test_four_notes_do_not_return_moved_by_three_of_them() -> None:
    assert bars([60, 62, 64, 65], [62, 64, 66, 50])[0].source.tolist() == [-1, -1]
