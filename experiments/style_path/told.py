"""Tells networks a style or a mood in other ways than the shipped ones, to learn which wins.

What one is told all along a piece is folded into weights of the usual kind (`folded`), so that it
writes as every network does.
"""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace

import torch
from torch import Tensor, nn

from mood2music.generator.embedding import one_hot
from mood2music.generator.encoder import Encoder
from mood2music.generator.event_batch import EventBatch
from mood2music.generator.lstm import LSTM, State
from mood2music.generator.moods import FIRST, ROWS
from mood2music.generator.network import EventNetwork, build_network
from mood2music.generator.pitchwise import Pitchwise
from mood2music.generator.settings import NetworkSettings

# Ways to tell a mood: not at all, rows that are added (as shipped), scale and shift of what the
# heads see (Perez et al. 2018), or one vector that is read before the first event.
WAYS = ("none", "rows", "film", "prefix")


class StyleTold(EventNetwork):
    """Adds a vector for the style it is told to each event's and to each context; none untold.

    into: (styles, embedding) and behind: (styles, hidden); style: which is told, None for none.
    """

    def __init__(self, network: EventNetwork, styles: int) -> None:
        """Take over `network`, whose weights are trained on."""
        super().__init__(network.settings, network.encoder, network.representation)
        self.before, self.behind = network.before, network.behind
        self.shortcuts = network.shortcuts
        self.style: int | None = None
        self.style_in = nn.Parameter(torch.zeros(styles, network.settings.encoder["embedding"]))
        self.style_out = nn.Parameter(torch.zeros(styles, network.encoder.out_size))

    def embed(self, events: EventBatch) -> Tensor:
        """As every network, and the style."""
        vectors = super().embed(events)
        return vectors if self.style is None else vectors + self.style_in[self.style]

    def context(self, contexts: Tensor, events: EventBatch) -> Tensor:
        """As every network, and the style."""
        known = super().context(contexts, events)
        return known if self.style is None else known + self.style_out[self.style]

    def folded(self, told: Mapping[int, float]) -> EventNetwork:
        """The usual network that writes as this one does told styles, each so many times."""
        network = _usual(self)
        for style, strength in told.items():
            _shift_input(network, strength * self.style_in[style].detach())
            _shift_context(network, strength * self.style_out[style].detach())
        return network


class MoodTold(EventNetwork):
    """Is told moods by FiLM or as a prefix; it reads none in the usual way."""

    def __init__(self, settings: NetworkSettings, way: str) -> None:
        """`settings`: of an lstm pitchwise network that is told nothing; way: film or prefix."""
        network = build_network(settings)
        super().__init__(network.settings, network.encoder, network.representation)
        self.before, self.behind, self.way = network.before, network.behind, way
        self.shortcuts = network.shortcuts
        embedding = network.settings.encoder["embedding"]
        width = 2 * network.encoder.out_size if way == "film" else embedding
        spread = 0.5 * embedding**-0.5
        self.told = nn.Parameter(nn.init.normal_(torch.empty(ROWS, width), std=spread))
        if way == "prefix":
            self.encoder: Encoder = Prefixed(network.encoder)

    def embed(self, events: EventBatch) -> Tensor:
        """Vectors, behind that of the whole window's mood where it is a prefix."""
        vectors = super().embed(events)
        if self.way != "prefix":
            return vectors
        assert events.moods is not None
        whole = events.moods.median(1, keepdim=True).values
        return torch.cat([self._rows(whole).to(vectors.dtype), vectors], 1)

    def context(self, contexts: Tensor, events: EventBatch) -> Tensor:
        """Contexts, scaled and shifted where that is the way."""
        known = super().context(contexts, events)
        if self.way != "film":
            return known
        assert events.moods is not None
        scale, shift = self._rows(events.moods).chunk(2, -1)
        return known * (1 + scale) + shift

    def _rows(self, codes: Tensor) -> Tensor:
        at = torch.tensor(FIRST, device=codes.device)
        return one_hot(codes + at, ROWS, self.told) @ self.told

    def folded(self, codes: Tensor, strength: float = 1.0) -> EventNetwork:
        """The usual network that writes as this one does told `codes`, (PARTS,), all along.

        strength: of what a mood adds to being untold.
        """
        network = _usual(self)
        with torch.no_grad():
            told, none = self._rows(codes), self._rows(torch.zeros_like(codes))
        told = torch.lerp(none, told, strength)
        if self.way == "film":
            scale, shift = told.chunk(2, -1)
            with torch.no_grad():
                _shift_context(network, shift)
                for linear in context_layers(network):
                    linear.weight *= 1 + scale
            return network
        assert isinstance(self.encoder, Prefixed)
        network.encoder = Started(self.encoder.inner, told)
        return network


class Prefixed(Encoder):
    """An encoder whose first vector is no event: nothing follows from it alone."""

    recurrent = True

    def __init__(self, inner: Encoder) -> None:
        """`inner`: what reads."""
        super().__init__()
        self.inner, self.out_size = inner, inner.out_size

    def forward(self, vectors: Tensor) -> Tensor:
        """vectors: (batch, 1 + time, embedding) -> (batch, time, hidden)."""
        contexts: Tensor = self.inner(vectors)[:, 1:]
        return contexts


class Started(LSTM):
    """An LSTM that has read a vector before whatever it reads first."""

    def __init__(self, encoder: Encoder, vector: Tensor) -> None:
        """`encoder`: the LSTM whose weights it shares; vector: (embedding,)."""
        nn.Module.__init__(self)
        assert isinstance(encoder, LSTM)
        self.out_size, self.drop, self.lstm = encoder.out_size, encoder.drop, encoder.lstm
        self.vector = vector

    def forward(self, vectors: Tensor) -> Tensor:
        """As every LSTM, behind the vector."""
        first = self.vector.expand(len(vectors), 1, -1)
        contexts: Tensor = super().forward(torch.cat([first, vectors], 1))[:, 1:]
        return contexts

    @torch.no_grad()
    def step(self, vectors: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """As every LSTM, behind the vector."""
        if state is None:
            vectors = torch.cat([self.vector.expand(len(vectors), 1, -1), vectors], 1)
        return super().step(vectors, state)


def network_told(settings: NetworkSettings, way: str) -> EventNetwork:
    """A fresh network that is told moods in one of WAYS."""
    if way in ("none", "rows"):
        return build_network(replace(settings, mood="rated" if way == "rows" else None))
    return MoodTold(replace(settings, mood=None), way)


def context_layers(network: EventNetwork) -> Sequence[nn.Linear]:
    """The layers that see a context."""
    heads = network.representation
    assert isinstance(heads, Pitchwise)
    own = heads.context, heads.duration.context, heads.level.context
    return own if network.shortcuts is None else (*own, network.shortcuts.out)


def _usual(network: EventNetwork) -> EventNetwork:
    """A copy of what is usual of a network."""
    usual = EventNetwork(network.settings, network.encoder, network.representation)
    usual.before, usual.behind = network.before, network.behind
    usual.shortcuts = network.shortcuts
    return copy.deepcopy(usual).eval()


@torch.no_grad()
def _shift_input(network: EventNetwork, vector: Tensor) -> None:
    """Add a vector to all that the encoder reads, by way of its bias."""
    assert isinstance(network.encoder, LSTM)
    lstm = network.encoder.lstm
    lstm.bias_ih_l0 += lstm.weight_ih_l0 @ vector


@torch.no_grad()
def _shift_context(network: EventNetwork, vector: Tensor) -> None:
    """Add a vector to all contexts, by way of the bias of what sees them."""
    for linear in context_layers(network):
        linear.bias += linear.weight @ vector
