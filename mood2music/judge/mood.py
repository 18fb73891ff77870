"""Guesses the mood of notes by a linear formula: the baseline a mood network has to beat."""

import math

import numpy as np
from numpy.typing import NDArray

from mood2music.judge.statistics import Statistics, statistics
from mood2music.mood import Mood
from mood2music.music.notes import Notes

# What the formula reads, in the order of its coefficients. Why these:
#   majorness    mode is the first cue to happy against sad: Gagnon & Peretz 2003 (Cognition &
#                Emotion 17), Eerola, Friberg & Bresin 2013 (Frontiers in Psychology 4:487)
#   key_clarity  clear keys sound pleasant: Eerola, Lartillot & Toiviainen 2009 (ISMIR)
#   tempo        fast is excited and, less so, happy: Gagnon & Peretz 2003, Gomez & Danuser 2007
#                (Emotion 7), Eerola et al. 2013; log2 of tempo / 120
#   register     octaves of the mean pitch above middle C: Eerola et al. 2013
#   density      notes a second, log2: Gomez & Danuser 2007 (their rhythmic activity)
#   length       seconds a note, log2, the score's part of articulation: Gomez & Danuser 2007,
#                Eerola et al. 2013 (legato is calm, staccato excited)
FEATURES = ("majorness", "key_clarity", "tempo", "register", "density", "length")

# Ridge regression (alpha 1, standardised features) on the 170 piano pieces of VGMIDI (Ferreira &
# Whitehead 2019, ISMIR), by experiments/mood_formula/fit.py; its README has the held-out figures.
# One row an axis (valence, arousal): the constant, then one weight a feature in its own unit.
CONSTANT = np.array([-0.4739, -0.0934])
WEIGHTS = np.array(
    [
        [0.681, 0.84, 0.0891, 0.088, -0.0302, -0.0832],
        [-0.1381, -0.5163, 0.1419, -0.0664, 0.166, -0.1218],
    ]
)

# Bounds of the pieces it was fitted on (1st and 99th percentile): a lone drone or a blur of notes
# is read as the nearest piece that people have judged, not as something far beyond them.
LOWEST = np.array([-0.285, 0.379, -1.392, -1.13, 0.527, -2.968])
HIGHEST = np.array([0.341, 0.969, 0.759, 1.296, 4.235, 1.111])


def formula_mood(notes: Notes) -> Mood:
    """Guess valence and arousal, each cut off at -1 and 1; a piece without notes is (0, 0)."""
    if not len(notes):
        return Mood(0.0, 0.0)
    x = np.clip(features(statistics(notes)), LOWEST, HIGHEST)
    valence, arousal = np.clip(CONSTANT + WEIGHTS @ x, -1.0, 1.0)
    return Mood(float(valence), float(arousal))


def features(measured: Statistics) -> NDArray[np.float64]:
    """Take FEATURES, (6,), from the statistics of a piece that has notes."""
    return np.array(
        [
            measured.majorness,
            measured.key_clarity,
            math.log2(measured.tempo / 120.0),
            (measured.mean_pitch - 60.0) / 12.0,
            math.log2(measured.notes_per_second),
            math.log2(measured.note_seconds),
        ]
    )
