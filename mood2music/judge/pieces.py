"""Measures every piece in a folder of music files into a table of statistics, one row a piece."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mood2music.errors import DataError, MusicFileError
from mood2music.isolate import Isolated
from mood2music.judge.judges import flat, judged
from mood2music.judge.runs import other_forms
from mood2music.music.notes import Notes
from mood2music.music.read import SUFFIXES
from mood2music.store.safely import read_safely


@dataclass(frozen=True)
class PieceRow:
    """path: from the folder; judged: what each judge measures of the piece, by the judge's name."""

    path: str
    judged: Mapping[str, Any]

    def as_dict(self) -> dict[str, float | int | str | None]:
        """One flat row: the path, then `judges.columns`."""
        return {"path": self.path, **flat(self.judged)}


@dataclass(frozen=True)
class PiecesTable:
    """The rows of the pieces read, and path: reason for the files that could not be read."""

    rows: list[PieceRow]
    bad: dict[str, str]


def pieces_table(
    folder: Path, progress: bool = True, more: Mapping[str, Callable[[Notes], Any]] | None = None
) -> PiecesTable:
    """Measure every piece below `folder`; bad files are listed with the reason.

    more: judges that are not registered, by name, each giving a dataclass.
    Raises DataError for a missing folder, and for one without any music file.
    """
    with Isolated() as child:
        pieces, bad = read_pieces(folder, child, progress=progress)
    rows = []
    for name, notes in pieces.items():
        others = {judge: measure(notes) for judge, measure in (more or {}).items()}
        rows.append(PieceRow(name, {**judged(notes), **others}))
    return PiecesTable(rows, bad)


def read_pieces(
    folder: Path, child: Isolated, option: str = "pieces", progress: bool = True
) -> tuple[dict[str, Notes], dict[str, str]]:
    """Read every music file below `folder`: path from there -> notes, and -> reason of a bad one.

    Parsers run in `child`. A piece that `generate` wrote in several forms is read once, its MIDI
    file. Raises DataError for a missing folder, and for one without any music file; `option` is
    what the user passed it as.
    """
    from tqdm import tqdm

    if not folder.is_dir():
        raise DataError(
            f"no folder {folder}: pass a folder of MIDI, MusicXML, kern, ABC or MEI as {option}="
        )
    again = other_forms(folder)
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and path.suffix.lower() in SUFFIXES and path not in again
    )
    if not files:
        raise DataError(f"no music in {folder}: expected files {', '.join(SUFFIXES)}")
    pieces: dict[str, Notes] = {}
    bad: dict[str, str] = {}
    for path in tqdm(files, desc=option, unit="file", disable=not progress):
        name = path.relative_to(folder).as_posix()
        try:
            pieces[name] = read_safely(path, child=child)
        except MusicFileError as error:
            bad[name] = str(error)
    return pieces, bad
