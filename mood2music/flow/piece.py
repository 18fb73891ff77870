"""Holds a piece as written, and makes it of the events that a network wrote."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mood2music.brief import brief
from mood2music.flow.extent import Extent
from mood2music.music.authors import Author
from mood2music.music.events import Events, join, to_notes
from mood2music.music.key import Key, octaves_above
from mood2music.music.lead_sheet import stated_in
from mood2music.music.notes import Notes
from mood2music.music.stated_chords import StatedChord
from mood2music.music.tempo import Tempi


@brief
@dataclass(frozen=True)
class Piece:
    """A piece as written, in its key; seed_end and sections in grid steps.

    authors: (n,) uint8, an Author a note; events: those behind the seed, of sections that return
    too; ended: whether they end before as many events, or bars, as were asked for; octaves: how
    many it lies above where its key is nearest to C major or A minor; kept_from: the grid step from
    which on the song's bars are kept again, None where none are; way: the tempi that it goes
    through, () where its notes' one holds; closes: whether it is to end on its tonic at a bar line,
    and does.
    """

    notes: Notes
    authors: NDArray[np.uint8]
    key: Key
    seed_end: int
    sections: list[tuple[str, int]]
    events: int
    ended: bool
    octaves: int = 0
    kept_from: int | None = None
    way: Tempi = ()
    closes: bool = False


@dataclass(frozen=True)
class Result:
    """What all variants become.

    shift: semitones from the network's key; extent: as it was asked for; chords: that the song
    states; opening: the seed where it opens the piece, else None
    """

    key: Key
    shift: int
    tempo: float
    title: str
    extent: Extent
    chords: tuple[StatedChord, ...]
    opening: Events | None

    def piece(
        self, events: Events, starts: Sequence[tuple[str, int]], written_by: NDArray[np.uint8]
    ) -> Piece:
        """Bring a variant to its key and tempo, behind the seed where that is kept.

        starts: the event at which each section starts; written_by: the Author of each token.
        """
        from mood2music.style.authorship import note_authors

        opening = events[:0] if self.opening is None else self.opening
        # Steps are those of the notes.
        whole = replace(join([opening, events]), meter=events.meter)
        steps = np.concatenate([[whole.start], whole.ends()]) - whole.origin
        notes = to_notes(whole, self.tempo, self.title).transposed(self.shift)
        if self.opening is not None:
            end = int(opening.ends()[-1])
            notes = replace(notes, chords=stated_in(self.chords, whole.start, end, whole.origin))
        seeded = np.full(len(opening.tokens), Author.SEED, np.uint8)
        by_token = np.concatenate([seeded, written_by])
        return Piece(
            notes,
            note_authors(notes, whole, by_token, self.shift),
            self.key,
            int(steps[len(opening)]) if self.opening is not None else 0,
            [(name, int(steps[len(opening) + at])) for name, at in starts],
            len(events),
            self.extent.exceeds(events),
            octaves_above(self.key, self.shift),
        )
