"""Predicts the next frame from those heard, in exact nats over all 2^88 frames."""

from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from mood2music.command.settings import parse
from mood2music.generator.embedding import TokenSum
from mood2music.generator.event_batch import PAD
from mood2music.generator.lstm import LSTM
from mood2music.generator.pitchwise import Pitchwise
from mood2music.generator.polymusic.frames import KEYS, FrameBatch
from mood2music.generator.polymusic.rolls import HIGHEST, LOWEST
from mood2music.generator.polymusic.settings import FrameSettings
from mood2music.generator.settings import LSTMSettings
from mood2music.learn import checkpoint
from mood2music.learn.stored_network import load_network
from mood2music.music.events import END, HELD, SYMBOLS

KIND = "polymusic"
# The place of a frame is told to the network modulo this: four bars of four beats in the
# chorales, whose frames are quarters.
PLACES = 16


class FrameNetwork(nn.Module):
    """The LSTM and the pitchwise spelling of `generator`, reading frames without durations.

    A pitch is in a frame or not, so nothing is held. The first frame is predicted too, from a
    learnt vector. Beside the frame before, the network reads the next one's place (its number
    modulo PLACES) and, when training, the key that the piece was moved to; scored pieces are in
    their own.
    """

    playable: Tensor

    def __init__(
        self, settings: FrameSettings, lowest: int = LOWEST, highest: int = HIGHEST
    ) -> None:
        """`lowest`, `highest`: MIDI numbers between which a frame's pitches lie."""
        super().__init__()
        settings.check("experiment ")
        self.settings, self.ends = settings, lowest + highest
        size = settings.embedding
        sizes = {name.name: getattr(settings, name.name) for name in fields(LSTMSettings)}
        self.encoder = LSTM(LSTMSettings(**sizes))
        self.spelling = Pitchwise(size, settings.hidden, dropout=settings.spelling_dropout)
        # A frame has neither duration nor dynamics.
        del self.spelling.time, self.spelling.dynamics
        del self.spelling.duration, self.spelling.level
        self.start = nn.Parameter(torch.zeros(size))
        self.place = _rows(PLACES, size)
        self.key = _rows(KEYS, size)
        playable = torch.zeros(SYMBOLS, dtype=torch.bool)
        playable[lowest : highest + 1] = True
        playable[END] = True
        self.register_buffer("playable", playable, persistent=False)

    @property
    def pitches(self) -> TokenSum:
        """The embedding of the pitches heard."""
        return self.spelling.pitches

    def nats(self, batch: FrameBatch) -> Tensor:
        """Negative log-likelihood of every frame, piece after piece: (frames,)."""
        tokens = batch.tokens
        if self.settings.order == "high":
            # Spelled from the low end, the mirrored frame is the frame from its high end.
            tokens = torch.where(tokens == PAD, PAD, self.ends - tokens).sort(-1).values
        contexts = self.contexts(tokens, batch.keys)[batch.real]
        heard = torch.zeros(len(contexts), HELD, dtype=torch.bool, device=tokens.device)
        return self.spelling.chord_nats(contexts, tokens[batch.real], heard, self.playable)

    def contexts(self, tokens: Tensor, keys: Tensor) -> Tensor:
        """What is known before each frame. tokens: (batch, time, pitches) -> (batch, time, hidden).

        keys: (batch,), as in FrameBatch.
        """
        heard = tokens
        if self.training and self.settings.input_dropout:
            dropped = torch.rand(tokens.shape, device=tokens.device) < self.settings.input_dropout
            heard = tokens.masked_fill(dropped, PAD)
        vectors: Tensor = self.pitches(heard)
        start = self.start.expand(len(tokens), 1, -1)
        places = torch.arange(tokens.shape[1], device=tokens.device) % PLACES
        told = self.place(places) + self.key(keys)[:, None]
        contexts: Tensor = self.encoder(torch.cat([start, vectors[:, :-1]], 1) + told)
        return contexts


def save(path: Path, network: FrameNetwork, header: dict[str, Any]) -> None:
    """Write a network and its settings; `header` adds what it was trained on."""
    settings = asdict(network.settings)
    checkpoint.save(path, network.state_dict(), KIND, {"settings": settings, **header})


def load(path: Path) -> FrameNetwork:
    """Read a network, ready to score. Raises CheckpointError for any other file."""

    def build(header: dict[str, Any]) -> FrameNetwork:
        return FrameNetwork(parse(FrameSettings, header.get("settings")))

    return load_network(path, KIND, build)[0]


def _rows(count: int, size: int) -> nn.Embedding:
    rows = nn.Embedding(count, size)
    nn.init.normal_(rows.weight, std=size**-0.5)
    return rows
