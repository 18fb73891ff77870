"""Holds what a user allows to be written: pitches and how many at once, as a mask."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mood2music.arrays import Floats
from mood2music.music.events import END, HELD, SYMBOLS
from mood2music.music.key import MAJOR, MINOR

# More pitches than two hands and a pedal hold; the longest chord in the training data has 17.
MOST_PITCHES = 24


@dataclass(frozen=True)
class Constraints:
    """In the key that the network writes in: lowest and highest pitch, MIDI numbers, both allowed;
    pitch_classes: those allowed, 0 is C (None: all); polyphony: most pitches sounding at once, held
    ones counted; lean: of 12 pitch classes, added to the logit of striking one, () for none.
    """

    low: int = 0
    high: int = HELD - 1
    pitch_classes: frozenset[int] | None = None
    polyphony: int = MOST_PITCHES
    lean: tuple[float, ...] = ()

    def pitches(self) -> NDArray[np.bool_]:
        """Which pitches are allowed: (128,)."""
        pitch = np.arange(HELD)
        allowed = (pitch >= self.low) & (pitch <= self.high)
        if self.pitch_classes is not None:
            allowed &= np.isin(pitch % 12, list(self.pitch_classes))
        return allowed

    def closed(self) -> Floats:
        """0 for the symbols allowed, -inf for the others, struck and held alike: (SYMBOLS,).

        The end of a chord is always allowed, so nothing can strand.
        """
        closed = np.zeros(SYMBOLS, np.float32)
        closed[:END] = np.where(np.tile(self.pitches(), 2), 0.0, -np.inf)
        if self.lean:
            closed[:HELD] += np.array(self.lean, np.float32)[np.arange(HELD) % 12]
        return closed


# Anything that can be played.
FREE = Constraints()

# Pitch classes from C major and A minor; the minor one has its leading note, G sharp, too.
SCALES = {"major": frozenset({0, 2, 4, 5, 7, 9, 11}), "minor": frozenset({0, 2, 4, 5, 7, 8, 9, 11})}


def leaning(mode: str, strength: float) -> tuple[float, ...]:
    """Give what is added to each pitch class's logit so that a piece stays in its mode.

    C major and A minor share a scale: what tells them apart is how often each degree is heard. It
    is the difference of their key profiles, each of mean 0 and length 1 (see `music.key`), times
    `strength`: in A minor A and E gain, G and C lose. () at strength 0.
    """
    if not strength:
        return ()
    major, minor = (
        (profile - profile.mean()) / np.linalg.norm(profile - profile.mean())
        for profile in (MAJOR, np.roll(MINOR, 9))
    )
    more = minor - major if mode == "minor" else major - minor
    return tuple((strength * more).tolist())
