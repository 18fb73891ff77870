"""Says in a score where its tempo changes, no oftener than a player needs to be told."""

from itertools import pairwise

from mood2music.music.tempo import Tempi

# Bars between two places that may get a metronome mark, and the least change that one tells.
BARS, CHANGE = 8, 1.08
FASTER, SLOWER, CLOSE = "poco a poco accel.", "poco a poco rall.", "rit."


def tempo_marks(way: Tempi, close: int | None = None) -> list[tuple[int, float | str]]:
    """Give grid steps and the words or quarter notes a minute that stand there, in their order.

    way: the tempo of each bar, whose first one is written anyhow; where it turns, words say which
    way it goes on; close: where a ritardando begins, from which on nothing else is said.

    >>> tempo_marks([(96 * bar, 100.0 + 2 * bar) for bar in range(12)], 960)
    [(0, 'poco a poco accel.'), (768, 116.0), (960, 'rit.')]
    """
    found: list[tuple[int, float | str]] = []
    last, before = way[0][1] if way else 0.0, ""
    for bar, ((step, tempo), (_, later)) in enumerate(pairwise(way)):
        if close is not None and step >= close:
            break
        goes = FASTER if later > tempo else SLOWER if later < tempo else before
        if bar % BARS == 0 and not 1 / CHANGE < tempo / last < CHANGE:
            found.append((step, tempo))
            last = tempo
        if goes != before:
            found.append((step, goes))
        before = goes
    return found if close is None else [*found, (close, CLOSE)]
