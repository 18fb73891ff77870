"""Tells how likely a network held each pitch of a finished piece behind all that stands before."""

import torch
from torch import Tensor

from mood2music.generator.event_batch import EventBatch
from mood2music.generator.network import EventNetwork

BATCH = 128


@torch.inference_mode()
def token_nats(network: EventNetwork, piece: EventBatch, first: int) -> Tensor:
    """Negative log-likelihood of the pitches of events `first`, ... of one piece (teacher forcing).

    piece: a batch of 1; first: at least 1. Gives (time - first, pitches) nats, 0 for PAD: with
    representation=pitchwise of each pitch given those below it, with chord of the whole chord.
    As in writing, a recurrent network reads everything before an event, another the last of its
    `context`.
    """
    head = network.representation
    vectors = network.embed(piece)[0]
    tokens = piece.tokens[0]
    context = _contexts(network, vectors, first)
    at = (0, slice(first - 1, -1))
    behind = piece.rows(at)
    context = network.context(context, behind)
    scores = network.scores(context, behind, piece.tokens, at)
    return head.token_nats(context, tokens[first - 1 : -1], tokens[first:], scores)


def _contexts(network: EventNetwork, vectors: Tensor, first: int) -> Tensor:
    """What the network makes of the events before each of `first`, ...: (time - first, hidden)."""
    if network.encoder.recurrent:
        read: Tensor = network.encoder(vectors[None, :-1])[0, first - 1 :]
        return read
    context = network.encoder.context
    # Windows of one length go in together; the first ones, behind less, one by one.
    short = range(first, min(context, len(vectors)))
    contexts = [network.encoder(vectors[None, :stop])[:, -1] for stop in short]
    whole = torch.arange(max(first, context), len(vectors))
    for start in range(0, len(whole), BATCH):
        stops = whole[start : start + BATCH]
        windows = vectors[stops[:, None] + torch.arange(-context, 0)]
        contexts.append(network.encoder(windows)[:, -1])
    return torch.cat(contexts)
