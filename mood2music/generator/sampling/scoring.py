"""Works out in numpy what a network's shortcuts add to the scores of the next event's symbols."""

import numpy as np
import torch

from mood2music.arrays import Floats, Ints
from mood2music.generator.event_batch import PAD
from mood2music.generator.sampling.drawing import as_array
from mood2music.generator.sampling.layers import product
from mood2music.generator.sampling.next_events import NextEvents
from mood2music.generator.shortcuts import (
    ANCHORS,
    INTERVALS,
    KINDS,
    NOWHERE,
    OF_INTERVALS,
    Shortcuts,
    heard_in,
    intervals_from,
)
from mood2music.music.events import HELD, SYMBOLS


class Scorer:
    """As `Shortcuts`, with the weights that there are now."""

    def __init__(self, shortcuts: Shortcuts) -> None:
        """Take its weights."""
        self._weight = np.ascontiguousarray(as_array(shortcuts.out.weight).T)
        self._bias = as_array(shortcuts.out.bias)
        self._memory = shortcuts.memory

    def __call__(self, context: Floats, anchors: Ints, before: NextEvents) -> Floats:
        """Give (n, SYMBOLS). context: (n, hidden); anchors: (n, ANCHORS); before: the last event.

        What is recalled is told beside `before`.
        """
        said = product(context, self._weight)
        said += self._bias
        n = len(said)
        index = intervals_from(torch.from_numpy(anchors)).numpy()
        table = said[:, :OF_INTERVALS].reshape(n, ANCHORS, KINDS, INTERVALS)
        scores = np.zeros((n, SYMBOLS), np.float32)
        by_pitch = np.take_along_axis(table, index[:, :, None], 3).sum(1)
        scores[:, : KINDS * HELD] = by_pitch.reshape(n, KINDS * HELD)
        scores[before.row, before.token % HELD] += said[before.row, OF_INTERVALS]
        if before.known is not None and self._memory:
            tokens = before.known.tokens
            trust = said[:, OF_INTERVALS + 1 :].reshape(n, self._memory, KINDS)
            row, kind, place = (tokens != PAD).nonzero()
            token = tokens[row, kind, place]
            # Several kinds may recall one pitch.
            np.add.at(scores, (row, token), trust[row, kind, (token >= HELD).astype(np.int64)])
        return scores


def moved_on(anchors: Ints, tokens: Ints) -> Ints:
    """What is heard last behind one event more of each variant, as `anchors_of` tells it.

    anchors: (n, ANCHORS), before it; tokens: (n, pitches), padded with PAD.
    """
    found = heard_in(torch.from_numpy(tokens)).numpy()
    return np.where(found == NOWHERE, anchors, found)
