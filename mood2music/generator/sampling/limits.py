"""What may be drawn as the next event: masks and scores that a drawer adds to its logits."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mood2music.generator.embedding import PAD
from mood2music.generator.sampling.choice import Floats
from mood2music.generator.sampling.constraints import MOST_PITCHES
from mood2music.music.events import END, HELD, LONGEST, SYMBOLS, Event

# No limit to how long a pitch sounds, in grid steps.
ANY = 1 << 40


class Limits(NamedTuple):
    """Of n variants.

    scores: (n, SYMBOLS) added to the logits of a chord's symbols: -inf where not allowed, and 0 for
    END, always; polyphony: most pitches at once, held ones counted; longest_hold: grid steps that a
    pitch may sound; ages: (n, 128) grid steps since each pitch was struck, None where no event that
    may come can make a hold too long; forbidden: the events that a variant may not draw, by its
    row; may_end: whether the end of the piece may be drawn
    """

    scores: Floats
    polyphony: int
    longest_hold: int
    ages: NDArray[np.int64] | None
    forbidden: dict[int, list[Event]]
    may_end: bool

    def longest(
        self, tokens: NDArray[np.int64], row: int | None = None
    ) -> NDArray[np.int64] | None:
        """Longest durations that chords, (n, pitches), may have: (n,); None where any is allowed.

        row: the variant that all n chords are for; each has its own when not given.
        """
        if self.ages is None:
            return None
        there = tokens != PAD
        known = self.ages if row is None else self.ages[row : row + 1]
        held = there & (tokens >= HELD)
        ages = np.take_along_axis(np.broadcast_to(known, (len(tokens), HELD)), tokens % HELD, 1)
        left = self.longest_hold - np.maximum.reduce(ages * held, axis=1, initial=0)
        return np.where(there.any(1), left, LONGEST)


def free(previous: NDArray[np.int64]) -> Limits:
    """Limits behind events, (n, pitches), and nothing else: only what sounds can be held on."""
    scores = np.zeros((len(previous), SYMBOLS), np.float32)
    scores[:, HELD:END] = -np.inf
    row, place = (previous != PAD).nonzero()
    scores[row, HELD + previous[row, place] % HELD] = 0
    return Limits(scores, MOST_PITCHES, ANY, None, {}, False)
