"""Scores pitches by their intervals from what was just heard, and by what is recalled.

A chord's pitches are scored through a layer of a few hundred units, which has to name each of 128
pitches by itself: a repeated note, a step up and a copy of what is remembered get blurred there.
Here the context says how likely each interval is from the last notes, whichever these are, as in
Huang et al. 2019 (Music Transformer) and Johnson 2017, and how far what is recalled is to be
trusted (a pointer: Vinyals et al. 2015; See et al. 2017).
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mood2music.generator.event_batch import PAD
from mood2music.music.events import HELD

# Intervals of more semitones count as one; in place of one that nothing is known of.
WIDEST = 24
INTERVALS = 2 * (WIDEST + 1) + 2
UNKNOWN = INTERVALS - 1
# What intervals are counted from; NOWHERE: nothing was heard yet.
ANCHORS = 3
NOWHERE = -1
# A pitch can be struck or held on.
KINDS = 2
# Outputs: of the intervals from each anchor, and of what sounds in the event before.
OF_INTERVALS = ANCHORS * KINDS * INTERVALS


class Shortcuts(nn.Module):
    """Scores of the symbols of a chord, added to those of the representation; 0 untrained."""

    def __init__(self, hidden: int, memory: int) -> None:
        """`hidden`: width of the context; memory: how many kinds of memory there are."""
        super().__init__()
        self.memory = memory
        self.out = nn.Linear(hidden, OF_INTERVALS + 1 + KINDS * memory)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(
        self, context: Tensor, anchors: Tensor, previous: Tensor, recalled: Tensor | None
    ) -> Tensor:
        """Give (n, 257) scores, by symbol; the end of a chord has none.

        context: (n, hidden); anchors: (n, ANCHORS), as `anchors_of` gives them behind the event
        before; previous: (n, pitches), its tokens; recalled: (n, kinds, pitches), tokens of the
        events that are recalled.
        """
        said = self.out(context)
        n = len(said)
        intervals = said[:, :OF_INTERVALS].view(n, ANCHORS, KINDS, INTERVALS)
        index = intervals_from(anchors)[:, :, None].expand(-1, -1, KINDS, -1)
        scores = F.pad(intervals.gather(3, index).sum(1).view(n, KINDS * HELD), (0, 1))
        again = said[:, OF_INTERVALS, None].expand(previous.shape)
        scores = added(scores, previous, again, struck=True)
        if recalled is not None:
            trust = said[:, OF_INTERVALS + 1 :].view(n, self.memory, KINDS)
            held = (recalled >= HELD).long()
            scores = added(scores, recalled.flatten(1), trust.gather(2, held).flatten(1))
        return scores


def added(scores: Tensor, tokens: Tensor, values: Tensor, struck: bool = False) -> Tensor:
    """Add values, (n, k), to the scores of tokens, (n, k), PAD left out; struck: as if struck."""
    there = tokens != PAD
    where = torch.where(there, tokens % HELD if struck else tokens, 0)
    return scores.scatter_add(1, where, (values * there).to(scores.dtype))


def intervals_from(anchors: Tensor) -> Tensor:
    """Which interval each pitch is from anchors: (..., ANCHORS) -> (..., ANCHORS, 128) int64."""
    pitches = torch.arange(HELD, device=anchors.device)
    index = (pitches - anchors[..., None]).clamp(-WIDEST - 1, WIDEST + 1) + WIDEST + 1
    return torch.where(anchors[..., None] == NOWHERE, UNKNOWN, index)


def heard_in(tokens: Tensor) -> Tensor:
    """The highest note struck in an event, the highest and the lowest that sound, NOWHERE for none.

    tokens: (..., pitches), padded with PAD -> (..., ANCHORS) pitches.
    """
    pitch = tokens % HELD
    sounds = tokens != PAD
    struck = torch.where(tokens < HELD, tokens, NOWHERE).amax(-1)
    highest = torch.where(sounds, pitch, NOWHERE).amax(-1)
    lowest = torch.where(sounds, pitch, HELD).amin(-1)
    return torch.stack([struck, highest, torch.where(lowest == HELD, NOWHERE, lowest)], -1)


def anchors_of(tokens: Tensor) -> Tensor:
    """What is heard last behind each event, as `heard_in` tells it of one.

    tokens: (batch, time, pitches), padded with PAD -> (batch, time, ANCHORS) pitches, those of the
    last event in which something was struck, or sounded; NOWHERE before the first.
    """
    found = heard_in(tokens)
    places = torch.arange(found.shape[1], device=tokens.device)[:, None]
    last = torch.where(found == NOWHERE, -1, places).cummax(1).values
    return torch.where(last < 0, NOWHERE, found.gather(1, last.clamp(min=0)))
