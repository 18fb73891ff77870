"""Measures the cues that people hear a mood by, of a whole piece or of a few bars."""

import numpy as np
from numpy.typing import NDArray

from mood2music.arrays import Doubles
from mood2music.judge.statistics import SCALES
from mood2music.music.key import PROFILES
from mood2music.music.notes import Notes

# What `cues` gives, in its order. Sources: G&L Gabrielsson & Lindström 2010 (The role of structure
# in the musical expression of emotions), EFB Eerola, Friberg & Bresin 2013 (Frontiers in Psychology
# 4:487), G&D Gomez & Danuser 2007 (Emotion 7), ELT Eerola, Lartillot & Toiviainen 2009 (ISMIR),
# H&C Herremans & Chew 2016 (Tension ribbons, TENOR).
CUES = (
    "majorness",  # best major key's correlation less the best minor key's, -2 to 2; G&L, EFB
    "local_majorness",  # the same, mean over passages of 4 s
    "thirds",  # time of major less minor thirds above the tonic, over both, -1 to 1; G&L
    "triads",  # sounding time of major less that of minor triads, share, -1 to 1; G&L
    "key_clarity",  # the best key's correlation, -1 to 1; ELT
    "chromatic",  # share of time outside the key's scale; G&L
    "entropy",  # of pitch classes, bits
    "dissonance",  # share of semitones, tritones and half the whole tones among intervals; G&L
    "strain",  # mean distance of passages from the key on the circle of fifths; H&C
    "tempo",  # log2 of tempo / 120; G&L, EFB
    "onsets",  # log2 of distinct onsets a second; G&D
    "density",  # log2 of notes a second; G&D
    "length",  # log2 of seconds a note; G&D, EFB
    "articulation",  # log2 of a note's duration over the time until the next onset above; EFB
    "register",  # octaves of the mean pitch above middle C; EFB
    "melody",  # octaves of the mean highest pitch above middle C
    "bass",  # octaves of the mean lowest pitch above middle C
    "spread",  # standard deviation of pitch, octaves; G&L
    "steps",  # mean absolute interval of the highest notes, octaves; G&L
    "polyphony",  # log2 of the mean number of pitches sounding
    "irregularity",  # standard deviation of log2 of the time between onsets; G&L
    "off_beat",  # share of notes off the quarter-note grid
    "loudness",  # mean velocity, 0 to 1; EFB
    "accents",  # standard deviation of velocity, 0 to 1; G&L
)

_PASSAGE = 4.0  # seconds
_SHARES = 1e-9


def cues(notes: Notes) -> Doubles:
    """Measure CUES, (24,), of notes; all are finite. Raises ValueError without notes."""
    if not len(notes):
        raise ValueError("no notes to measure")
    step = 60.0 / notes.tempo / notes.grid  # seconds
    onset = notes.onset - notes.onset.min()
    release = onset + notes.duration
    pitch = notes.pitch.astype(np.int64)
    times, heard = sounding(onset, release, pitch)
    held = np.diff(times).astype(float)
    filled = held * heard.any(axis=1)
    classes = np.zeros((len(held), 12), bool)
    for octave in range(0, 128, 12):
        part = heard[:, octave : octave + 12]
        classes[:, : part.shape[1]] |= part
    histogram = np.bincount(pitch % 12, weights=notes.duration, minlength=12).astype(float)
    passages = _passages(onset, release, pitch, _PASSAGE / step)
    r = _correlations(np.vstack([histogram, passages]))
    best = int(r[0].argmax())
    tonic, mode = best % 12, ("major", "minor")[best // 12]
    major, minor = r[:, :12].max(axis=1), r[:, 12:].max(axis=1)
    weight = passages.sum(axis=1)
    degrees = np.roll(histogram, -tonic) / histogram.sum()
    seconds = release.max() * step
    first, top, low = outline(onset, pitch)
    apart = np.diff(first) * step
    velocity = notes.velocity.astype(float) / 127.0
    upper = _melody_lengths(onset, notes.duration, first)
    share = histogram[histogram > 0] / histogram.sum()
    return np.array(
        [
            major[0] - minor[0],
            np.average(major[1:] - minor[1:], weights=weight),
            (degrees[4] - degrees[3]) / (degrees[4] + degrees[3] + 0.01),
            _triads(classes, filled),
            r[0].max(),
            1.0 - degrees[list(SCALES[mode])].sum(),
            -(share * np.log2(share)).sum(),
            _dissonance(classes, filled),
            _strain(passages, weight, tonic if mode == "major" else (tonic + 3) % 12),
            np.log2(notes.tempo / 120.0),
            np.log2(len(first) / seconds),
            np.log2(len(notes) / seconds),
            np.log2(notes.duration.mean() * step),
            upper,
            pitch.mean() / 12 - 5,
            top.mean() / 12 - 5,
            low.mean() / 12 - 5,
            pitch.std() / 12,
            np.abs(np.diff(top)).mean() / 12 if len(top) > 1 else 0.0,
            np.log2((heard.sum(axis=1) * filled).sum() / filled.sum()),
            np.log2(apart).std() if len(apart) else 0.0,
            (notes.onset % notes.grid != 0).mean(),
            velocity.mean(),
            velocity.std(),
        ]
    )


def sounding(
    onset: NDArray[np.int64], release: NDArray[np.int64], pitch: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Edges between which nothing changes, (e + 1,), and which pitches sound there, (e, 128)."""
    times = np.unique(np.r_[onset, release])
    change = np.zeros((len(times), 128), np.int16)
    np.add.at(change, (np.searchsorted(times, onset), pitch), 1)
    np.add.at(change, (np.searchsorted(times, release), pitch), -1)
    return times, np.cumsum(change, axis=0)[:-1] > 0


def _passages(
    onset: NDArray[np.int64], release: NDArray[np.int64], pitch: NDArray[np.int64], length: float
) -> Doubles:
    """Time of each pitch class by passage of so many steps, (p, 12); a note counts at its middle.

    Passages in which nothing has its middle are left out.
    """
    place = ((onset + release) / 2 / length).astype(np.int64)
    _, place = np.unique(place, return_inverse=True)
    found = np.zeros((place.max() + 1, 12))
    np.add.at(found, (place, pitch % 12), release - onset)
    return found


def _correlations(histograms: Doubles) -> Doubles:
    """Correlate pitch classes, (n, 12), with the 24 keys, major ones from C up, then minor."""
    centred = histograms - histograms.mean(axis=1, keepdims=True)
    norm = np.linalg.norm(centred, axis=1, keepdims=True)
    unit: Doubles = np.divide(centred, norm, out=np.zeros_like(centred), where=norm > _SHARES)
    return unit @ PROFILES.T


def _triads(classes: NDArray[np.bool_], heard: Doubles) -> float:
    """Share of the sounding time in which a major triad is there, less that of a minor one."""
    fifth, major, minor = (np.roll(classes, -n, axis=1) for n in (7, 4, 3))
    whole = classes & fifth
    sign = (whole & major).any(axis=1).astype(float) - (whole & minor).any(axis=1)
    return float((sign * heard).sum() / heard.sum())


def _dissonance(classes: NDArray[np.bool_], heard: Doubles) -> float:
    """Share of interval classes 1, 6 and, by half, 2 among all that sound, by time; 0 for none."""
    found = np.array(
        [((classes & np.roll(classes, -n, axis=1)).sum(axis=1) * heard).sum() for n in range(1, 7)]
    )
    found[5] /= 2  # a tritone is met from both its ends
    return float((found[0] + found[1] / 2 + found[5]) / max(found.sum(), _SHARES))


def _strain(passages: Doubles, weight: Doubles, tonic: int) -> float:
    """Mean distance from the major scale's centre on the circle of fifths, 0 to 6 fifths.

    Of each pitch class, by time: the number of fifths from a scale's middle, which is a major
    key's second degree.
    """
    fifths = (np.arange(12) * 7 - (tonic + 2) * 7) % 12
    distance = np.minimum(fifths, 12 - fifths)
    return float((passages @ distance).sum() / weight.sum())


def outline(
    onset: NDArray[np.int64], pitch: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Distinct onsets with the highest and the lowest pitch struck at each; notes are sorted."""
    first, at = np.unique(onset, return_index=True)
    return first, np.maximum.reduceat(pitch, at), np.minimum.reduceat(pitch, at)


def _melody_lengths(
    onset: NDArray[np.int64], duration: NDArray[np.int64], first: NDArray[np.int64]
) -> float:
    """Mean of log2 of how long the highest notes last, over the time until the next onset.

    Each at most 2 and at least -4; 0 for a single onset.
    """
    if len(first) < 2:
        return 0.0
    last = np.r_[np.flatnonzero(np.diff(onset)), len(onset) - 1]  # highest of each onset
    ratio = np.log2(duration[last][:-1] / np.diff(first))
    return float(np.clip(ratio, -4, 2).mean())
