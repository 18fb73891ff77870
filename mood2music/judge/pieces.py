"""Measures every piece in a folder of music files into a table of statistics, one row a piece."""

from dataclasses import dataclass, fields
from pathlib import Path

from mood2music.errors import DataError, MusicFileError
from mood2music.isolate import Isolated
from mood2music.judge.mood import formula_mood
from mood2music.judge.statistics import Statistics, statistics
from mood2music.mood import Mood
from mood2music.music.read import SUFFIXES
from mood2music.store.safely import read_safely

COLUMNS = ("path", *(field.name for field in fields(Statistics)), "valence", "arousal")


@dataclass(frozen=True)
class PieceRow:
    """path: from the folder; the piece's statistics; its mood by the formula."""

    path: str
    statistics: Statistics
    mood: Mood

    def as_dict(self) -> dict[str, float | int | str]:
        """One flat row, keys as in COLUMNS."""
        mood = {"valence": self.mood.valence, "arousal": self.mood.arousal}
        return {"path": self.path, **vars(self.statistics), **mood}


@dataclass(frozen=True)
class PiecesTable:
    """The rows of the pieces read, and path: reason for the files that could not be read."""

    rows: list[PieceRow]
    bad: dict[str, str]


def pieces_table(folder: Path, progress: bool = True) -> PiecesTable:
    """Measure every music file below `folder`; bad files are listed with the reason.

    Raises DataError for a missing folder, and for one without any music file.
    """
    from tqdm import tqdm

    if not folder.is_dir():
        raise DataError(
            f"no folder {folder}: pass a folder of MIDI, MusicXML, kern, ABC or MEI as pieces="
        )
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix.lower() in SUFFIXES)
    if not files:
        raise DataError(f"no music in {folder}: expected files {', '.join(SUFFIXES)}")
    rows: list[PieceRow] = []
    bad: dict[str, str] = {}
    with Isolated() as child:
        for path in tqdm(files, desc="pieces", unit="file", disable=not progress):
            name = path.relative_to(folder).as_posix()
            try:
                notes = read_safely(path, child=child)
            except MusicFileError as error:
                bad[name] = str(error)
                continue
            rows.append(PieceRow(name, statistics(notes), formula_mood(notes)))
    return PiecesTable(rows, bad)
