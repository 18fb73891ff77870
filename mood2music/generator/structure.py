"""Writes whole pieces behind seeds, in the sections a user asks for (A B A2 C A3) or in one.

Sections begin and end at bar lines, and a section that returns keeps its bars.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from mood2music.brief import brief
from mood2music.generator.encoder import CONTEXT
from mood2music.generator.form import Section, check_length, sizes
from mood2music.generator.memory.guide import Guide, Guiding
from mood2music.generator.moods import Told
from mood2music.generator.network import EventNetwork
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.generator.sampling.constraints import FREE, Constraints
from mood2music.generator.sampling.continuation import Watch, Writer, continue_events, ready
from mood2music.generator.sampling.ending import Ending, stop_after
from mood2music.generator.sampling.knowing import Heard
from mood2music.music.events import HELD, LONGEST, Events, between, join
from mood2music.music.meter import COMMON, bar_lines, moved_to, places
from mood2music.music.phrases import phrases_of
from mood2music.music.seed import to_bar_line

# A section that ends the piece where it returns closes in its last bars, written anew.
CLOSING = 2


@brief
@dataclass(frozen=True)
class Plan:
    """What is to be written: variants in sections, about equally long.

    length: events at most, of all sections together; bars: how many instead, None for as many as
    `length` events make; sections: none is one. Raises SettingsError when `length` leaves a section
    without an event.
    """

    length: int
    sections: Sequence[Section] = ()
    variants: int = 1
    bars: int | None = None

    def __post_init__(self) -> None:
        """Check it once."""
        if self.bars is None:
            check_length(self.length, self.named)
        else:
            check_length(self.bars, self.named, "bars")

    @property
    def named(self) -> Sequence[Section]:
        """The sections, A alone where none are asked for."""
        return self.sections or [Section("A", 1)]

    def sizes(self) -> list[int]:
        """Events of each section, or its bars."""
        return sizes(self.named, self.bars or self.length, at_most=self.bars is None)


@brief
@dataclass(frozen=True)
class Structured:
    """Variants with one and the same plan: the events of each, and where sections start in them."""

    variants: list[Events]
    starts: list[list[tuple[str, int]]]


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
    watch: Watch | None = None,
) -> Structured:
    """Write what is planned.

    seed_of: i -> the seed of the i-th new letter, so that B starts elsewhere in the song than A;
    the first section goes on where its seed ends, the others begin a bar.
    A letter that returns repeats its section; by its number, phrases are written anew in place.
    With sampler.end_of_piece a variant may end earlier, in the last section where that is new.
    ending: how the piece ends; None: behind its last event.
    guiding: what a network that recalls is told to come back to; told: the moods that one is told
    that reads them, on a way through all sections as they stand in the piece; no use to others.
    A variant is the same however many are written beside it. `tick` is told how many events more
    are written; `watch` hears, behind each event of a new section, of all sections.
    """
    sections, n = plan.named, plan.variants
    writer = ready(network, sampler.guidance, sampler.harmony, sampler.texture)
    known: dict[str, _Written] = {}
    heard: dict[str, Events] = {}
    parts: list[list[Events]] = []

    def so_far(new: Callable[[], list[Events]]) -> list[Events]:
        return [_in_bars(of_one) for of_one in zip(*parts, new(), strict=True)]

    def watched(new: Callable[[], list[Events]]) -> None:
        if watch is not None:
            watch(partial(so_far, new))

    seen = None if watch is None else watched
    write = _Write(writer, sampler, rng, tick, constraints, guiding, told or Told(), seen)
    names = []
    passed = [_Passed(0, 0)] * n
    for i, (section, size) in enumerate(zip(sections, plan.sizes(), strict=True)):
        last = i + 1 == len(sections)
        mode = ending.mode if ending is not None and last else None
        if section.letter in known:
            original, seed = known[section.letter], heard[section.letter]
            streams = rng.spawn(1)[0].spawn(n)
            quiet = replace(write, tick=lambda _: None)  # an event of all variants counts once
            written = [
                (quiet if at else write).returned(
                    events, guide, seed, section, mode, stream, behind
                )
                for at, (events, guide, stream, behind) in enumerate(
                    zip(*original, streams, passed, strict=True)
                )
            ]
        else:
            seed = seed_of(len(known)) if i == 0 else to_bar_line(seed_of(len(known)))
            end = Ending(mode) if ending is not None or not last else None
            if plan.bars is not None:
                stop = stop_after(seed, size)
                size, end = stop - int(seed.ends()[-1]), Ending(mode, stop)
            new = write.new([seed] * n, size, end, passed, may_end=last)
            written = new.events if last else [_filled(events) for events in new.events]
            known[section.letter] = new._replace(events=written)
            heard[section.letter] = seed
        parts.append(written)
        passed = [before.and_of(events) for before, events in zip(passed, written, strict=True)]
        names.append(str(section))
    variants = [_in_bars([part[i] for part in parts]) for i in range(n)]
    counts = [np.cumsum([0, *(len(part[i]) for part in parts)]).tolist() for i in range(n)]
    return Structured(variants, [list(zip(names, at, strict=False)) for at in counts])


def struck_anew(events: Events) -> Events:
    """The same, what the first event holds being struck: nothing leads up to it where it stands."""
    tokens = events.tokens.copy()
    tokens[: events.offsets[1] if len(events) else 0] %= HELD
    return replace(events, tokens=tokens)


class _Passed(NamedTuple):
    """How much of a variant is written: grid steps and events."""

    steps: int
    events: int

    def and_of(self, part: Events) -> "_Passed":
        """That and a part behind it."""
        last = int(part.ends()[-1]) if len(part) else part.start
        return _Passed(self.steps + last - part.start, self.events + len(part))


class _Written(NamedTuple):
    """Events of each variant, and the guide that they were written by."""

    events: list[Events]
    guides: Sequence[Guide | None]


@dataclass(frozen=True)
class _Write:
    """Writes sections, new ones of all variants side by side."""

    writer: Writer
    sampler: SamplerSettings
    rng: np.random.Generator
    tick: Callable[[int], object]
    constraints: Constraints
    guiding: Guiding | None
    told: Told
    watch: Watch | None = None

    def new(
        self,
        seeds: list[Events],
        size: int,
        end: Ending | None,
        passed: Sequence[_Passed],
        may_end: bool = False,
    ) -> _Written:
        """Behind each seed `size` events at most; may_end: whether the piece may end there.

        passed: what stands in the piece before.
        """
        rng = self.rng.spawn(1)[0]
        return self._behind(seeds, size, end, rng, passed, may_end=may_end, watch=self.watch)

    def returned(
        self,
        first: Events,
        guide: Guide | None,
        seed: Events,
        section: Section,
        mode: str | None,
        rng: np.random.Generator,
        passed: _Passed,
    ) -> Events:
        """The section again, some phrases written anew behind what then stands before them.

        From its first bar line on: what its seed's bar had left is not played again. What is anew
        stands on the chords that it stood on. guide: that it was written by.
        mode: of the key that it closes in, None where it ends as it did; passed: as in `new`.
        """
        original = _from_bar_line(first)
        pickup = original.start - first.start
        seed = join([seed, between(first, first.start, original.start)]) if pickup else seed
        written = original[:0]
        turned = False  # whether what stands before is not the original's
        for begin, end, anew, own in _phrases(original, section, mode, rng):
            if anew:
                before = join([seed, written])[-CONTEXT:]
                ending = Ending(own, end)
                so_far = [passed.and_of(written)]
                new = self._behind([before], end - begin, ending, rng.spawn(1)[0], so_far, [guide])
                (part,) = new.events
            else:
                part = between(original, begin, end)
                part = struck_anew(part) if turned else part
                self.tick(len(part))
            turned = anew
            written = join([written, part])
        return written

    def _behind(
        self,
        contexts: list[Events],
        size: int,
        ending: Ending | None,
        rng: np.random.Generator,
        passed: Sequence[_Passed],
        guides: Sequence[Guide | None] | None = None,
        may_end: bool = False,
        watch: Watch | None = None,
    ) -> _Written:
        """Behind each context `size` events at most.

        guides: by which was written what this takes the place of; None: it takes that of nothing.
        """
        settings = replace(self.sampler, end_of_piece=self.sampler.end_of_piece and may_end)
        heard = [
            Heard(told=self.told.begun(len(context), behind.events))
            if self.told.counted
            else Heard(told=self.told.begun(int(context.ends()[-1]), behind.steps))
            for context, behind in zip(contexts, passed, strict=True)
        ]
        if self.guiding is not None:
            streams = rng.spawn(1)[0].spawn(len(contexts))
            before = guides or [None] * len(contexts)
            heard = [
                own._replace(guide=self.guiding.guide(context, stream, first))
                for own, context, stream, first in zip(
                    heard, contexts, streams, before, strict=True
                )
            ]

        def in_meter(written: list[Events]) -> list[Events]:
            return [
                replace(events, meter=context.meter)
                for events, context in zip(written, contexts, strict=True)
            ]

        seen = None if watch is None else lambda new: watch(lambda: in_meter(new()))
        written = in_meter(
            continue_events(
                self.writer, contexts, size, settings, rng, self.tick, self.constraints, heard,
                ending, seen,
            )
        )  # fmt: skip
        return _Written(written, [own.guide for own in heard])


def _phrases(
    original: Events, section: Section, mode: str | None, rng: np.random.Generator
) -> list[tuple[int, int, bool, str | None]]:
    """Phrases of a section that returns: begin, end, whether it is new, the key that it closes in.

    Grid steps; mode: of the key that the section closes in, None where it ends as it did.
    """
    begin, end = original.start, int(original.ends()[-1])
    lines = bar_lines(original.meter, end, original.grid)
    inner = lines[(lines > begin) & (lines < end)]
    phrases_begin = phrases_of(original)
    edges = [begin, *phrases_begin[(phrases_begin > begin) & (phrases_begin < end)].tolist(), end]
    phrases = len(edges) - 1
    count = min(phrases, round(section.varied * phrases))
    anew = set(rng.choice(phrases, count, replace=False).tolist()) if count else set()
    found: list[tuple[int, int, bool, str | None]] = [
        (*pair, i in anew, None) for i, pair in enumerate(pairwise(edges))
    ]
    if mode is None:
        return found
    close = int(inner[-CLOSING]) if len(inner) >= CLOSING else begin
    kept = [(a, min(b, close), new, None) for a, b, new, _ in found if a < close]
    return [*kept, (close, end, True, mode)]


def _from_bar_line(events: Events) -> Events:
    """The same from its first bar line on, or all where it has none."""
    end = int(events.ends()[-1])
    lines = bar_lines(events.meter, end, events.grid)
    later = lines[(lines >= events.start) & (lines < end)]
    return between(events, int(later[0]), end) if len(later) else events


def _filled(events: Events) -> Events:
    """The same to the end of its last bar, where its last event can last that long."""
    place, length, _ = (int(part[-1]) for part in events.bar_places())
    gap = (length - place) % length
    if not gap or events.durations[-1] + gap > LONGEST:
        return events
    durations = events.durations.copy()
    durations[-1] += gap
    return replace(events, durations=durations)


def _in_bars(parts: Sequence[Events]) -> Events:
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
