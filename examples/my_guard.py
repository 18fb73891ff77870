"""Adds a guard against leaps: plugins=my_guard 'sampler.guards={leap:{most:7}}'."""

from dataclasses import dataclass

import numpy as np

from mood2music.command.ranges import at_least
from mood2music.generator.sampling.choice import Floats
from mood2music.generator.sampling.next_events import NextEvents
from mood2music.music.events import HELD
from mood2music.registry import register


@dataclass
class LeapSettings:
    """most: semitones that the highest pitch may rise from one struck chord to the next."""

    most: int = 12

    def check(self) -> None:
        """Raise SettingsError for a value outside its range."""
        at_least(self, "sampler.guards.leap.", most=1)


@register("guard", "leap", LeapSettings)
class Leap:
    """Rules out pitches too far above the highest that was struck last."""

    def __init__(self, settings: LeapSettings, n: int, grid: int) -> None:
        """Begin with nothing heard, of n variants."""
        self.most = settings.most
        self.top = np.full(n, HELD)

    def add(self, event: NextEvents) -> None:
        """Keep the highest pitch that is struck; a rest keeps the one before."""
        struck = event.token < HELD
        top = np.full(len(self.top), -1)
        np.maximum.at(top, event.row[struck], event.token[struck])
        self.top = np.where(top < 0, self.top, top)

    def limit(self, scores: Floats) -> None:
        """Shut the strikes above."""
        scores[:, :HELD][np.arange(HELD) > self.top[:, None] + self.most] = -np.inf
