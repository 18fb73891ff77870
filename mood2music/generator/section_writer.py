"""Writes the sections of a piece: new ones behind a seed, and ones that return."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from mood2music.generator.encoder import CONTEXT
from mood2music.generator.form import Section
from mood2music.generator.joining import from_bar_line, struck_anew
from mood2music.generator.memory.guide import Guide, Guiding
from mood2music.generator.moods import Told
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.generator.sampling.constraints import Constraints
from mood2music.generator.sampling.continuation import Watch, Writer, continue_events
from mood2music.generator.sampling.ending import Ending
from mood2music.generator.sampling.knowing import Heard
from mood2music.music.events import Events, between, join
from mood2music.music.meter import bar_lines
from mood2music.music.phrases import phrases_of

# A section that ends the piece where it returns closes in its last bars, written anew.
CLOSING = 2


class Passed(NamedTuple):
    """How much of a variant is written: grid steps and events."""

    steps: int
    events: int

    def and_of(self, part: Events) -> "Passed":
        """That and a part behind it."""
        last = int(part.ends()[-1]) if len(part) else part.start
        return Passed(self.steps + last - part.start, self.events + len(part))


class Written(NamedTuple):
    """A section as it was written: behind which seed, its events in each variant, and the guides.

    guides: that each variant was written by
    """

    seed: Events
    events: list[Events]
    guides: Sequence[Guide | None]


class _Phrase(NamedTuple):
    """A part of a section that returns; begin, end: grid steps.

    anew: whether it is written anew; mode: of the key that it closes in, None where it does not
    """

    begin: int
    end: int
    anew: bool
    mode: str | None = None


@dataclass(frozen=True)
class SectionWriter:
    """Writes sections of all variants, new ones side by side.

    tick: is told how many events more are written; watch: hears, behind each event of a new
    section, of what gives that section's events so far
    """

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
        seed: Events,
        size: int,
        end: Ending | None,
        passed: Sequence[Passed],
        may_end: bool = False,
    ) -> Written:
        """Behind the seed `size` events at most; may_end: whether the piece may end there.

        passed: what stands in each variant before.
        """
        rng, seeds = self.rng.spawn(1)[0], [seed] * len(passed)
        heard = self._heard(seeds, passed, rng)
        events = self._behind(seeds, size, end, rng, heard, may_end, self.watch)
        return Written(seed, events, [own.guide for own in heard])

    def returned(
        self, original: Written, section: Section, mode: str | None, passed: Sequence[Passed]
    ) -> list[Events]:
        """The section again, in each variant some phrases written anew.

        mode: of the key that it closes in, None where it ends as it did; passed: as in `new`.
        """
        variants = len(passed)
        quiet = replace(self, tick=lambda _: None)  # an event of all variants counts once
        writers = [self, *[quiet] * (variants - 1)]
        streams = self.rng.spawn(1)[0].spawn(variants)
        return [
            writer._again(events, guide, original.seed, section, mode, stream, before)
            for writer, events, guide, stream, before in zip(
                writers, original.events, original.guides, streams, passed, strict=True
            )
        ]

    def _again(
        self,
        first: Events,
        guide: Guide | None,
        seed: Events,
        section: Section,
        mode: str | None,
        rng: np.random.Generator,
        passed: Passed,
    ) -> Events:
        """One variant of a section that returns: phrases anew behind what then stands before them.

        From its first bar line on: what its seed's bar had left is not played again. What is anew
        stands on the chords that it stood on. guide: that it was written by.
        """
        original = from_bar_line(first)
        pickup = original.start - first.start
        seed = join([seed, between(first, first.start, original.start)]) if pickup else seed
        written = original[:0]
        turned = False  # whether what stands before is not the original's
        for begin, end, anew, own in _phrases(original, section, mode, rng):
            if anew:
                before, stream = [join([seed, written])[-CONTEXT:]], rng.spawn(1)[0]
                heard = self._heard(before, [passed.and_of(written)], stream, [guide])
                (part,) = self._behind(before, end - begin, Ending(own, end), stream, heard)
            else:
                part = between(original, begin, end)
                part = struck_anew(part) if turned else part
                self.tick(len(part))
            turned = anew
            written = join([written, part])
        return written

    def _heard(
        self,
        contexts: Sequence[Events],
        passed: Sequence[Passed],
        rng: np.random.Generator,
        guides: Sequence[Guide | None] | None = None,
    ) -> list[Heard]:
        """What is known of each variant behind its context.

        guides: by which was written what is written anew; None: nothing is.
        """
        told = [self._told(*behind) for behind in zip(contexts, passed, strict=True)]
        if self.guiding is None:
            return [Heard(told=own) for own in told]
        streams = rng.spawn(1)[0].spawn(len(contexts))
        before = guides or [None] * len(contexts)
        return [
            Heard(self.guiding.guide(context, stream, first), own)
            for context, stream, first, own in zip(contexts, streams, before, told, strict=True)
        ]

    def _told(self, context: Events, passed: Passed) -> Told:
        """The moods on their way behind a context, so much of which has passed."""
        if self.told.counted:
            return self.told.begun(len(context), passed.events)
        return self.told.begun(int(context.ends()[-1]), passed.steps)

    def _behind(
        self,
        contexts: list[Events],
        size: int,
        ending: Ending | None,
        rng: np.random.Generator,
        heard: Sequence[Heard],
        may_end: bool = False,
        watch: Watch | None = None,
    ) -> list[Events]:
        """Behind each context `size` events at most, in its meter."""

        def in_meter(written: list[Events]) -> list[Events]:
            return [
                replace(events, meter=context.meter)
                for events, context in zip(written, contexts, strict=True)
            ]

        settings = replace(self.sampler, end_of_piece=self.sampler.end_of_piece and may_end)
        seen = None if watch is None else lambda new: watch(lambda: in_meter(new()))
        return in_meter(
            continue_events(
                self.writer, contexts, size, settings, rng, self.tick, self.constraints, heard,
                ending, seen,
            )
        )  # fmt: skip


def _phrases(
    original: Events, section: Section, mode: str | None, rng: np.random.Generator
) -> list[_Phrase]:
    """Phrases of a section that returns, some of them anew, as many as its number says.

    mode: of the key that the section closes in, None where it ends as it did.
    """
    begin, end = original.start, int(original.ends()[-1])
    phrases_begin = phrases_of(original)
    edges = [begin, *phrases_begin[(phrases_begin > begin) & (phrases_begin < end)].tolist(), end]
    phrases = len(edges) - 1
    count = min(phrases, round(section.varied * phrases))
    anew = set(rng.choice(phrases, count, replace=False).tolist()) if count else set()
    found = [_Phrase(*pair, i in anew) for i, pair in enumerate(pairwise(edges))]
    if mode is None:
        return found
    lines = bar_lines(original.meter, end, original.grid)
    inner = lines[(lines > begin) & (lines < end)]
    close = int(inner[-CLOSING]) if len(inner) >= CLOSING else begin
    kept = [part._replace(end=min(part.end, close)) for part in found if part.begin < close]
    return [*kept, _Phrase(close, end, True, mode)]
