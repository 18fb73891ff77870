"""Takes the notes of a music21 stream, all at sounding pitch, ties joined."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from mood2music.music.notes import GRID, Notes
from mood2music.music.written import VELOCITY, Bar, Written, WrittenNote, place


def from_stream(score: Any, grid: int = GRID, title: str = "") -> Notes:
    """Take the notes of a music21 score or stream.

    Ties are joined by pitch and place: music21's own stripTies loses those that another voice's
    note stands between. Raises MusicFileError for a score without pitched notes.
    """
    from music21 import stream, tempo

    flat = (score.toSoundingPitch() if hasattr(score, "toSoundingPitch") else score).flatten()
    named = getattr(score.metadata, "title", None) if score.metadata else None
    written = Written(title=named or title)
    open_ties: dict[tuple[int, Fraction], WrittenNote] = {}  # by pitch and end
    for element in flat.notes:
        if element.quarterLength <= 0:
            continue
        start = Fraction(element.offset)
        end = start + Fraction(element.quarterLength)
        for note in getattr(element, "notes", (element,)):
            if not hasattr(note, "pitch"):  # unpitched percussion
                written.drums += 1
                continue
            pitch, tie = note.pitch.midi, note.tie.type if note.tie else ""
            tied = open_ties.pop((pitch, start), None) if tie in ("stop", "continue") else None
            if tied is None:
                tied = WrittenNote(start, end, pitch, element.volume.velocity or VELOCITY)
                written.notes.append(tied)
            tied.end = end
            if tie in ("start", "continue"):
                open_ties[pitch, end] = tied
    written.bars = _bars(score.recurse().getElementsByClass(stream.Measure))
    for mark in flat.getElementsByClass(tempo.MetronomeMark):
        if quarters := mark.getQuarterBPM():
            written.tempos.append((Fraction(mark.offset), float(quarters)))
    return place(written, title or "the score", grid)


def _bars(measures: Iterable[Any]) -> list[Bar]:
    """The bars of the part that the first measure is in."""
    bars: list[Bar] = []
    signature = None
    for measure in measures:
        start = Fraction(measure.offset)
        if bars and start <= bars[-1].start:  # the next part begins
            break
        if measure.timeSignature is not None:
            stated = measure.timeSignature
            signature = stated.numerator, stated.denominator
        if bars:
            bars[-1].end = start
        end = start + Fraction(measure.duration.quarterLength)
        bars.append(Bar(start, end, signature=signature))
    return bars
