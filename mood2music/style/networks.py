"""Names to networks: the shipped ones, or the user's own checkpoints, blended as asked."""

import difflib
import logging
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mood2music.checksum import checksum
from mood2music.errors import CheckpointError, UnknownNameError
from mood2music.generator import network as networks
from mood2music.generator.network import EventNetwork
from mood2music.paths import PRETRAINED
from mood2music.style.blend import StyleSettings, blend

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class StyledNetwork:
    """A network ready to write, the files it was mixed from with their strengths, its header.

    unstyled: the base alone, None where every strength is 0 and `network` is the base.
    """

    network: EventNetwork
    header: dict[str, Any]
    base: Path
    styles: dict[str, tuple[Path, float]]
    unstyled: EventNetwork | None = None

    @property
    def grid(self) -> int:
        """Steps in a quarter note that the base was trained with."""
        return int(self.header["data"]["settings"]["grid"])

    @property
    def divisors(self) -> list[int]:
        """Parts of a quarter note that its training data was quantised to."""
        return list(self.header["data"]["settings"]["quantize"])

    def checksums(self) -> dict[str, str]:
        """SHA-256 of every file the network was made from, by file name."""
        files = [self.base, *(path for path, _ in self.styles.values())]
        return {path.name: checksum(path) for path in files}


def shipped(model: str = "*", style: str = "*") -> list[Path]:
    """Shipped music networks, named <model>_<style>.safetensors; the base's style is "base"."""
    return sorted(PRETRAINED.glob(f"{model}_{style}.safetensors"))


def bases() -> list[str]:
    """Names of the shipped networks that write."""
    return [path.stem.removesuffix("_base") for path in shipped(style="base")][::-1]


def styles_of(model: str) -> list[str]:
    """Names of a shipped network's styles."""
    names = (path.stem.removeprefix(f"{model}_") for path in shipped(model))
    return [name for name in names if name != "base"]


def load_styled(model: str, style: StyleSettings) -> StyledNetwork:
    """Load the base `model` (a shipped name, or a checkpoint's path) and blend the styles into it.

    Raises UnknownNameError, naming near ones, for a model or style that is not there, and
    CheckpointError when a network does not fit the base.
    """
    base = locate(model)
    network, header = networks.load(base)
    own, family = style.checkpoints or {}, network.settings.name
    paths = {name: _style(name, family, own) for name in style.strengths()}
    weights = {}
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
    strengths = style.strengths()
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
    )


def locate(model: str) -> Path:
    """Give the file of a shipped network's base, or the path itself where `model` is one.

    Raises UnknownNameError, naming near ones.
    """
    known = {path.stem.removesuffix("_base"): path for path in shipped(style="base")}
    if model in known:
        return known[model]
    if Path(model).suffix == ".safetensors" or Path(model).is_file():
        return Path(model)
    raise UnknownNameError(
        f"no network {model}: {_near(model, list(known))}, or the path of a checkpoint"
    )


def _style(name: str, model: str, own: Mapping[str, str]) -> Path:
    if name in own:
        return Path(own[name])
    known = {path.stem.removeprefix(f"{model}_"): path for path in shipped(model)}
    known.pop("base", None)
    if name in known:
        return known[name]
    raise UnknownNameError(
        f"style={name}: {_near(name, [*own, *known])}; "
        f"a network of your own goes in as style.checkpoints={{{name}:path}}"
    )


def _reading(header: Mapping[str, Any]) -> dict[str, Any]:
    """How the music was read that a network learnt: grid and divisors."""
    settings = header["data"]["settings"]
    return {"grid": settings["grid"], "quantize": list(settings["quantize"])}


def _near(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, 3, 0.5)
    return f"did you mean {' or '.join(close)}?" if close else f"expected {', '.join(known)}"
