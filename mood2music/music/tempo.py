"""Finds the one tempo that gives a piece with several tempo marks its playing time."""

from collections.abc import Iterable

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
