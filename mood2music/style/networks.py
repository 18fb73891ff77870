"""Loads networks by name, shipped or the user's own checkpoints, and blends them as asked."""

import logging
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mood2music.brief import brief
from mood2music.errors import CheckpointError
from mood2music.files import checksum
from mood2music.generator import network as networks
from mood2music.generator.memory.form import Form, blended
from mood2music.generator.network import EventNetwork
from mood2music.style.blend import blend
from mood2music.style.settings import StyleSettings
from mood2music.style.shipped import find_style, locate

log = logging.getLogger(__name__)


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
        return {path.name: checksum(path) for path in files}


def load_styled(model: str, style: StyleSettings) -> StyledNetwork:
    """Load the base `model` (a shipped name, or a checkpoint's path) and blend the styles into it.

    Raises UnknownNameError, naming near ones, for a model or style that is not there, and
    CheckpointError when a network does not fit the base.
    """
    base = locate(model)
    network, header = networks.load(base)
    own, family = style.checkpoints or {}, network.settings.name
    found = {name: find_style(name, family, own) for name in style.strengths()}
    paths = dict(found.values())
    strengths = {found[name][0]: strength for name, strength in style.strengths().items()}
    weights = {}
    forms = [(header.get("form"), max(0.0, 1 - sum(strengths.values())))]
    for name, path in paths.items():
        styled, told = networks.load(path)
        if _reading(told) != _reading(header):
            raise CheckpointError(
                f"{path.name} was trained on music read with {_reading(told)}, its base with "
                f"{_reading(header)}: fine-tune it on data read alike"
            )
        if told.get("init") not in (None, checksum(base)):
            log.warning("%s was fine-tuned from another network than %s", path.name, base.name)
        weights[name] = styled.state_dict()
        forms.append((told.get("form"), strengths[name]))
    unstyled = deepcopy(network) if any(strengths.values()) else None
    network.load_state_dict(
        blend(network.state_dict(), weights, strengths, style.method, style.layers)
    )
    return StyledNetwork(
        network.eval(),
        header,
        base,
        {name: (path, strengths[name]) for name, path in paths.items()},
        None if unstyled is None else unstyled.eval(),
        None if header.get("form") is None else _mixed(forms),
    )


def _mixed(forms: list[tuple[Any, float]]) -> Form:
    """Mix the forms that checkpoints tell by their strengths; one that tells none is left out."""
    return blended((Form.from_dict(told), weight) for told, weight in forms if told and weight > 0)


def _reading(header: Mapping[str, Any]) -> dict[str, Any]:
    """How the music was read that a network learnt: grid and divisors."""
    settings = header["data"]["settings"]
    return {"grid": settings["grid"], "quantize": list(settings["quantize"])}
