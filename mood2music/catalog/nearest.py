"""Finds songs of the catalog by a mood, a title or an id."""

import difflib
from collections.abc import Sequence

import numpy as np

from mood2music.catalog.song import Song
from mood2music.errors import DataError, SettingsError, UnknownNameError
from mood2music.mood import Mood

# Distances closer than this are ties: V-A comes from tables of few digits.
TIE = 1e-9


def nearest(
    songs: Sequence[Song],
    mood: Mood,
    k: int = 5,
    *,
    rng: np.random.Generator,
    richer: float = 0.0,
) -> list[tuple[Song, float]]:
    """Give the `k` songs nearest to `mood`, nearest first, each with its distance (0 to 2.83).

    Distance is Euclidean on the valence-arousal plane. A song of two voices and more may be
    `richer` further away than a bare tune and still come before it; one whose voices are unknown
    counts as the former. Of songs equally far away `rng` chooses,
    which also orders them. Fewer than `k` songs give them all. Raises DataError without songs,
    SettingsError for k below 1.
    """
    if not songs:
        raise DataError("the catalog has no songs: check catalog.style and the catalog's source")
    if k < 1:
        raise SettingsError(f"catalog.k={k}: expected 1 or more")
    points = np.array([[song.valence, song.arousal] for song in songs])
    # All of them: a tree of 20,000 points takes longer to build, and its library 2 s to load.
    distances = np.hypot(*(points - (mood.valence, mood.arousal)).T)
    ranked = distances + richer * np.array([song.bare for song in songs])
    last = min(k, len(songs)) - 1
    # All that tie with the k-th are candidates, not only those met first.
    places = np.flatnonzero(ranked <= np.partition(ranked, last)[last] + TIE)
    steps = np.rint(ranked[places] / TIE)
    order = places[np.lexsort((rng.random(len(steps)), steps))[:k]]
    return [(songs[i], float(distances[i])) for i in order]


def find(songs: Sequence[Song], name: str) -> Song:
    """Find one song by its id or its title (capitals do not matter).

    Raises UnknownNameError, naming near titles or, for a title that several songs share, their
    ids.
    """
    for song in songs:
        if song.id == name:
            return song
    wanted = name.strip().casefold()
    same = [s for s in songs if wanted in (s.title.casefold(), str(s).casefold())]
    if len(same) == 1:
        return same[0]
    if same:
        ids = ", ".join(f'"{song.id}"' for song in same[:5])
        raise UnknownNameError(
            f'{len(same)} songs are called "{name}": pass an id as song=, for example {ids}'
        )
    near = _near(songs, wanted)
    hint = f"near ones are {near}" if near else "pass a title or an id of the catalog's table"
    raise UnknownNameError(f'no song "{name}" among {len(songs)}: {hint}')


def _near(songs: Sequence[Song], wanted: str, count: int = 5) -> str:
    """Name up to `count` songs whose title holds or resembles `wanted`, with their ids."""
    by_name: dict[str, Song] = {}
    for song in songs:
        by_name.setdefault(song.title.casefold(), song)
        by_name.setdefault(song.id.casefold(), song)
    held = [name for name in by_name if wanted and wanted in name]
    alike = difflib.get_close_matches(wanted, by_name, n=count, cutoff=0.5)
    chosen = {by_name[name].id: by_name[name] for name in [*held[:count], *alike]}
    return ", ".join(f'"{s.title}" ({s.id})' for s in list(chosen.values())[:count])
