"""Events to the events that follow them: several variants at once, one event at a time."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor

from mood2music.generator.choice import SamplerSettings
from mood2music.generator.embedding import BEAT, PAD, EventBatch
from mood2music.generator.lstm import LSTM
from mood2music.generator.network import EventNetwork
from mood2music.music.events import Event, Events, from_list
from mood2music.music.notes import GRID

# Events that a bidirectional network reads at once; the longest window of training.
CONTEXT = 64

# Takes each new event in, gives the context of the one behind it.
Reader = Generator[Tensor, EventBatch, None]


@torch.inference_mode()
def continue_events(
    network: EventNetwork,
    contexts: Sequence[Events],
    length: int,
    sampler: SamplerSettings,
    generator: torch.Generator,
    tick: Callable[[int], object] = lambda _: None,
    grid: int = GRID,
) -> list[Events]:
    """Write `length` events behind each context, all contexts in one batch.

    contexts: sequences of one and the same length, at least 1; a forward LSTM reads all of them,
    a bidirectional one the last CONTEXT events, and what it has written since.
    grid: steps in a quarter note. `tick(1)` is called behind each event.
    Same network, contexts and generator: same events.
    """
    heard = to_batch(contexts, grid)
    reader = _reader(network, heard)
    context = next(reader)
    last, ends = heard.tokens[:, -1], torch.tensor([int(c.ends()[-1]) for c in contexts])
    written: list[list[Event]] = [[] for _ in contexts]
    for _ in range(length):
        last, durations = network.representation.sample(context, last, sampler, generator)
        for row, (chord, steps) in enumerate(zip(last.tolist(), durations.tolist(), strict=True)):
            written[row].append((tuple(token for token in chord if token != PAD), steps))
        ends = ends + durations
        context = reader.send(
            EventBatch(last[:, None], durations[:, None], (ends % grid * BEAT // grid)[:, None])
        )
        tick(1)
    return [
        from_list(events, int(context.ends()[-1]))
        for events, context in zip(written, contexts, strict=True)
    ]


@contextmanager
def one_thread() -> Iterator[None]:
    """Let torch use one thread: an event at a time is too little work, a second only waits."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def to_batch(parts: Sequence[Events], grid: int = GRID) -> EventBatch:
    """Events of one length, side by side; `grid`: steps in a quarter note."""
    time = len(parts[0])
    widest = max([1, *(int(part.counts().max()) for part in parts if len(part))])
    tokens = torch.full((len(parts), time, widest), PAD)
    for row, part in enumerate(parts):
        for i in range(time):
            chord = part.chord(i)
            tokens[row, i, : len(chord)] = torch.tensor(chord, dtype=torch.int64)
    durations = torch.tensor([part.durations.tolist() for part in parts])
    beats = torch.tensor([(part.ends() % grid * BEAT // grid).tolist() for part in parts])
    return EventBatch(tokens, durations, beats)


def _reader(network: EventNetwork, heard: EventBatch) -> Reader:
    if isinstance(network.encoder, LSTM):
        return _stepped(network, network.encoder, heard)
    return _rewound(network, heard)


def _stepped(network: EventNetwork, encoder: LSTM, heard: EventBatch) -> Reader:
    """Carry the state on: each new event is read once."""
    context, state = encoder.step(network.representation.embed(heard))
    while True:
        new = yield context
        context, state = encoder.step(network.representation.embed(new), state)


def _rewound(network: EventNetwork, heard: EventBatch) -> Reader:
    """Read the whole window again for each event, as a bidirectional encoder has to."""
    vectors = network.representation.embed(heard.part(-CONTEXT, None))
    while True:
        new = yield network.encoder(vectors)[:, -1]
        vectors = torch.cat([vectors, network.representation.embed(new)], 1)[:, -CONTEXT:]
