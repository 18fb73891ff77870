"""Adds music that a text file lists: data=midi data.name=listed +data.table=pieces.txt."""

from dataclasses import dataclass
from pathlib import Path

from mood2music.errors import DataError
from mood2music.generator.data_settings import MusicDataSettings
from mood2music.registry import register
from mood2music.store.sources import Source, file_source


@dataclass
class ListedSettings(MusicDataSettings):
    """table: a text file, a line a piece of music: the path of its file."""

    name: str = "listed"
    table: str = "pieces.txt"

    def check_root(self) -> None:
        """Raise DataError before anything is read where the table is not there."""
        if not Path(self.table).is_file():
            raise DataError(f"data.table={self.table}: no such file")


@register("music_data", "listed", ListedSettings)
def listed(settings: ListedSettings) -> list[Source]:
    """Name the files, each by its path."""
    lines = Path(settings.table).read_text(encoding="utf-8").splitlines()
    return [file_source(Path(line), line) for line in lines if line]
