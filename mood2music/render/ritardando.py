"""Slows a piece into its last chord, as players do, and gives the tempi that it is played in."""

import numpy as np

from mood2music.music.meter import bar_lines, places
from mood2music.music.notes import Notes
from mood2music.music.tempo import Tempi
from mood2music.render.band import band_of
from mood2music.render.settings import RenderSettings

# The tempo goes as a runner's speed does who stops by an even effort, with the cube root of the way
# that is left: at part x of a ritardando it is (1 + (w^q - 1) x)^(1/q) of that before, q 3, w the
# last one. Listeners like w from .3 to .6 (Friberg & Sundberg 1999, JASA 105:3); this is mild.
CURVE, LAST = 3, 0.6
# Who plays to a drummer keeps the beat up to the last bar, and slows less in it.
LAST_DRUMMED = 0.8
# A ritardando is one bar long, two where one takes less than so many seconds.
LONG = 2.0


def ritardando(notes: Notes, settings: RenderSettings, style: str = "") -> tuple[int, int] | None:
    """Give the grid steps from which a closing piece slows down, and of its last onset.

    From a bar line one bar before that or two, with drums from the last one: None where that is the
    last onset, where the piece has no room for it, and where no player strays (human=0).
    """
    if not len(notes) or not settings.human:
        return None
    first, last = int(notes.onset.min()), int(notes.onset.max())
    lines = bar_lines(notes.meter, last, notes.grid)
    if not _drummed(settings, style):
        lines = lines[lines <= last - places(notes.meter, [last], notes.grid)[1]]
        if len(lines) > 1 and (last - lines[-1]) / notes.grid * 60 / notes.tempo < LONG:
            lines = lines[:-1]
    if not len(lines) or not first < lines[-1] < last:
        return None
    return int(lines[-1]), last


def tempi_of(
    notes: Notes,
    settings: RenderSettings,
    style: str = "",
    way: Tempi = (),
    closes: bool = False,
) -> Tempi:
    """Give the tempi that notes are played in, one at least, from their grid steps.

    way: those that the piece has, () for its one tempo; closes: whether it comes to a close, into
    which it slows down: with each sixteenth, as much as `settings.human` wants.
    """
    tempi = tuple(way) or ((0, notes.tempo),)
    slower = ritardando(notes, settings, style) if closes else None
    if slower is None:
        return tempi
    begin, last = slower
    final = (LAST_DRUMMED if _drummed(settings, style) else LAST) ** settings.human
    steps = [step for step, _ in tempi]
    beats = range(begin, last, max(notes.grid // 4, 1))
    at = np.array(sorted({*beats, last, *(step for step in steps if step > begin)}))
    middle = np.append((at[:-1] + at[1:]) / 2, last)
    part = np.minimum((middle - begin) / (last - begin), 1.0)
    before = np.array([tempo for _, tempo in tempi])[np.searchsorted(steps, at, "right") - 1]
    slowed = np.round(before * (1 + (final**CURVE - 1) * part) ** (1 / CURVE), 2)
    kept = [one for one in tempi if one[0] < begin]
    return (*kept, *zip(at.tolist(), slowed.tolist(), strict=True))


def _drummed(settings: RenderSettings, style: str) -> bool:
    """Whether a drummer plays along, as in every band."""
    return band_of(settings.band, style) is not None
