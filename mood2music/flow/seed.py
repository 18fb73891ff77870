"""Takes the events of a song that a network reads before it writes."""

from dataclasses import dataclass

import numpy as np

from mood2music.flow.photo import Report
from mood2music.music.key import Key
from mood2music.music.notes import Notes
from mood2music.music.seed import Passages, find_passages


@dataclass(frozen=True)
class SeedSettings:
    """What the seed's stage is asked: so many events, in so many places of the song."""

    length: int
    count: int = 1


def take_seeds(
    notes: Notes,
    settings: SeedSettings,
    divisors: list[int],
    rng: np.random.Generator,
    report: Report,
    key: Key | None = None,
) -> Passages:
    """Take seeds from the song, as the network was trained to read."""
    passages = find_passages(notes, settings.length, settings.count, divisors, rng, key)
    short = f", all of it: shorter than {settings.length}"
    report(
        f"seed   {passages.length} events from event {passages.starts[0]} of "
        f"{len(passages.events)}{short if passages.length < settings.length else ''}"
    )
    return passages
