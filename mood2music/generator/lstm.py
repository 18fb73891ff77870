"""The paper's baseline: a forward LSTM, trained on every place of a window, stepped to generate."""

import torch
from torch import Tensor, nn

from mood2music.generator.settings import LSTMSettings

State = tuple[Tensor, Tensor]


class LSTM(nn.Module):
    """Stacked LSTM (Hochreiter & Schmidhuber 1997): the context after each event of a window."""

    targets = "all"

    def __init__(self, settings: LSTMSettings) -> None:
        """Build the layers that `settings` ask for."""
        super().__init__()
        self.out_size = settings.hidden
        self.drop = nn.Dropout(settings.dropout)
        self.lstm = nn.LSTM(
            settings.embedding,
            settings.hidden,
            settings.layers,
            batch_first=True,
            dropout=settings.dropout if settings.layers > 1 else 0.0,
        )

    def forward(self, vectors: Tensor) -> Tensor:
        """vectors: (batch, time, embedding) -> contexts (batch, time, hidden)."""
        contexts: Tensor = self.drop(self.lstm(self.drop(vectors))[0])
        return contexts

    @torch.no_grad()
    def step(self, vectors: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """Read `vectors` on from `state` -> the last context (batch, hidden), the state."""
        contexts, state = self.lstm(vectors, state)
        return contexts[:, -1], state
