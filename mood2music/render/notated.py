"""Cuts a voice into values as they are written: tied, with rests, bar by bar."""

from collections import defaultdict
from itertools import pairwise
from typing import NamedTuple

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
    """Make one voice of two, by bar, where nothing of both sounds at once: no rest is needed then.

    A note that is held over the bar line in the second voice begins such a bar often.
    """
    if len(voices) < 2:
        return voices
    first, second = dict(voices[0]), dict(voices[1])
    for bar in first.keys() & second.keys():
        both = sorted(value for value in first[bar] + second[bar] if value.pitches)
        if any(a.start + a.length > b.start for a, b in pairwise(both)):
            continue
        now = first[bar][0].start
        end = first[bar][-1].start + first[bar][-1].length
        one: list[Value] = []
        for value in (*both, Value(end, 0)):
            one += [Value(*rest) for rest in values(now, value.start, divisions, True, bars)]
            one.append(value)
            now = value.start + value.length
        first[bar] = one[:-1]
        del second[bar]
    return [first, second]
