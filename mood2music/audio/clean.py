"""Keeps the note events that were probably played, and counts what it takes away by reason.

A recording's overtones, its room and a key's noise come back as notes of their own: the main
trouble of making music from recordings (Chen, Chen & Ma).
"""

import numpy as np
from numpy.typing import NDArray

from mood2music.audio.note_events import NoteEvents
from mood2music.audio.settings import AudioSettings

# Semitones from a note to its overtones 2 to 6: octave, twelfth, two octaves, and a third and a
# fifth above them.
OVERTONES = (12, 19, 24, 28, 31)
# An overtone begins with its note (seconds between them).
TOGETHER = 0.05
# Notes within so many seconds are near, for telling which lie far from all others.
NEAR = 4.0

Counts = dict[str, int]


def clean(events: NoteEvents, settings: AudioSettings) -> tuple[NoteEvents, Counts]:
    """Take away weak notes, repeats, overtones and outliers, in this order.

    Gives the rest, and how many each rule took.
    """
    counts: Counts = {}
    for reason, rule in (
        ("weak", _weak),
        ("struck again", _again),
        ("overtone", _overtones),
        ("far from all others", _far),
    ):
        gone = rule(events, settings)
        counts[reason] = int(gone.sum())
        events = events.where(~gone)
    return events, counts


def _weak(events: NoteEvents, settings: AudioSettings) -> NDArray[np.bool_]:
    return events.strength < settings.weak


def _again(events: NoteEvents, settings: AudioSettings) -> NDArray[np.bool_]:
    """Strikes of a pitch within `settings.again` seconds of the last one kept."""
    gone = np.zeros(len(events), bool)
    last: dict[int, float] = {}
    for i, (pitch, start) in enumerate(zip(events.pitch.tolist(), events.start, strict=True)):
        if start - last.get(pitch, -np.inf) < settings.again:
            gone[i] = True
        else:
            last[pitch] = float(start)
    return gone


def _overtones(events: NoteEvents, settings: AudioSettings) -> NDArray[np.bool_]:
    """Notes an overtone's interval above one that starts with them and is stronger.

    A melody that doubles its bass at the octave is as strong as the bass, and stays.
    """
    gone = np.zeros(len(events), bool)
    for i in range(len(events)):
        below = np.isin(events.pitch[i] - events.pitch, OVERTONES)
        together = np.abs(events.start - events.start[i]) <= TOGETHER
        stronger = events.strength * settings.ghost > events.strength[i]
        gone[i] = bool((below & together & stronger).any())
    return gone


def _far(events: NoteEvents, settings: AudioSettings) -> NDArray[np.bool_]:
    """Notes further than `settings.far` semitones from every other note near them in time."""
    gone = np.zeros(len(events), bool)
    for i in range(len(events)):
        near = np.abs(events.start - events.start[i]) <= NEAR
        near[i] = False
        distance = np.abs(events.pitch[near] - events.pitch[i])
        gone[i] = bool(len(distance)) and int(distance.min()) > settings.far
    return gone
