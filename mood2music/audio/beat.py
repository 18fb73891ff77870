"""Finds the beats of note events: where quarter notes fall, and how many there are in a minute.

As Ellis 2007, "Beat tracking by dynamic programming" (Journal of New Music Research 36), but from
notes instead of spectra: one period for the piece by autocorrelation, then the beats that best join
a steady pulse and many starts of notes.
"""

from dataclasses import dataclass

import numpy as np

from mood2music.audio.note_events import Float64s, NoteEvents

FPS = 100
# Starts of notes are spread over so many seconds: a chord is not struck at one instant.
SPREAD = 0.02
# Ellis's preference: 120 quarter notes a minute, 0.9 octaves around it.
PREFERRED, OCTAVES = 0.5, 0.9
SLOWEST, FASTEST = 40.0, 220.0  # quarter notes a minute
# How much a steady pulse counts against starts of notes (Ellis's alpha).
TIGHTNESS = 100.0
# A piece whose beats lie this near to an even pulse (seconds, root mean square) has an even pulse.
EVEN = 0.03


@dataclass(frozen=True)
class Beats:
    """Times of the beats in seconds, rising, two or more; they reach over all notes."""

    times: Float64s

    @property
    def tempo(self) -> float:
        """Quarter notes a minute: the middle one of all beats' tempi."""
        return float(60.0 / np.median(np.diff(self.times)))

    def quarters(self, seconds: Float64s) -> Float64s:
        """Place in quarter notes from the first beat, straight between beats."""
        return np.interp(seconds, self.times, np.arange(len(self.times)))


def find_beats(events: NoteEvents, tempo: float | None = None) -> Beats:
    """Find the beats of one or more notes; `tempo` fixes the period, only its phase is found."""
    pulse = _pulse(events)
    period = 60.0 / tempo if tempo else _period(pulse)
    times = _follow(pulse, period * FPS) / FPS
    even = _even(times, period, fixed=tempo is not None)
    if even is not None:
        times = even
    return Beats(_reaching(times, period, float(events.start[0]), float(events.end.max())))


def _pulse(events: NoteEvents) -> Float64s:
    """How much starts at each instant, FPS a second: strong and long notes count more."""
    length = round(float(events.start[-1]) * FPS) + FPS
    at = np.zeros(length)
    weight = events.strength * np.sqrt(np.clip(events.end - events.start, 0.1, 1.0))
    np.add.at(at, np.rint(events.start * FPS).astype(int), weight)
    reach = np.arange(-4 * SPREAD, 4 * SPREAD + 1e-9, 1 / FPS)
    smooth = np.convolve(at, np.exp(-0.5 * (reach / SPREAD) ** 2), "same")
    return np.asarray(smooth / (smooth.std() or 1.0))


def _period(pulse: Float64s) -> float:
    """Seconds of a quarter note: where the pulse resembles itself, near what is preferred."""
    size = 1 << int(2 * len(pulse) - 1).bit_length()
    spectrum = np.fft.rfft(pulse, size)
    alike = np.fft.irfft(spectrum * spectrum.conj(), size)[: len(pulse)]
    lags = np.arange(round(60 / FASTEST * FPS), round(60 / SLOWEST * FPS) + 1)
    alike = np.pad(alike, (0, max(2 * int(lags[-1]) + 2 - len(alike), 0)))
    prefer = np.exp(-0.5 * (np.log2(lags / FPS / PREFERRED) / OCTAVES) ** 2)
    # The double period has to fit as well: it tells quarters from three eighths.
    score = prefer * (alike[lags] + 0.5 * alike[2 * lags])
    return float(lags[int(score.argmax())]) / FPS


def _follow(pulse: Float64s, period: float) -> Float64s:
    """Frames of the best beats, by dynamic programming from the first frame to the last."""
    back = np.arange(-round(2 * period), -max(round(period / 2), 1) + 1)
    cost = TIGHTNESS * np.log(-back / period) ** 2
    score, before = pulse.copy(), np.full(len(pulse), -1)
    for frame in range(-int(back[-1]), len(pulse)):
        first = max(int(-back[0]) - frame, 0)
        came = score[frame + back[first:]] - cost[first:]
        best = int(came.argmax())
        if came[best] > 0:
            score[frame] += came[best]
            before[frame] = frame + back[first + best]
    tail = max(len(score) - round(period), 0)
    beats = [tail + int(score[tail:].argmax())]
    while before[beats[-1]] >= 0:
        beats.append(int(before[beats[-1]]))
    return np.array(beats[::-1], float)


def _even(times: Float64s, period: float, fixed: bool) -> Float64s | None:
    """The even pulse that the beats lie on, or None when they do not (played freely)."""
    number = np.arange(len(times), dtype=float)
    if fixed or len(times) < 4:
        step, first = period, float(np.median(times - number * period))
    else:
        step, first = (float(value) for value in np.polyfit(number, times, 1))
    away = times - (first + step * number)
    if not fixed and float(np.sqrt((away**2).mean())) > EVEN:
        return None
    return np.asarray(first + step * number)


def _reaching(times: Float64s, period: float, first: float, last: float) -> Float64s:
    """Add beats at both ends until all notes lie between two."""
    at_start, at_end = (
        np.diff(t).mean() if len(t) > 1 else period for t in (times[:5], times[-5:])
    )
    # A note a little early belongs to the beat it anticipates.
    before = max(int(np.ceil((times[0] - first) / at_start - 0.25)), 0)
    after = max(int(np.ceil((last - times[-1]) / at_end)), 1)
    return np.concatenate(
        [
            times[0] - at_start * np.arange(before, 0, -1),
            times,
            times[-1] + at_end * np.arange(1, after + 1),
        ]
    )
