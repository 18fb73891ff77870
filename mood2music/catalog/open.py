"""Opens the catalog that the settings name, whichever source its songs come from."""

import difflib
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mood2music.catalog.calibrate import METHODS
from mood2music.catalog.deezer import GET_CSV, GET_MIDI, read_deezer
from mood2music.catalog.library import read_library
from mood2music.catalog.listing import by_composer
from mood2music.catalog.nearest import find as find_song
from mood2music.catalog.song import Song
from mood2music.catalog.table import read_table
from mood2music.command.ranges import at_least, one_of
from mood2music.errors import DataError, UnknownNameError
from mood2music.files import PACKAGE
from mood2music.mood import Mood
from mood2music.music.notes import Notes
from mood2music.registry import find, register

log = logging.getLogger(__name__)

SHIPPED = PACKAGE / "catalog" / "corpus.csv"


@dataclass
class CatalogSettings:
    """configs/generate/catalog/*.yaml.

    name: corpus (a table: the shipped one, or csv), deezer (csv and midi_root) or library (root);
    k: nearest songs to choose among; richer: how much further away on the plane a song of two
    voices and more may be than a bare tune, and still come before it; csv: a table, or Deezer's
    CSV file or folder; midi_root: the unpacked LMD-matched; root: a folder of music files;
    calibrate: quantile, minmax or none, how the axes of deezer and library map onto [-1, 1] (a
    table's stand as they are); style: only songs of this style.
    """

    name: str = "corpus"
    k: int = 5
    richer: float = 0.1
    csv: str | Path | None = None
    midi_root: str | Path | None = None
    root: str | Path | None = None
    calibrate: str = "quantile"
    style: str | None = None

    def check(self) -> None:
        """Raise SettingsError for an unknown source or way to calibrate, or a number too low."""
        find("catalog", self.name, "catalog.name")
        one_of(self, "catalog.", calibrate=METHODS)
        at_least(self, "catalog.", k=1, richer=0)

    def check_source(self) -> None:
        """Raise DataError for a source that lacks its table or folder."""
        if self.name == "deezer" and not self.csv:
            raise DataError(f"catalog=deezer needs catalog.csv=, Deezer's mood set: {GET_CSV}")
        if self.name == "deezer" and not self.midi_root:
            raise DataError(f"catalog=deezer needs music besides the mood set: {GET_MIDI}")
        if self.name == "library" and not self.root:
            raise DataError(
                "catalog=library needs catalog.root=, a folder of MIDI, MusicXML, kern, ABC or MEI"
            )


Label = Callable[[Notes], Mood]
# What is registered: of the settings, what labels a file, what that is called, and whether
# progress is shown, the songs.
Reader = Callable[[CatalogSettings, Label, str, bool], list[Song]]


def open_catalog(
    settings: CatalogSettings,
    label: Callable[[Notes], Mood],
    va_source: str = "rated",
    progress: bool = True,
) -> list[Song]:
    """Give the playable songs of the catalog that the settings name.

    `label` is asked for the mood of library files, and `va_source` says what it is. Raises
    DataError for missing or faulty data, SettingsError for an unknown source, UnknownNameError
    for a style that no song has.
    """
    settings.check()
    settings.check_source()
    read: Reader = find("catalog", settings.name, "catalog.name").build
    songs = [song for song in read(settings, label, va_source, progress) if song.playable]
    if settings.style is not None:
        songs = _of_style(songs, settings.style)
    own_table = settings.name == "corpus" and settings.csv
    log.info(
        "catalog %s: %d songs", _table(settings).name if own_table else settings.name, len(songs)
    )
    return songs


@register("catalog", "corpus")
def _corpus(settings: CatalogSettings, label: Label, va_source: str, progress: bool) -> list[Song]:
    return read_table(_table(settings))


@register("catalog", "deezer")
def _deezer(settings: CatalogSettings, label: Label, va_source: str, progress: bool) -> list[Song]:
    csv, music = Path(settings.csv or ""), Path(settings.midi_root or "")
    return read_deezer(csv, music, settings.calibrate)


@register("catalog", "library")
def _library(settings: CatalogSettings, label: Label, va_source: str, progress: bool) -> list[Song]:
    root = Path(settings.root or "")
    return read_library(root, label, va_source, settings.calibrate, progress).songs


def check_names(settings: CatalogSettings, song: str | None, composer: str | None) -> None:
    """Raise what open_catalog and `find` would, where the songs stand in a table.

    A style, a composer or a title that is not there is named before anything heavy is loaded.
    """
    if settings.name == "corpus" and (song or composer or settings.style or settings.csv):
        songs = [row for row in read_table(_table(settings)) if row.playable]
        if settings.style is not None:
            songs = _of_style(songs, settings.style)
        songs = by_composer(songs, composer)
        if song is not None:
            find_song(songs, song)


def _table(settings: CatalogSettings) -> Path:
    return Path(settings.csv).expanduser() if settings.csv else SHIPPED


def _of_style(songs: list[Song], style: str) -> list[Song]:
    chosen = [song for song in songs if song.style.casefold() == style.casefold()]
    if not chosen:
        styles = Counter(song.style for song in songs if song.style)
        near = difflib.get_close_matches(style.casefold(), styles, n=1)
        meant = f"did you mean {near[0]}? " if near else ""
        there = ", ".join(f"{name} ({count})" for name, count in styles.most_common(10))
        raise UnknownNameError(
            f"catalog.style={style}: {meant}this catalog has {there or 'no styles'}"
        )
    return chosen
