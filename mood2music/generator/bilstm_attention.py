"""Defines the paper's final network: a bidirectional LSTM, one more, attention over the first."""

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from mood2music.generator.encoder import Encoder
from mood2music.generator.representation import Representation
from mood2music.generator.settings import BiLSTMAttentionSettings

if TYPE_CHECKING:
    from mood2music.generator.conditions import Conditions
    from mood2music.generator.sampling.reading import Reader


class BiLSTMAttention(Encoder):
    """Context of the one event behind a completed window.

    The window is read both ways, so it predicts only what follows it: a prediction inside the
    window would have seen its answer. The last state of the second layer asks the first layer's
    outputs (attention with a bilinear score: Luong et al. 2015).
    """

    targets = "last"

    def __init__(self, settings: BiLSTMAttentionSettings) -> None:
        """Build the layers that `settings` ask for."""
        super().__init__()
        hidden = settings.hidden
        settings.check()
        self.out_size = hidden
        self.drop = nn.Dropout(settings.dropout)
        self.first = nn.LSTM(settings.embedding, hidden // 2, batch_first=True, bidirectional=True)
        self.second = nn.LSTM(hidden, hidden, batch_first=True)
        self.query = nn.Linear(hidden, hidden, bias=False)
        self.combine = nn.Linear(2 * hidden, hidden)

    def forward(self, vectors: Tensor) -> Tensor:
        """vectors: (batch, time, embedding), no padding -> contexts (batch, 1, hidden)."""
        outputs = self.drop(self.first(self.drop(vectors))[0])
        last = self.second(outputs)[0][:, -1]
        scores = torch.einsum("bh,bth->bt", self.query(last), outputs) * outputs.shape[-1] ** -0.5
        attended = torch.einsum("bt,bth->bh", scores.softmax(-1), outputs)
        context = torch.tanh(self.combine(torch.cat([last, attended], -1)))
        contexts: Tensor = self.drop(context).unsqueeze(1)
        return contexts

    def quick_reader(
        self, representation: Representation, conditions: "Conditions | None" = None
    ) -> "Reader | None":
        """Its steps in numpy, where vectors are sums."""
        from mood2music.generator.sampling.reading import BiLSTMReader

        return BiLSTMReader(self, representation, conditions) if representation.tables() else None
