"""Shows the catalog on the page: dots on the plane, and the songs nearest to a mood."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from mood2music.catalog.nearest import find, nearest
from mood2music.catalog.open import CatalogSettings, open_catalog
from mood2music.catalog.song import Song
from mood2music.mood import Mood
from mood2music.music.key import with_signs
from mood2music.music.notes import Notes
from mood2music.page.fields import one_of
from mood2music.page.form import chosen

# Songs offered for one mood.
OFFERED = 8
# Dots drawn at most: of a larger catalog every so many-th.
DOTS = 2000
# How far a song may lie from the mood, on axes from -1 to 1, to be called so.
NEAR = ((0.15, "very close"), (0.35, "close"), (0.7, "not far"), (3.0, "far"))
ANY = "any"


class CatalogView:
    """The songs of a catalog, filtered and sorted by nearness for the page."""

    def __init__(self, settings: CatalogSettings, label: Callable[[Notes], Mood]) -> None:
        """Open the catalog; `label` tells the mood of library files. Raises as open_catalog."""
        self.songs = open_catalog(settings, label)
        self.richer = settings.richer

    def styles(self) -> list[str]:
        """Styles, the most frequent first."""
        return [s for s, _ in Counter(s.style for s in self.songs if s.style).most_common()]

    def composers(self, style: str = ANY) -> list[str]:
        """Composers of songs of a style, sorted."""
        return sorted({s.artist for s in self.songs if s.artist and style in (ANY, s.style)})

    def dots(self) -> list[list[Any]]:
        """Give [valence, arousal, style's number, title] of every song that is drawn."""
        styles = {style: i for i, style in enumerate(self.styles())}
        step = -(-len(self.songs) // DOTS)
        return [
            [round(s.valence, 3), round(s.arousal, 3), styles.get(s.style, -1), str(s)]
            for s in self.songs[::step]
        ]

    def near(self, mood: Mood, style: str = ANY, composer: str = ANY) -> list[dict[str, Any]]:
        """Give the songs nearest to `mood` of a style and a composer, as `generate` ranks them.

        Raises DataError when none is left.
        """
        fitting: Sequence[Song] = [
            s for s in self.songs if style in (ANY, s.style) and composer in (ANY, s.artist)
        ]
        ranked = nearest(fitting, mood, OFFERED, rng=np.random.default_rng(0), richer=self.richer)
        return [_listed(song, distance) for song, distance in ranked]

    def offered(self, mood: Mood, style: Any, composer: Any) -> dict[str, Any]:
        """Give the list that songs.js shows, the nearest song chosen, and what it was asked by.

        Raises SettingsError for an unknown style or composer, DataError when no song is left.
        """
        style = one_of("style", style, [ANY, *self.styles()])
        composer = one_of("composer", composer, [ANY, *self.composers()])
        near = self.near(mood, style, composer)
        asked = [mood.valence, mood.arousal, style, composer]
        return {"songs": near, "chosen": near[0]["id"], "asked": asked}

    def chosen(self, songs: Any, mood: Mood, style: Any, composer: Any) -> str | None:
        """Read which song is chosen of the list; the nearest, where the list was asked by others.

        Who is faster than the line writes before the songs of a new mood are there.
        Raises as `offered`, and SettingsError for what is no list.
        """
        given = chosen(songs)
        asked = songs.get("asked") if isinstance(songs, dict) else None
        if asked in (None, [mood.valence, mood.arousal, style, composer]):
            return given
        return str(self.offered(mood, style, composer)["chosen"])

    def find(self, name: str) -> Song:
        """Find a song by its id. Raises UnknownNameError."""
        return find(self.songs, name)


def _listed(song: Song, distance: float) -> dict[str, Any]:
    return {
        "id": song.id,
        "title": song.title,
        "artist": song.artist,
        "style": song.style,
        "key": with_signs(song.key) if song.key else "",
        "tempo": round(song.tempo) if song.tempo else None,
        "valence": round(song.valence, 3),
        "arousal": round(song.arousal, 3),
        "distance": round(distance, 3),
        "near": next(word for most, word in NEAR if distance <= most),
    }
