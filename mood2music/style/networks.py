"""Loads networks by name, shipped or the user's own checkpoints, and blends them as asked."""

import logging
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from mood2music.brief import brief
from mood2music.command.settings import shown
from mood2music.errors import CheckpointError, SettingsError
from mood2music.files import checksum
from mood2music.generator import network as networks
from mood2music.generator.memory.form import Form, blended
from mood2music.generator.network import EventNetwork
from mood2music.music.idiom import idiom_of
from mood2music.registry import near
from mood2music.style.blend import blend
from mood2music.style.settings import StyleSettings, check_called
from mood2music.style.shipped import find_style, locate

log = logging.getLogger(__name__)

# Bases, and networks with styles, that a process keeps.
KEPT = 2


@brief
@dataclass(frozen=True)
class StyledNetwork:
    """A network ready to write, the files it was mixed from with their strengths, its header.

    unstyled: the base alone, None where every strength is 0 and `network` is the base; form: when
    pieces of the styles come back to earlier bars, None of networks that are not told where to.
    """

    network: EventNetwork
    header: dict[str, Any]
    base: Path
    styles: dict[str, tuple[Path, float]]
    unstyled: EventNetwork | None = None
    form: Form | None = None

    @property
    def grid(self) -> int:
        """Steps in a quarter note that the base was trained with."""
        return int(self.header["data"]["settings"]["grid"])

    @property
    def divisors(self) -> list[int]:
        """Parts of a quarter note that its training data was quantised to."""
        return list(self.header["data"]["settings"]["quantize"])

    def strengths(self) -> dict[str, float]:
        """Strength of each style, by name."""
        return {name: strength for name, (_, strength) in self.styles.items()}

    def checksums(self) -> dict[str, str]:
        """SHA-256 of every file the network was made from, by file name."""
        files = [self.base, *(path for path, _ in self.styles.values())]
        return {path.name: _checksum(_stamped(path)) for path in files}


class File(NamedTuple):
    """A file as it was when it was read: by when it was changed, ns, and its bytes."""

    path: Path
    changed: int
    size: int


def load_styled(model: str, style: StyleSettings) -> StyledNetwork:
    """Load the base `model` (a shipped name, or a checkpoint's path) and blend the styles into it.

    The last KEPT stay in memory, for the next piece: what is given is to be read alone. Raises
    UnknownNameError, naming near ones, for a model or style that is not there, SettingsError for
    two styles of one name, and CheckpointError when a network does not fit the base.
    """
    base = _stamped(locate(model))
    family, own = _load(base)[0].settings.name, style.checkpoints or {}
    asked = style.strengths()
    found = {name: find_style(name, family, own) for name in asked}
    check_called({name: called for name, (called, _) in found.items()})
    styles = {found[name][0]: (asked[name], _stamped(found[name][1])) for name in asked}
    factors = tuple((style.layers or {}).items())
    styled, foreign = _blended(base, tuple(styles.items()), style.method, factors)
    for name in foreign:
        log.warning("%s was fine-tuned from another network than %s", name, base.path.name)
    return styled


def _stamped(path: Path) -> File:
    told = path.stat()
    return File(path.absolute(), told.st_mtime_ns, told.st_size)


@lru_cache(maxsize=16)
def _checksum(file: File) -> str:
    return checksum(file.path)


@lru_cache(maxsize=KEPT)
def _load(file: File) -> tuple[EventNetwork, dict[str, Any]]:
    return networks.load(file.path)


@lru_cache(maxsize=KEPT)
def _blended(
    base: File,
    styles: tuple[tuple[str, tuple[float, File]], ...],
    method: str,
    layers: tuple[tuple[str, float], ...],
) -> tuple[StyledNetwork, list[str]]:
    """The network, and names of the styles that were fine-tuned from another base."""
    plain, header = _load(base)
    strengths = {name: strength for name, (strength, _) in styles}
    weights, foreign = {}, []
    forms = [(header.get("form"), max(0.0, 1 - sum(strengths.values())))]
    for name, (strength, file) in styles:
        learnt, told = networks.load(file.path)
        if _reading(told) != _reading(header):
            raise CheckpointError(
                f"{file.path.name} was trained on music read with {_reading(told)}, its base with "
                f"{_reading(header)}: fine-tune it on data read alike"
            )
        if told.get("init") not in (None, _checksum(base)):
            foreign.append(file.path.name)
        weights[name] = learnt.state_dict()
        forms.append((told.get("form"), strength))
    _check_layers(dict(layers), list(plain.state_dict()), base.path.name)
    network = plain
    if styles:
        network = deepcopy(plain)
        mixed = blend(plain.state_dict(), weights, strengths, method, dict(layers))
        network.load_state_dict(mixed)
    styled = StyledNetwork(
        network,
        header,
        base.path,
        {name: (file.path, strength) for name, (strength, file) in styles},
        plain if any(strengths.values()) else None,
        None if header.get("form") is None else _mixed(forms, strengths),
    )
    return styled, foreign


def _check_layers(layers: dict[str, float], weights: list[str], file: str) -> None:
    """Raise SettingsError for the start of no weight's name."""
    for start in layers:
        if not any(name.startswith(start) for name in weights):
            parts = sorted({name.partition(".")[0] for name in weights})
            raise SettingsError(
                f"style.layers={shown(layers)}: no weight of {file} begins with {start}, "
                f"{near(start, parts)}"
            )


def _mixed(forms: list[tuple[Any, float]], strengths: Mapping[str, float]) -> Form:
    """Mix the forms that checkpoints tell by their strengths; one that tells none is left out."""
    mixed = blended((Form.from_dict(told), weight) for told, weight in forms if told and weight > 0)
    looser = sum(idiom_of(name).looser * strength for name, strength in strengths.items())
    mixed.bars.looser = min(max(looser, 0.0), 1.0)
    return mixed


def _reading(header: Mapping[str, Any]) -> dict[str, Any]:
    """How the music was read that a network learnt: grid and divisors."""
    settings = header["data"]["settings"]
    return {"grid": settings["grid"], "quantize": list(settings["quantize"])}
