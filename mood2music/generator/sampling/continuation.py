"""Writes the events that follow given ones: several variants at once, one event at a time."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from threadpoolctl import threadpool_limits

from mood2music.generator.event_batch import BEAT, END_OF_PIECE, NO_LEVEL, PAD, EventBatch
from mood2music.generator.network import EventNetwork, guided
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.generator.sampling.constraints import FREE, Constraints
from mood2music.generator.sampling.drawing import DRAWS, Drawer
from mood2music.generator.sampling.ending import Ending, Endings
from mood2music.generator.sampling.guards import Memory
from mood2music.generator.sampling.knowing import Heard, Knowing
from mood2music.generator.sampling.layers import KnownTable
from mood2music.generator.sampling.next_events import NextEvents, in_order
from mood2music.generator.sampling.reading import Reader, reader_of
from mood2music.generator.sampling.scoring import Scorer, moved_on
from mood2music.generator.shortcuts import anchors_of
from mood2music.music.events import HELD, Events

# Events for which each variant's random numbers are drawn at once.
BLOCK = 16
# Hears behind each event of what is given when called: all that each variant has by then.
Watch = Callable[[Callable[[], list[Events]]], object]


@dataclass(frozen=True)
class Writer:
    """A network made ready to write, once for many passages, with the weights that it had then."""

    reader: Reader
    drawer: Drawer
    memory: list[str]
    behind: KnownTable | None
    scorer: Scorer | None


def ready(
    network: EventNetwork, guidance: float = 1.0, harmony: float = 1.0, texture: float = 1.0
) -> Writer:
    """Make a network ready to write, in some ten milliseconds; steered as the sampler has it."""
    network = guided(network, guidance, harmony, texture)
    return Writer(
        reader_of(network),
        network.representation.drawer(),
        network.settings.memory,
        None if network.behind is None else KnownTable(network.behind),
        None if network.shortcuts is None else Scorer(network.shortcuts),
    )


@torch.inference_mode()
def continue_events(
    network: EventNetwork | Writer,
    contexts: Sequence[Events],
    length: int,
    sampler: SamplerSettings,
    rng: np.random.Generator,
    tick: Callable[[int], object] = lambda _: None,
    constraints: Constraints = FREE,
    heard: Sequence[Heard] | None = None,
    ending: Ending | None = None,
    watch: Watch | None = None,
) -> list[Events]:
    """Write `length` events behind each context, all contexts in one batch.

    network: or the Writer that `ready` makes of it;
    contexts: sequences of one and the same length, at least 1; a recurrent network reads all of
    them, another the last of its `context`, and what they have written since.
    sampler.end_of_piece: a variant may end earlier, behind its first event at the earliest.
    heard: what stands behind each context, for networks that recall it; ending: how variants end,
    behind `length` events or fewer (None: behind `length` of them, wherever that is).
    One that is equally loud throughout says nothing of dynamics, and none are read from it.
    `tick(1)` is called behind each event, and `watch` hears of what is written by then.
    Same network, contexts and rng: same events. Each variant draws from a stream of its own
    (`rng.spawn`): it is the same, but for rounding, however many are written beside it.
    """
    batch = without_plain_dynamics(to_batch(contexts), contexts)
    writer = network
    if isinstance(writer, EventNetwork):
        writer = ready(writer, sampler.guidance, sampler.harmony, sampler.texture)
    reader, drawer, behind = writer.reader, writer.drawer, writer.behind
    knowing = None
    if behind is not None:
        knowing = Knowing(writer.memory, contexts, heard or [Heard()] * len(contexts))
        batch = knowing.of(batch, contexts)
    reader.start(batch)
    read = in_order(batch)
    event = read[-1]
    scorer = writer.scorer
    if scorer is not None:
        anchors = anchors_of(batch.tokens)[:, -1].numpy()
    memory = Memory(contexts, read, length, sampler, constraints)
    streams = rng.spawn(len(contexts))
    starts = [int(context.ends()[-1]) for context in contexts]
    ends, grid = np.array(starts), contexts[0].grid
    lengths = np.full(len(contexts), length)
    endings = None if ending is None else Endings(ending, contexts, length, constraints)
    for i in range(length):
        if i % BLOCK == 0:
            numbers = np.stack([stream.random((BLOCK, DRAWS)) for stream in streams], 1)
        context = reader.context
        if behind is not None:
            context = behind.added(context.copy(), event)
        closing = None if endings is None else endings.closing(ends, i)
        limits = memory.limits(closing)
        if knowing is not None:
            limits = knowing.urged(limits, None if closing is None else closing.near)
        if scorer is not None:
            scores = scorer(context, anchors, event)
            limits = limits._replace(scores=limits.scores + scores)
        tokens, durations, levels = drawer.draw(context, limits, sampler, numbers[i % BLOCK])
        if endings is not None and closing is not None and closing.last.any():
            tokens, levels = endings.whole(tokens, levels, closing.last)
        if sampler.end_of_piece:
            lengths[durations == END_OF_PIECE] = np.minimum(lengths, i)[durations == END_OF_PIECE]
            if (lengths <= i).all():
                break
        ends += durations
        known = None if knowing is None else knowing.add(tokens, durations, ends)
        event = NextEvents(tokens, durations, ends % grid * BEAT // grid, levels, known)
        if scorer is not None:
            anchors = moved_on(anchors, tokens)
        memory.add(event)
        tick(1)
        if watch is not None:
            watch(partial(memory.written, np.minimum(lengths, i + 1), starts))
        if endings is not None:
            lengths[(ends >= endings.stops) & (lengths > i + 1)] = i + 1
            if (lengths <= i + 1).all():
                break
        if i + 1 < length:
            reader.read(event)
    return memory.written(lengths, starts)


@contextmanager
def one_thread() -> Iterator[None]:
    """Let torch and BLAS use one thread: an event is too little work, a second one only waits."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with threadpool_limits(1, user_api="blas"):
            yield
    finally:
        torch.set_num_threads(before)


def to_batch(parts: Sequence[Events]) -> EventBatch:
    """Events of one length, side by side."""
    time = len(parts[0])
    widest = max([1, *(int(part.counts().max()) for part in parts if len(part))])
    tokens = torch.full((len(parts), time, widest), PAD)
    levels = torch.full_like(tokens, NO_LEVEL)
    for row, part in enumerate(parts):
        place = np.arange(widest)
        filled = torch.from_numpy(place < part.counts()[:, None])
        tokens[row, filled] = torch.from_numpy(part.tokens.astype(np.int64))
        levels[row, filled] = torch.from_numpy(
            np.where(part.tokens < HELD, part.levels.astype(np.int64), NO_LEVEL)
        )
    durations = torch.tensor([part.durations.tolist() for part in parts])
    beats = torch.tensor([(part.ends() % part.grid * BEAT // part.grid).tolist() for part in parts])
    return EventBatch(tokens, durations, beats, levels)


def without_plain_dynamics(batch: EventBatch, parts: Sequence[Events]) -> EventBatch:
    """Take the levels from rows whose events all have the same one, as most notation has.

    A network that reads one level throughout goes on with it; of none it makes its own.
    """
    plain = torch.tensor([len(set(part.levels.tolist())) < 2 for part in parts])
    levels = torch.where(plain[:, None, None], NO_LEVEL, batch.levels)
    return batch._replace(levels=levels)
