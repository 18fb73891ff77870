"""Embeds what is known beside the events: place in the bar, mood, and what memory recalls."""

import copy
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from mood2music.generator.embedding import (
    DURATIONS,
    METERS,
    PAD,
    SIXTEENTHS,
    EventBatch,
    Recalled,
    one_hot,
)
from mood2music.generator.memory.kinds import CODES
from mood2music.generator.moods import FIRST, ROWS, STEPS
from mood2music.music.events import SYMBOLS

# Rows of one kind of memory: its event's tokens, its duration, its code.
DURATION_ROW, CODE_ROW = SYMBOLS, SYMBOLS + DURATIONS
RECALL = CODE_ROW + CODES


class Conditions(nn.Module):
    """Sum of the embeddings of what is known beside an event, added to its vector.

    bars: (SIXTEENTHS + METERS, size), where places in the bar are read; moods: (ROWS, size), where
    the mood is; recall: (kinds, RECALL, size), the rows of each kind of memory.
    """

    def __init__(self, size: int, memory: Sequence[str], bars: bool, moods: bool = False) -> None:
        """`size`: width of the vectors; memory: kinds; bars, moods: whether it reads these."""
        super().__init__()
        self.kinds = len(memory)
        self.bars = _rows(SIXTEENTHS + METERS, size) if bars else None
        self.moods = _rows(ROWS, size) if moods else None
        self.recall = _rows(self.kinds * RECALL, size) if memory else None

    def forward(self, events: EventBatch) -> Tensor:
        """Give (..., size) for events of any leading axes."""
        summed = torch.zeros((), device=events.durations.device)
        if self.bars is not None:
            assert events.bars is not None
            at = torch.tensor([0, SIXTEENTHS], device=events.bars.device)
            summed = summed + one_hot(events.bars + at, len(self.bars), self.bars) @ self.bars
        if self.moods is not None:
            assert events.moods is not None
            at = torch.tensor(FIRST, device=events.moods.device)
            summed = summed + one_hot(events.moods + at, ROWS, self.moods) @ self.moods
        if self.recall is not None:
            assert events.recalled is not None
            tables = self.recall.view(self.kinds, RECALL, -1)
            for kind in range(self.kinds):
                summed = summed + recall_rows(events.recalled, kind, self.recall) @ tables[kind]
        return summed

    def guided(self, strength: float) -> "Conditions":
        """The same, but for what wanted moods add beyond untold ones: `strength` times as much."""
        other = copy.deepcopy(self)
        if other.moods is not None:
            with torch.no_grad():
                for first in FIRST[:2]:
                    rows = other.moods[first : first + STEPS + 1]
                    rows.copy_(torch.lerp(rows[:1], rows, strength))
        return other

    def table(self) -> Tensor:
        """The rows that are added up, of bars, then of moods, then of memory: (rows, size)."""
        parts = (self.bars, self.moods, self.recall)
        return torch.cat([rows for rows in parts if rows is not None]).detach()


def recall_rows(recalled: Recalled, kind: int, weight: Tensor) -> Tensor:
    """Which rows of its table one kind of memory adds up: (..., RECALL), 1 for each."""
    timed = torch.stack([recalled.durations[..., kind], recalled.codes[..., kind]], -1)
    at = torch.tensor([DURATION_ROW, CODE_ROW], device=timed.device)
    index = torch.cat([recalled.tokens[..., kind, :], timed + at], -1)
    return one_hot(index, RECALL, weight).index_fill_(
        -1, torch.tensor([PAD], device=index.device), 0
    )


def _rows(count: int, size: int) -> nn.Parameter:
    # Small at first: the network is to find out what to trust.
    return nn.Parameter(nn.init.normal_(torch.empty(count, size), std=0.5 * size**-0.5))
