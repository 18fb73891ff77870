"""Holds a finished run of a visitor: what was asked, what was written, where it lies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mood2music.flow.composed import Composed, Written
from mood2music.flow.request import GenerateSettings


@dataclass(frozen=True)
class Part:
    """What one request became, in a folder of its own."""

    settings: GenerateSettings
    composed: Composed
    written: Written


@dataclass(frozen=True)
class Run:
    """A finished run: what was asked and written, and a copy of the file it began with.

    dial: strengths of the style at which one piece was written, a part each; () for one part;
    shape: settings of a new piece that were set aside to write bars of it anew, {} for none.
    """

    settings: GenerateSettings
    parts: list[Part]
    private: Path | None
    dial: Sequence[float] = ()
    shape: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Name of its first folder, which nobody can guess."""
        return self.parts[0].written.folder.name

    @property
    def folders(self) -> list[Path]:
        """Where its files lie."""
        return [part.written.folder for part in self.parts]

    @property
    def there(self) -> bool:
        """Whether its files can still be fetched."""
        return all(folder.is_dir() for folder in self.folders)

    def variant(self, number: int) -> tuple[Part, int]:
        """Find a variant, counted from 0 through all parts: its part, and its number there.

        Raises IndexError when there are fewer.
        """
        for part in self.parts:
            if number < len(part.composed.pieces):
                return part, number
            number -= len(part.composed.pieces)
        raise IndexError("no such variant")

    def piece(self, number: int) -> Path:
        """Give the MIDI file of a variant, counted from 0. Raises IndexError when it has fewer."""
        part, own = self.variant(number)
        return part.written.files(own)[0]
