"""Reads the pieces that state their meter, and holds some of them out, near copies together."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np

from mood2music.catalog.corpus import PARTS, pieces
from mood2music.errors import MusicFileError
from mood2music.files import checksum
from mood2music.generator.parts import part_of
from mood2music.music.events import to_events
from mood2music.music.meter import TimeSignature, bar_length, is_compound
from mood2music.music.meter_candidates import BINS, CANDIDATES, PHASE, WHICH
from mood2music.music.meter_finder import SHORTEST
from mood2music.music.notes import Notes
from mood2music.music.quantize import quantize
from mood2music.music.read import SUFFIXES, read, read_corpus
from mood2music.store.near_copies import NearCopies

FOLDERS = ("jazz", "classical", "classical_kern")
# Tunes of one voice, of music21's corpus; of notes they have at least so many.
FOLK = "folk"
TUNE_BOOKS = ("airdsAirs/", "essenFolksong/", "oneills1850/", "ryansMammoth/")
FEWEST = 24


@dataclass(frozen=True)
class Stated:
    """A piece that states its meter, which is hidden in `notes`.

    signature: the one that holds longest, at its first bar line at or behind step 0; changes: how
    many others there are; held_out: whether it is kept from fitting.
    """

    style: str
    file: str
    notes: Notes
    signature: TimeSignature
    changes: int
    held_out: bool

    @property
    def candidate(self) -> int | None:
        """Number of the candidate that is right, None where there is none."""
        return candidate(self.signature, self.notes.grid)


def candidate(signature: TimeSignature, grid: int) -> int | None:
    """Number of the candidate with these bars: length, first bar line, compound or not."""
    phase = round(signature.step * BINS / grid)
    for i, (which, at) in enumerate(zip(WHICH.tolist(), PHASE.tolist(), strict=True)):
        found = CANDIDATES[which]
        other = TimeSignature(0, found.beats, found.unit)
        if found.bins * grid == bar_length(signature, grid) * BINS and (
            at == phase % found.bins and is_compound(other) == is_compound(signature)
        ):
            return i
    return None


def longest(notes: Notes) -> TimeSignature:
    """The signature, with its place of the bar line, that holds for most of a piece."""
    steps = [max(s.step, 0) for s in notes.meter]
    held: Counter[TimeSignature] = Counter()
    for signature, start, stop in zip(notes.meter, steps, [*steps[1:], notes.end], strict=True):
        first = signature.step % bar_length(signature, notes.grid)
        held[signature._replace(step=first)] += max(stop - start, 0)
    return held.most_common(1)[0][0]


def stated(music: Path, held_out: float) -> list[Stated]:
    """Read the pieces of the folders; near copies are held out together."""
    found = list(_read(music))
    names = [path.relative_to(music).as_posix() for path, _ in found]
    return _parted(
        [(Path(name).parts[0], name, notes) for name, (_, notes) in zip(names, found, strict=True)],
        [checksum(path)[:16] for path, _ in found],
        held_out,
    )


def tunes(count: int, held_out: float) -> list[Stated]:
    """Read so many tunes of each of TUNE_BOOKS, drawn at random; copies are held out together."""
    rng = np.random.default_rng(0)
    found: list[tuple[str, str, Notes]] = []
    for part in PARTS:
        if part.prefix in TUNE_BOOKS:
            listed = pieces(part)
            drawn = (listed[i].name for i in rng.permutation(len(listed)))
            found += [
                (FOLK, f"{FOLK}/{name}", notes) for name, notes in islice(_sung(drawn), count)
            ]
    return _parted(found, [name for _, name, _ in found], held_out)


def _parted(
    found: Sequence[tuple[str, str, Notes]], keys: Sequence[str], held_out: float
) -> list[Stated]:
    with NearCopies() as copies:
        for *_, notes in found:
            copies.add(to_events(quantize(notes)))
        groups = copies.groups(keys)
    return [
        Stated(
            style,
            name,
            replace(notes, meter=()),
            longest(notes),
            len(notes.meter) - 1,
            part_of(group, held_out) == "test",
        )
        for (style, name, notes), group in zip(found, groups, strict=True)
    ]


def _sung(names: Iterable[str]) -> Iterator[tuple[str, Notes]]:
    for name in names:
        try:
            notes = read_corpus(name)
        except MusicFileError:
            continue
        long = len(notes) >= FEWEST and notes.end >= SHORTEST * notes.grid
        if long and notes.meter and not notes.meter_found:
            yield name, notes


def _read(music: Path) -> Iterator[tuple[Path, Notes]]:
    for folder in FOLDERS:
        for path in sorted((music / folder).rglob("*")):
            if path.suffix not in SUFFIXES:
                continue
            try:
                notes = read(path)
            except MusicFileError:
                continue
            if notes.meter and not notes.meter_found:
                yield path, notes
