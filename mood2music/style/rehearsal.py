"""Gives music of the base to rehearse while a style is learnt, where only the package is there.

Either songs of the shipped catalog, or what the base itself writes behind silence: pseudo-rehearsal
(Robins 1995, "Catastrophic forgetting, rehearsal and pseudorehearsal").
"""

import hashlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from mood2music.brief import brief
from mood2music.catalog.music import read_song
from mood2music.catalog.open import SHIPPED
from mood2music.catalog.song import Song
from mood2music.catalog.table import read_table
from mood2music.errors import MusicFileError
from mood2music.files import cache_folder, checksum
from mood2music.generator.form import Plan
from mood2music.generator.memory.form import Form
from mood2music.generator.memory.guide import Guiding
from mood2music.generator.moods import MODES, Told
from mood2music.generator.network import EventNetwork
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.generator.sampling.continuation import one_thread
from mood2music.generator.structure import write_sections
from mood2music.music.events import Events, from_list, to_notes
from mood2music.music.meter import TimeSignature
from mood2music.music.notes import Notes
from mood2music.store.event_store import FORMAT, Store, open_store, write_store
from mood2music.store.piece import to_piece

log = logging.getLogger(__name__)

# Songs that are rehearsed, or pieces that the base writes: events of each, how many at once.
SONGS = {"catalog": 128, "written": 64}
EVENTS, TOGETHER = 256, 8
# Slowest tempo of these, in quarter notes a minute; the fastest is an octave up. Quarters of a bar.
SLOWEST = 70.0
BARS = (4, 4, 3)

Progress = Callable[[int, int], None]


@brief
@dataclass(frozen=True)
class Rehearsal:
    """Music of a base, made when it is first opened and kept in the cache.

    kind: of settings.REHEARSALS; base: the network's file; header: its own.
    """

    kind: str
    base: Path
    header: dict[str, Any]

    @cached_property
    def folder(self) -> Path:
        """Where its store is kept; what decides the music is its name."""
        read = self.header["data"]["settings"]
        decides = [FORMAT, self.kind, read["grid"], list(read["quantize"]), checksum(SHIPPED),
                   SONGS, EVENTS]  # fmt: skip
        decides += [checksum(self.base)] if self.kind == "written" else []
        name = hashlib.sha256(repr(decides).encode()).hexdigest()[:20]
        return cache_folder() / "rehearsal" / name

    @property
    def steps(self) -> int:
        """How many pieces have to be made."""
        return 0 if self.kind == "none" or self.folder.exists() else SONGS[self.kind]

    def open(self, network: EventNetwork, progress: Progress) -> Store | None:
        """Give the music; None for "none". progress: hears of each piece that is made."""
        if self.kind == "none":
            return None
        if self.steps:
            read = self.header["data"]["settings"]
            grid, divisors = int(read["grid"]), list(read["quantize"])
            log.info("%d pieces to rehearse, once, in %s", self.steps, self.folder)
            if self.kind == "written":
                pieces = _written(network, self.header, grid, progress)
            else:
                pieces = _read(_songs(SONGS[self.kind]), grid, progress)
            made = ((name, _name(name), to_piece(notes, divisors)) for name, notes in pieces)
            write_store(self.folder, made, grid, divisors)
        return open_store(self.folder)


def _songs(count: int) -> list[Song]:
    songs = read_table(SHIPPED)
    chosen = np.random.default_rng(0).permutation(len(songs))[:count]
    return [songs[i] for i in chosen]


def _name(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def _read(songs: list[Song], grid: int, progress: Progress) -> Iterator[tuple[str, Notes]]:
    for done, song in enumerate(songs, 1):
        try:
            yield song.id, read_song(song, grid)
        except MusicFileError as error:
            log.warning("not rehearsed: %s", error)
        progress(done, len(songs))


def _written(
    network: EventNetwork, header: dict[str, Any], grid: int, progress: Progress
) -> Iterator[tuple[str, Notes]]:
    """What the base writes behind silence: (name, notes).

    Pitches are drawn from its own probabilities; rhythm, rests and loops as in any piece.
    """
    form = None if header.get("form") is None else Form.from_dict(header["form"])
    guiding = None if form is None else Guiding(form)
    sampler = SamplerSettings(temperature=1.0, top_p=1.0, guidance=1.0)
    rng = np.random.default_rng(0)
    total, written = SONGS["written"], 0

    def wrote(events: int) -> None:
        nonlocal written
        written += events  # of each of the pieces that are written side by side
        progress(min(TOGETHER * written // EVENTS, total), total)

    for first in range(0, total, TOGETHER):
        tempo, mode = SLOWEST * float(2 ** rng.random()), MODES[int(rng.integers(len(MODES)))]
        bar = BARS[int(rng.integers(len(BARS)))]
        silence = from_list([((), bar * grid)], grid=grid, meter=(TimeSignature(0, bar, 4),))
        plan = Plan(EVENTS, variants=min(TOGETHER, total - first))
        told = Told((), tempo, mode)

        def seed(_: int, silence: Events = silence) -> Events:
            return silence

        with one_thread():
            found = write_sections(
                network, plan, seed, sampler, rng, wrote, guiding=guiding, told=told
            )
        for number, events in enumerate(found.variants, first):
            yield f"written {number}", to_notes(events, tempo, f"written {number}")
