"""Says how long a piece is to be: in events, in bars, and in sections of a form that is drawn."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mood2music.errors import SettingsError
from mood2music.flow.writing_settings import WritingSettings
from mood2music.music.events import Events, to_events
from mood2music.music.key import Key
from mood2music.music.meter import bar_length, bar_lines
from mood2music.music.notes import Notes

if TYPE_CHECKING:
    from mood2music.generator.sampling.ending import Ending


class Extent(NamedTuple):
    """How long a piece is, and how it ends.

    length: events at most; bars: how many are asked for, None where events are; ending: None for
    behind its last event
    """

    length: int
    bars: int | None
    ending: "Ending | None"

    def exceeds(self, events: Events) -> bool:
        """Whether fewer events, or whole bars, were written than are asked for."""
        if self.bars is None:
            return len(events) < self.length
        return _whole_bars(events) < self.bars


def extent_of(settings: WritingSettings, seed: Events, key: Key, tempo: float) -> Extent:
    """How long a piece is that is written behind a seed, and how it ends.

    Raises SettingsError for seconds that leave a section without a bar: only the song tells how
    long one is.
    """
    from mood2music.generator.sampling.ending import Ending, bars_in, stop_after

    ending = Ending(key.mode if settings.cadence else None)
    bars = settings.bars
    if settings.seconds is not None:
        bars = bars_in(seed, settings.seconds, tempo)
        if bars < (sections := len(settings.sections)):
            longer = count(int(settings.seconds) + 1)
            least = next(s for s in longer if bars_in(seed, s, tempo) >= sections)
            raise SettingsError(
                f"seconds={settings.seconds:g} is too short for {sections} sections: {bars} bars "
                f"of this song at {tempo:g} quarter notes a minute, expected seconds={least} or "
                "more, one bar each"
            )
    if bars is not None:
        # No bar has more events than grid steps.
        return Extent(stop_after(seed, bars) - int(seed.ends()[-1]), bars, ending)
    return Extent(settings.length, None, ending if settings.cadence else None)


def with_form(
    settings: WritingSettings,
    styles: Mapping[str, float],
    song: Notes,
    rng: np.random.Generator,
) -> WritingSettings:
    """Draw the sections of a form that is to be learned, as many as the length has room for.

    styles: strength of each. A length in events counts as many bars as so many of the song's have.
    """
    from mood2music.generator.sections import BARS, mixed

    if not settings.learned:
        return settings
    bars: float
    if settings.bars is not None:
        bars = settings.bars
    elif settings.seconds is not None:
        bar = bar_length(song.meter[-1], song.grid) if song.meter else 4 * song.grid
        bars = settings.seconds * (settings.tempo or song.tempo) / 60 * song.grid / bar
    else:
        events = max(1, len(to_events(song)))
        lines = bar_lines(song.meter, song.end, song.grid)
        # A line at the very end begins no bar.
        bars = settings.length * int((lines < song.end).sum()) / events
    sections = mixed(styles).draw(max(1, round(bars / BARS)), rng)
    return replace(settings, sections=sections)


def _whole_bars(events: Events) -> int:
    """How many whole bars there are in events."""
    lines = bar_lines(events.meter, int(events.ends()[-1]), events.grid)
    return max(int((lines >= events.start).sum()) - 1, 0)
