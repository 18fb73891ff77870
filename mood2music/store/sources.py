"""Lists what settings say is to be read: the files below a folder, or works of music21's corpus."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from mood2music.command.ranges import above, at_least, within
from mood2music.errors import DataError, SettingsError
from mood2music.music.events import LONGEST
from mood2music.music.notes import GRID
from mood2music.music.quantize import DIVISORS, check_divisors
from mood2music.music.read import SUFFIXES, reader
from mood2music.registry import find
from mood2music.store import piece


@dataclass
class MusicSourceSettings:
    """configs/data/{midi,corpus}.yaml, the part that says what is read.

    name: midi (a folder, read recursively), corpus (music21's own, by composer) or another that is
    registered as music_data; store: the folder of a prepared store, which is read instead, where
    the music itself is not;
    quantize: parts of a quarter note that onsets and releases snap to, [] for none; repeats: play
    repeats, endings and jumps where the format has them; jobs: processes that read, -1 for one a
    core; timeout: processor seconds that one file may take.
    """

    name: str = "midi"
    root: str | None = None
    store: str | None = None
    composers: list[str] = field(default_factory=lambda: ["bach"])
    limit: int = 0
    grid: int = GRID
    quantize: list[int] = field(default_factory=lambda: list(DIVISORS))
    repeats: bool = False
    jobs: int = -1
    timeout: float = 60.0

    def check(self) -> None:
        """Raise SettingsError for a value outside its range."""
        find("music_data", self.name, "data.name")
        within(self, "data.", 1, LONGEST // 2, "grid")
        check_divisors(self.quantize, self.grid)
        above(self, "data.", timeout=0)
        at_least(self, "data.", limit=0, jobs=-1)
        if self.jobs == 0:
            raise SettingsError("data.jobs=0: expected a number of processes, or -1 for one a core")


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to read.

    name: path below the root with "/", or a work of the corpus ("bach/bwv66.6.mxl"); path: where
    the file lies, absolute, None for a work; size, changed: of the file, bytes and nanoseconds,
    -1 for one that cannot be looked at.
    """

    name: str
    path: str | None = None
    size: int = 0
    changed: int = 0


def find_sources(settings: MusicSourceSettings) -> list[Source]:
    """List what `settings` ask for, sorted by name, the first `limit` of them.

    Raises DataError when there is nothing, SettingsError for a setting out of range.
    """
    settings.check()
    found: list[Source] = find("music_data", settings.name, "data.name").build(settings)
    return found[: settings.limit] if settings.limit else found


def reading_of(settings: MusicSourceSettings) -> str:
    """Name all that decides what a content is read to: settings, and what reads it."""
    text = repr([settings.grid, list(settings.quantize), settings.repeats, reader(), _pieces()])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _pieces() -> str:
    """A hash of the code that makes a piece of notes."""
    return hashlib.sha256(Path(piece.__file__).read_bytes()).hexdigest()[:16]


def find_root(folder: str | None) -> Path:
    """Give the folder of music. Raises DataError when none is named, or there is none."""
    if not folder:
        raise DataError(
            "data=midi needs data.root=folder: any folder of MIDI, MusicXML, kern, ABC or MEI"
        )
    root = Path(folder)
    if not root.is_dir():
        raise DataError(
            f"data.root={root}: no such folder; point it at any folder of MIDI files, "
            "for example an unpacked Lakh, POP909 or piano-midi.de, or take data=corpus"
        )
    return root


def find_store(settings: MusicSourceSettings) -> Path:
    """Give the prepared store that is named. Raises DataError when there is none."""
    folder = Path(str(settings.store))
    if not (folder / "store.json").is_file():
        raise DataError(
            f"data.store={folder}: no prepared store; mood2music.prepare makes one and names it"
        )
    return folder


def files(settings: MusicSourceSettings) -> list[Source]:
    """List the music files below `data.root`. Raises DataError when there is none."""
    root = find_root(settings.root)
    found = sorted(_below(root), key=lambda source: source.name)
    if not found:
        raise DataError(f"{root} holds none of {', '.join(SUFFIXES)}")
    return found


def _below(root: Path) -> Iterator[Source]:
    top = root.absolute()
    for folder, _, names in os.walk(top):
        below = Path(folder).relative_to(top)
        for name in names:
            if name.lower().endswith(SUFFIXES):
                yield file_source(Path(folder, name), (below / name).as_posix())


def file_source(path: Path, name: str) -> Source:
    """Name a file as a source; what cannot be read of it is said when it is read."""
    try:
        stat = path.stat()
        size, changed = stat.st_size, stat.st_mtime_ns
    except OSError:  # a link that leads nowhere
        size, changed = -1, -1
    return Source(name, str(path.absolute()), size, changed)


def works(settings: MusicSourceSettings) -> list[Source]:
    """List the composers' works in music21's corpus. Raises DataError for one who has none."""
    from music21 import corpus

    works = set()
    for composer in settings.composers:
        found = corpus.getComposer(composer)
        if not found:
            raise DataError(f"music21's corpus has no composer {composer}: try bach or beethoven")
        works |= {_work(Path(path)) for path in found}
    return [Source(name) for name in sorted(works)]


def _work(path: Path) -> str:
    parts = path.parts
    return "/".join(parts[len(parts) - parts[::-1].index("corpus") :])
