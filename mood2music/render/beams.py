"""Chooses the beams that join the note values of one voice: beats, and halves of plain eighths."""

from collections.abc import Sequence
from itertools import groupby

from mood2music.render.bars import FOUR_FOUR, Bars

# Beams of a note by its length in ticks; a longer note has none. 4, 8 and 16 are tuplets: three
# of them fill the time of two sixteenths (6), eighths (12) or quarters (24).
LEVELS = {3: 3, 4: 2, 6: 2, 9: 2, 8: 1, 12: 1, 18: 1}

EIGHTH = 12

# music21's words: (type, direction), the direction only for a beam that stands alone ("partial").
Beam = tuple[str, str | None]


def beam(values: Sequence[tuple[int, int]], bars: Bars = FOUR_FOUR) -> list[list[Beam]]:
    """Choose the beams of each note: one list a note, from the beam nearest the note's stem end.

    values: (start, length) in ticks of one voice's notes, in order; a gap is a rest.

    >>> beam([(0, 18), (18, 6), (24, 24)])
    [[('start', None)], [('stop', None), ('partial', 'left')], []]
    """
    beams: list[list[Beam]] = [[] for _ in values]
    for group in _groups(values, bars):
        levels = [LEVELS[values[i][1]] for i in group]
        for level in range(1, max(levels) + 1):
            for place, i in enumerate(group):
                if levels[place] >= level:
                    before = place > 0 and levels[place - 1] >= level
                    after = place + 1 < len(group) and levels[place + 1] >= level
                    beams[i].append(_kind(before, after, first=place == 0))
    return beams


def _groups(values: Sequence[tuple[int, int]], bars: Bars) -> list[list[int]]:
    """Find runs of two and more short notes without a gap inside one beat."""
    # A run gets one number; it ends at a rest, at a note without beams and at the beat.
    run, runs = 0, []
    for i, (start, length) in enumerate(values):
        follows = i > 0 and sum(values[i - 1]) == start and bars.beat(start) != start
        if not follows or length not in LEVELS or values[i - 1][1] not in LEVELS:
            run += 1
        runs.append(run)
    joined: list[list[int]] = []
    for _, inside in groupby(range(len(values)), key=runs.__getitem__):
        if len(group := list(inside)) < 2:
            continue
        if joined and _reads_on(values, joined[-1], group, bars):
            joined[-1] += group
        else:
            joined.append(group)
    return joined


def _reads_on(
    values: Sequence[tuple[int, int]], before: list[int], group: list[int], bars: Bars
) -> bool:
    """Tell whether a beat of two eighths goes on under the beam of those before it.

    Four are read at a glance in each half of 4/4 and in 2/4, six in 3/4 (Gould 2011, p. 153).
    """
    start = values[group[0]][0]
    bar = bars.at(start)
    part = bar.half if len(bar.beats) == 4 else bar.length
    same = (values[before[0]][0] - bar.start) // part == (start - bar.start) // part
    plain = all(values[i][1] == EIGHTH for i in (*before, *group))
    simple = not bar.in_threes and len(bar.beats) in (2, 3, 4) and bar.signature.unit == 4
    return simple and same and plain and sum(values[before[-1]]) == start and len(group) == 2


def _kind(before: bool, after: bool, first: bool) -> Beam:
    if before:
        return ("continue" if after else "stop"), None
    if after:
        return "start", None
    return "partial", "right" if first else "left"
