"""Embeds what is known beside the events: place in the bar, mood, chords, and what is recalled."""

import copy
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from mood2music.generator.embedding import one_hot
from mood2music.generator.event_batch import (
    DURATIONS,
    METERS,
    PAD,
    SIXTEENTHS,
    EventBatch,
    Recalled,
)
from mood2music.generator.memory.kinds import CODES
from mood2music.generator.moods import FIRST, ROWS, STEPS
from mood2music.music.changes import CODES as CHORDS
from mood2music.music.events import SYMBOLS
from mood2music.music.texture import INTENSITIES, POLYPHONIES

# Rows of one kind of memory: its event's tokens, its duration, its code.
DURATION_ROW, CODE_ROW = SYMBOLS, SYMBOLS + DURATIONS
RECALL = CODE_ROW + CODES
# Of the chord that the next event stands on, and of the one behind it.
NOW, NEXT, CHORD_ROWS = 0, CHORDS, 2 * CHORDS
# Of how often something is struck in the bar of the next event, and of how much sounds in it.
OFTEN, FULL, TEXTURE_ROWS = 0, INTENSITIES, INTENSITIES + POLYPHONIES


class Conditions(nn.Module):
    """Sum of the embeddings of what is known beside an event, added to its vector.

    bars: (SIXTEENTHS + METERS, size), where places in the bar are read; moods: (ROWS, size), where
    the mood is; harmony: (CHORD_ROWS, size), where chords are; texture: (TEXTURE_ROWS, size), where
    the bar's fullness is; recall: (kinds, RECALL, size), the rows of each kind of memory.
    """

    def __init__(
        self,
        size: int,
        memory: Sequence[str],
        bars: bool,
        moods: bool = False,
        harmony: bool = False,
        texture: bool = False,
    ) -> None:
        """`size`: width of the vectors; memory: kinds; the others: whether they are read."""
        super().__init__()
        self.kinds = len(memory)
        self.bars = _rows(SIXTEENTHS + METERS, size) if bars else None
        self.moods = _rows(ROWS, size) if moods else None
        self.harmony = _rows(CHORD_ROWS, size) if harmony else None
        self.texture = _rows(TEXTURE_ROWS, size) if texture else None
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
        if self.harmony is not None:
            assert events.harmony is not None
            at = torch.tensor([NOW, NEXT], device=events.harmony.device)
            summed = summed + one_hot(events.harmony + at, CHORD_ROWS, self.harmony) @ self.harmony
        if self.texture is not None:
            assert events.texture is not None
            at = torch.tensor([OFTEN, FULL], device=events.texture.device)
            summed = (
                summed + one_hot(events.texture + at, TEXTURE_ROWS, self.texture) @ self.texture
            )
        if self.recall is not None:
            assert events.recalled is not None
            tables = self.recall.view(self.kinds, RECALL, -1)
            for kind in range(self.kinds):
                summed = summed + recall_rows(events.recalled, kind, self.recall) @ tables[kind]
        return summed

    def guided(self, mood: float, harmony: float = 1.0, texture: float = 1.0) -> "Conditions":
        """The same, but for what is added beyond what untold rows add: so many times as much.

        mood: of wanted moods; harmony: of chords; texture: of how full bars are.
        """
        other = copy.deepcopy(self)
        parts = [(other.moods, first, STEPS + 1, mood) for first in FIRST[:2]]
        parts += [(other.harmony, first, CHORDS, harmony) for first in (NOW, NEXT)]
        parts += [
            (other.texture, OFTEN, INTENSITIES, texture),
            (other.texture, FULL, POLYPHONIES, texture),
        ]
        with torch.no_grad():
            for table, first, count, strength in parts:
                if table is not None:
                    rows = table[first : first + count]
                    rows.copy_(torch.lerp(rows[:1], rows, strength))
        return other

    def table(self) -> Tensor:
        """The rows that are added up: of bars, moods, chords, texture, memory: (rows, size)."""
        parts = (self.bars, self.moods, self.harmony, self.texture, self.recall)
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
