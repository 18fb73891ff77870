"""Defines a small Transformer decoder that reads the events of a window: the LSTM's rival."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mood2music.generator.encoder import Encoder
from mood2music.generator.settings import TransformerSettings


class Transformer(Encoder):
    """Causal self-attention over a window (Vaswani et al. 2017).

    Normalised before each part (Xiong et al. 2020); places are told by a learnt bias on the
    attention for each head and distance back (as T5 simplified Shaw et al. 2018: Raffel et al.
    2020), so that the same bars sound alike wherever in the window they stand.
    """

    def __init__(self, settings: TransformerSettings) -> None:
        """Build the layers that `settings` ask for.

        Raises SettingsError for a width that the heads do not divide, or no distance at all.
        """
        super().__init__()
        settings.check()
        self.out_size = settings.hidden
        self.drop = nn.Dropout(settings.dropout)
        same = settings.embedding == settings.hidden
        self.fc1n = nn.Identity() if same else nn.Linear(settings.embedding, settings.hidden)
        self.distance = nn.Parameter(torch.zeros(settings.heads, settings.distances))
        self.layers = nn.ModuleList(Layer(settings) for _ in range(settings.layers))
        self.norm = nn.LayerNorm(settings.hidden)

    def forward(self, vectors: Tensor) -> Tensor:
        """vectors: (batch, time, embedding) -> contexts (batch, time, hidden)."""
        place = torch.arange(vectors.shape[1], device=vectors.device)
        back = place[:, None] - place
        told = back.clamp(0, self.distance.shape[1] - 1)
        bias = self.distance[:, told].masked_fill(back < 0, -torch.inf)
        vectors = self.fc1n(self.drop(vectors))
        for layer in self.layers:
            vectors = layer(vectors, bias)
        contexts: Tensor = self.drop(self.norm(vectors))
        return contexts


class Layer(nn.Module):
    """Attention to the events before, then two linear layers on each, both added to the input.

    torch's own nn.TransformerEncoderLayer reads a bias as a yes-or-no mask when no gradient is
    asked for (its "fast path"); its parts, put together here, take it as it is.
    """

    def __init__(self, settings: TransformerSettings) -> None:
        """Build one of the layers that `settings` ask for."""
        super().__init__()
        hidden = settings.hidden
        self.heads = settings.heads
        self.drop = nn.Dropout(settings.dropout)
        self.norm1, self.norm2 = nn.LayerNorm(hidden), nn.LayerNorm(hidden)
        self.qkv = nn.Linear(hidden, 3 * hidden)
        self.out = nn.Linear(hidden, hidden)
        self.fc1 = nn.Linear(hidden, settings.feedforward)
        self.fc2 = nn.Linear(settings.feedforward, hidden)

    def forward(self, vectors: Tensor, bias: Tensor) -> Tensor:
        """vectors: (batch, time, hidden), bias: (heads, time, time), -inf: unseen -> vectors."""
        batch, time, hidden = vectors.shape
        projected = self.qkv(self.norm1(vectors)).view(batch, time, 3, self.heads, -1)
        queries, keys, values = projected.permute(2, 0, 3, 1, 4)
        attended = F.scaled_dot_product_attention(
            queries, keys, values, bias, self.drop.p if self.training else 0.0
        )
        attended = self.out(attended.transpose(1, 2).reshape(batch, time, hidden))
        vectors = vectors + self.drop(attended)
        hidden_units = self.drop(F.gelu(self.fc1(self.norm2(vectors))))
        summed: Tensor = vectors + self.drop(self.fc2(hidden_units))
        return summed
