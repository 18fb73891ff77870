"""The paper's final network: a bidirectional first layer, a second, attention over the first."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from mood2music.errors import SettingsError


@dataclass
class BiLSTMAttentionSettings:
    """configs/model/bilstm_attention.yaml. hidden: units of the second layer; the first has half
    of them a direction; embedding: width of an event's vector.
    """

    hidden: int = 256
    embedding: int = 256
    dropout: float = 0.2


class BiLSTMAttention(nn.Module):
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
        if hidden % 2:
            raise SettingsError(f"model.encoder.hidden={hidden}: expected an even number")
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
