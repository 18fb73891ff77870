"""Drums to the bars of a piece: each kind of bar has its pattern on each kit."""

from collections.abc import Sequence
from enum import Enum

import numpy as np

from mood2music.music.meter import bar_lines, places
from mood2music.music.notes import Notes, make_notes

# Strokes by General MIDI's percussion map: bass drum, snare, closed hi-hat, its pedal, crash
# cymbal, two toms. A brush kit (program 40) has a tap, a slap and a swirl on three of the keys.
KICK, SNARE, HAT, PEDAL_HAT, CRASH, HIGH_TOM, LOW_TOM = 36, 38, 42, 44, 49, 48, 45
TAP, SLAP, SWIRL = 38, 39, 40

# Beat of the bar from 0, stroke, and how loud as a share of the piece.
Stroke = tuple[float, int, float]


class Kit(Enum):
    """Who drums: sticks on a standard kit, or brushes; the number is the kit's program."""

    STICKS = 0
    BRUSHES = 40

    @property
    def program(self) -> int:
        """The kit's number on General MIDI's drum channel."""
        return int(self.value)


# Brushes: the ride rhythm tapped, swirls below it, the hi-hat by foot on two and four, the bass
# drum "feathered" (Riley 1994, The Art of Bop Drumming).
_RIDE = [(0.0, TAP, 0.6), (1.0, TAP, 0.75), (1.5, TAP, 0.5), (2.0, TAP, 0.6), (3.0, TAP, 0.75),
         (3.5, TAP, 0.5)]  # fmt: skip
_FOOT = [(1.0, PEDAL_HAT, 0.7), (3.0, PEDAL_HAT, 0.7)]
# Sticks: hi-hat in eighths, bass drum on one and three, snare on two and four, the beat that
# textbooks of rock begin with (Appice 1972, Realistic Rock).
_EIGHTHS = [(at / 2, HAT, 0.62 if at % 2 == 0 else 0.45) for at in range(8)]
_BACKBEAT = [(0.0, KICK, 0.85), (1.0, SNARE, 0.8), (2.0, KICK, 0.75), (3.0, SNARE, 0.8)]
# By kit, of bars of four and of three quarters.
PATTERNS: dict[Kit, dict[int, list[Stroke]]] = {
    Kit.BRUSHES: {
        4: [*_RIDE, *_FOOT, (0.0, SWIRL, 0.5), (2.0, SWIRL, 0.5), (0.0, KICK, 0.3),
            (2.0, KICK, 0.3)],
        3: [(0.0, TAP, 0.7), (1.0, TAP, 0.6), (1.5, TAP, 0.5), (2.0, TAP, 0.6),
            (1.0, PEDAL_HAT, 0.6), (0.0, SWIRL, 0.5), (0.0, KICK, 0.35)],
    },
    Kit.STICKS: {
        4: [*_EIGHTHS, *_BACKBEAT],
        3: [*_EIGHTHS[:6], (0.0, KICK, 0.85), (1.0, SNARE, 0.6), (2.0, SNARE, 0.6)],
    },
}  # fmt: skip
# Of a beat of three parts: which stroke opens a bar's first beat and its others.
OPENS = {Kit.BRUSHES: (KICK, PEDAL_HAT, TAP), Kit.STICKS: (KICK, SNARE, HAT)}
# What leads into a part of the form: two toms in the last beat before it, a crash on its first.
FILL, CRASHES = ((0.0, HIGH_TOM, 0.75), (0.5, LOW_TOM, 0.8)), 0.7


def drummed(notes: Notes, kit: Kit, sections: Sequence[int] = ()) -> Notes:
    """Give the strokes to a piece's bars, as notes; none where it has no meter.

    sections: grid steps at which parts of the form begin. Each bar is as loud as the piece in it;
    in the bar of the last onset the drums end with it, and before a first bar that is not whole
    they wait.
    """
    lines = bar_lines(notes.meter, notes.end, notes.grid).tolist() if notes.meter else []
    rows: list[tuple[int, int, float]] = []
    last = int(notes.onset.max(initial=0))
    level = float(notes.velocity.mean()) if len(notes) else 0.0
    begins = (
        {min(lines, key=lambda line: abs(line - at)) for at in sections[1:]} if lines else set()
    )
    for begin in lines:
        here = (notes.onset >= begin) & (notes.onset < begin + notes.grid)
        level = float(notes.velocity[here].mean()) if here.any() else level
        _, length, compound = (part[0] for part in places(notes.meter, [begin], notes.grid))
        beats = int(length) / notes.grid
        if begin < 0 or begin > last:
            continue
        strokes = _compound(kit, beats) if compound else _simple(kit, beats)
        ending = begin + length > last
        if ending:
            strokes = [
                (at, key, loud) for at, key, loud in strokes if begin + at * notes.grid <= last
            ]
        leads = kit is Kit.STICKS and begin + int(length) in begins and not compound
        if leads:
            strokes = [s for s in strokes if s[0] < beats - 1]
            strokes += [(beats - 1 + at, key, loud) for at, key, loud in FILL]
        if kit is Kit.STICKS and begin in begins:
            strokes = [*strokes, (0.0, CRASH, CRASHES)]
        rows += [(begin + round(at * notes.grid), key, level * loud) for at, key, loud in strokes]
    if not rows:
        return make_notes([], [], [], [], notes.tempo, notes.grid)
    onset, pitch, loud = (np.array(part) for part in zip(*rows, strict=True))
    short = np.full(len(rows), max(notes.grid // 4, 1))
    return make_notes(
        onset, short, pitch, np.rint(loud), notes.tempo, notes.grid, meter=notes.meter
    )


def _simple(kit: Kit, beats: float) -> list[Stroke]:
    """The pattern of a bar of `beats` quarters: where none is known that of four, cut or again."""
    known = PATTERNS[kit]
    if beats in known:
        return known[int(beats)]
    whole = range(0, int(np.ceil(beats)), 4)
    return [
        (at + four, key, loud) for four in whole for at, key, loud in known[4] if at + four < beats
    ]


def _compound(kit: Kit, beats: float) -> list[Stroke]:
    """The pattern of 6/8, 9/8 and 12/8: three eighths a beat; `beats` in quarters."""
    first, second, third = OPENS[kit]
    count = round(beats / 1.5)
    found: list[Stroke] = [(at / 2, third, 0.6 if at % 3 == 0 else 0.42) for at in range(3 * count)]
    return found + [(1.5 * at, second if at % 2 else first, 0.75) for at in range(count)]
