"""Joins an encoder of what was heard and a representation of what follows; saves and loads both."""

import copy
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from mood2music import registry
from mood2music.command.settings import parse
from mood2music.errors import CheckpointError, SettingsError
from mood2music.generator.conditions import Conditions
from mood2music.generator.encoder import Encoder
from mood2music.generator.event_batch import NO_EVENT, EventBatch
from mood2music.generator.heads import Nats
from mood2music.generator.representation import Representation
from mood2music.generator.settings import NetworkSettings
from mood2music.generator.shortcuts import Shortcuts, anchors_of
from mood2music.learn import checkpoint
from mood2music.learn.stored_network import load_network

KIND = "music"

# What to do where a checkpoint names what nobody has registered: the file itself imports nothing.
PLUGIN = "; where a plug-in has it, name its module: plugins=[module]"


class Predicted(NamedTuple):
    """Events that a network predicts, each in the context of those before it.

    context: (n, hidden); previous, tokens, levels: (n, pitches), of the event before and of the
    predicted one, as in EventBatch; durations: (n,); scores: (n, SYMBOLS) of shortcuts, None of a
    network that has none
    """

    context: Tensor
    previous: Tensor
    tokens: Tensor
    durations: Tensor
    levels: Tensor
    scores: Tensor | None = None


class EventNetwork(nn.Module):
    """Encoder and representation. Build it with `build_network` or `load`."""

    def __init__(
        self, settings: NetworkSettings, encoder: Encoder, representation: Representation
    ) -> None:
        """Join the two parts; `settings` say how they were made."""
        super().__init__()
        self.settings = settings
        self.encoder: Encoder = encoder
        self.representation: Representation = representation
        self.before: Conditions | None = None
        self.behind: Conditions | None = None
        known = known_of(settings)
        if any(known):
            self.before = Conditions(settings.encoder["embedding"], *known)
            self.behind = Conditions(encoder.out_size, *known)
        self.shortcuts: Shortcuts | None = None
        if settings.shortcuts:
            self.shortcuts = Shortcuts(encoder.out_size, len(settings.memory))

    @property
    def targets(self) -> str:
        """Which events of a window are predicted: "all" from the second on, or the "last"."""
        return self.encoder.targets

    def set_dropout(self, share: float) -> None:
        """Change the share of dropped activations, between layers too."""
        for module in self.encoder.modules():
            if isinstance(module, nn.Dropout):
                module.p = share
            elif isinstance(module, nn.RNNBase) and module.num_layers > 1:
                module.dropout = share
        self.settings.encoder["dropout"] = share

    def nats(self, events: EventBatch, share: float = 1.0) -> Nats:
        """Negative log-likelihood of the events of windows that are predicted, (n,) in nats.

        share: of these events, drawn at random; the encoder reads all of them.
        """
        return self.representation.nats(*self.predicted(events, share))

    def predicted(self, events: EventBatch, share: float = 1.0, last: bool = False) -> Predicted:
        """Give the events of windows that are predicted, in the context of those before them.

        share: of these events, drawn at random; last: the last of each window alone.
        """
        read = events.part(None, -1)
        contexts: Tensor = self.encoder(self.embed(read))
        contexts = contexts[:, -1:] if last else contexts
        count = contexts.shape[1]
        wanted, lengths = events.tokens[:, -count:], events.durations[:, -count:]
        previous = events.tokens[:, -count - 1 : -1]
        real = lengths > NO_EVENT
        if events.scored is not None:
            real &= events.scored[:, -count:]
        if share < 1:
            real &= torch.rand(real.shape, device=real.device) < share
        levels = events.levels[:, -count:][real]
        behind = read.part(-count, None).rows(real)
        context = self.context(contexts[real], behind)
        row, place = real.nonzero(as_tuple=True)
        at = row, place + read.tokens.shape[1] - count
        scores = self.scores(context, behind, read.tokens, at)
        return Predicted(context, previous[real], wanted[real], lengths[real], levels, scores)

    def embed(self, events: EventBatch) -> Tensor:
        """Vectors of events and of what is known beside them: (batch, time, embedding)."""
        vectors = self.representation.embed(events)
        return vectors if self.before is None else vectors + self.before(events)

    def context(self, contexts: Tensor, events: EventBatch) -> Tensor:
        """Add to contexts, (..., hidden), what is known at the events they stand behind."""
        return contexts if self.behind is None else contexts + self.behind(events)

    def scores(self, context: Tensor, events: EventBatch, tokens: Tensor, at: Any) -> Tensor | None:
        """What shortcuts add to the scores of symbols: (n, SYMBOLS); None where there are none.

        context: (n, hidden), with what is known; events: (n,), those they stand behind;
        tokens: (batch, time, pitches), all that were read; at: where of these the n are.
        """
        if self.shortcuts is None:
            return None
        recalled = None if events.recalled is None else events.recalled.tokens
        scores: Tensor = self.shortcuts(context, anchors_of(tokens)[at], events.tokens, recalled)
        return scores


def known_of(settings: NetworkSettings) -> tuple[list[str], bool, bool, bool, bool]:
    """What a network reads beside the events: see `Conditions`."""
    told = settings.mood is not None, settings.harmony, settings.texture
    return settings.memory, settings.bars, *told


def guided(
    network: EventNetwork, mood: float, harmony: float = 1.0, texture: float = 1.0
) -> EventNetwork:
    """The network as moods, chords and texture steer it so many times as strongly.

    The rest is shared.
    """
    strengths = mood, harmony, texture
    told = known_of(network.settings)[2:]
    if not any(of and strength != 1 for of, strength in zip(told, strengths, strict=True)):
        return network
    other = copy.copy(network)
    other._modules = dict(network._modules)
    assert network.before is not None
    assert network.behind is not None
    other.before = network.before.guided(*strengths)
    other.behind = network.behind.guided(*strengths)
    return other


def with_more(
    network: EventNetwork, harmony: bool, shortcuts: bool, texture: bool = False
) -> EventNetwork:
    """The network with what it is to have besides and has yet to learn; itself where that is none.

    harmony: rows for the chords that it is told; shortcuts: those of the pitches; texture: rows for
    how full bars are.
    """
    had = network.settings
    settings = replace(
        had,
        harmony=had.harmony or harmony,
        shortcuts=had.shortcuts or shortcuts,
        texture=had.texture or texture,
    )
    if settings == had:
        return network
    made = EventNetwork(settings, network.encoder, network.representation)
    for own, old in (
        (made.before, network.before),
        (made.behind, network.behind),
        (made.shortcuts, network.shortcuts),
    ):
        if own is not None and old is not None:
            own.load_state_dict(old.state_dict(), strict=False)
    return made


def build_network(settings: NetworkSettings, learnt: Any = None, hint: str = "") -> EventNetwork:
    """Build an untrained network.

    learnt: what the representation has to know of the training pieces (`Representation.learn`),
    None for nothing; hint: of the refusal of an unknown name. Raises SettingsError.
    """
    encoders = registry.find("encoder", settings.name, "model.name", hint)
    representations = _representation(settings.representation, hint)
    sizes = parse(encoders.settings, settings.encoder, "model.encoder")
    encoder: Encoder = encoders.build(sizes)
    representation: Representation = representations.make(
        settings, sizes.embedding, encoder.out_size, learnt
    )
    full = replace(settings, encoder=asdict(sizes))
    return EventNetwork(full, encoder, representation)


def _representation(name: str, hint: str) -> type[Representation]:
    found: type[Representation] = registry.find(
        "representation", name, "model.representation", hint
    ).build
    return found


def save(path: Path, network: EventNetwork, header: dict[str, Any], half: bool = False) -> None:
    """Write a network; `header` adds what it was trained on; `half` stores 16-bit floats."""
    settings = asdict(network.settings)
    shape = network.representation.shape()
    if shape is not None:
        settings["vocabulary"] = shape
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
    network, header = load_network(path, KIND, _from_header)
    if fault := network.representation.fault():
        raise CheckpointError(f"{path} has {fault}: train it again")
    if fault := _fault(header):
        raise CheckpointError(f"{path} tells {fault}: train it again")
    return network, header


def _from_header(header: dict[str, Any]) -> EventNetwork:
    """Build what a header describes. Raises SettingsError and what torch raises."""
    if not isinstance(header.get("settings"), dict):
        raise SettingsError("its header has no settings")
    settings = dict(header["settings"])
    shape = settings.pop("vocabulary", None)
    named = parse(NetworkSettings, settings, "settings")
    learnt = _representation(named.representation, PLUGIN).recall(shape)
    return build_network(named, learnt, PLUGIN)


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
