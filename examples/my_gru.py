"""Adds a GRU to what `model.name` can be: plugins=my_gru model.name=gru."""

from dataclasses import dataclass

from torch import Tensor, nn

from mood2music.command.ranges import at_least
from mood2music.generator.encoder import Encoder
from mood2music.generator.settings import EncoderSettings
from mood2music.registry import register


@dataclass
class GRUSettings(EncoderSettings):
    """model.encoder.*: hidden, embedding and dropout as every encoder has them, and layers."""

    layers: int = 2

    def check(self) -> None:
        """Raise SettingsError for a value outside its range."""
        super().check()
        at_least(self, "model.encoder.", layers=1)


@register("encoder", "gru", GRUSettings)
class GRU(Encoder):
    """Stacked gated recurrent units (Cho et al. 2014)."""

    recurrent = True  # it carries a state on, so while writing each event is read once

    def __init__(self, settings: GRUSettings) -> None:
        """Build the layers that `settings` ask for."""
        super().__init__()
        self.out_size = settings.hidden
        self.drop = nn.Dropout(settings.dropout)
        self.gru = nn.GRU(settings.embedding, settings.hidden, settings.layers, batch_first=True)

    def forward(self, vectors: Tensor) -> Tensor:
        """vectors: (batch, time, embedding) -> contexts (batch, time, hidden)."""
        contexts: Tensor = self.drop(self.gru(self.drop(vectors))[0])
        return contexts

    def step(self, vectors: Tensor, state: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Read `vectors` on from `state` -> the last context (batch, hidden), the state."""
        contexts, state = self.gru(vectors, state)
        return contexts[:, -1], state
