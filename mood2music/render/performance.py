"""Plays notes as a player would: swung, a little uneven, loud where it matters, slower at the end.

The score says what is written; what comes of it here is what MIDI file and sound hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mood2music.music.idiom import idiom_of
from mood2music.music.key import Key
from mood2music.music.meter import chord_lines, places, regridded
from mood2music.music.notes import Notes, make_notes
from mood2music.music.phrases import phrase_lines
from mood2music.music.swing import can_swing, is_straight, swung, usual_ratio
from mood2music.music.tempo import Tempi, seconds_at
from mood2music.music.write import Part, parts_bytes
from mood2music.render.band import BASS, arranged, band_of
from mood2music.render.programs import program_number
from mood2music.render.ritardando import tempi_of
from mood2music.render.settings import RenderSettings
from mood2music.render.spelling import signature
from mood2music.render.symbols import STATED, melody, symbols

# Ticks of a quarter note in a file as played, about: so many as are a whole number a grid step.
TICKS = 480
# Standard deviations in seconds of a chord's onset, and of a note's within its chord; pianists'
# are 10 to 20 ms and about 10 (Repp 1996, JASA 100:6; Goebl 2001, JASA 110:1), here half, since
# there is no tempo that they stray around.
CHORD_STRAYS, NOTE_STRAYS = 0.006, 0.003
# No time strays so far, in steps of the grid, that it would be read as another one.
FARTHEST = 0.4
# How much louder, in MIDI velocity, the tune is and how much softer what goes with it, where a
# piece says no levels of its own (Goebl 2001; Repp 1996): together about a fifth.
TUNE, UNDER = 5.0, -9.0
# The first beat of a bar, a beat, and what is behind one; the beginning of a phrase and its middle
# (Todd 1992, JASA 91:6); a semitone upwards; what strays (rules and their order of size: Friberg,
# Bresin & Sundberg 2006, Advances in Cognitive Psychology 2).
FIRST, BEAT, BEHIND = 4.0, 1.0, -3.0
EDGE, CREST = -5.0, 4.0
HIGHER, HIGHEST, STRAYS = 0.3, 4.0, 2.0
# Standard deviation of velocity from which a piece is taken to have levels of its own.
OWN = 6.0
# The pedal goes down behind the new chord, so that the old one is gone, in quarter notes.
BEHIND_CHORD = 0.125
# Share of what sounds in a span that its chord must hold, or the pedal would blur it.
CLEAR = 0.85


@dataclass(frozen=True)
class Performance:
    """A piece as it is played: parts on one grid of ticks; swing: the ratio of its eighths.

    tempi: from ticks on, () for the parts' own throughout.
    """

    parts: Sequence[Part]
    key: Key
    swing: float = 1.0
    tempi: Tempi = ()

    def midi(self) -> bytes:
        """Give the content of its MIDI file."""
        sharps = signature(self.key.tonic, self.key.mode)
        return parts_bytes(self.parts, (sharps, self.key.mode), self.swing, tempi=self.tempi)

    @property
    def seconds(self) -> float:
        """Time to the last release."""
        return float(self.seconds_at(max(p.notes.end / p.notes.grid for p in self.parts)))

    def seconds_at(self, quarters: ArrayLike) -> NDArray[np.float64]:
        """Seconds at which places of the piece, (n,) quarter notes, are played."""
        first = self.parts[0].notes
        ticks = np.asarray(quarters) * first.grid
        return seconds_at(ticks, self.tempi or ((0, first.tempo),), first.grid)


def perform(
    notes: Notes,
    key: Key,
    settings: RenderSettings,
    style: str = "",
    seed: int = 0,
    sections: Sequence[int] = (),
    way: Tempi = (),
    closes: bool = False,
) -> Performance:
    """Play a piece as `settings` and its style want; the same seed plays the same way.

    style: whose idiom it is played in, "" for none; sections: grid steps at which parts of the form
    begin; way, closes: as in `tempi_of`. With human=0, swing=1, pedal=false and band=none every
    tick is the one that is written, in the tempi that are.
    """
    rng = np.random.default_rng([seed, 0x706C6179])
    program = program_number(settings.program)
    ratio = _ratio(notes, settings.swing, style)
    tune = np.zeros(len(notes), bool)
    tune[melody(notes)[1]] = True
    shaped = replace(notes, velocity=_levels(notes, tune, settings.human, rng))
    parts = arranged(shaped, tune, band_of(settings.band, style), program, sections)
    step = max(TICKS // notes.grid, 1)
    late = _strays(notes, step, settings.human, rng)
    played = [
        # Drums swing all eighths, whatever the others play in that beat.
        replace(p, notes=_timed(p.notes, p.notes if p.drums else notes, step, ratio, late))
        for p in parts
    ]
    if idiom_of(style).pedal if settings.pedal is None else settings.pedal:
        pressed = [(round(a * step), round(b * step)) for a, b in pedalled(notes)]
        played = [p if p.drums or p.name == BASS else replace(p, pedal=pressed) for p in played]
    tempi = tempi_of(notes, settings, style, way, closes)
    return Performance(played, key, ratio, [(at * step, tempo) for at, tempo in tempi])


def _timed(
    part: Notes, among: Notes, step: int, ratio: float, late: dict[tuple[int, int], int]
) -> Notes:
    """Bring notes to ticks, swung where a beat of `among` has two eighths, each so early or late.

    step: ticks of a grid step; late: ticks by onset in grid steps and pitch.
    """
    onsets, ticks = among.onset * step, step * part.grid
    starts, ends = part.onset * step, (part.onset + part.duration) * step
    if ratio > 1:
        starts, ends = (swung(times, onsets, ticks, ratio) for times in (starts, ends))
    struck = zip(part.onset.tolist(), part.pitch.tolist(), strict=True)
    starts = np.maximum(starts + np.array([late.get(s, 0) for s in struck], np.int64), 0)
    return make_notes(
        starts, ends - starts, part.pitch, part.velocity, part.tempo, ticks, part.title,
        meter=regridded(part.meter, part.grid, ticks),
    )  # fmt: skip


def _ratio(notes: Notes, asked: float | None, style: str) -> float:
    """The swing that is asked for, or a style's where the notes are written straight."""
    if not can_swing(notes.meter, notes.grid) or not len(notes):
        return 1.0
    if asked is not None:
        return asked
    return usual_ratio(notes.tempo) if idiom_of(style).swings and is_straight(notes) else 1.0


def _levels(
    notes: Notes, tune: NDArray[np.bool_], human: float, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Velocities (n,) with the accents of bars, phrases and the tune, where there are none yet."""
    if not len(notes) or not human:
        return notes.velocity
    velocity = notes.velocity.astype(float)
    flat = human * max(0.0, 1.0 - float(velocity.std()) / OWN)
    place, _, _ = places(notes.meter, notes.onset, notes.grid)
    added = np.where(tune, TUNE, UNDER if tune.any() and not tune.all() else TUNE)
    added += np.where(place == 0, FIRST, np.where(place % notes.grid == 0, BEAT, BEHIND))
    lines = np.append(phrase_lines(notes), notes.end)
    for begin, end in pairwise(lines.tolist()):
        here = (notes.onset >= begin) & (notes.onset < end)
        way = (notes.onset[here] - begin) / max(end - begin, 1)
        added[here] += EDGE + (CREST - EDGE) * 4 * way * (1 - way)
    pitch = notes.pitch.astype(float)
    added += np.clip(HIGHER * (pitch - pitch[tune].mean()) * tune, -HIGHEST, HIGHEST)
    added = flat * added + human * rng.normal(0, STRAYS, len(notes))
    return np.clip(np.rint(velocity + added), 1, 127).astype(np.uint8)


def _strays(
    notes: Notes, step: int, human: float, rng: np.random.Generator
) -> dict[tuple[int, int], int]:
    """How many ticks, `step` a grid step, each note (onset, pitch) is early or late."""
    second = step * notes.grid * notes.tempo / 60
    at, which = np.unique(notes.onset, return_inverse=True)
    chord = rng.normal(0, CHORD_STRAYS, len(at))[which]
    strays = human * second * (chord + rng.normal(0, NOTE_STRAYS, len(notes)))
    most = FARTHEST * step
    ticks = np.rint(np.clip(strays, -most, most)).astype(int).tolist()
    keys = zip(notes.onset.tolist(), notes.pitch.tolist(), strict=True)
    return dict(zip(keys, ticks, strict=True))


def pedalled(notes: Notes) -> list[tuple[float, float]]:
    """Give where the pedal goes down and up, in grid steps: over each chord that stays clear.

    A span between `chord_lines` is pedalled when nearly all that sounds in it belongs to its chord:
    passing notes would blur. The pedal is changed with the chord ("legato pedalling").
    """
    lines = [*chord_lines(notes.meter, notes.end, notes.grid).tolist(), notes.end]
    named = symbols(notes)
    steps = [symbol.step for symbol in named]
    found: list[tuple[float, float]] = []
    for begin, end in pairwise(lines):
        which = int(np.searchsorted(steps, begin, "right")) - 1
        if which < 0 or end - begin < notes.grid:
            continue
        heard = np.minimum(notes.onset + notes.duration, end) - np.maximum(notes.onset, begin)
        here = heard > 0
        tones = [(named[which].root + tone) % 12 for tone in STATED[named[which].kind]]
        inside = heard[here & np.isin(notes.pitch % 12, tones)].sum()
        if here.any() and inside >= CLEAR * heard[here].sum():
            found.append((max(begin, 0) + BEHIND_CHORD * notes.grid, float(end)))
    return found
