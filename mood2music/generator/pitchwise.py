"""Chords spelled pitch by pitch: each chord has a probability and all styles share one alphabet."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mood2music.generator.choice import SamplerSettings, choose
from mood2music.generator.embedding import PAD, DurationHead, EventBatch, Time, TokenSum
from mood2music.music.events import END, HELD, SYMBOLS

# More pitches than two hands and a pedal hold; the longest chord in the training data has 17.
MOST_PITCHES = 24


class Pitchwise(nn.Module):
    """Emits a chord from its lowest pitch up, each struck or held, then END.

    logits = W2 relu(W1 context + sum of the embeddings so far). Pitches at or below the last are
    masked, and only a pitch that sounded in the event before can be held.
    """

    def __init__(self, embedding: int, hidden: int) -> None:
        """`embedding`: width of an event's vector; `hidden`: width of the context."""
        super().__init__()
        self.pitches = TokenSum(embedding)
        self.time = Time(embedding)
        self.context = nn.Linear(hidden, hidden)
        self.so_far = TokenSum(hidden)
        self.out = nn.Linear(hidden, SYMBOLS)
        self.duration = DurationHead(hidden)
        symbols = torch.arange(SYMBOLS)
        self.register_buffer("pitch_of", symbols % HELD, persistent=False)
        self.pitch_of[END] = HELD  # above every pitch: END stays allowed

    pitch_of: Tensor

    def embed(self, events: EventBatch) -> Tensor:
        """Vectors of events: (batch, time, embedding)."""
        summed: Tensor = self.pitches(events.tokens) + self.time(events)
        return summed

    def nats(
        self, context: Tensor, previous: Tensor, tokens: Tensor, durations: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Negative log-likelihood of events: (n,) for their pitches, (n,) for their durations.

        context: (n, hidden); previous: (n, pitches), the tokens of the event before;
        tokens: (n, pitches), durations: (n,): the events to score.
        """
        target = F.pad(tokens, (0, 1), value=PAD)
        ends = (tokens != PAD).sum(1)
        # One row for each pitch and one for END: what stands behind END is not computed.
        event, place = (
            torch.arange(target.shape[1], device=tokens.device) <= ends[:, None]
        ).nonzero(as_tuple=True)
        before = torch.arange(tokens.shape[1], device=tokens.device) < place[:, None]
        so_far = torch.where(before, tokens[event], PAD)
        hidden = torch.relu(self.context(context)[event] + self.so_far(so_far))
        last = F.pad(tokens, (1, 0), value=PAD)[event, place]
        last_pitch = torch.where(place == 0, -1, last % HELD)
        allowed = self._allowed(last_pitch, sounding(previous)[event])
        logits = self.out(hidden).masked_fill(~allowed, -torch.inf)
        # A target outside the mask (a held pitch at the start of a window) costs a struck one.
        wanted = target[event, place]
        struck = torch.where(wanted == END, END, wanted % HELD)
        wanted = torch.where(allowed.gather(1, wanted[:, None])[:, 0], wanted, struck)
        each = F.cross_entropy(logits, wanted, reduction="none")
        chord = torch.zeros(len(tokens), device=each.device).index_add(0, event, each)
        return chord, F.cross_entropy(self.duration(context, tokens), durations, reduction="none")

    @torch.no_grad()
    def sample(
        self,
        context: Tensor,
        previous: Tensor,
        settings: SamplerSettings,
        generator: torch.Generator,
    ) -> tuple[Tensor, Tensor]:
        """Draw an event a row: tokens (n, pitches) padded with PAD, durations (n,)."""
        n = len(context)
        base = self.context(context)
        summed = torch.zeros_like(base)
        last = torch.full((n,), -1)
        heard = sounding(previous)
        drawn: list[Tensor] = []
        done = torch.zeros(n, dtype=torch.bool)
        while not bool(done.all()) and len(drawn) < MOST_PITCHES:
            logits = self.out(torch.relu(base + summed))
            logits = logits.masked_fill(~self._allowed(last, heard), -torch.inf)
            token = choose(logits, settings, generator).masked_fill(done, END)
            done = done | (token == END)
            drawn.append(token)
            summed = summed + F.embedding(token, self.so_far.weight) * (~done).unsqueeze(-1)
            last = torch.where(done, last, token % HELD)
        tokens = torch.stack(drawn, 1)
        return tokens, choose(self.duration(context, tokens), settings, generator)

    def _allowed(self, last_pitch: Tensor, heard: Tensor) -> Tensor:
        """(n,) last pitch (-1: none yet), (n, 128) sounding before -> (n, SYMBOLS) bool."""
        above = self.pitch_of > last_pitch[:, None]
        holdable = torch.ones_like(above)
        holdable[:, HELD:END] = heard
        return above & holdable


def sounding(tokens: Tensor) -> Tensor:
    """Which pitches sound in an event. tokens: (n, pitches) -> (n, 128) bool."""
    heard = torch.zeros(len(tokens), HELD + 1, dtype=torch.bool, device=tokens.device)
    heard.scatter_(1, torch.where(tokens == PAD, HELD, tokens % HELD), True)
    return heard[:, :HELD]
