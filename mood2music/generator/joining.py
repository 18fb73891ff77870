"""Joins sections of a piece at bar lines, each in its own meter."""

from collections.abc import Sequence
from dataclasses import replace

from mood2music.music.events import HELD, LONGEST, Events, between, join
from mood2music.music.meter import COMMON, bar_lines, moved_to, places


def in_bars(parts: Sequence[Events]) -> Events:
    """Put sections behind each other, each from a bar line on in its own meter."""
    whole = parts[0]
    for part in parts[1:]:
        end = int(whole.ends()[-1])
        within = places(whole.meter, [end], whole.grid)[0][0]
        meter = whole.meter
        first, *later = moved_to(part.meter, part.start, part.grid) or COMMON
        if within or first[1:] != (meter or COMMON)[-1][1:]:
            meter = (*(meter or COMMON), first._replace(step=end))
        meter = (*meter, *(s._replace(step=s.step + end) for s in later))
        whole = replace(join([whole, struck_anew(part)]), meter=meter)
    return whole


def struck_anew(events: Events) -> Events:
    """The same, what the first event holds being struck: nothing leads up to it where it stands."""
    tokens = events.tokens.copy()
    tokens[: events.offsets[1] if len(events) else 0] %= HELD
    return replace(events, tokens=tokens)


def from_bar_line(events: Events) -> Events:
    """The same from its first bar line on, or all where it has none."""
    end = int(events.ends()[-1])
    lines = bar_lines(events.meter, end, events.grid)
    later = lines[(lines >= events.start) & (lines < end)]
    return between(events, int(later[0]), end) if len(later) else events


def filled(events: Events) -> Events:
    """The same to the end of its last bar, where its last event can last that long."""
    place, length, _ = (int(part[-1]) for part in events.bar_places())
    gap = (length - place) % length
    if not gap or events.durations[-1] + gap > LONGEST:
        return events
    durations = events.durations.copy()
    durations[-1] += gap
    return replace(events, durations=durations)
