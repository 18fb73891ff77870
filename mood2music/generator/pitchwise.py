"""Predicts chords pitch by pitch: every chord has a probability, all styles share one alphabet."""

from typing import TYPE_CHECKING, Any, Self

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mood2music.errors import SettingsError
from mood2music.generator.embedding import LevelMean, Time, TokenSum, multi_hot
from mood2music.generator.event_batch import PAD, EventBatch
from mood2music.generator.heads import DurationHead, LevelHead, Nats, at_least_float32
from mood2music.generator.representation import Representation
from mood2music.generator.settings import NetworkSettings
from mood2music.music.events import END, HELD, SYMBOLS

if TYPE_CHECKING:
    from mood2music.generator.sampling.drawing import Drawer


class Pitchwise(Representation):
    """Emits a chord from its lowest pitch up, each struck or held, then END.

    logits = W2 relu(W1 context + sum of the embeddings so far). Pitches at or below the last are
    masked, and only a pitch that sounded in the event before can be held.
    """

    def __init__(
        self, embedding: int, hidden: int, tied: bool = False, dropout: float = 0.0
    ) -> None:
        """`embedding`: width of an event's vector; `hidden`: width of the context.

        tied: W2 is the input embedding of the pitches (Press & Wolf 2017), which asks for one
        width; raises SettingsError for two. dropout: share of the spelling layer's units dropped.
        """
        super().__init__()
        if tied and embedding != hidden:
            raise SettingsError(
                f"model.tied=true needs one width, got embedding {embedding} and hidden {hidden}"
            )
        self.pitches = TokenSum(embedding)
        self.time = Time(embedding)
        self.dynamics = LevelMean(embedding)
        self.context = nn.Linear(hidden, hidden)
        self.so_far = TokenSum(hidden)
        self.drop = nn.Dropout(dropout)
        self.out: OutBias | nn.Linear = OutBias() if tied else nn.Linear(hidden, SYMBOLS)
        self.duration = DurationHead(hidden)
        self.level = LevelHead(hidden)
        pitch_of = [symbol % HELD for symbol in range(SYMBOLS)]
        pitch_of[END] = HELD  # above every pitch: END stays allowed
        # Rows of symbols: which stand below one, and which above; behind PAD, all. Compared by
        # numpy: a sketch's torch would import its compiler for it, which takes a second.
        pitch = np.array(pitch_of)
        above = pitch > pitch[:, None]
        above[PAD] = True
        for name, rows in (
            ("pitch_of", pitch),
            ("below", pitch < pitch[:, None]),
            ("above", above),
        ):
            self.register_buffer(name, torch.from_numpy(rows), persistent=False)

    pitch_of: Tensor
    below: Tensor
    above: Tensor

    @classmethod
    def make(cls, settings: NetworkSettings, embedding: int, hidden: int, learnt: Any) -> Self:
        """Build it for a network; it knows every chord beforehand."""
        return cls(embedding, hidden, settings.tied)

    def tables(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """The rows that vectors are sums of."""
        time = self.time
        return (
            self.pitches.weight, time.durations.weight, time.beats.weight, self.dynamics.weight
        )  # fmt: skip

    def drawer(self) -> "Drawer":
        """What spells chords in numpy."""
        from mood2music.generator.sampling.chords import Speller

        return Speller(self)

    def embed(self, events: EventBatch) -> Tensor:
        """Vectors of events: (batch, time, embedding)."""
        summed: Tensor = (
            self.pitches(events.tokens) + self.time(events) + self.dynamics(events.levels)
        )
        return summed

    def logits(self, hidden: Tensor) -> Tensor:
        """Score every symbol, allowed or not: (..., hidden) -> (..., SYMBOLS)."""
        weight = self.pitches.weight if isinstance(self.out, OutBias) else self.out.weight
        return at_least_float32(F.linear(hidden, weight, self.out.bias))

    def nats(
        self,
        context: Tensor,
        previous: Tensor,
        tokens: Tensor,
        durations: Tensor,
        levels: Tensor,
        scores: Tensor | None = None,
    ) -> Nats:
        """Negative log-likelihood of events.

        context: (n, hidden); previous: (n, pitches), the tokens of the event before;
        tokens: (n, pitches), durations: (n,), levels: (n, pitches): the events to score;
        scores: (n, SYMBOLS), added to those of the symbols.
        """
        return Nats(
            self.chord_nats(context, tokens, sounding(previous), scores=scores),
            F.cross_entropy(self.duration(context, tokens), durations, reduction="none"),
            self.level.nats(context, tokens, levels),
        )

    def chord_nats(
        self,
        context: Tensor,
        tokens: Tensor,
        heard: Tensor,
        playable: Tensor | None = None,
        scores: Tensor | None = None,
    ) -> Tensor:
        """Negative log-likelihood of chords alone: (n,).

        context: (n, hidden); tokens: (n, pitches); heard: (n, 128) bool, what can be held;
        playable: (SYMBOLS,) bool, the symbols that there are at all (None: every one); scores: as
        in `nats`.
        """
        event, _, each = self._symbols(context, tokens, heard, playable, scores)
        return each.new_zeros(len(tokens)).index_add(0, event, each)

    def token_nats(
        self, context: Tensor, previous: Tensor, tokens: Tensor, scores: Tensor | None = None
    ) -> Tensor:
        """Negative log-likelihood of each pitch, given those below it: (n, pitches), 0 for PAD.

        context, previous, tokens and scores are those of `nats`.
        """
        event, place, each = self._symbols(context, tokens, sounding(previous), None, scores)
        pitched = place < (tokens != PAD).sum(1)[event]
        nats = each.new_zeros(tokens.shape)
        nats[event[pitched], place[pitched]] = each[pitched]
        return nats

    def _symbols(
        self,
        context: Tensor,
        tokens: Tensor,
        heard: Tensor,
        playable: Tensor | None,
        scores: Tensor | None,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Score each pitch and END: its event, its place in the event and its nats, (m,) each."""
        target = F.pad(tokens, (0, 1), value=PAD)
        ends = (tokens != PAD).sum(1)
        # One row for each pitch and one for END: what stands behind END is not computed.
        event, place = (
            torch.arange(target.shape[1], device=tokens.device) <= ends[:, None]
        ).nonzero(as_tuple=True)
        wanted = target[event, place]
        # Rows are gathered by index_select: a sum over them is what its gradient costs.
        chords = multi_hot(tokens, self.so_far.weight)
        below = self.below.to(chords.dtype).index_select(0, wanted)
        so_far = chords.index_select(0, event) * below
        own = self.context(context).index_select(0, event)
        hidden = self.drop(torch.relu(own + so_far @ self.so_far.weight))
        last = F.pad(tokens, (1, 0), value=PAD)[event, place]
        allowed = self._allowed(last, heard, event)
        if playable is not None:
            allowed &= playable
        logits = self.logits(hidden)
        if scores is not None:
            logits = logits + scores[event]
        # A target outside the mask (a held pitch at the start of a window) costs a struck one.
        struck = torch.where(wanted == END, END, wanted % HELD)
        wanted = torch.where(allowed.gather(1, wanted[:, None])[:, 0], wanted, struck)
        each: Tensor = MaskedNats.apply(logits, allowed, wanted)
        return event, place, each

    def _allowed(self, last: Tensor, heard: Tensor, event: Tensor) -> Tensor:
        """Which symbols may follow: (n, SYMBOLS) bool.

        last: (n,) the symbol before, PAD for none; heard: (events, 128), what sounds before each
        event; event: (n,) of which it is.
        """
        holdable = F.pad(heard, (HELD, 1), value=True)
        return self.above.index_select(0, last) & holdable.index_select(0, event)


class MaskedNats(torch.autograd.Function):
    """Cross-entropy over the symbols that are allowed; the loss and its gradient in few passes.

    Equal to `cross_entropy(logits.masked_fill(~allowed, -inf), wanted, reduction="none")`. Rows of
    257 symbols are bound by memory: here float32 is met once, and what is kept for the gradient has
    the type of the logits.
    """

    @staticmethod
    def forward(ctx: Any, logits: Tensor, allowed: Tensor, wanted: Tensor) -> Tensor:
        """logits: (n, symbols), allowed: (n, symbols) bool, wanted: (n,) int64 -> nats (n,)."""
        masked = logits.masked_fill(~allowed, -torch.inf)
        # torch's own softmax is one pass; the likeliest symbol has 1/257 at least, and so a
        # logarithm that tells the total.
        shares = masked.softmax(1, torch.float32)
        total = masked.amax(1).float() - shares.amax(1).log()
        nats = total - masked.gather(1, wanted[:, None])[:, 0].float()
        ctx.save_for_backward(shares.to(logits.dtype), wanted)
        return nats

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None, None]:
        """Give softmax minus what was wanted, times the gradient of each row."""
        shares, wanted = ctx.saved_tensors
        found = shares * grad[:, None].to(shares.dtype)
        found.scatter_add_(1, wanted[:, None], -grad[:, None].to(shares.dtype))
        return found, None, None


class OutBias(nn.Module):
    """The output layer's own part where its weights are the input embedding's."""

    def __init__(self) -> None:
        """Start at zero."""
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(SYMBOLS))


def sounding(tokens: Tensor) -> Tensor:
    """Which pitches sound in an event. tokens: (n, pitches) -> (n, 128) bool."""
    heard = torch.zeros(len(tokens), HELD + 1, dtype=torch.bool, device=tokens.device)
    heard.scatter_(1, torch.where(tokens == PAD, HELD, tokens % HELD), True)
    return heard[:, :HELD]
