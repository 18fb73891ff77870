"""Plays motifs of a tune again, note by note, as often as tunes of the style do."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mood2music.generator.memory.heard_song import Note
from mood2music.generator.memory.motif_counts import Candidates, MotifCounts
from mood2music.generator.memory.motifs import INTERVALS
from mood2music.music.events import HELD


@dataclass
class Motif:
    """A motif that is being played again: the tune it stands in, and its next note there.

    by: semitones that it is moved by; left: notes of it to come; kept: in its rhythm too
    """

    tune: Sequence[Note]
    at: int
    by: int
    left: int
    kept: bool

    @property
    def wait(self) -> int:
        """Grid steps from the last note to the next."""
        return self.tune[self.at][1] - self.tune[self.at - 1][1]

    @property
    def pitch(self) -> int:
        """Of the next note."""
        return self.tune[self.at][0] + self.by

    def follow(self, pitch: int) -> bool:
        """Take in what is sung; says if the motif goes on."""
        on = pitch == self.pitch and self.left > 1 and self.at + 1 < len(self.tune)
        self.at += 1
        self.left -= 1
        return on and 0 <= self.pitch < HELD


class PlayedMotifs:
    """The tune of a piece so far, and the motif that it plays again.

    Behind each note that goes on with none it is decided whether one begins, of the tune itself
    or, with probability `theme`, of the song's.
    """

    def __init__(
        self,
        counts: MotifCounts,
        song: Sequence[Note],
        theme: float,
        grid: int,
        rng: np.random.Generator,
    ) -> None:
        """song: the notes of its tune; grid: steps in a quarter note."""
        self._counts, self._song, self._theme = counts, song, theme
        self._grid, self._rng = grid, rng
        self._tune: list[Note] = []
        self._motif: Motif | None = None
        self._open = False  # whether the last note may begin a motif

    @property
    def last(self) -> Note | None:
        """The last note of the tune."""
        return self._tune[-1] if self._tune else None

    def add(self, pitch: int, step: int) -> None:
        """Take in a note of the tune, struck at a grid step."""
        self._tune.append((pitch, step))
        if self._motif is not None and not self._motif.follow(pitch):
            self._motif = None
        self._open = self._motif is None

    def now(self) -> tuple[Motif, int] | None:
        """The motif that the tune plays now, and the grid step at which its next note is due.

        Behind each note it is decided if one begins.
        """
        if self._open:
            self._open = False
            if self._counts.begins(self._rng):
                self._motif = self._begun()
        if self._motif is None:
            return None
        _, last = self._tune[-1]
        return self._motif, last + self._motif.wait

    def _begun(self) -> Motif | None:
        pitch, step = self._tune[-1]
        ours = not self._song or self._rng.random() >= self._theme
        tune: Sequence[Note] = self._tune if ours else self._song
        count = len(self._tune) - 1 - INTERVALS if ours else len(tune) - INTERVALS
        if count < 1:
            return None
        pitches, steps = np.array(tune[:count]).T
        # The song's stands before the piece.
        back = (len(self._tune) - 1 if ours else len(self._tune) + len(tune)) - np.arange(count)
        aligned = (step - steps) % self._grid == 0
        at = self._counts.motif(Candidates(back, pitch - pitches, aligned), self._rng)
        if at is None:
            return None
        left, kept = self._counts.length(self._rng)
        motif = Motif(tune, at + 1, pitch - int(pitches[at]), left, kept)
        return motif if 0 <= motif.pitch < HELD else None
