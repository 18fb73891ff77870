"""Writes what stands above and below a staff: rehearsal marks, tempi, dynamics, chord symbols."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from mood2music.render.bars import BEAT, Bar
from mood2music.render.spelling import named
from mood2music.render.symbols import BASSES, Symbol


def mark(
    parts: Sequence[Any],
    drawn: Sequence[Bar],
    sections: Sequence[tuple[str, int]],
    levels: Sequence[tuple[int, str]],
    step: float,
) -> None:
    """Write rehearsal marks and dynamics into the first staff, each at its bar's beginning.

    Before a section stands a double bar line, in all staves.
    """
    from music21 import dynamics as m21dynamics
    from music21 import expressions

    staves = [list(part.getElementsByClass("Measure")) for part in parts]
    measures = staves[0]
    ends = [bar.end for bar in drawn]
    for name, at in sections if len(sections) > 1 else ():
        # A section begins at a bar line, or with the upbeat before one.
        which = min(int(np.searchsorted(ends, at, "right")), len(drawn) - 1)
        rehearsal: Any = expressions.RehearsalMark
        letter = rehearsal(name)
        letter.placement = "above"  # MuseScore would put it below
        measures[which].insert(0, letter)
        for staff in staves if which else ():
            staff[which - 1].rightBarline = "double"
    for at, letters in levels:
        which = min(int(np.searchsorted(ends, round(at * step), "right")), len(drawn) - 1)
        dynamic: Any = m21dynamics.Dynamic
        measures[which].insert(0, dynamic(letters))


def metronome(tempo: float, beat: float) -> Any:
    """Make a metronome mark; tempo: quarter notes a minute; beat: quarter notes that it counts."""
    from music21 import tempo as m21tempo
    from music21.duration import Duration

    made: Any = m21tempo.MetronomeMark
    mark = made(number=round(tempo / beat), referent=Duration(beat))
    mark.placement = "above"  # MuseScore would put it below
    return mark


def mark_tempi(
    part: Any,
    drawn: Sequence[Bar],
    tempi: Sequence[tuple[int, float | str]],
    beat: float,
    step: float,
) -> None:
    """Write tempi that change, as metronome marks and in words, each at its bar's beginning.

    beat: quarter notes of what the first one counts, as all others do where bars have such beats.
    """
    from music21 import expressions

    measures = list(part.getElementsByClass("Measure"))
    ends = [bar.end for bar in drawn]
    for at, tempo in tempi:
        which = min(int(np.searchsorted(ends, round(at * step), "right")), len(drawn) - 1)
        if isinstance(tempo, str):
            text: Any = expressions.TextExpression
            words = text(tempo)
            words.placement, words.style.fontStyle = "above", "italic"
            measures[which].insert(0, words)
        else:
            own = drawn[which]
            counts = own.counted(0) if own.in_threes or drawn[0].in_threes else beat
            measures[which].insert(0, metronome(tempo, counts))


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
            bass = None
            if symbol.bass is not None:
                bass = _called(symbol.bass, root + BASSES[(symbol.bass - symbol.root) % 12])
            called = _called(symbol.root, root)
            written = harmony.ChordSymbol(root=called, bass=bass, kind=symbol.kind)
            at = Fraction(tick - max(drawn[which].start, begin), BEAT)
            measures[which].insert(at, written)


def _called(pitch_class: int, name: int) -> str:
    """What music21 calls a pitch class; name: its name, fifths from F."""
    letter, alteration, _ = named(48 + pitch_class, name)
    return letter + ("-" * -alteration if alteration < 0 else "#" * alteration)
