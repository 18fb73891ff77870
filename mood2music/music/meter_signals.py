"""Hears in a piece what marks its beats: signals over sixteenths, and the passages that return.

What is known to mark beats are onsets, how many and how long, loudness, a bass that strikes or
changes, and new harmony (the metrical preference rules of Lerdahl and Jackendoff 1983, Temperley
2001).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mood2music.arrays import Doubles, Ints
from mood2music.music.meter_candidates import BINS
from mood2music.music.notes import Notes

# Longest note or gap that counts as longer than another, in bins; the span of a note's loudness.
_LONG, _AROUND = 24, 64
# Bins before and behind a place whose harmonies are compared.
_SPANS = (2, 4, 8, 12, 16)
# Upper limits of gaps between onsets, and of durations, in 24ths of a quarter.
_GAPS = (3, 5, 6, 9, 15, 30)
_LENGTHS = (3, 7, 15, 30, 54)
# Onsets that have to be the same before a passage returns.
_HEARD = 4


@dataclass(frozen=True)
class Heard:
    """A piece in bins: signals (S, T) of mean 0 and deviation 1, what is compared with itself.

    alike: arrays (T,) or (T, n) that are compared with themselves bins later; returns: of each kind
    the passages that return (begin, distance, length), each (n, 3) in bins; values: what the
    piece is written in; onsets: bins that have one; end: bin at which the last note is released.
    """

    signals: Doubles
    alike: tuple[NDArray[np.float32], ...]
    returns: tuple[Ints, ...]
    values: Doubles
    onsets: Ints
    end: int


def hear(notes: Notes) -> Heard:
    """Bring notes to bins; there has to be one at least."""
    scale = BINS / notes.grid
    start = np.rint(notes.onset * scale).astype(np.int64)
    stop = np.rint((notes.onset + notes.duration) * scale).astype(np.int64)
    stop = np.maximum(stop, start + 1)
    bins = int(stop.max())
    struck = np.zeros((bins, 128), bool)
    struck[start, notes.pitch] = True
    change = np.zeros((bins + 1, 128), np.int16)
    np.add.at(change, (start, notes.pitch), 1)
    np.add.at(change, (stop, notes.pitch), -1)
    sounds = np.cumsum(change[:-1], 0, dtype=np.int16) > 0
    chroma = np.stack([sounds[:, p::12].any(1) for p in range(12)], 1).astype(float)
    returns = _returns(struck)
    signals = np.array(
        [
            *_accents(notes, start, np.minimum(stop - start, _LONG), bins),
            *_voices(struck, sounds, float(notes.pitch.mean())),
            *(_novelty(chroma, span) for span in _SPANS),
            *(_begun(found, bins) for found in returns),
        ]
    )
    signals -= signals.mean(1, keepdims=True)
    signals /= signals.std(1, keepdims=True) + 1e-6
    # How many strike, how long they last, how low the bass is.
    alike = (*(_centred(signals[i]) for i in (1, 3, 6)), _centred(chroma), _centred(struck))
    return Heard(signals, alike, returns, _values(notes, start), np.unique(start), bins)


def _centred(matrix: NDArray[np.float64] | NDArray[np.bool_]) -> NDArray[np.float32]:
    return np.ascontiguousarray(matrix - matrix.mean(0), np.float32)


def _accents(notes: Notes, start: Ints, length: Ints, bins: int) -> list[Doubles]:
    """Onsets, their number, the longest's and all durations, loudness beside what is around."""
    count = np.bincount(start, minlength=bins).astype(float)
    longest, total, loud = np.zeros(bins), np.zeros(bins), np.zeros(bins)
    np.maximum.at(longest, start, length)
    np.add.at(total, start, np.minimum(length, 16))
    np.maximum.at(loud, start, notes.velocity)
    onset = np.minimum(count, 1)
    span = np.ones(_AROUND + 1)
    around, many = (np.convolve(a, span)[_AROUND // 2 :][:bins] for a in (loud, onset))
    louder = onset * (loud - around / np.maximum(many, 1))
    return [onset, np.log1p(count), np.log1p(longest), np.log1p(total), louder]


def _voices(struck: NDArray[np.bool_], sounds: NDArray[np.bool_], mean: float) -> list[Doubles]:
    """The bass: struck, how low, changed, for how long; the top's gaps; held; the lowest struck."""
    any_struck, any_sounds = struck.any(1), sounds.any(1)
    low = np.where(any_sounds, sounds.argmax(1), 0)
    top = np.where(any_sounds, 127 - sounds[:, ::-1].argmax(1), 0)
    place = np.arange(len(struck))
    bass, melody = struck[place, low], struck[place, top]
    changed = bass & np.append(True, low[1:] != low[:-1])
    held = (sounds & ~struck).sum(1) / np.maximum(sounds.sum(1), 1)
    deep = np.zeros(len(struck))
    where = np.flatnonzero(any_struck)
    lowest = struck.argmax(1)[where].astype(float)
    width = min(16, len(where))
    usual = np.convolve(lowest, np.ones(width) / width, "same")[: len(where)]
    deep[where] = np.clip((usual - lowest) / 12, -2, 2)
    lowness = np.maximum(mean - low, 0) / 12 * bass
    return [bass, lowness, changed, _gaps(changed), _gaps(melody), held, deep]


def _gaps(at: NDArray[np.bool_]) -> Doubles:
    """How long until the next one, at each, as a logarithm."""
    gaps = np.zeros(len(at))
    where = np.flatnonzero(at)
    gaps[where] = np.log1p(np.minimum(np.diff(np.append(where, len(at))), _LONG))
    return gaps


def _returns(struck: NDArray[np.bool_]) -> tuple[Ints, ...]:
    """Passages that return: of all that is struck, of the top's steps, and of the rhythm.

    Each (n, 3): the bin at which it begins again, how far behind the time before, its length.
    """
    at = np.flatnonzero(struck.any(1))
    gaps = np.diff(at, append=len(struck))
    top = 127 - struck[at, ::-1].argmax(1)
    steps = np.diff(top, prepend=top[:1])
    packed = np.packbits(struck[at], axis=1)
    chords = np.unique(packed, axis=0, return_inverse=True)[1].ravel()
    kinds = (chords * 512 + np.minimum(gaps, 511), steps * 512 + np.minimum(gaps, 511), gaps)
    heard = (_HEARD, _HEARD + 2, _HEARD + 4)
    return tuple(_runs(at, kind, size) for kind, size in zip(kinds, heard, strict=True))


def _runs(at: Ints, kind: Ints, size: int) -> Ints:
    """Runs of `size` equal kinds or more that continue one earlier place."""
    latest: dict[tuple[int, ...], int] = {}
    listed = kind.tolist()
    found: list[tuple[int, int, int]] = []
    begin, came = -1, -1
    for i in range(len(listed) - size + 1):
        word = tuple(listed[i : i + size])
        j = latest.get(word, -1)
        latest[word] = i
        if begin >= 0 and listed[i + size - 1] == listed[i - (begin - came) + size - 1]:
            j = i - (begin - came)  # goes on where it was
        elif begin >= 0:
            found.append((at[begin], at[begin] - at[came], at[i + size - 1] - at[begin]))
            begin = -1
        if begin < 0 and j >= 0:
            begin, came = i, j
    if begin >= 0:
        found.append((at[begin], at[begin] - at[came], at[-1] - at[begin]))
    return np.array(found, np.int64).reshape(-1, 3)


def _begun(returns: Ints, bins: int) -> Doubles:
    """How long a passage that begins again at each bin is, as a logarithm."""
    found = np.zeros(bins)
    np.maximum.at(found, returns[:, 0], np.log1p(returns[:, 2]))
    return found


def _novelty(chroma: Doubles, span: int) -> Doubles:
    """How unlike the pitch classes of `span` bins are to those of the `span` before: 0 to 1."""
    total = np.vstack([np.zeros(12), np.cumsum(chroma, 0)])
    at = np.arange(len(chroma))
    behind = total[np.minimum(at + span, len(chroma))] - total[at]
    before = total[at] - total[np.maximum(at - span, 0)]
    size = np.linalg.norm(behind, axis=1) * np.linalg.norm(before, axis=1)
    return np.where(size > 0, 1 - (behind * before).sum(1) / np.maximum(size, 1e-9), 0.0)


def _values(notes: Notes, start: Ints) -> Doubles:
    """What note values a piece is written in, and how fast it goes."""
    ticks = notes.onset * 24 // notes.grid
    gaps = np.diff(np.unique(ticks))
    lengths = notes.duration * 24 // notes.grid
    shares = [
        np.bincount(np.searchsorted(limits, found), minlength=len(limits) + 1) / max(len(found), 1)
        for limits, found in ((_GAPS, gaps), (_LENGTHS, lengths))
    ]
    onsets = np.unique(start)
    between = float(np.median(np.diff(onsets))) if len(onsets) > 1 else 1.0
    others = [
        np.log(len(notes) / (onsets[-1] - onsets[0] + BINS) * BINS),
        np.log(notes.tempo / 100),
        np.log(between),
        float(np.isin(ticks % 24, (4, 8, 16, 20)).mean()),
        float((ticks % 6 != 0).mean()),
        float((onsets % 2 == 1).mean()),
    ]
    return np.concatenate([np.sqrt(s) for s in shares] + [np.array(others)])
