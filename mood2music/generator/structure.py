"""Writes whole pieces behind seeds, in the sections a user asks for (A B A2 C A3) or in one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mood2music.brief import brief
from mood2music.generator.encoder import CONTEXT
from mood2music.generator.form import Section, check_length
from mood2music.generator.memory.guide import Guiding
from mood2music.generator.moods import Told
from mood2music.generator.network import EventNetwork
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.generator.sampling.constraints import FREE, Constraints
from mood2music.generator.sampling.continuation import continue_events, ready
from mood2music.generator.sampling.ending import Ending
from mood2music.generator.sampling.knowing import Heard
from mood2music.music.events import HELD, Events, join, join_on_beat

# A returning section is varied phrase by phrase; eight events are about two bars of eighths.
PHRASE = 8


@brief
@dataclass(frozen=True)
class Plan:
    """What is to be written: variants of `length` events in sections, about equally long.

    sections: none is one. Raises SettingsError when `length` leaves a section without an event.
    """

    length: int
    sections: Sequence[Section] = ()
    variants: int = 1

    def __post_init__(self) -> None:
        """Check it once."""
        check_length(self.length, self.named)

    @property
    def named(self) -> Sequence[Section]:
        """The sections, A alone where none are asked for."""
        return self.sections or [Section("A", 1)]

    def sizes(self) -> list[int]:
        """Events of each section."""
        count = len(self.named)
        return [self.length // count + (i < self.length % count) for i in range(count)]


@brief
@dataclass(frozen=True)
class Structured:
    """Variants with one and the same plan: the events of each, and where sections start in them."""

    variants: list[Events]
    starts: list[tuple[str, int]]


def write_sections(
    network: EventNetwork,
    plan: Plan,
    seed_of: Callable[[int], Events],
    sampler: SamplerSettings,
    rng: np.random.Generator,
    tick: Callable[[int], object] = lambda _: None,
    constraints: Constraints = FREE,
    guiding: Guiding | None = None,
    ending: Ending | None = None,
    told: Told | None = None,
) -> Structured:
    """Write what is planned.

    seed_of: i -> the seed of the i-th new letter, so that B starts elsewhere in the song than A.
    A letter that returns repeats its section; by its number, phrases are written anew in place.
    With sampler.end_of_piece a variant may end earlier, in the last section where that is new.
    ending: how the last section ends, where it is a new one; None: behind its last event.
    guiding: what a network that recalls is told to come back to; told: the mood that one that reads
    moods is told; of no use to others.
    A variant is the same however many are written beside it. `tick` is told how
    many events more are written.
    """
    sections, n = plan.named, plan.variants
    writer = ready(network, sampler.guidance)

    def write(contexts: list[Events], size: int, last: bool = False) -> list[Events]:
        settings = replace(sampler, end_of_piece=sampler.end_of_piece and last)
        stream = rng.spawn(1)[0]
        past = [Heard(told=told or Told())] * n
        if guiding is not None:
            streams = rng.spawn(1)[0].spawn(n)
            past = [
                heard._replace(guide=guiding.guide(context, own))
                for heard, context, own in zip(past, contexts, streams, strict=True)
            ]
        end = ending if last else None
        return continue_events(
            writer, contexts, size, settings, stream, tick, constraints, past, end
        )

    known: dict[str, list[Events]] = {}
    heard: dict[str, list[Events]] = {}
    parts: list[list[Events]] = []
    starts: list[tuple[str, int]] = []
    at = 0
    for i, (section, size) in enumerate(zip(sections, plan.sizes(), strict=True)):
        if section.letter in known:
            anew = _anew(section, size, rng)
            original, seeds = known[section.letter], heard[section.letter]
            written = _returned(original, seeds, size, anew, write, tick)
        else:
            seeds = [seed_of(len(known))] * n
            written = write(seeds, size, i + 1 == len(sections))
            known[section.letter], heard[section.letter] = written, seeds
        parts.append([struck_anew(events) if i else events for events in written])
        name = section.letter + (str(section.number) if section.number > 1 else "")
        starts.append((name, at))
        at += size
    return Structured([join_on_beat([p[i] for p in parts]) for i in range(n)], starts)


def struck_anew(events: Events) -> Events:
    """The same, what the first event holds being struck: nothing leads up to it where it stands."""
    tokens = events.tokens.copy()
    tokens[: events.offsets[1] if len(events) else 0] %= HELD
    return replace(events, tokens=tokens)


def _anew(section: Section, size: int, rng: np.random.Generator) -> set[int]:
    """Which phrases of a returning section of `size` events are written anew, in all variants."""
    phrases = -(-size // PHRASE)
    count = min(phrases, round(section.varied * phrases))
    return set(rng.choice(phrases, count, replace=False).tolist()) if count else set()


def _returned(
    original: list[Events],
    seeds: list[Events],
    size: int,
    anew: set[int],
    write: Callable[[list[Events], int], list[Events]],
    tick: Callable[[int], object],
) -> list[Events]:
    """The section again, some phrases written anew behind what then stands before them."""
    written = [e[:0] for e in original]
    turned = False  # whether the phrase before is not the original's
    for phrase in range(-(-size // PHRASE)):
        start, stop = phrase * PHRASE, min((phrase + 1) * PHRASE, size)
        new = [e[start:stop] for e in original]
        if phrase not in anew and all(len(e) == stop - start for e in new):
            new = [struck_anew(e) for e in new] if turned else new
            turned = False
            tick(stop - start)
        else:
            before = [join([s, w])[-CONTEXT:] for s, w in zip(seeds, written, strict=True)]
            new = write(before, stop - start)
            turned = True
        written = [join_on_beat([w, e]) for w, e in zip(written, new, strict=True)]
    return written
