"""Chooses the songs of a catalog that somebody looks for, and lists them as rows of a table."""

import difflib
from collections.abc import Iterable, Sequence

from mood2music.catalog.song import Song
from mood2music.errors import UnknownNameError


def by_composer(songs: Sequence[Song], composer: str | None) -> list[Song]:
    """Songs whose composer or performer holds these letters; None: all.

    Raises UnknownNameError, naming some that there are, when there is none.
    """
    if composer is None:
        return list(songs)
    found = [song for song in songs if composer.casefold() in song.artist.casefold()]
    if not found:
        there = sorted({song.artist for song in songs if song.artist})
        some = ", ".join(there[:8]) + (" and others" if len(there) > 8 else "")
        names = {
            name.casefold(): name for artist in there for name in artist.split() if name.isalpha()
        }
        near = difflib.get_close_matches(composer.casefold(), names, 1, 0.7)
        meant = f"did you mean {names[near[0]]}? " if near else ""
        raise UnknownNameError(
            f"composer={composer}: {meant}this catalog has {some or 'no composers'}"
        )
    return found


def by_words(songs: Sequence[Song], words: str) -> list[Song]:
    """Songs whose title, composer or id holds every word, in any order; capitals do not matter.

    Raises UnknownNameError when there is none.
    """
    wanted = words.casefold().split()
    found = [
        song
        for song in songs
        if all(word in f"{song.title} {song.artist} {song.id}".casefold() for word in wanted)
    ]
    if not found:
        raise UnknownNameError(
            f'none of {len(songs)} songs has "{words}" in its title, composer or id: '
            "pass fewer words, or near=[0.5,0.2]"
        )
    return found


def rows(songs: Iterable[Song], distances: Sequence[float] = ()) -> list[dict[str, str | float]]:
    """One row a song for a person to read, with its distance where distances are given."""
    listed = []
    for i, song in enumerate(songs):
        row: dict[str, str | float] = {"distance": round(distances[i], 3)} if distances else {}
        listed.append(
            row
            | {
                "title": _cut(song.title, 40),
                "composer": _cut(song.artist, 30),
                "style": song.style,
                "valence": round(song.valence, 2),
                "arousal": round(song.arousal, 2),
                "voices": round(song.voices, 1) or "",
                "key": song.key,
                "tempo": round(song.tempo),
                "id": song.id,
            }
        )
    return listed


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
