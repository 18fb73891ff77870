"""Cuts a voice into values as they are written: tied, with rests, bar by bar."""

from collections import defaultdict
from typing import NamedTuple

import numpy as np

from mood2music.render.bars import Bars
from mood2music.render.rhythm import values
from mood2music.render.staves import Chord

# A note's colour, "" for black, and its name: fifths from F.
Look = tuple[str, int]
# By where a note is written: onset in ticks, pitch.
LookOf = dict[tuple[int, int], Look]


class Value(NamedTuple):
    """One notated value: start and length in ticks; without pitches it is a rest.

    looks: of each pitch.
    """

    start: int
    length: int
    pitches: tuple[int, ...] = ()
    looks: tuple[Look, ...] = ()
    tied_from: bool = False
    tied_on: bool = False


def fill(
    voice: list[Chord],
    begin: int,
    end: int,
    divisions: dict[int, int],
    look_of: LookOf,
    bars: Bars,
) -> list[Value]:
    """Cut a voice's chords into values, tied together, with rests between and after them."""
    filled, now = [], begin
    for chord in (*voice, Chord(end, end, ())):
        filled += [Value(*v) for v in values(now, chord.start, divisions, True, bars)]
        looks = tuple(look_of[chord.start, pitch] for pitch in chord.pitches)
        for start, length in values(chord.start, chord.end, divisions, bars=bars):
            tied = start > chord.start, start + length < chord.end
            filled.append(Value(start, length, chord.pitches, looks, *tied))
        now = chord.end
    return filled


def by_bar(filled: list[Value], bars: Bars) -> dict[int, list[Value]]:
    """Sort values by their bar's first tick; a bar in which the voice rests is left out."""
    by_bar = defaultdict(list)
    for value in filled:
        by_bar[bars.at(value.start).start].append(value)
    return {bar: inside for bar, inside in by_bar.items() if any(v.pitches for v in inside)}


def joined(
    voices: list[dict[int, list[Value]]], divisions: dict[int, int], bars: Bars
) -> list[dict[int, list[Value]]]:
    """Move to the first of two voices, by bar, what sounds alone of the second: it needs no rests.

    A note that is held over the bar line in the second voice begins such a bar often.
    """
    if len(voices) < 2:
        return voices
    first, second = dict(voices[0]), dict(voices[1])
    for bar in first.keys() & second.keys():
        begin, end = first[bar][0].start, first[bar][-1].start + first[bar][-1].length
        upper = [value for value in first[bar] if value.pitches]
        lower = [value for value in second[bar] if value.pitches]
        tied = np.cumsum([not (value.tied_from and value.start > begin) for value in lower])
        stay = {
            which
            for which, low in zip(tied.tolist(), lower, strict=True)
            for high in upper
            if low.start < high.start + high.length and high.start < low.start + low.length
        }
        alone = [low for which, low in zip(tied.tolist(), lower, strict=True) if which not in stay]
        if not alone:
            continue
        first[bar] = _with_rests(sorted(upper + alone), begin, end, divisions, bars)
        second[bar] = _with_rests(
            [low for low in lower if low not in alone], begin, end, divisions, bars
        )
        if len(alone) == len(lower):
            del second[bar]
    return [first, second]


def _with_rests(
    notes: list[Value], begin: int, end: int, divisions: dict[int, int], bars: Bars
) -> list[Value]:
    """The notes of one voice in one bar, with the rests before, between and after them."""
    filled, now = [], begin
    for value in (*notes, Value(end, 0)):
        filled += [Value(*rest) for rest in values(now, value.start, divisions, True, bars)]
        filled.append(value)
        now = value.start + value.length
    return filled[:-1]
