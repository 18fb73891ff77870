from itertools import pairwise

import pytest

from mood2music.music.voicing import BASS, UPPER, bass_line, upper_voices

C, F, G7, AM, DM7 = (0, (0, 4, 7)), (5, (0, 4, 7)), (7, (0, 4, 7, 10)), (9, (0, 3, 7)), (
    2, (0, 3, 7, 10))  # fmt: skip
CADENCE = [C, AM, DM7, G7, C, F, G7, C]
FREE = [90] * len(CADENCE)


def test_the_bass_is_of_its_chord_and_leaps_no_octave() -> None:
    bass = bass_line(CADENCE, FREE)
    for low, (root, pitches) in zip(bass, CADENCE, strict=True):
        assert low is not None
        assert BASS[0] <= low <= BASS[1]
        assert (low - root) % 12 in pitches
    line = [low for low in bass if low is not None]
    assert max(abs(b - a) for a, b in pairwise(line)) <= 7
    assert sum(abs(b - a) for a, b in pairwise(line)) / 7 <= 5
    assert (line[0] % 12, line[-1] % 12) == (0, 0), "at both ends on the root"


def test_a_chord_that_stays_keeps_its_bass() -> None:
    assert len(set(bass_line([C, C, C], [90] * 3))) == 1


def test_chords_between_may_stand_on_another_pitch_but_not_the_last() -> None:
    within = (40, 43)  # E to G: no C
    assert bass_line([F, C, F], [90] * 3, within) == [41, 40, 41]
    assert bass_line([F, F, C], [90] * 3, within) == [41, 41, None]
    assert bass_line([F, C], [90] * 2, within) == [41, None]
    assert bass_line([C, F], [90] * 2, within) == [None, 41]


def test_a_low_tune_leaves_no_room() -> None:
    assert bass_line([C, C, C], [90, 30, 90])[1] is None
    assert upper_voices([C], [36], [50]) == [()]


def test_upper_voices_move_by_small_steps_below_the_tune() -> None:
    bass = bass_line(CADENCE, FREE)
    voices = upper_voices(CADENCE, bass, [66] * len(CADENCE))
    for position, low, (root, pitches) in zip(voices, bass, CADENCE, strict=True):
        assert low is not None
        assert len(position) == 3
        assert list(position) == sorted(position)
        assert low < position[0] >= UPPER[0]
        assert position[-1] < 66
        tones = {(p - root) % 12 for p in position}
        assert tones <= set(pitches)
        assert tones & {3, 4}, "no chord without its third"
    moved = [
        sum(abs(a - b) for a, b in zip(one, two, strict=True)) for one, two in pairwise(voices)
    ]
    assert max(moved) <= 9


def test_a_seventh_is_never_left_out() -> None:
    voices = upper_voices([G7, DM7], [43, 38], [80, 80])
    assert all((root + 10) % 12 in {p % 12 for p in position}
               for position, (root, _) in zip(voices, [G7, DM7], strict=True))  # fmt: skip


@pytest.mark.parametrize("second", [(2, (0, 4, 7)), (10, (0, 4, 7))])
def test_no_parallel_fifths_or_octaves_with_the_bass(second: tuple[int, tuple[int, ...]]) -> None:
    bass = [36, 36 + (second[0] if second[0] < 6 else second[0] - 12)]
    one, two = upper_voices([C, second], bass, [80, 80])
    for a, b in zip(one, two, strict=True):
        apart = (a - bass[0]) % 12, (b - bass[1]) % 12
        assert a == b or apart not in {(7, 7), (0, 0)}


def test_a_stated_bass_is_played_whatever_the_chord() -> None:
    line = bass_line([C, C, F, C], [90] * 4, stated=[None, 4, 2, 7])
    assert [low and low % 12 for low in line] == [0, 4, 2, 7]


@pytest.mark.parametrize(
    ("chord", "low", "ceiling", "voices"),
    [
        (C, 36, 61, (52, 55, 60)),  # E, G, C: all three where they fit above E3
        (C, 36, 60, (52, 55)),  # two where the tune is on C4
        (C, 36, 55, (48, 52)),  # C3 and E3, a third lower
        (F, 41, 57, (48, 53)),  # the tune has the third
        (DM7, 38, 53, ()),  # C and D alone
        (G7, 35, 63, (53, 55, 59)),
        (C, 36, 52, ()),  # a pitch alone
    ],
)
def test_the_lower_the_tune_the_fewer_and_lower_voices(
    chord: tuple[int, tuple[int, ...]], low: int, ceiling: int, voices: tuple[int, ...]
) -> None:
    assert upper_voices([chord], [low], [ceiling]) == [voices]
