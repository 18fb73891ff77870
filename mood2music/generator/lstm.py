"""Defines the paper's baseline: a forward LSTM, trained on every place of a window."""

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from mood2music.generator.dropout import Dropout
from mood2music.generator.encoder import Encoder
from mood2music.generator.representation import Representation
from mood2music.generator.settings import LSTMSettings

if TYPE_CHECKING:
    from mood2music.generator.conditions import Conditions
    from mood2music.generator.sampling.reading import Reader

State = tuple[Tensor, Tensor]


class LSTM(Encoder):
    """Stacked LSTM (Hochreiter & Schmidhuber 1997): the context after each event of a window."""

    recurrent = True

    def __init__(self, settings: LSTMSettings) -> None:
        """Build the layers that `settings` ask for."""
        super().__init__()
        self.out_size = settings.hidden
        self.drop = Dropout(settings.dropout)
        self.lstm = nn.LSTM(
            settings.embedding,
            settings.hidden,
            settings.layers,
            batch_first=True,
        )

    def forward(self, vectors: Tensor) -> Tensor:
        """vectors: (batch, time, embedding) -> contexts (batch, time, hidden)."""
        dropped: Tensor = self.drop(vectors)
        if not self.training or not self.drop.p:
            contexts: Tensor = self.lstm(dropped)[0]
            return contexts
        # Layer by layer: what nn.LSTM drops between them it would draw in torch's own slow way. And
        # time first, as the layers compute: turned once there and back instead of for each.
        contexts = dropped.transpose(0, 1).contiguous()
        state = [contexts.new_zeros(1, contexts.shape[1], self.out_size)] * 2
        for weights in self.lstm.all_weights:
            layer: list[Tensor] = list(weights)
            contexts, *_ = torch.lstm(contexts, state, layer, True, 1, 0.0, True, False, False)
            contexts = self.drop(contexts)
        return contexts.transpose(0, 1)

    @torch.no_grad()
    def step(self, vectors: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """Read `vectors` on from `state` -> the last context (batch, hidden), the state."""
        contexts, state = self.lstm(vectors, state)
        return contexts[:, -1], state

    def quick_reader(
        self, representation: Representation, conditions: "Conditions | None" = None
    ) -> "Reader | None":
        """Its steps in numpy, where vectors are sums."""
        from mood2music.generator.sampling.reading import LSTMReader

        return LSTMReader(self, representation, conditions) if representation.tables() else None
