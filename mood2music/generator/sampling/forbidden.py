"""Events that may not be drawn next to what they take from the probability of each choice."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mood2music.generator.sampling.choice import Floats
from mood2music.music.events import Event

# What is left at least of the odds of a choice that leads nowhere but to a forbidden event.
LEAST = 1e-9


@dataclass(frozen=True)
class Path:
    """A chord with forbidden durations, and the choices by which it is drawn.

    chord: its tokens; symbols: the choices in their order, as columns of the logits; steps: the
    durations; tail[j]: probability that a chord that began as this one goes on as it from choice j
    to the end and to one of those durations; tail[len(symbols)] is the durations' alone
    """

    chord: tuple[int, ...]
    symbols: tuple[int, ...]
    steps: list[int]
    tail: NDArray[np.float64]


def turn_away(
    logits: Floats,
    paths: Iterable[Path],
    so_far: tuple[int, ...],
    temperature: float,
    first: int = 0,
) -> None:
    """Take out of one choice's logits, in place, what would lead down the paths.

    logits: (choices,), the columns from `first` on; so_far: the choices before it. Each choice is
    multiplied by the share of what can follow it that is not forbidden, so that all other events
    keep their proportions:

        chords A, B, C with probability 0.6, 0.3, 0.1, half of A's durations forbidden
        -> 0.3, 0.3, 0.1 of 0.7
    """
    shares: dict[int, float] = defaultdict(float)
    place = len(so_far)
    for path in paths:
        if path.symbols[:place] == so_far and len(path.symbols) > place:
            shares[path.symbols[place]] += float(path.tail[place + 1])
    for symbol, share in shares.items():
        logits[symbol - first] += (temperature or 1) * np.log(max(1 - share, LEAST))


def by_chord(events: Iterable[Event]) -> dict[tuple[int, ...], list[int]]:
    """Events as chords with their durations."""
    durations: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for chord, steps in events:
        durations[chord].append(steps)
    return durations
