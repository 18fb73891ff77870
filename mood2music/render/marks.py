"""Writes what stands above and below a staff: rehearsal marks, dynamics, chord symbols."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mood2music.music.notes import Notes
from mood2music.render.bars import BEAT, Bar
from mood2music.render.spelling import named, spell
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
        measures[which].insert(0, rehearsal(name))
    for at, letters in levels:
        which = min(int(np.searchsorted(ends, round(at * step), "right")), len(drawn) - 1)
        dynamic: Any = m21dynamics.Dynamic
        measures[which].insert(0, dynamic(letters))


def name_chords(
    part: Any,
    drawn: Sequence[Bar],
    begin: int,
    heard: Sequence[Symbol],
    roots: Sequence[str],
    step: float,
) -> None:
    """Write chord symbols above the first staff; roots: music21's names of theirs."""
    from music21 import harmony

    measures = list(part.getElementsByClass("Measure"))
    ends = [bar.end for bar in drawn]
    for symbol, root in zip(heard, roots, strict=True):
        tick = max(round(symbol.step * step), begin)
        which = int(np.searchsorted(ends, tick, "right"))
        if which < len(drawn):
            written = harmony.ChordSymbol(root=root, kind=symbol.kind)
            measures[which].insert(Fraction(tick - max(drawn[which].start, begin), BEAT), written)


def root_of(symbol: Symbol, notes: Notes, names: NDArray[np.int64], sharps: int) -> str:
    """Name a chord's root for music21: as its first note there, else as the key does.

    names: (n,) of the notes, fifths from F.
    """
    place = 48 + symbol.root
    step, alteration, _ = spell(place, sharps)
    sounding = notes.onset + notes.duration > symbol.step
    sounding &= (notes.onset < symbol.step + 4 * notes.grid) & (notes.pitch % 12 == symbol.root)
    if sounding.any():
        step, alteration, _ = named(place, int(names[np.argmax(sounding)]))
    if abs(alteration) > 1:
        step, alteration, _ = spell(place, sharps)
    return step + {-1: "-", 1: "#"}.get(alteration, "")
