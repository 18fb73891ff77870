"""Pieces of the shipped catalog, rendered and heard: what is tuned on, and what is reported."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from mood2music.audio.network import Posteriors, hear
from mood2music.audio.sound import resample
from mood2music.catalog.music import read_song
from mood2music.catalog.open import SHIPPED
from mood2music.catalog.song import Song
from mood2music.catalog.table import read_table
from mood2music.music.notes import Notes
from mood2music.render.sound import RATE as RENDERED
from mood2music.render.sound import render_sound

# General MIDI programs: sharp attacks, bowed, and a pipe organ whose stops sound octaves as well.
PROGRAMS = {"piano": 0, "guitar": 24, "violin": 40, "church organ": 19}
SECONDS = 45.0


@dataclass(frozen=True)
class Take:
    """A piece as one instrument played it, and what the network heard."""

    song: Song
    kind: str
    program: str
    notes: Notes
    heard: Posteriors


def draw(seed: int, tuning: int, reported: int) -> tuple[list[Song], list[Song]]:
    """Songs of the catalog, half of each part sparse and half dense by `kind`, none in both."""
    songs = read_table(SHIPPED)
    order = np.random.default_rng(seed).permutation(len(songs))
    parts: dict[str, list[Song]] = {"sparse": [], "dense": []}
    for i in tqdm(order, desc="drawing"):
        own = parts[kind(read_song(songs[i]).until(SECONDS))]
        if len(own) < (tuning + reported) // 2:
            own.append(songs[i])
        if all(len(part) == (tuning + reported) // 2 for part in parts.values()):
            break
    half = tuning // 2
    return (
        [song for part in parts.values() for song in part[:half]],
        [song for part in parts.values() for song in part[half:]],
    )


def kind(notes: Notes) -> str:
    """sparse: at most two pitches sound during 95 % of the time; dense: else."""
    return "sparse" if np.quantile(_sounding(notes), 0.95) <= 2 else "dense"


def takes(songs: Sequence[Song]) -> list[Take]:
    """Render each song with each program and let the network hear it."""
    made = []
    for song in tqdm(songs, desc="hearing"):
        notes = read_song(song).until(SECONDS)
        for name, program in PROGRAMS.items():
            sound = render_sound(notes, program=str(program), room=0).mean(axis=1)
            heard = hear(resample(sound, RENDERED))
            made.append(Take(song, kind(notes), name, notes, heard))
    return made


def _sounding(notes: Notes) -> NDArray[np.int64]:
    """Pitches sounding at each grid step."""
    change = np.zeros(notes.end + 1, np.int64)
    np.add.at(change, notes.onset, 1)
    np.add.at(change, notes.onset + notes.duration, -1)
    return np.asarray(np.cumsum(change)[:-1])
