"""Tells a network the mood of the passage around each event, its pace and its mode."""

import hashlib
import inspect
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from mood2music import registry
from mood2music.files import atomically
from mood2music.mood import Mood
from mood2music.music.events import Events, to_notes
from mood2music.music.expression import along
from mood2music.music.meter import bar_lines
from mood2music.store.event_store import PieceRow, Store

# Steps of each axis that a network tells apart, how wide one is, and the middle of the lowest. They
# cover what a judge on the scale of people's ratings reads in the training pieces but for two in a
# hundred at each end: a network has nothing to learn beyond from.
STEPS, WIDTH = 9, 0.15
LOWEST = Mood(-0.3, -0.45)
# Paces that it tells apart: quarters of an octave, from 40 quarter notes a minute up.
PACES, SLOWEST = 11, 40.0
MODES = ("major", "minor")
# A file without a tempo is played at this one, by MIDI's definition: it says nothing.
UNTOLD_TEMPO = 120.0
# Bars of the passages that a judge reads.
PASSAGE = 8

# Where the codes of valence, arousal, pace and mode begin in a table of rows; 0 of each is untold.
FIRST = (0, STEPS + 1, 2 * (STEPS + 1), 2 * (STEPS + 1) + PACES + 1)
ROWS = FIRST[-1] + len(MODES) + 1
PARTS = len(FIRST)


def steps_of(mood: Mood) -> tuple[int, int]:
    """Codes of valence and arousal, 1 to STEPS."""
    far = (mood.valence - LOWEST.valence, mood.arousal - LOWEST.arousal)
    valence, arousal = (1 + min(max(round(way / WIDTH), 0), STEPS - 1) for way in far)
    return valence, arousal


def codes_of(
    mood: Mood | None = None, tempo: float | None = None, mode: str | None = None
) -> NDArray[np.int64]:
    """What a network is told: (PARTS,) codes of valence, arousal, pace and mode; None: untold."""
    pace = 0
    if tempo is not None:
        pace = 1 + min(max(round(4 * math.log2(tempo / SLOWEST)), 0), PACES - 1)
    axes = (0, 0) if mood is None else steps_of(mood)
    return np.array([*axes, pace, 0 if mode is None else 1 + MODES.index(mode)], np.int64)


@dataclass(frozen=True)
class Told:
    """What a piece that is written is told.

    moods: one, or several on its way from the first to the last; () for none; tempo: quarter notes
    a minute; mode: "major" or "minor"; start, stop: grid steps at which the way begins and ends, or
    numbers of events that stand before, where it is `counted` in events.
    """

    moods: Sequence[Mood] = ()
    tempo: float | None = None
    mode: str | None = None
    start: int = 0
    stop: int = 1
    counted: bool = False

    def codes(self, at: int) -> NDArray[np.int64]:
        """What it is told at a grid step, or behind so many events, as `codes_of` gives it."""
        return self._same if len(self.moods) < 2 else self._codes(at)

    def begun(self, at: int, passed: int) -> "Told":
        """The same way, so much of which has passed `at` a step or event; of one mood itself."""
        if len(self.moods) < 2:
            return self
        start = at - passed
        return replace(self, start=start, stop=start + self.stop - self.start)

    @cached_property
    def _same(self) -> NDArray[np.int64]:
        """Of one mood, or none: worked out once, not event by event."""
        return self._codes(self.start)

    def _codes(self, at: int) -> NDArray[np.int64]:
        return codes_of(self.mood(at), self.tempo, self.mode)

    def mood(self, at: int) -> Mood | None:
        """The mood that is wanted at a grid step, or behind so many events; None for none."""
        if not self.moods:
            return None
        part = (at - self.start) / max(self.stop - self.start, 1)
        ((valence, arousal),) = along(self.moods, np.array([part])).tolist()
        return Mood(valence, arousal)


def labels(store: Store, judge: str) -> NDArray[np.uint8]:
    """Codes behind each event of a store: (events, PARTS).

    A piece is read PASSAGE bars at a time by the judge of that name, at its own pitch and tempo.
    What was read once is kept beside the store.
    """
    kept = store.folder / f"moods-{judge}-{_version(judge)}.npy"
    if kept.is_file():
        found: NDArray[np.uint8] = np.load(kept)
        return found
    read: Any = registry.find("mood_judge", judge, "model.mood").build
    found = np.zeros((len(store.durations), PARTS), np.uint8)
    for row in store.pieces:
        tempo = None if row.tempo == UNTOLD_TEMPO else row.tempo
        mode = row.key.rpartition(" ")[2]
        for passage, part in passages(store, row):
            notes = to_notes(part, row.tempo).transposed(-row.shift)
            found[passage] = codes_of(read(notes) if len(notes) else None, tempo, mode)
        own = found[row.first : row.first + row.events]
        own[:-1] = own[1:].copy()  # behind an event it is told what the next one is to have
    with atomically(kept) as unfinished:
        np.save(unfinished, found)
    return found


def passages(store: Store, row: PieceRow) -> Iterator[tuple[slice, Events]]:
    """Passages of PASSAGE bars: where their events stand in the store, and the events.

    A last one of less than half as many bars belongs to the one before.
    """
    events = store.piece(row)
    begins = events.begins()
    bars = bar_lines(events.meter, int(events.ends()[-1]) - 1, events.grid)
    lines = bars[: max(len(bars) - PASSAGE // 2 + 1, 0) : PASSAGE]
    cuts = np.unique(np.searchsorted(begins, lines[lines < begins[-1]])).tolist()
    cuts = [0, *(cut for cut in cuts if cut), len(events)]
    for start, stop in pairwise(cuts):
        yield slice(row.first + start, row.first + stop), events[start:stop]


def untold(codes: Tensor, share: float, rng: np.random.Generator) -> Tensor:
    """Leave out of windows, (batch, time, PARTS), with probability `share` each, all and each part.

    So the network learns to write with whatever it is told (Ho & Salimans 2022).
    """
    kept = torch.from_numpy(rng.random((len(codes), PARTS + 1)) >= share)
    return codes * (kept[:, None, :1] & kept[:, None, 1:])


def untold_windows(codes: Tensor, share: float, rng: np.random.Generator) -> Tensor:
    """Leave chords or texture, (batch, time, 2), out of windows, with probability `share` each."""
    kept = torch.from_numpy(rng.random(len(codes)) >= share)
    return codes * kept[:, None, None]


def _version(judge: str) -> str:
    """A hash of how passages are cut, and of a judge's module and the weights beside it."""
    read = registry.find("mood_judge", judge, "model.mood").build
    digest = hashlib.sha256(f"{PASSAGE} {inspect.getsource(passages)}".encode())
    if path := inspect.getsourcefile(sys.modules[read.__module__]):
        for file in (Path(path), Path(path).with_suffix(".safetensors")):
            digest.update(file.read_bytes() if file.is_file() else b"")
    return digest.hexdigest()[:12]
