"""Builds, lists, searches and shows a catalog of songs by mood.

    python -m mood2music.catalog build catalog.root=my_music
    python -m mood2music.catalog list catalog.style=folk composer=aird
    python -m mood2music.catalog search near=[0.5,0.2] k=10
    python -m mood2music.catalog show "Yanky Doodle"

build   a folder of MIDI, MusicXML, kern, ABC or MEI to out/catalog.csv, which every command and
        `generate` take as catalog.csv=; files that cannot be read are listed with the reason
list    all songs, or those of a catalog.style= and a composer=
search  songs by words of their titles (`search yanky doodle`), or the k nearest to a mood (near=)
show    one song, its nearest neighbours

Each draws the songs on the plane of valence and arousal as out/plane.png. The catalog is the
shipped one unless catalog.csv=table.csv, catalog=library catalog.root=folder or catalog=deezer
says otherwise; out=folder says where files go (outputs/catalog).
"""

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from omegaconf import DictConfig

from mood2music.catalog.nearest import find, nearest
from mood2music.catalog.open import CatalogSettings, open_catalog
from mood2music.catalog.song import Song
from mood2music.command.entrypoint import entrypoint
from mood2music.command.overrides import is_override, literal
from mood2music.command.text import one_line
from mood2music.errors import SettingsError
from mood2music.face.named import as_mood
from mood2music.files import CONFIGS

if TYPE_CHECKING:
    from mood2music.render.plane import Mark

VERBS = ("build", "list", "search", "show")


@dataclass
class CatalogCommandSettings:
    """configs/generate/catalog.yaml.

    verb: one of VERBS; words: of a title, or a song's title or id; near: valence and arousal;
    k: nearest songs; composer: only songs whose composer's name holds this; out: folder of files.
    """

    verb: str = "list"
    words: str | None = None
    near: Any = None
    k: int = 10
    composer: str | None = None
    out: str = "outputs/catalog"
    catalog: CatalogSettings = field(default_factory=CatalogSettings)

    def check(self) -> None:
        """Raise SettingsError, MoodError or DataError for a value that cannot be used."""
        if self.verb not in VERBS:
            raise SettingsError(f"verb={self.verb}: expected one of {', '.join(VERBS)}")
        if self.k < 1:
            raise SettingsError(f"k={self.k}: expected 1 or more songs")
        if self.near is not None:
            as_mood(self.near, "near")
        self.catalog.check()
        if self.verb == "build":
            if self.catalog.name != "library" or not self.catalog.root:
                raise SettingsError(
                    "build needs catalog.root=, a folder of MIDI, MusicXML, kern, ABC, MEI"
                )
        else:
            self.catalog.check_source()


def main() -> None:
    """Take the verb, and words without =, from the command line; the rest is Hydra's."""
    given = sys.argv[1:]
    asked = bool({"-h", "--help"} & set(given))
    if "--version" in given:
        run()
        return
    if not given or asked:
        print((__doc__ or "").strip())
        if asked:
            print()
            sys.argv[1:] = ["--help"]
            run()
        return
    verb, rest = given[0], given[1:]
    if verb not in VERBS:
        print(f"error: {verb}: expected one of {', '.join(VERBS)}; --help tells", file=sys.stderr)
        sys.exit(1)
    overrides = [word for word in rest if is_override(word) or word[:1] in ("-", "~")]
    words = " ".join(word for word in rest if word not in overrides)
    if words and verb in ("list", "build"):
        way = "catalog.style= and composer= choose" if verb == "list" else "catalog.root= names it"
        print(f"error: {verb} takes no words, got {words}: {way}", file=sys.stderr)
        sys.exit(1)
    if words:
        overrides.append(f"words={literal(words)}")
    if verb == "build" and not any(word.startswith("catalog=") for word in overrides):
        overrides.append("catalog=library")
    sys.argv[1:] = [f"verb={verb}", *overrides]
    run()


@entrypoint("catalog", CONFIGS / "generate")
def run(config: DictConfig) -> None:
    """Carry out one command and print the path of its picture or table."""
    from mood2music.command.settings import parse

    settings = parse(CatalogCommandSettings, config)
    commands = {"build": label_folder, "list": show_all, "search": search, "show": show}
    print(commands[settings.verb](settings, Path(settings.out)))


def label_folder(settings: CatalogCommandSettings, out: Path) -> Path:
    """Label a folder's music and write the table; give its path."""
    from mood2music.catalog.library import read_library
    from mood2music.catalog.table import write_table
    from mood2music.judge.song_mood import SOURCE, song_mood

    root = Path(str(settings.catalog.root))
    library = read_library(root, song_mood, SOURCE, settings.catalog.calibrate)
    table = out / "catalog.csv"
    write_table(table, [replace(s, music=_music(Path(s.music), table)) for s in library.songs])
    _draw(library.songs, out, title=f"{root.name}, {len(library.songs)} songs")
    for style, count in Counter(song.style for song in library.songs).most_common():
        print(f"{count:6} {style or 'no style'}")
    print(f"{len(library.songs):6} songs, {len(library.bad)} files refused")
    for name, reason in library.bad.items():
        print(one_line(f"refused {name}: {reason}"))
    return table


def show_all(settings: CatalogCommandSettings, out: Path) -> Path:
    """Print the songs of a style and a composer."""
    songs = _open(settings)
    _print(songs)
    print(f"{len(songs)} songs")
    return _draw(songs, out)


def search(settings: CatalogCommandSettings, out: Path) -> Path:
    """Print the songs that have the words, or those near a mood as `generate` ranks them."""
    from mood2music.catalog.listing import by_words
    from mood2music.render.plane import Mark

    songs = _open(settings)
    if settings.words:
        songs = by_words(songs, settings.words)
    if settings.near is None:
        if not settings.words:
            raise SettingsError("search what? pass words of a title, or near=[0.5,0.2]")
        _print(songs)
        return _draw(songs, out, title=f"{settings.words}, {len(songs)} songs")
    mood = as_mood(settings.near, "near")
    rng, richer = np.random.default_rng(0), settings.catalog.richer
    found = nearest(songs, mood, settings.k, rng=rng, richer=richer)
    _print([song for song, _ in found], [distance for _, distance in found])
    marks = [Mark(song.mood, "") for song, _ in found]
    named = f"{mood.valence:+.2f}, {mood.arousal:+.2f}".replace("-", "\N{MINUS SIGN}")
    return _draw(songs, out, [*marks, Mark(mood, named, "cross")])


def show(settings: CatalogCommandSettings, out: Path) -> Path:
    """Print one song's facts and its neighbours."""
    from mood2music.render.plane import Mark

    if not settings.words:
        raise SettingsError('show which song? pass its title or id: show "Yanky Doodle"')
    songs = _open(settings)
    song = find(songs, settings.words)
    facts = {
        "title": song.title,
        "composer": song.artist or "unknown",
        "style": song.style or "none",
        "valence": f"{song.valence:+.3f} ({song.raw[0]:+.3f} before calibration)",
        "arousal": f"{song.arousal:+.3f} ({song.raw[1]:+.3f} before calibration)",
        "mood from": song.va_source,
        "key": song.key or "unknown",
        "voices": f"{song.voices:g} at once" if song.voices else "unknown",
        "tempo": f"{song.tempo:g} quarter notes a minute" if song.tempo else "unknown",
        "music": song.music,
        "id": song.id,
    }
    for name, value in facts.items():
        print(f"{name:10} {one_line(value)}")
    others = [other for other in songs if other.id != song.id]
    if others:
        found = nearest(others, song.mood, settings.k, rng=np.random.default_rng(0))
        print()
        _print([other for other, _ in found], [distance for _, distance in found])
    return _draw(songs, out, [Mark(song.mood, song.title, "target")])


def _open(settings: CatalogCommandSettings) -> list[Song]:
    from mood2music.catalog.listing import by_composer
    from mood2music.judge.song_mood import song_mood

    return by_composer(open_catalog(settings.catalog, song_mood), settings.composer)


def _print(songs: Sequence[Song], distances: Sequence[float] = ()) -> None:
    from mood2music.catalog.listing import rows
    from mood2music.render.report import Table, as_text

    print(as_text(Table("songs", rows(songs, distances)), len(songs)))


def _draw(
    songs: Sequence[Song],
    out: Path,
    marks: "Sequence[Mark]" = (),
    title: str = "",
) -> Path:
    from mood2music.render.plane import Dot, write_plane

    path = out / "plane.png"
    dots = [Dot(song.mood, song.style) for song in songs]
    write_plane(dots, path, marks, title)
    return path


def _music(music: Path, table: Path) -> str:
    """Place of a file as the table says it: from its folder on when below it, else absolute."""
    place, folder = music.resolve(), table.parent.resolve()
    return str(place.relative_to(folder) if place.is_relative_to(folder) else place)


if __name__ == "__main__":
    main()
