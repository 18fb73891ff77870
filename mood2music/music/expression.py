"""Says how music of a mood is played: tempo, loudness and register, by published rules."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from mood2music.mood import Mood
from mood2music.music.events import HELD, to_events
from mood2music.music.meter import bar_lines, is_compound
from mood2music.music.notes import Notes
from mood2music.music.tempo import Tempi

# What people call pleasant and excited is faster, louder and, where it is excited, lower:
# Gabrielsson & Lindström 2010 (The role of structure in the musical expression of emotions), Gagnon
# & Peretz 2003 (Cognition & Emotion 17), Gomez & Danuser 2007 (Emotion 7). How much, as (constant,
# a unit of valence, a unit of arousal): least squares on the ratings of VGMIDI's 170 pieces
# (Ferreira & Whitehead 2019, ISMIR) of log2 of notes a second, log2 of tempo / 120, and octaves of
# the mean pitch above middle C. Notes and tempo together tell their arousal best: r .74 on games
# held out, onsets and tempo .70.
NOTES = (2.36, 0.63, 1.77)
TEMPO = (-0.23, 0.39, 0.79)
REGISTER = (0.10, 0.27, -0.26)
# Mean velocity. EMusicGen's templates (Jiang et al. 2024, github.com/monetjoe/EMusicGen) play happy
# music 5 dB louder than sad and calm music and tense music 10 dB louder; 40 log10 of the velocity
# are decibels (General MIDI's recommended response), so that 10 dB are a factor of 1.78.
VELOCITY = (68.0, -5.0, 28.0)
SOFTEST, LOUDEST = 25, 112
# Standard deviation of velocity within a clip of EMOPIA, pop piano as played, on the mean.
SPREAD = 12.0
# Beats a minute, at least, and quarter notes, at most: about what EMusicGen's templates span, 40 to
# 228.
LEAST, MOST = 40.0, 208.0
# On a way of moods a bar is faster or slower than the one before by no more than this: between what
# is just noticed of one interval, 6 %, and of a row of them, 3 % (Drake & Botte 1993, Perception &
# Psychophysics 54). Nor is one place more than twice as fast as another: there the notes that are
# felt as the beat would be others (Parncutt 1994, Music Perception 11).
FASTER, RANGE = 1.04, 2.0
# Semitones that a piece's mean pitch may lie off before it moves by an octave.
_FAR = 8.0
# A3: of 180 real pieces of three styles none has its tune lower, the median of what sounds highest.
_LOWEST_TUNE = 57


def along(moods: Sequence[Mood], at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give valence and arousal, (n, 2), at parts (n,) of a way of moods, 0 to 1."""
    places = np.linspace(0, 1, len(moods))
    axes = ([mood.valence for mood in moods], [mood.arousal for mood in moods])
    return np.column_stack([np.interp(at, places, axis) for axis in axes])


def mean_of(moods: Sequence[Mood]) -> Mood:
    """Give the middle of a way whose moods are as far apart in time."""
    if len(moods) == 1:
        return moods[0]
    return Mood(*(float(axis.mean()) for axis in along(moods, np.linspace(0, 1, 101)).T))


def tempo_of(mood: Mood, notes: Notes) -> float:
    """Give the tempo at which these notes have a mood's pace: LEAST to MOST.

    Half of it, in logarithms, is the tempo that such music has, half the one at which as many of
    these notes fall into a second: a piece of long notes is played faster than one of short ones,
    and one of full chords slower than its tune alone. LEAST is of beats, dotted quarters in 6/8.
    """
    quarters = max((notes.end - int(notes.onset.min(initial=0))) / notes.grid, 1.0)
    dense = max(len(notes), 1) / quarters
    by_notes = _of(NOTES, mood) + np.log2(60.0 / dense)
    by_tempo = _of(TEMPO, mood) + np.log2(120.0)
    least = LEAST * (1.5 if notes.meter and is_compound(notes.meter[0]) else 1.0)
    return float(np.clip(2 ** ((by_notes + by_tempo) / 2), least, MOST))


def tempi_along(moods: Sequence[Mood], notes: Notes) -> Tempi:
    """Give the tempo of each bar of notes on a way of moods; () where it leads nowhere.

    As far apart as `tempo_of` has those of the moods, within FASTER and RANGE. The first mood's
    holds at the beginning, the last one's at the last onset, and the bars between two change by
    even shares. All together they take as long as the notes at their own tempo.
    """
    if not len(notes):
        return ()
    lines = bar_lines(notes.meter, notes.end - 1, notes.grid).clip(0)
    at = np.minimum(lines / max(int(notes.onset.max()), 1), 1.0)
    moods_at = np.linspace(0, 1, len(moods))
    rule = np.interp(at, moods_at, np.log2([tempo_of(mood, notes) for mood in moods]))
    widest, steepest = np.ptp(rule), np.abs(np.diff(rule)).max(initial=0.0)
    if not widest:
        return ()
    mild = min(1.0, np.log2(RANGE) / widest, np.log2(FASTER) / steepest)
    pace = 2 ** (mild * (rule - rule[0]))
    lengths = np.diff(np.append(lines, notes.end))
    tempi = notes.tempo * pace * (lengths / pace).sum() / lengths.sum()
    return tuple(zip(lines.tolist(), np.round(tempi, 2).tolist(), strict=True))


def loud_as(moods: Sequence[Mood], notes: Notes) -> Notes:
    """Move all velocities so that their mean is a mood's; differences between notes stay.

    Where they are further spread than players spread theirs, they come closer. Of several moods the
    first holds at the beginning, the last at the last onset, and between two their mean, weighted
    by time.
    """
    if not len(notes):
        return notes
    off = notes.velocity - notes.velocity.mean()
    off *= min(1.0, SPREAD / max(float(off.std()), 1.0))
    at = notes.onset / max(int(notes.onset.max()), 1)
    target = np.interp(at, np.linspace(0, 1, len(moods)), [_of(VELOCITY, m) for m in moods])
    moved = np.clip(np.rint(target + off), SOFTEST, LOUDEST)
    return replace(notes, velocity=moved.astype(np.uint8))


def octaves_to(mood: Mood, notes: Notes, low: int = 21, high: int = 108) -> int:
    """Octaves by which notes move to a mood's register, -1, 0 or 1.

    0 where the mean pitch is within 8 semitones of it, unless the tune lies below all that real
    pieces have, and where a note would leave `low` to `high`, the piano's keys.
    """
    if not len(notes):
        return 0
    off = 60 + 12 * _of(REGISTER, mood) - float(notes.pitch.mean())
    tune = _middle_of_tune(notes)
    if tune < _LOWEST_TUNE:
        octaves = 1
    elif abs(off) < _FAR or (off < 0 and tune - 12 < _LOWEST_TUNE):
        return 0
    else:
        octaves = 1 if off > 0 else -1
    pitch = notes.pitch + 12 * octaves
    return octaves if pitch.min() >= low and pitch.max() <= high else 0


def _middle_of_tune(notes: Notes) -> float:
    """The median in time of the highest pitches that sound."""
    events = to_events(notes)
    sounds = events.counts() > 0
    tops = events.tokens[events.offsets[1:][sounds] - 1] % HELD
    return float(np.median(np.repeat(tops, events.durations[sounds])))


def _of(rule: tuple[float, float, float], mood: Mood) -> float:
    constant, valence, arousal = rule
    return constant + valence * mood.valence + arousal * mood.arousal
