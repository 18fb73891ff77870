"""Takes from a song the events that a network starts from, at a place and in the network's key."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mood2music.arrays import Ints
from mood2music.brief import brief
from mood2music.errors import MusicFileError, SettingsError
from mood2music.music.events import Events, from_list, join, to_events
from mood2music.music.key import Key, find_key
from mood2music.music.meter import bar_lines
from mood2music.music.notes import Notes
from mood2music.music.phrases import phrases_of
from mood2music.music.quantize import quantize


@brief
@dataclass(frozen=True)
class Passages:
    """A song in C major or A minor, and the places of it that seeds are taken from.

    key: the song's own key; starts: first event of each seed, drawn without replacement while
    places last; length: events of a seed, what was asked for or all the song has.
    """

    events: Events
    key: Key
    starts: list[int]
    length: int

    def seed(self, i: int) -> Events:
        """Give the i-th seed; behind the last place the first one comes again.

        Its meter ends with the signature that its end stands in: what is written behind it goes on
        in those bars, and not in changes that the song has later.
        """
        start = self.starts[i % len(self.starts)]
        seed = self.events[start : start + self.length]
        end = int(seed.ends()[-1])
        return replace(seed, meter=tuple(s for s in seed.meter if s.step <= end))


def find_passages(
    notes: Notes,
    length: int,
    count: int,
    divisors: Sequence[int],
    rng: np.random.Generator,
    key: Key | None = None,
) -> Passages:
    """Draw `count` random places for seeds of `length` events, quantised as the network's data was.

    They begin a phrase (`phrases.phrase_lines`); where there are too few, any bar; at last any
    event. A place where more than half of the events are rests is taken only when there is no
    other. In a song whose meter changes further places are first those whose seeds end in the meter
    of the first one's: a form in 4/4 and 3/4 by turns would be a medley.
    key: of the song, None to find it: that of a tune is surer than that of chords put under it.
    Raises SettingsError for a length below 1, MusicFileError for a song without events.
    """
    if length < 1:
        raise SettingsError(f"seed_len={length}: expected 1 or more events")
    notes = quantize(notes, divisors)
    key = key or find_key(notes)
    events = to_events(notes.transposed(key.to_c))
    if not len(events):
        raise MusicFileError(f"{notes.title} has no events to take a seed from")
    length = min(length, len(events))
    sounding = np.concatenate([[0], np.cumsum(events.counts() > 0)])
    places = np.flatnonzero(sounding[length:] - sounding[:-length] >= length / 2)
    if not len(places):
        places = np.arange(len(events) - length + 1)
    lines = bar_lines(events.meter, int(events.ends()[-1]), events.grid)
    lines = lines[lines >= events.start]
    begins = events.begins()
    phrases = phrases_of(events)
    drawn = places
    for beginnings in (phrases, lines):
        on_line = places[np.isin(begins[places], beginnings)]
        if len(on_line) >= count:
            drawn = on_line
            break
    chosen = rng.choice(drawn, min(count, len(drawn)), replace=False)
    if len(events.meter) > 1 and len(chosen) > 1:
        # Best are phrases in the first one's meter, then bars in it, then either in another one.
        ends = events.ends()[places + length - 1]
        other = _signatures(events, ends) != _signatures(events, ends[places == chosen[0]])
        kind = 4 * ~np.isin(begins[places], lines) + 2 * other
        kind += ~np.isin(begins[places], phrases)
        order = rng.permutation(len(places))
        later = places[order[np.argsort(kind[order], kind="stable")]]
        chosen = np.append(chosen[:1], later[later != chosen[0]])[: len(chosen)]
    return Passages(events, key, [int(start) for start in chosen], length)


def _signatures(events: Events, ends: Ints) -> Ints:
    """A number for the beats and unit that hold from each step on: (n,)."""
    begins = np.array([signature.step for signature in events.meter])
    kinds = [signature[1:] for signature in events.meter]
    own = np.array([kinds.index(kind) for kind in kinds])
    return own[np.maximum(np.searchsorted(begins, ends, "right") - 1, 0)]


def to_bar_line(seed: Events) -> Events:
    """A seed that ends with a bar: cut there, or silent to its end where that leaves too little."""
    place, length, _ = seed.bar_places()
    lines = np.flatnonzero(place == 0)
    if len(lines) and lines[-1] + 1 >= len(seed) / 2:
        return seed[: int(lines[-1]) + 1]
    rest = from_list([((), int(length[-1] - place[-1]))], grid=seed.grid)
    return join([seed, rest])
