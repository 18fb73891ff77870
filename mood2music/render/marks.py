"""Writes what stands above and below a staff: rehearsal marks, tempi, dynamics, chord symbols."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from mood2music.music.stated_chords import DEGREES, STACKED
from mood2music.render.bars import BEAT, Bar
from mood2music.render.spelling import named
from mood2music.render.symbols import BASSES, Symbol

# How kinds are printed where degrees are; MusicXML's kinds of stacked thirds, by what they begin
# with and what the number of the symbol is called in them.
PRINTED = {
    "major": "", "minor": "m", "dominant-seventh": "7", "major-seventh": "Maj7",
    "minor-seventh": "m7", "half-diminished-seventh": "m7b5", "diminished": "dim",
    "suspended-fourth": "sus4", "major-sixth": "6", "minor-sixth": "m6", "augmented": "aug",
    "augmented-seventh": "aug7", "diminished-seventh": "dim7", "minor-major-seventh": "mMaj7",
    "suspended-second": "sus2", "dominant-suspended": "7sus4",
}  # fmt: skip
SEVENTHS = {"dominant-seventh": "dominant", "major-seventh": "major", "minor-seventh": "minor"}
NUMBERS = {"13": "13th", "11": "11th", "9": "ninth"}


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
    measures = list(part.getElementsByClass("Measure"))
    ends = [bar.end for bar in drawn]
    for symbol, root in zip(heard, roots, strict=True):
        tick = max(round(symbol.step * step), begin)
        which = int(np.searchsorted(ends, tick, "right"))
        if which < len(drawn):
            at = Fraction(tick - max(drawn[which].start, begin), BEAT)
            measures[which].insert(at, _written(symbol, root))


def _written(symbol: Symbol, root: int) -> Any:
    """Make music21's chord symbol; root: the name of its root, fifths from F.

    What MusicXML has no kind for is told by degrees, and printed as the symbol's own text: typed,
    as MuseScore knows it.
    """
    from music21 import harmony

    if symbol.kind == "none":
        return harmony.NoChord()
    bass = None
    if symbol.bass is not None:
        bass = _called(symbol.bass, root + BASSES[(symbol.bass - symbol.root) % 12])
    kind, text, above = symbol.kind, PRINTED[symbol.kind], set(symbol.above)
    for number, name in NUMBERS.items():
        if text.endswith(("7", "7sus4")) and STACKED[number] <= above:
            text = text.replace("7", number)
            if kind in SEVENTHS:
                kind, above = f"{SEVENTHS[kind]}-{name}", above - STACKED[number]
            break
    degrees = [
        (number, pitch - natural)
        for pitch in sorted(above)
        for number, natural in DEGREES.items()
        if abs(pitch - natural) <= 1
    ]
    for number, by in degrees:
        plain = "" if number in text else number if text.endswith("6") else f"add{number}"
        text += {-1: f"b{number}", 0: plain, 1: f"#{number}"}[by]
    if kind == "dominant-suspended":
        kind, degrees = "suspended-fourth", [("7", 0), *degrees]
    written: Any = harmony.ChordSymbol(root=_called(symbol.root, root), bass=bass, kind=kind)
    for number, by in degrees:
        changed = harmony.ChordStepModification("add", int(number), by)
        written.addChordStepModification(changed, updatePitches=False)
    if degrees:
        written.chordKindStr = text
    return written


def _called(pitch_class: int, name: int) -> str:
    """What music21 calls a pitch class; name: its name, fifths from F."""
    letter, alteration, _ = named(48 + pitch_class, name)
    return letter + ("-" * -alteration if alteration < 0 else "#" * alteration)
