"""A whole network of events: an encoder of what was heard and a representation of what follows."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from mood2music.command.settings import parse
from mood2music.errors import CheckpointError, SettingsError
from mood2music.generator.bilstm_attention import BiLSTMAttention
from mood2music.generator.chord import Chord, ChordVocabulary
from mood2music.generator.embedding import NO_EVENT, PAD, EventBatch, Nats
from mood2music.generator.lstm import LSTM
from mood2music.generator.pitchwise import Pitchwise
from mood2music.generator.settings import (
    ENCODERS,
    BiLSTMAttentionSettings,
    EncoderSettings,
    LSTMSettings,
    NetworkSettings,
    TransformerSettings,
)
from mood2music.generator.transformer import Transformer
from mood2music.learn import checkpoint

KIND = "music"

Encoder = LSTM | BiLSTMAttention | Transformer
Representation = Pitchwise | Chord


class EventNetwork(nn.Module):
    """Encoder and representation. Build it with `build` or `load`."""

    def __init__(
        self, settings: NetworkSettings, encoder: Encoder, representation: Representation
    ) -> None:
        """Join the two parts; `settings` say how they were made."""
        super().__init__()
        self.settings = settings
        self.encoder: Encoder = encoder
        self.representation: Representation = representation

    @property
    def targets(self) -> str:
        """Which events of a window are predicted: "all" from the second on, or the "last"."""
        return self.encoder.targets

    def set_dropout(self, share: float) -> None:
        """Change the share of dropped activations, between layers too."""
        for module in self.encoder.modules():
            if isinstance(module, nn.Dropout):
                module.p = share
            elif isinstance(module, nn.LSTM) and module.num_layers > 1:
                module.dropout = share
        self.settings.encoder["dropout"] = share

    def nats(self, events: EventBatch) -> Nats:
        """Negative log-likelihood of all events of windows that are predicted, (n,) in nats."""
        contexts: Tensor = self.encoder(self.representation.embed(events.part(None, -1)))
        count = contexts.shape[1]
        wanted, lengths = events.tokens[:, -count:], events.durations[:, -count:]
        previous = events.tokens[:, -count - 1 : -1]
        real = lengths > NO_EVENT
        levels = events.levels[:, -count:]
        return self.representation.nats(
            contexts[real], previous[real], wanted[real], lengths[real], levels[real]
        )


def build(settings: NetworkSettings, vocabulary: ChordVocabulary | None = None) -> EventNetwork:
    """Build an untrained network. `vocabulary` is asked for by representation=chord alone."""
    if settings.name not in ENCODERS:
        raise SettingsError(f"model.name={settings.name}: expected one of {', '.join(ENCODERS)}")
    encoder: Encoder
    sizes: EncoderSettings
    if settings.name == "lstm":
        sizes = parse(LSTMSettings, settings.encoder, "model.encoder")
        encoder = LSTM(sizes)
    elif settings.name == "transformer":
        sizes = parse(TransformerSettings, settings.encoder, "model.encoder")
        encoder = Transformer(sizes)
    else:
        sizes = parse(BiLSTMAttentionSettings, settings.encoder, "model.encoder")
        encoder = BiLSTMAttention(sizes)
    representation: Representation
    if settings.representation == "pitchwise":
        representation = Pitchwise(sizes.embedding, encoder.out_size, settings.tied)
    elif settings.representation == "chord" and vocabulary is not None:
        representation = Chord(sizes.embedding, encoder.out_size, vocabulary)
    else:
        raise SettingsError(
            f"model.representation={settings.representation}: expected pitchwise or chord"
        )
    full = NetworkSettings(settings.name, settings.representation, asdict(sizes), settings.tied)
    return EventNetwork(full, encoder, representation)


def save(path: Path, network: EventNetwork, header: dict[str, Any], half: bool = False) -> None:
    """Write a network; `header` adds what it was trained on; `half` stores 16-bit floats."""
    settings = asdict(network.settings)
    if isinstance(network.representation, Chord):
        settings["vocabulary"] = list(network.representation.vocabulary.chords.shape)
    checkpoint.save(
        path,
        network.state_dict(),
        KIND,
        {"settings": settings, **header},
        torch.float16 if half else None,
    )


def load(path: Path) -> tuple[EventNetwork, dict[str, Any]]:
    """Read a network, ready to use, and its header.

    Raises CheckpointError for anything but a music network's checkpoint.
    """
    network, header = checkpoint.load_network(path, KIND, _from_header)
    if isinstance(network.representation, Chord):
        chords = network.representation.vocabulary.chords
        if int(chords.min()) < 0 or int(chords.max()) > PAD:
            raise CheckpointError(
                f"{path} has chords of pitches that there are not: train it again"
            )
    if fault := _fault(header):
        raise CheckpointError(f"{path} tells {fault}: train it again")
    return network, header


def _from_header(header: dict[str, Any]) -> EventNetwork:
    """Build what a header describes. Raises SettingsError and what torch raises."""
    if not isinstance(header.get("settings"), dict):
        raise SettingsError("its header has no settings")
    settings = dict(header["settings"])
    shape = settings.pop("vocabulary", None)
    if shape is None:
        return build(parse(NetworkSettings, settings, "settings"))
    if not (isinstance(shape, list) and len(shape) == 2 and all(_whole(size) for size in shape)):
        raise SettingsError("settings.vocabulary: expected its words and its widest chord")
    return build(parse(NetworkSettings, settings, "settings"), ChordVocabulary(*shape))


def _fault(header: dict[str, Any]) -> str:
    """What a header tells wrongly of the data; "" when it is as `train` writes it, or nothing."""
    data = header.get("data", {})
    if not isinstance(data, dict) or not isinstance(read := data.get("settings", {}), dict):
        return "its data without names"
    if "grid" in read and not _whole(read["grid"]):
        return "a data.grid that is no number of steps"
    parts = read.get("quantize", [])
    if not isinstance(parts, list) or not all(_whole(part) for part in parts):
        return "a data.quantize that is no list of parts"
    for part in ("train_names", "val_names", "seen_before"):
        names = data.get(part, [])
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            return f"a data.{part} that is no list of names"
    return ""


def _whole(value: Any) -> bool:
    """Whether a value is a whole number from 1 on that fits a tensor's shape."""
    return type(value) is int and 1 <= value < 1 << 31
