"""Finds the files of networks and styles by name: those that the package ships, or the user's."""

from collections.abc import Mapping
from pathlib import Path

from mood2music.errors import CheckpointError, UnknownNameError
from mood2music.files import PRETRAINED
from mood2music.registry import near


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


def locate(model: str) -> Path:
    """Give the file of a shipped network's base, or the path itself where `model` is one.

    Capitals do not matter in a name. Raises UnknownNameError, naming near ones, and
    CheckpointError for a path where no file is.
    """
    known = {path.stem.removesuffix("_base"): path for path in shipped(style="base")}
    if model.casefold() in known:
        return known[model.casefold()]
    path = Path(model).expanduser()
    if path.is_file():
        return path
    if path.suffix == ".safetensors":
        raise CheckpointError(f"no checkpoint at {path}: expected a file, or {' or '.join(known)}")
    raise UnknownNameError(
        f"no network {model}: {near(model, list(known))}, or the path of a checkpoint"
    )


def find_style(name: str, model: str, own: Mapping[str, str]) -> tuple[str, Path]:
    """Give a style's name, as it is written, and its network's file; capitals do not matter.

    A name in .safetensors is a file itself, and the style is called as the file.
    model: the base's kind, "lstm"; own: files by the names of the user's own styles. Raises
    UnknownNameError, naming near ones, and CheckpointError for a file that is not there.
    """
    if (path := Path(name).expanduser()).suffix == ".safetensors":
        if not path.is_file():
            raise CheckpointError(f"no checkpoint at {path}: style={name} names it")
        return path.stem, path
    known = {path.stem.removeprefix(f"{model}_"): path for path in shipped(model)}
    known.pop("base", None)
    known |= {style: Path(file).expanduser() for style, file in own.items()}
    for style, path in known.items():
        if style.casefold() == name.casefold():
            if not path.is_file():
                raise CheckpointError(f"no checkpoint at {path}: style.checkpoints names {style}")
            return style, path
    raise UnknownNameError(
        f"style={name}: {near(name, list(known))}; "
        "music of your own goes in as style.from=folder, a network as style=path.safetensors"
    )
