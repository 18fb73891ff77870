"""Writes what stands above and below a staff: rehearsal marks, dynamics, chord symbols."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from mood2music.render.bars import BEAT, Bar
from mood2music.render.spelling import named
from mood2music.render.symbols import Symbol


def mark(
    part: Any,
    drawn: Sequence[Bar],
    sections: Sequence[tuple[str, int]],
    levels: Sequence[tuple[int, str]],
    step: float,
) -> None:
    """Write rehearsal marks and dynamics into the first staff, each at its bar's beginning."""
    from music21 import dynamics as m21dynamics
    from music21 import expressions

    measures = list(part.getElementsByClass("Measure"))
    ends = [bar.end for bar in drawn]
    for name, at in sections if len(sections) > 1 else ():
        # A section begins at a bar line, or with the upbeat before one.
        which = min(int(np.searchsorted(ends, at, "right")), len(drawn) - 1)
        rehearsal: Any = expressions.RehearsalMark
        letter = rehearsal(name)
        letter.placement = "above"  # MuseScore would put it below
        measures[which].insert(0, letter)
    for at, letters in levels:
        which = min(int(np.searchsorted(ends, round(at * step), "right")), len(drawn) - 1)
        dynamic: Any = m21dynamics.Dynamic
        measures[which].insert(0, dynamic(letters))


def name_chords(
    part: Any,
    drawn: Sequence[Bar],
    begin: int,
    heard: Sequence[Symbol],
    roots: Sequence[int],
    step: float,
) -> None:
    """Write chord symbols above the first staff; roots: names of theirs, fifths from F."""
    from music21 import harmony

    measures = list(part.getElementsByClass("Measure"))
    ends = [bar.end for bar in drawn]
    for symbol, root in zip(heard, roots, strict=True):
        tick = max(round(symbol.step * step), begin)
        which = int(np.searchsorted(ends, tick, "right"))
        if which < len(drawn):
            letter, alteration, _ = named(48 + symbol.root, root)
            root_named = letter + {-1: "-", 1: "#"}.get(alteration, "")
            written = harmony.ChordSymbol(root=root_named, kind=symbol.kind)
            at = Fraction(tick - max(drawn[which].start, begin), BEAT)
            _part_rest(measures[which], at)
            measures[which].insert(at, written)


def _part_rest(measure: Any, at: Fraction) -> None:
    """Part the rest of a whole bar, in whose middle verovio would lay a symbol on the other staff.

    Only in halves, which one rest is the sign of.
    """
    from music21 import note

    (found,) = [r for r in measure.getElementsByClass("Rest") if r.fullMeasure is True] or [None]
    if found is None or not at or 2 * at != found.quarterLength or at not in (1, 2):
        return
    measure.remove(found)
    for offset in (Fraction(0), at):
        rest: Any = note.Rest()
        rest.quarterLength = at
        measure.insert(offset, rest)
