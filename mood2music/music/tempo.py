"""Says when what is written sounds, in several tempi, and which one tempo takes as long as they do.

Tempi are pairs: the grid step from which one holds, and quarter notes a minute; they rise, and the
first is at step 0.
"""

import re
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Tempi = Sequence[tuple[int, float]]

# Quarter notes a minute: MIDI's default (SMF 1.0), and the range that a piece's tempo is kept in.
DEFAULT = 120.0
SLOWEST, FASTEST = 10.0, 400.0


def mean_tempo(marks: Iterable[tuple[float, float]], end: float) -> float:
    """Mean tempo of a piece over its playing time, quarter notes a minute, 10 to 400.

    marks: (place in quarter notes, quarter notes a minute), in any order; of two at one place the
    later one holds; end: where the last note is released, in quarter notes. Until the first mark
    DEFAULT holds; marks at or behind the end play nothing and count for nothing, unless the piece
    has no length.

    >>> mean_tempo([(0, 60), (2, 120)], 4)  # 2 s and 1 s
    80.0
    """
    points = sorted(((float(at), float(qpm)) for at, qpm in marks if qpm > 0), key=lambda m: m[0])
    if not points or points[0][0] > 0:
        points = [(0.0, DEFAULT), *points]
    spans = zip(points, [*points[1:], (end, 0.0)], strict=True)
    minutes = sum(max(0.0, min(later[0], end) - at) / qpm for (at, qpm), later in spans)
    tempo = end / minutes if minutes > 0 else points[0][1]
    return min(max(tempo, SLOWEST), FASTEST)


def seconds_at(steps: ArrayLike, tempi: Tempi, grid: int) -> NDArray[np.float64]:
    """Seconds from step 0 to each grid step, (n,), at tempi; grid: steps in a quarter note.

    >>> seconds_at([0, 24, 72], ((0, 60.0), (48, 120.0)), 24).tolist()
    [0.0, 1.0, 2.5]
    """
    begins, quarters = (np.array(part, np.float64) for part in zip(*tempi, strict=True))
    step = 60 / quarters / grid
    until = np.concatenate([[0.0], np.cumsum(np.diff(begins) * step[:-1])])
    at = np.asarray(steps, np.float64)
    which = np.maximum(np.searchsorted(begins, at, "right") - 1, 0)
    return np.asarray(until[which] + (at - begins[which]) * step[which], np.float64)


def said(tempo: float) -> str:
    """The words by which a MIDI file of several tempi says which one is written."""
    return f"tempo {tempo:.7g}"


def tempo_in(text: str) -> float | None:
    """The tempo that `said` wrote, None for any other text.

    >>> tempo_in("tempo 96.5"), tempo_in("tempo rubato")
    (96.5, None)
    """
    found = re.fullmatch(r"tempo (\d{1,3}(?:\.\d+)?)", text)
    tempo = float(found[1]) if found else 0.0
    return tempo if SLOWEST <= tempo <= FASTEST else None
