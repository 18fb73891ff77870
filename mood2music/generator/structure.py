"""Seeds to whole pieces, in the sections that the user asks for (A B A2 C A3) or in one."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from mood2music.errors import SettingsError
from mood2music.generator.choice import SamplerSettings
from mood2music.generator.network import EventNetwork
from mood2music.generator.sampling import CONTEXT, continue_events
from mood2music.music.events import Events, join, join_on_beat
from mood2music.music.notes import GRID

# A returning section is varied phrase by phrase; eight events are about two bars of eighths.
PHRASE = 8
# Share of the phrases that are written anew for each step of the number: A2 a quarter, A3 half.
VARIED = 0.25
MOST_VARIED = 0.75


@dataclass(frozen=True)
class Section:
    """A letter and a number: A and A1 are the section itself, A2 and up its variations."""

    letter: str
    number: int

    @property
    def varied(self) -> float:
        """Share of the phrases that are written anew when this section returns."""
        return min(VARIED * (self.number - 1), MOST_VARIED)


@dataclass(frozen=True)
class Structured:
    """Variants with one and the same plan: the events of each, and where sections start in them."""

    variants: list[Events]
    starts: list[tuple[str, int]]


def parse_structure(names: Sequence[str]) -> list[Section]:
    """Read ["A", "B", "A2"]. Raises SettingsError for anything but a letter and a number."""
    sections = []
    for name in names:
        match = re.fullmatch(r"([A-Za-z])([1-9]\d?)?", str(name))
        if match is None:
            raise SettingsError(
                f"structure has {name}: expected a letter, with a number where it varies, for "
                "example [A,B,A2,C,A3]"
            )
        sections.append(Section(match[1].upper(), int(match[2] or 1)))
    return sections


def write_sections(
    network: EventNetwork,
    sections: Sequence[Section],
    seed_of: Callable[[int], Events],
    n: int,
    length: int,
    sampler: SamplerSettings,
    generator: torch.Generator,
    rng: np.random.Generator,
    tick: Callable[[int], object] = lambda _: None,
    grid: int = GRID,
) -> Structured:
    """Write `n` variants of `length` events in these sections, about equally long; none is one.

    seed_of: i -> the seed of the i-th new letter, so that B starts elsewhere in the song than A.
    A letter that returns repeats its section; by its number, phrases are written anew in place.
    Raises SettingsError when `length` leaves a section without an event.
    """
    sections = sections or [Section("A", 1)]
    if length < len(sections):
        raise SettingsError(
            f"length={length} is too short for {len(sections)} sections: one event each at least"
        )
    sizes = [length // len(sections) + (i < length % len(sections)) for i in range(len(sections))]
    known: dict[str, list[Events]] = {}
    heard: dict[str, list[Events]] = {}
    parts: list[list[Events]] = []
    starts: list[tuple[str, int]] = []
    at = 0
    for section, size in zip(sections, sizes, strict=True):
        if section.letter in known:
            written = _returned(
                network, section, known[section.letter], heard[section.letter], size,
                sampler, generator, rng, tick, grid,
            )  # fmt: skip
        else:
            seeds = [seed_of(len(known))] * n
            written = continue_events(network, seeds, size, sampler, generator, tick, grid)
            known[section.letter], heard[section.letter] = written, seeds
        parts.append(written)
        name = section.letter + (str(section.number) if section.number > 1 else "")
        starts.append((name, at))
        at += size
    return Structured([join_on_beat([p[i] for p in parts], grid) for i in range(n)], starts)


def _returned(
    network: EventNetwork,
    section: Section,
    original: list[Events],
    seeds: list[Events],
    size: int,
    sampler: SamplerSettings,
    generator: torch.Generator,
    rng: np.random.Generator,
    tick: Callable[[int], object],
    grid: int,
) -> list[Events]:
    """The section again, some phrases written anew; the same phrases in all variants."""
    phrases = -(-size // PHRASE)
    count = min(phrases, round(section.varied * phrases)) if section.varied else 0
    anew = set(rng.choice(phrases, count, replace=False).tolist()) if count else set()
    written = [e[:0] for e in original]
    for phrase in range(phrases):
        start, stop = phrase * PHRASE, min((phrase + 1) * PHRASE, size)
        kept = [e[start:stop] for e in original]
        if phrase not in anew and all(len(e) == stop - start for e in kept):
            new = kept
            tick(stop - start)
        else:
            before = [join([s, w])[-CONTEXT:] for s, w in zip(seeds, written, strict=True)]
            new = continue_events(network, before, stop - start, sampler, generator, tick, grid)
        written = [join_on_beat([w, e], grid) for w, e in zip(written, new, strict=True)]
    return written
