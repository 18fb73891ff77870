"""Measures what tells styles apart: harmony and melody without rhythm, and rhythm without pitch."""

import numpy as np
from numpy.typing import NDArray

from mood2music.arrays import Doubles, Ints
from mood2music.judge.cues import outline, sounding
from mood2music.music.key import find_key
from mood2music.music.notes import Notes

# Pitch classes above a root, of chords that styles differ by; of sevenths without the fifth, which
# players leave out.
CHORDS = {
    "major": (0, 4, 7), "minor": (0, 3, 7), "diminished": (0, 3, 6), "augmented": (0, 4, 8),
    "fourth": (0, 5, 7), "seventh": (0, 4, 10), "major_seventh": (0, 4, 11),
    "minor_seventh": (0, 3, 10), "half_diminished": (0, 3, 6, 10),
    "diminished_seventh": (0, 3, 6, 9), "ninth": (0, 2, 4, 10), "sixth": (0, 4, 7, 9),
}  # fmt: skip
# Harmony: shares of time of each degree, of the lowest and of the highest notes by degree, of each
# interval class (6, the tritone, counts twice, from both its ends), and with each chord among what
# sounds; melody: shares of the intervals between the highest notes.
HARMONY = (
    *(f"degree_{n}" for n in range(12)),
    *(f"bass_{n}" for n in range(12)),
    *(f"top_{n}" for n in range(12)),
    *(f"interval_class_{n}" for n in range(1, 7)),
    *CHORDS,
    *(f"step_{n}" for n in range(13)),
    "entropy",
)
# Bins of a quarter note that onsets fall into; of a note's length and of the time between onsets,
# in quarters, the upper ends.
PLACES = 12
LENGTHS = (0.15, 0.3, 0.45, 0.6, 0.85, 1.2, 1.7, 2.5, 4.5)
RHYTHM = (
    *(f"place_{n}" for n in range(PLACES)),
    *(f"length_{n}" for n in range(len(LENGTHS) + 1)),
    *(f"wait_{n}" for n in range(len(LENGTHS) + 1)),
    "onsets_per_quarter",
    "irregularity",
    "tempo",
)
# How full it is and where: neither harmony nor rhythm.
TEXTURE = ("polyphony", "together", "register", "spread", "silence")
STYLE_CUES = (*HARMONY, *RHYTHM, *TEXTURE)


def style_cues(notes: Notes) -> Doubles:
    """Measure STYLE_CUES, (cues,); raises ValueError without notes.

    Loudness is left out, since it tells who made a file. Degrees count from the key's tonic, of a
    minor key from its relative major's.
    """
    if not len(notes):
        raise ValueError("no notes to measure")
    onset = notes.onset - notes.onset.min()
    pitch = notes.pitch.astype(np.int64)
    times, heard = sounding(onset, onset + notes.duration, pitch)
    held = np.diff(times).astype(float)
    first, top, low = outline(onset, pitch)
    return np.concatenate(
        [
            _harmony(notes, heard, held, top, low),
            _rhythm(notes, first),
            _texture(heard, held, len(notes) / len(first), pitch),
        ]
    )


def _harmony(
    notes: Notes, heard: NDArray[np.bool_], held: Doubles, top: Ints, low: Ints
) -> Doubles:
    key = find_key(notes)
    tonic = key.tonic if key.mode == "major" else (key.tonic + 3) % 12
    degrees = (notes.pitch.astype(np.int64) - tonic) % 12
    histogram = _shares(np.bincount(degrees, weights=notes.duration, minlength=12))
    classes = np.zeros((len(held), 12), bool)
    for octave in range(0, 128, 12):
        part = heard[:, octave : octave + 12]
        classes[:, : part.shape[1]] |= part
    intervals = [
        float(((classes & np.roll(classes, -n, axis=1)).sum(axis=1) * held).sum())
        for n in range(1, 7)
    ]
    whole = held[classes.any(axis=1)].sum()
    chords = [held[_has(classes, chord)].sum() / whole for chord in CHORDS.values()]
    steps = np.bincount(np.minimum(np.abs(np.diff(top)), 12), minlength=13)
    positive = histogram[histogram > 0]
    return np.concatenate(
        [
            histogram,
            _shares(np.bincount((low - tonic) % 12, minlength=12)),
            _shares(np.bincount((top - tonic) % 12, minlength=12)),
            _shares(np.array(intervals)),
            chords,
            _shares(steps),
            [-(positive * np.log2(positive)).sum()],
        ]
    )


def _has(classes: NDArray[np.bool_], chord: tuple[int, ...]) -> NDArray[np.bool_]:
    """Whether a chord is among the pitch classes (n, 12), on any root: (n,)."""
    found = np.ones_like(classes)
    for above in chord:
        found &= np.roll(classes, -above, axis=1)
    return np.asarray(found.any(axis=1))


def _rhythm(notes: Notes, first: Ints) -> Doubles:
    grid = notes.grid
    waits = np.diff(first) / grid
    quarters = max(float(first[-1]) / grid, 1.0)
    ends = np.array(LENGTHS)
    place = (notes.onset % grid) * PLACES // grid
    return np.concatenate(
        [
            _shares(np.bincount(place, minlength=PLACES)),
            _shares(
                np.bincount(
                    np.searchsorted(ends, notes.duration / grid), minlength=len(LENGTHS) + 1
                )
            ),
            _shares(np.bincount(np.searchsorted(ends, waits), minlength=len(LENGTHS) + 1)),
            [
                np.log2(len(first) / quarters),
                np.log2(waits).std() if len(waits) else 0.0,
                np.log2(notes.tempo / 120.0),
            ],
        ]
    )


def _texture(heard: NDArray[np.bool_], held: Doubles, together: float, pitch: Ints) -> Doubles:
    voices = heard.sum(axis=1)
    sounding_time = held[voices > 0].sum()
    return np.array(
        [
            np.log2((voices * held).sum() / sounding_time),
            np.log2(together),
            pitch.mean() / 12 - 5,
            pitch.std() / 12,
            1.0 - sounding_time / held.sum(),
        ]
    )


def _shares(counts: NDArray[np.generic]) -> Doubles:
    found = np.asarray(counts, float)
    return found / max(float(found.sum()), 1e-9)
