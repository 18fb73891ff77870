"""Works a network's nats out by the plain formulas: what the quick ones are held against."""

import torch
from torch import Tensor
from torch.nn import functional as F

from mood2music.generator.event_batch import NO_EVENT, NO_LEVEL, PAD, EventBatch
from mood2music.generator.heads import DurationHead, LevelHead, Nats
from mood2music.generator.lstm import LSTM
from mood2music.generator.network import EventNetwork
from mood2music.generator.pitchwise import Pitchwise
from mood2music.music.events import END, HELD, SYMBOLS


def plain_nats(network: EventNetwork, events: EventBatch) -> Nats:
    """Score every event of windows as `network.nats` does, of an LSTM that is told nothing.

    Sums of embeddings are bags, heads see every row in full, dropout and cross-entropy are torch's.
    """
    encoder, head = network.encoder, network.representation
    assert isinstance(encoder, LSTM)
    assert isinstance(head, Pitchwise)
    read = events.part(None, -1)
    time = head.time
    vectors = (
        bag(read.tokens, head.pitches.weight, PAD)
        + F.embedding(read.durations, time.durations.weight, NO_EVENT)
        + F.embedding(read.beats, time.beats.weight)
        + bag(read.levels, head.dynamics.weight, NO_LEVEL, "mean")
    )
    share = encoder.drop.p
    encoder.lstm.dropout = share if encoder.lstm.num_layers > 1 else 0.0
    contexts = encoder.lstm(F.dropout(vectors, share, network.training))[0]
    contexts = F.dropout(contexts, share, network.training)
    encoder.lstm.dropout = 0.0
    real = events.durations[:, 1:] > NO_EVENT
    context, previous, tokens = contexts[real], events.tokens[:, :-1][real], events.tokens[:, 1:]
    tokens = tokens[real]
    durations = duration_logits(head.duration, context, tokens)
    return Nats(
        chord_nats(head, context, tokens, previous),
        F.cross_entropy(durations, events.durations[:, 1:][real], reduction="none"),
        level_nats(head.level, context, tokens, events.levels[:, 1:][real]),
    )


def bag(tokens: Tensor, weight: Tensor, pad: int, mode: str = "sum") -> Tensor:
    """tokens: (..., k) int64 -> (..., size), the sum or mean of their rows of `weight`."""
    flat = tokens.reshape(-1, tokens.shape[-1])
    summed = F.embedding_bag(flat, weight, mode=mode, padding_idx=pad)
    return summed.view(*tokens.shape[:-1], weight.shape[1])


def chord_nats(head: Pitchwise, context: Tensor, tokens: Tensor, previous: Tensor) -> Tensor:
    """Spell each chord from its lowest pitch up, then END: a row for each symbol."""
    target = F.pad(tokens, (0, 1), value=PAD)
    ends = (tokens != PAD).sum(1)
    event, place = (torch.arange(target.shape[1]) <= ends[:, None]).nonzero(as_tuple=True)
    before = torch.arange(tokens.shape[1]) < place[:, None]
    so_far = bag(torch.where(before, tokens[event], PAD), head.so_far.weight, PAD)
    logits = head.logits(torch.relu(head.context(context)[event] + so_far)).float()
    last = F.pad(tokens, (1, 0), value=PAD)[event, place]
    symbols = torch.arange(SYMBOLS)
    above = (symbols % HELD > torch.where(place == 0, -1, last % HELD)[:, None]) | (symbols == END)
    heard = (
        symbols[None, :, None] % HELD == torch.where(previous == PAD, -1, previous % HELD)[:, None]
    ).any(-1)
    holdable = (symbols < HELD) | (symbols == END) | heard[event]
    wanted = target[event, place]
    struck = torch.where(wanted == END, END, wanted % HELD)
    allowed = above & holdable
    wanted = torch.where(allowed.gather(1, wanted[:, None])[:, 0], wanted, struck)
    each = F.cross_entropy(logits.masked_fill(~allowed, -torch.inf), wanted, reduction="none")
    return torch.zeros(len(tokens)).index_add(0, event, each)


def duration_logits(head: DurationHead, context: Tensor, tokens: Tensor) -> Tensor:
    """context: (n, hidden), tokens: (n, pitches) -> (n, durations)."""
    logits: Tensor = head.out(
        torch.relu(head.context(context) + bag(tokens, head.tokens.weight, PAD))
    )
    return logits.float().index_fill(-1, torch.tensor([NO_EVENT]), -torch.inf)


def level_nats(head: LevelHead, context: Tensor, tokens: Tensor, levels: Tensor) -> Tensor:
    """Of each struck pitch from the lowest up: (n,), summed over an event."""
    summed = []
    base = head.context(context) + bag(tokens, head.chord.weight, PAD)
    below = torch.full((len(tokens),), NO_LEVEL)
    for pitch, level in zip(tokens.T, levels.T, strict=True):
        struck = pitch < HELD
        hidden = base + head.pitch(pitch.clamp(max=HELD - 1)) + head.below(below)
        logits = head.out(torch.relu(hidden)).float()
        nats = F.cross_entropy(logits, level.clamp(max=NO_LEVEL - 1), reduction="none")
        summed.append(torch.where(struck, nats, 0.0))
        below = torch.where(struck, level, below)
    return torch.stack(summed).sum(0)
