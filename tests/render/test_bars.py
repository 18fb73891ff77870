import numpy as np
import pytest

from mood2music.music.meter import TimeSignature
from mood2music.render.bars import FOUR_FOUR, Bars, beats_of


@pytest.mark.parametrize(
    ("beats", "unit", "edges"),
    [
        (4, 4, (0, 24, 48, 72)),
        (2, 2, (0, 24, 48, 72)),
        (3, 4, (0, 24, 48)),
        (6, 8, (0, 36)),
        (9, 8, (0, 36, 72)),
        (3, 8, (0,)),
        (5, 8, (0, 24)),
        (7, 8, (0, 24, 48)),
        (6, 16, (0, 18)),
    ],
)
def test_beats_are_quarters_or_dotted_quarters(
    beats: int, unit: int, edges: tuple[int, ...]
) -> None:
    assert beats_of(TimeSignature(0, beats, unit)) == edges


def test_bars_follow_a_pickup_and_changes() -> None:
    bars = Bars((TimeSignature(-48, 3, 4), TimeSignature(96, 6, 8), TimeSignature(130, 3, 8)))
    drawn = [(bar.start, bar.end, bar.signature[1:]) for bar in bars.until(167)]
    assert drawn == [
        (-48, 24, (3, 4)), (24, 96, (3, 4)), (96, 130, (6, 8)), (130, 166, (3, 8)),
        (166, 202, (3, 8)),
    ]  # fmt: skip
    assert [bar.in_threes for bar in bars.until(166)] == [False, False, True, True]
    assert [bar.half for bar in bars.until(166)] == [0, 0, 36, 0]
    assert (FOUR_FOUR.at(100).start, FOUR_FOUR.at(100).half) == (96, 48)


def test_beats_are_counted_from_their_bar_line() -> None:
    bars = Bars((TimeSignature(-60, 6, 8), TimeSignature(84, 2, 4)))
    ticks = np.array([0, 11, 12, 47, 48, 83, 84, 107, 108, 132])
    starts = [-24, -24, 12, 12, 48, 48, 84, 84, 108, 132]
    assert bars.beats_of(ticks).tolist() == starts
    assert [bars.beat(tick) for tick in ticks.tolist()] == starts
    assert [bars.beat_end(tick) for tick in (0, 12, 48, 84, 108)] == [12, 48, 84, 108, 132]
    short = Bars((TimeSignature(0, 6, 8), TimeSignature(50, 6, 8)))
    assert short.beat_end(40) == 50
