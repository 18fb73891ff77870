"""A folder of music, or composers of music21's corpus, to an event store, made once."""

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from joblib import Parallel, delayed
from tqdm import tqdm

from mood2music import paths
from mood2music.checksum import checksum
from mood2music.errors import DataError, MusicFileError, SettingsError
from mood2music.music.events import LONGEST
from mood2music.music.notes import GRID, Notes
from mood2music.music.quantize import DIVISORS
from mood2music.music.read import NOTATION, SUFFIXES, read, read_corpus
from mood2music.music.store import FORMAT, Store, open_store, write_store

log = logging.getLogger(__name__)


@dataclass
class MusicSourceSettings:
    """configs/data/{midi,corpus}.yaml, the part that says what is read.

    name: midi (a folder, read recursively) or corpus (music21's own, by composer);
    quantize: parts of a quarter note that onsets and releases snap to, [] for none;
    jobs: worker processes for what music21 has to read (MIDI takes one).
    """

    name: str = "corpus"
    root: str | None = None
    composers: list[str] = field(default_factory=lambda: ["bach"])
    limit: int = 0
    grid: int = GRID
    quantize: list[int] = field(default_factory=lambda: list(DIVISORS))
    jobs: int = 2


def prepare(settings: MusicSourceSettings, progress: bool = True) -> Store:
    """Open the event store of these settings, making it first when it is missing or outdated.

    Raises DataError when there is nothing to read, SettingsError for a grid out of range.
    """
    if not 1 <= settings.grid <= LONGEST // 2:
        raise SettingsError(f"data.grid={settings.grid}: expected 1 to {LONGEST // 2} steps")
    sources = _sources(settings)
    folder = paths.cache() / "events" / _fingerprint(settings, sources)
    if not (folder / "store.json").is_file():
        folder.parent.mkdir(parents=True, exist_ok=True)
        log.info("reading %d pieces into %s", len(sources), folder)
        write_store(
            folder, _read_all(settings, sources, progress), settings.grid, settings.quantize
        )
    store = open_store(folder)
    if store.faults:
        log.warning(
            "%d of %d files left out, reasons in %s; the first: %s: %s",
            len(store.faults), len(sources), folder / "faults.csv", *store.faults[0],
        )  # fmt: skip
    if not store.pieces:
        raise DataError(f"no readable music in {settings.root or settings.composers}")
    return store


def _sources(settings: MusicSourceSettings) -> list[str]:
    """Names of what is to be read: paths relative to the root, or works of the corpus."""
    if settings.name == "midi":
        if not settings.root:
            raise DataError("data=midi needs data.root=folder: any folder of MIDI or MusicXML")
        root = Path(settings.root)
        if not root.is_dir():
            raise DataError(
                f"data.root={root}: no such folder; point it at any folder of MIDI files, "
                "for example an unpacked Lakh, POP909 or piano-midi.de, or take data=corpus"
            )
        found = sorted(
            str(path.relative_to(root))
            for path in root.rglob("*")
            if path.suffix.lower() in SUFFIXES
        )
        if not found:
            raise DataError(f"data.root={root} holds none of {', '.join(SUFFIXES)}")
    elif settings.name == "corpus":
        found = _corpus_works(settings.composers)
    else:
        raise SettingsError(f"data.name={settings.name}: expected midi or corpus")
    return found[: settings.limit] if settings.limit else found


def _corpus_works(composers: list[str]) -> list[str]:
    from music21 import corpus

    works = []
    for composer in composers:
        found = corpus.getComposer(composer)
        if not found:
            raise DataError(f"music21's corpus has no composer {composer}: try bach or beethoven")
        works += [_corpus_name(Path(path)) for path in found]
    return sorted(set(works))


def _corpus_name(path: Path) -> str:
    parts = path.parts
    return "/".join(parts[len(parts) - parts[::-1].index("corpus") :])


def _fingerprint(settings: MusicSourceSettings, sources: list[str]) -> str:
    """Name a store after its settings and its files' names, sizes and times."""
    stamps: list[Any] = [[FORMAT, version("music21"), settings.name, settings.grid]]
    stamps.append(list(settings.quantize))
    for source in sources:
        if settings.name == "midi":
            stat = (Path(settings.root or "") / source).stat()
            stamps.append([source, stat.st_size, stat.st_mtime_ns])
        else:
            stamps.append([source])
    return hashlib.sha256(repr(stamps).encode()).hexdigest()[:20]


def _read_all(
    settings: MusicSourceSettings, sources: list[str], progress: bool
) -> Iterator[tuple[str, str, Notes | MusicFileError]]:
    """Yield (source, sha256, notes or the fault), in the order of `sources`."""
    slow = settings.name == "corpus" or any(s.lower().endswith(NOTATION) for s in sources)
    results = Parallel(n_jobs=settings.jobs if slow else 1, return_as="generator")(
        delayed(_read_one)(settings, source) for source in sources
    )
    yield from tqdm(
        results, "reading", len(sources), unit="piece", disable=None if progress else True
    )


def _read_one(
    settings: MusicSourceSettings, source: str
) -> tuple[str, str, Notes | MusicFileError]:
    try:
        if settings.name == "corpus":
            notes = read_corpus(source, settings.grid)
            return source, hashlib.sha256(source.encode()).hexdigest(), notes
        path = Path(settings.root or "") / source
        return source, checksum(path), read(path, settings.grid)
    except MusicFileError as error:
        return source, "", error
