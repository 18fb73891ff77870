"""Writes whole pieces behind seeds, in the sections a user asks for (A B A2 C A3) or in one.

Sections begin and end at bar lines, and a section that returns keeps its bars.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from mood2music.brief import brief
from mood2music.generator.form import Plan
from mood2music.generator.joining import filled, in_bars
from mood2music.generator.memory.guide import Guiding
from mood2music.generator.moods import Told
from mood2music.generator.network import EventNetwork
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.generator.sampling.constraints import FREE, Constraints
from mood2music.generator.sampling.continuation import Watch, ready
from mood2music.generator.sampling.ending import Ending, stop_after
from mood2music.generator.section_writer import Passed, SectionWriter, Written
from mood2music.music.events import Events
from mood2music.music.seed import to_bar_line


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
    parts: list[list[Events]] = []  # of each section its variants
    writer = SectionWriter(
        ready(network, sampler.guidance, sampler.harmony, sampler.texture),
        sampler,
        rng,
        tick,
        constraints,
        guiding,
        told or Told(),
        None if watch is None else partial(_watched, watch, parts),
    )
    known: dict[str, Written] = {}
    names = []
    passed = [Passed(0, 0)] * plan.variants
    for i, (section, size) in enumerate(zip(plan.named, plan.sizes(), strict=True)):
        last = i + 1 == len(plan.named)
        mode = ending.mode if ending is not None and last else None
        if section.letter in known:
            written = writer.returned(known[section.letter], section, mode, passed)
        else:
            seed = seed_of(len(known)) if i == 0 else to_bar_line(seed_of(len(known)))
            end = Ending(mode) if ending is not None or not last else None
            if plan.bars is not None:
                stop = stop_after(seed, size)
                size, end = stop - int(seed.ends()[-1]), Ending(mode, stop)
            new = writer.new(seed, size, end, passed, may_end=last)
            written = new.events if last else [filled(events) for events in new.events]
            known[section.letter] = new._replace(events=written)
        parts.append(written)
        passed = [before.and_of(events) for before, events in zip(passed, written, strict=True)]
        names.append(str(section))
    variants = [in_bars(of_one) for of_one in zip(*parts, strict=True)]
    counts = [
        np.cumsum([0, *(len(part) for part in of_one)]).tolist()
        for of_one in zip(*parts, strict=True)
    ]
    return Structured(variants, [list(zip(names, at, strict=False)) for at in counts])


def _watched(watch: Watch, parts: list[list[Events]], new: Callable[[], list[Events]]) -> None:
    """Let who watches hear of all sections: `parts` so far, and a new one."""
    watch(lambda: [in_bars(of_one) for of_one in zip(*parts, new(), strict=True)])
