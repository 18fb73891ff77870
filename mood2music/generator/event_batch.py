"""Defines what networks read: windows of events side by side, as tensors."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from mood2music.music.events import END, LEVELS, LONGEST

# Fills the pitch axis of a batch behind the last pitch of an event; its embedding is zero.
PAD = END
# Fills the time axis behind the last event of a short piece; such events are not scored.
NO_EVENT = 0
# The end of a piece is one more event behind its last: a rest of this duration.
END_OF_PIECE = LONGEST + 1
DURATIONS = LONGEST + 2
# In place of a level: a held pitch, or no pitch at all; its embedding is zero.
NO_LEVEL = LEVELS
# Places within a quarter note that the networks tell apart.
BEAT = 24
# Places of a bar that the networks tell apart, in sixteenth notes, and its lengths in eighths.
SIXTEENTHS = 32
EIGHTHS = 16
METERS = 2 * (EIGHTHS + 1)


class Recalled(NamedTuple):
    """What is recalled where the next event is due, of each of `kinds` kinds of memory.

    tokens: (..., kinds, pitches) int64, of the event recalled, padded with PAD; durations:
    (..., kinds) int64, grid steps, of "melody" those until its note is due; codes: (..., kinds)
    int64, how sure it is, 0: nothing is recalled (see `memory.kinds`)
    """

    tokens: Tensor
    durations: Tensor
    codes: Tensor

    def at(self, index: Any) -> "Recalled":
        """Index the leading axes of all three."""
        return Recalled(*(tensor[index] for tensor in self))


class EventBatch(NamedTuple):
    """Windows of events side by side.

    tokens: (batch, time, pitches) int64, padded with PAD
    durations: (batch, time) int64, grid steps; END_OF_PIECE for the end of a piece, NO_EVENT behind
    beats: (batch, time) int64, 0 to BEAT - 1: where in its quarter note the event ends, and so
        the next one begins
    levels: (batch, time, pitches) int64, dynamic level of each struck pitch, NO_LEVEL elsewhere
    bars: (batch, time, 2) int64, place in the bar and meter where the event ends, as `bar_codes`
        gives them; None where nobody asks
    recalled: what is recalled behind each event; None where nobody asks
    moods: (batch, time, 4) int64, codes of the mood, pace and mode that the next event is to have,
        as `moods.codes_of` gives them; None where nobody asks
    harmony: (batch, time, 2) int64, codes of the chord that the next event stands on and of the one
        behind it, as `changes` has them; None where nobody asks
    texture: (batch, time, 2) int64, codes of how full the bar is that the next event begins in, as
        `music.texture` has them; None where nobody asks
    scored: (batch, time) bool, which events training's loss is taken of; None: all
    """

    tokens: Tensor
    durations: Tensor
    beats: Tensor
    levels: Tensor
    bars: Tensor | None = None
    recalled: Recalled | None = None
    moods: Tensor | None = None
    harmony: Tensor | None = None
    texture: Tensor | None = None
    scored: Tensor | None = None

    def part(self, start: int | None, stop: int | None) -> "EventBatch":
        """Cut the time axis of all."""
        return self.rows((slice(None), slice(start, stop)))

    def rows(self, index: Any) -> "EventBatch":
        """Index the leading axes of all."""
        return EventBatch(
            self.tokens[index],
            self.durations[index],
            self.beats[index],
            self.levels[index],
            None if self.bars is None else self.bars[index],
            None if self.recalled is None else self.recalled.at(index),
            None if self.moods is None else self.moods[index],
            None if self.harmony is None else self.harmony[index],
            None if self.texture is None else self.texture[index],
            None if self.scored is None else self.scored[index],
        )


def bar_codes(
    place: NDArray[np.int64], length: NDArray[np.int64], compound: NDArray[np.bool_], grid: int
) -> NDArray[np.int64]:
    """Place in the bar and meter as a network reads them: (n, 2).

    place, length: (n,) grid steps, as `Events.bar_places` gives them; compound: (n,), as in 6/8.
    """
    sixteenth = np.minimum(place * 4 // grid, SIXTEENTHS - 1)
    eighths = np.minimum(length * 2 // grid, EIGHTHS)
    return np.stack([sixteenth, eighths + (EIGHTHS + 1) * compound], -1)
