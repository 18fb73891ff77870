"""How rich are the songs that a mood finds? Prints a row for each `catalog.richer`.

python -m experiments.corpus_catalog.near [richer=[0,0.4] k=5 table=FILE]
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from experiments.measuring import measuring
from mood2music.catalog.nearest import nearest
from mood2music.catalog.open import SHIPPED
from mood2music.catalog.song import Song
from mood2music.catalog.table import read_table
from mood2music.mood import Mood

# Moods: a grid over the plane's inner part, and which of them count as one of a corner.
GRID = np.linspace(-0.9, 0.9, 19).round(1).tolist()
CORNER = 0.3
CORNERS = {"happy": (1, 1), "tense": (-1, 1), "sad": (-1, -1), "calm": (1, -1)}


@dataclass
class Settings:
    """table: of songs, null for the shipped; k: nearest songs of a mood; richer: values to try."""

    table: Path | None
    k: int
    richer: list[float]


@measuring
def main(asked: Settings) -> None:
    """Print bare tunes, voices and distance of the nearest songs, in all and by corner."""
    songs = read_table(asked.table or SHIPPED)
    moods = [Mood(valence, arousal) for valence in GRID for arousal in GRID]
    for richer in asked.richer:
        found = [near(songs, mood, asked.k, richer) for mood in moods]
        told = [f"all {shown(found)}"]
        for name, (valence, arousal) in CORNERS.items():
            here = [
                ranked
                for ranked, mood in zip(found, moods, strict=True)
                if mood.valence * valence >= CORNER and mood.arousal * arousal >= CORNER
            ]
            told.append(f"{name} {shown(here)}")
        print(f"richer {richer:g}: {'; '.join(told)}")


def near(songs: list[Song], mood: Mood, k: int, richer: float) -> list[tuple[Song, float]]:
    """Rank as `generate` does; ties fall as they do with seed 0."""
    return nearest(songs, mood, k, rng=np.random.default_rng(0), richer=richer)


def shown(found: list[list[tuple[Song, float]]]) -> str:
    """Share of bare tunes, mean voices and mean distance of the songs of several moods."""
    songs = [song for ranked in found for song, _ in ranked]
    away = [distance for ranked in found for _, distance in ranked]
    bare = np.mean([song.bare for song in songs])
    voices = np.mean([song.voices for song in songs])
    return f"{bare:.2f} bare, {voices:.2f} voices, {np.mean(away):.2f} away"


if __name__ == "__main__":
    main()
