"""Measures the numbers that describe a piece, the same for written, read and generated music."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mood2music.judge.repeat import longest_repeat
from mood2music.music.events import to_events
from mood2music.music.key import MAJOR, MINOR, Key, find_key
from mood2music.music.notes import Notes

# Scale degrees in semitones from the tonic: major, and natural minor with both forms of the sixth
# and seventh, since minor pieces raise them on the way up.
SCALES = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 9, 10, 11)}


@dataclass(frozen=True)
class Statistics:
    """What a piece measures. Names in brackets are MusPy's (Dong et al. 2020, muspy.metrics).

    notes, events: counts; an event lasts from one onset or release to the next
    seconds: playing time; quarters: the same in quarter notes, both from the first onset
    tempo: quarter notes a minute; key: for example "Eb major"
    majorness: best major key's correlation minus best minor's, -2 to 2 (MIRtoolbox's mirmode)
    key_clarity: the best key's correlation, -1 to 1 (MIRtoolbox's mirkeyclarity)
    pitch_class_entropy: bits, 0 to 3.585, every note counts once (pitch_class_entropy)
    pitch_classes: how many of the 12 are used (n_pitch_classes_used)
    chromatic_share: share of notes outside the key's scale (1 - pitch_in_scale_rate, minor with
        both sixths and sevenths)
    mean_pitch: MIDI number; pitch_range: semitones from lowest to highest (pitch_range)
    notes_per_second: struck notes a second, all notes of a chord counted
    onsets_per_second, onsets_per_quarter: distinct onset times over the playing time
    mean_duration: quarter notes a note; note_seconds: the same in seconds
    polyphony: mean number of pitches sounding while any sounds (polyphony)
    off_beat_share: share of notes struck off the quarter-note grid
    longest_repeat: events in the longest passage that returns later without overlapping itself,
        same pitches and durations
    """

    notes: int
    events: int
    seconds: float
    quarters: float
    tempo: float
    key: str
    majorness: float
    key_clarity: float
    pitch_class_entropy: float
    pitch_classes: int
    chromatic_share: float
    mean_pitch: float
    pitch_range: int
    notes_per_second: float
    onsets_per_second: float
    onsets_per_quarter: float
    mean_duration: float
    note_seconds: float
    polyphony: float
    off_beat_share: float
    longest_repeat: int


def statistics(notes: Notes) -> Statistics:
    """Measure a piece. A piece without notes has zeros throughout and key ""."""
    if not len(notes):
        nothing: dict[str, Any] = {field.name: 0 for field in fields(Statistics)}
        return Statistics(**{**nothing, "tempo": notes.tempo, "key": ""})
    key = find_key(notes)
    major, minor = key_strengths(notes)
    events = to_events(notes)
    steps = notes.end - int(notes.onset.min())
    quarters = steps / notes.grid
    seconds = quarters * 60.0 / notes.tempo
    onsets = len(np.unique(notes.onset))
    counts = np.bincount(notes.pitch.astype(np.int64) % 12, minlength=12)
    mean_duration = float(notes.duration.mean()) / notes.grid
    return Statistics(
        notes=len(notes),
        events=len(events),
        seconds=seconds,
        quarters=quarters,
        tempo=notes.tempo,
        key=key.name,
        majorness=major - minor,
        key_clarity=max(major, minor),
        pitch_class_entropy=entropy(counts),
        pitch_classes=int((counts > 0).sum()),
        chromatic_share=_chromatic_share(counts, key),
        mean_pitch=float(notes.pitch.mean()),
        pitch_range=int(notes.pitch.max()) - int(notes.pitch.min()),
        notes_per_second=len(notes) / seconds,
        onsets_per_second=onsets / seconds,
        onsets_per_quarter=onsets / quarters,
        mean_duration=mean_duration,
        note_seconds=mean_duration * 60.0 / notes.tempo,
        polyphony=int(notes.duration.sum()) / sounding_steps(notes),
        off_beat_share=float((notes.onset % notes.grid != 0).mean()),
        longest_repeat=longest_repeat(events),
    )


def entropy(counts: NDArray[np.int64]) -> float:
    """Shannon entropy in bits of a histogram; 0 for an empty one.

    >>> entropy(np.array([1, 1, 2]))
    1.5
    """
    share = counts[counts > 0] / max(counts.sum(), 1)
    return float(abs((share * np.log2(share)).sum()))


def key_strengths(notes: Notes) -> tuple[float, float]:
    """Correlate pitch classes, weighted by duration, with the best major and best minor key.

    Each is -1 to 1, 0 for both when the histogram is flat; profiles as in `music.key.find_key`.
    """
    histogram = np.bincount(
        notes.pitch.astype(np.int64) % 12, weights=notes.duration, minlength=12
    ).astype(float)
    if histogram.std() == 0:
        return 0.0, 0.0
    keys = np.array([np.roll(profile, tonic) for profile in (MAJOR, MINOR) for tonic in range(12)])
    r = np.corrcoef(histogram, keys)[0, 1:]
    return float(r[:12].max()), float(r[12:].max())


def sounding_steps(notes: Notes) -> int:
    """Count the grid steps at which at least one note sounds."""
    order = np.argsort(notes.onset, kind="stable")
    onset, release = notes.onset[order], (notes.onset + notes.duration)[order]
    covered = np.r_[onset[0], np.maximum.accumulate(release)[:-1]]
    return int(np.maximum(release - np.maximum(onset, covered), 0).sum())


def _chromatic_share(counts: NDArray[np.int64], key: Key) -> float:
    scale = [(key.tonic + degree) % 12 for degree in SCALES[key.mode]]
    return 1.0 - float(counts[scale].sum()) / float(counts.sum())
