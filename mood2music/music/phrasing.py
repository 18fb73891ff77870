"""Phrases a tune as a style has it: in its octave and note values, few of them on the beat."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from mood2music.music.meter import Meter, TimeSignature, bar_length, places
from mood2music.music.notes import Notes, make_notes


class Early(NamedTuple):
    """By which part of a quarter players come early, and with how many of the notes that may."""

    parts: int
    share: float


class Articulation(NamedTuple):
    """Of the time to the next note, which parts notes last, and what share of them does.

    eighths: of notes between a quarter of a quarter and a half; quarters: up to one and a half;
    longer: of all above. What is quicker is not parted.
    """

    eighths: Sequence[tuple[float, float]]
    quarters: Sequence[tuple[float, float]]
    longer: Sequence[tuple[float, float]]


# As 80 solos and 80 tunes that jazz and pop are learnt from have them.
DETACHED = Articulation(
    ((1, 0.6), (2 / 3, 0.19), (1 / 2, 0.21)),
    ((1, 0.39), (3 / 4, 0.22), (2 / 3, 0.13), (1 / 2, 0.13), (1 / 3, 0.13)),
    ((1, 0.6), (3 / 4, 0.15), (1 / 2, 0.1), (1 / 3, 0.15)),
)
SUNG = Articulation(
    ((1, 0.6), (2 / 3, 0.15), (1 / 2, 0.25)),
    ((1, 0.49), (3 / 4, 0.24), (2 / 3, 0.13), (1 / 2, 0.14)),
    ((1, 0.43), (5 / 6, 0.35), (2 / 3, 0.1), (1 / 2, 0.12)),
)
# Onsets a quarter note of the middle one of the tunes of jazz and pop, 1.3 and 1.5; of 100, 90
# have between .8 and 2.1. Reels have 3 and more, madrigals and chorales .5 to 1.
USUAL = 1.5
# Quarter notes a minute that no tune is brought below or above: ballads, and the fastest bebop.
SLOWEST, FASTEST = 40.0, 320.0
# What bars become in notes twice as long, two of each where they are too long, and half as long,
# two of them one where they are too short.
TWICE = {(2, 4): (4, 4), (2, 2): (4, 4), (4, 4): (4, 4)}
HALF = {(2, 4): (2, 4), (2, 2): (4, 4), (4, 4): (4, 4), (4, 2): (4, 4), (3, 2): (3, 4),
        (6, 4): (6, 8)}  # fmt: skip


def in_usual_values(tune: Notes) -> Notes:
    """A tune in note values twice or half as long, where these are nearer to those of jazz and pop.

    It sounds as it did, at twice or half the tempo. So a reel in 2/4, which runs in sixteenths, is
    one in 4/4 in eighths, in which jazz swings, and a chorale or madrigal in quarters and halves
    one in eighths and quarters, as modern editions print these. Tunes stay as they are whose bars
    would be none that are used, or whose tempo none that is.

    2/4 at 104, sixteenths -> 4/4 at 208, eighths
    """
    if not len(tune) or not tune.meter:
        return tune
    quarters = (tune.end - int(tune.onset[0])) / tune.grid
    power = np.rint(np.log2(len(np.unique(tune.onset)) / quarters / USUAL))
    bars = TWICE if power > 0 else HALF
    factor = 2.0 if power > 0 else 0.5
    usual = SLOWEST <= tune.tempo * factor <= FASTEST and all(s[1:] in bars for s in tune.meter)
    if not power or not usual:
        return tune
    begins = np.floor(tune.onset * factor).astype(np.int64)
    ends = np.floor((tune.onset + tune.duration) * factor).astype(np.int64)
    first, *later = (TimeSignature(math.floor(s.step * factor), *bars[s[1:]]) for s in tune.meter)
    if first.step < 0:  # behind a pickup the first bar that is whole begins one
        whole = tune.meter[0].step + bar_length(tune.meter[0], tune.grid)
        first = first._replace(step=math.floor(whole * factor) - bar_length(first, tune.grid))
    meter: Meter = (first, *later)
    chords = tuple(c._replace(step=math.floor(c.step * factor)) for c in tune.chords)
    return replace(make_notes(
        begins, np.maximum(ends - begins, 1), tune.pitch, tune.velocity, tune.tempo * factor,
        tune.grid, tune.title, tune.drums, meter,
    ), chords=chords)  # fmt: skip


def in_usual_octave(tune: Notes, middle: float) -> Notes:
    """A tune moved by octaves to where its median, in time, is nearest to a pitch.

    >>> tune = make_notes([0, 24], [24, 24], [57, 59], [80, 80])
    >>> in_usual_octave(tune, 74.0).pitch.tolist(), in_usual_octave(tune, 60.0) is tune
    ([69, 71], True)
    """
    if not len(tune):
        return tune
    octaves = round((middle - float(np.median(np.repeat(tune.pitch, tune.duration)))) / 12)
    return tune.transposed(12 * octaves) if octaves else tune


def anticipated(tune: Notes, by: Early) -> Notes:
    """A tune of which some notes come a part of a quarter early, and those before them end there.

    Players anticipate the beat before they change a pitch of a melody they know (Berliner 1994,
    Thinking in Jazz), and singers of rock most of the beats they stress (Temperley 1999, Popular
    Music 18). A note may that stands on a beat and for a quarter or more, behind one that lasts as
    long, or with four parts on half a beat and for half a quarter; in bars of three-part beats
    none. Which of them do is drawn, for each tune the same ones always.

    C quarter, E half on beat 2 -> C eighth, E half and eighth on the second half of beat 1
    """
    if len(tune) < 2:
        return tune
    onset, grid, part = tune.onset, tune.grid, tune.grid // by.parts
    waits = np.diff(onset, append=onset[-1] + grid)
    _, _, compound = places(tune.meter, onset, grid)
    may = (onset % (2 * part) == 0) & (waits >= 2 * part) & ~compound
    may[1:] &= waits[:-1] >= 2 * part
    may[0] = False
    early = may & (np.random.default_rng(0).random(len(onset)) < by.share)
    begins = np.where(early, onset - part, onset)
    ends = onset + tune.duration
    ends[:-1] = np.where(early[1:], np.minimum(ends[:-1], begins[1:]), ends[:-1])
    return replace(make_notes(
        begins, ends - begins, tune.pitch, tune.velocity, tune.tempo, grid, tune.title, tune.drums,
        tune.meter,
    ), chords=tune.chords)  # fmt: skip


def articulated(tune: Notes, by: Articulation) -> Notes:
    """A tune whose notes end before the next ones as players of a style have them end.

    Songs are written without breaths: each note lasts up to the next. Which of them end early is
    drawn, for each tune the same ones always; what ends early already stays.
    """
    if len(tune) < 2:
        return tune
    waits, grid = np.diff(tune.onset), tune.grid
    drawn = np.random.default_rng(1).random(len(waits))
    lasts = tune.duration.copy()
    edges = (grid / 4, grid / 2, 3 * grid / 2, np.inf)
    for shortest, longest, parts in zip(edges[:-1], edges[1:], by, strict=True):
        here = (waits > shortest) & (waits <= longest) & (lasts[:-1] >= waits)
        until = np.cumsum([share for _, share in parts])
        which = np.minimum(np.searchsorted(until, drawn, "right"), len(parts) - 1)
        shorter = np.rint(waits * np.array([part for part, _ in parts])[which]).astype(np.int64)
        lasts[:-1] = np.where(here, shorter, lasts[:-1])
    return replace(tune, duration=lasts)
