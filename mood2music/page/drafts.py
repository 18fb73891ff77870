"""Shows a piece while it is written: its notes now and then, and what of it can be heard by then.

Its opening is played as soon as so much is written; the whole first variant before the others are,
and before any score is engraved.
"""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mood2music.flow.piece import Piece
from mood2music.flow.request import GenerateSettings
from mood2music.music.tempo import Tempi
from mood2music.page.form import SOUND
from mood2music.page.results import address, roll_of
from mood2music.render.performance import Performance, perform
from mood2music.render.ritardando import tempi_of
from mood2music.render.sound import write_sound

# Seconds of music that are heard before the rest is written, and those that may still change: a
# note at the end may be held on.
OPENING, UNSURE = 8.0, 1.0
# Seconds between two looks at a piece, and how many times as long as a look took it is let alone.
PACE, ALONE = 0.3, 4.0


@dataclass(frozen=True)
class Draft:
    """What is there of a piece: its title, its roll as on the page, and what can be heard.

    sound: address of its sound, "" while there is none; until: seconds of the piece that it has,
    None for all.
    """

    title: str
    roll: dict[str, Any] = field(default_factory=dict)
    sound: str = ""
    until: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Give what draft.js draws."""
        return {"title": self.title, "roll": self.roll, "sound": self.sound, "until": self.until}


class Drafts:
    """Follows the first variant of a run from its first notes to its sound."""

    def __init__(
        self, folder: Path, show: Callable[[Draft], object], asked: GenerateSettings
    ) -> None:
        """`folder`: of the run, where what is heard is put; `show`: is given each draft.

        asked: of the run, by which its opening is played.
        """
        self._folder, self._show, self._asked = folder, show, asked
        self._draft = Draft("")
        self._due = 0.0
        self._whole = False

    def watch(self, new: Callable[[], list[Piece]]) -> None:
        """Look at what is written by now, where the last look is long enough ago."""
        begun = time.monotonic()
        if begun < self._due:
            return
        piece = new()[0]
        draft = self._of(piece)
        alone = PACE
        if not draft.sound and piece.notes.seconds >= OPENING + UNSURE:
            file = self._folder / f"opening.{SOUND}"
            write_sound(self._played(piece), file)
            draft = replace(draft, sound=address(file), until=OPENING)
        else:
            alone = max(PACE, ALONE * (time.monotonic() - begun))
        self._tell(draft)
        self._due = time.monotonic() + alone

    def composed(self, piece: Piece) -> None:
        """Show the first variant as it is."""
        asked = self._asked
        tempi = tempi_of(piece.notes, asked.render, self._style(), piece.way, piece.closes)
        self._tell(self._of(piece, tempi))

    def wrote(self, file: Path) -> None:
        """Let the first variant be heard when a run's first sound is there."""
        if self._whole or file.suffix != f".{SOUND}":
            return
        self._whole = True
        kept = self._folder / f"first.{SOUND}"
        shutil.copy(file, kept)
        self._tell(replace(self._draft, sound=address(kept), until=None))

    def _played(self, piece: Piece) -> Performance:
        """Play the opening as the whole piece will be."""
        opening, asked = piece.notes.until(OPENING), self._asked
        return perform(opening, piece.key, asked.render, self._style(), asked.seed, [])

    def _style(self) -> str:
        """Name the style whose idiom it is played in."""
        styled = self._asked.styled
        return styled.players(styled.strengths())

    def _of(self, piece: Piece, tempi: Tempi = ()) -> Draft:
        """Give the same with what a piece is by now."""
        return replace(self._draft, title=piece.notes.title, roll=roll_of(piece, tempi))

    def _tell(self, draft: Draft) -> None:
        self._draft = draft
        self._show(draft)
