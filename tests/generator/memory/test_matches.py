import numpy as np
import pytest

from mood2music.generator.memory.kinds import LENGTHS, SHORTEST
from mood2music.generator.memory.matches import (
    Flat,
    melody_matches,
    moved_matches,
    same_matches,
    tops,
)
from mood2music.music.events import Event, Events, from_list


def flat(*pieces: Events) -> Flat:
    counts = np.concatenate([piece.counts() for piece in pieces])
    return Flat(
        np.concatenate([piece.tokens for piece in pieces]),
        np.concatenate([[0], np.cumsum(counts)]),
        np.concatenate([piece.durations for piece in pieces]),
        np.cumsum([0, *(len(piece) for piece in pieces[:-1])]),
    )


def melody(*pitches: int, duration: int = 12) -> list[Event]:
    return [((pitch,), duration) for pitch in pitches]


def random_piece(rng: np.random.Generator, length: int) -> Events:
    """Few chords and durations, so that much returns by chance; rests and held pitches too."""
    chords = [(), (60,), (60, 64), (188, 64), (62,), (62, 66)]
    return from_list(
        (chords[int(rng.integers(len(chords)))], 6 * int(rng.integers(1, 3))) for _ in range(length)
    )


def longest(items: list[object], shortest: int) -> list[tuple[int, int]]:
    """Place where the longest match of each item ended before and its code, by trying them all."""
    found = []
    for at in range(len(items)):
        best = (-1, 0)
        for code, length in enumerate(LENGTHS, start=1):
            if length < shortest or at + 1 < length:
                continue
            ends = range(length - 1, at)
            own = items[at - length + 1 : at + 1]
            same = [end for end in ends if items[end - length + 1 : end + 1] == own]
            best = (same[-1], code) if same else best
        found.append(best)
    return found


def test_the_longest_latest_match_is_found_in_every_piece_by_itself() -> None:
    rng = np.random.default_rng(1)
    pieces = [random_piece(rng, length) for length in (1, 60, 7, 120)]
    matches = same_matches(flat(*pieces))
    first = 0
    for piece in pieces:
        for at, (place, code) in enumerate(longest(list(piece.as_list()), SHORTEST["same"])):
            assert matches.code[first + at] == code
            assert matches.event[first + at] == (first + place + 1 if code else -1)
        first += len(piece)
    assert len(set(matches.code.tolist())) >= 4


def test_a_passage_is_known_again_a_third_higher() -> None:
    rising = melody(60, 62, 64, 65, 67)
    higher = [((tokens[0] + 4,), steps) for tokens, steps in rising]
    matches = moved_matches(flat(from_list([*rising, ((50,), 24), *higher])))
    at = 6 + 2  # behind three of its notes
    assert (matches.event[at], matches.shift[at], matches.code[at]) == (3, 4, 3)
    assert same_matches(flat(from_list([*rising, ((50,), 24), *higher]))).code[at] != 3


def test_a_chord_of_another_shape_is_no_moved_match() -> None:
    one = [((60, 64), 12), ((62, 65), 12), ((64, 67), 12), ((65, 69), 12)]
    other = [((tokens[0] + 2, tokens[1] + 3), steps) for tokens, steps in one]
    assert not moved_matches(flat(from_list([*one, *other]))).code[4:].any()


def test_the_tune_recalls_its_next_note_and_when_it_is_due() -> None:
    # A bass stands below it the second time, and the last note is held over an event.
    once = melody(60, 64, 67, 72) + melody(71, duration=48)
    again = [((48, 62), 12), ((176, 66), 12), ((176, 69), 12), ((176, 74), 6), ((176, 202), 6)]
    found = melody_matches(flat(from_list([*once, *again])))
    assert found.pitch[8:].tolist() == [73, 73]
    assert found.due[8:].tolist() == [96 + 36 + 12] * 2
    assert found.code[8:].tolist() == [3, 3]
    assert not found.code[:8].any()


def test_the_tune_knows_nothing_of_the_piece_before() -> None:
    piece = from_list(melody(60, 64, 67, 72, 71))
    both = melody_matches(flat(piece, piece))
    assert not both.code.any()


@pytest.mark.parametrize("pieces", [1, 2])
def test_the_top_of_a_rest_is_that_of_the_event_before_in_its_piece(pieces: int) -> None:
    piece = from_list([((), 12), ((60, 64), 12), ((), 12), ((188,), 6)])
    assert tops(flat(*[piece] * pieces)).tolist() == [60, 64, 64, 60] * pieces
