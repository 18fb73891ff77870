"""Writes weights to files and reads them back: .safetensors with a JSON header. No code runs.

The header (safetensors metadata, key "mood2music") holds:
    format       FORMAT, raised when the layout changes
    kind         what the file is, for example "face" or "music"
    version      the mood2music version that wrote it
    ...          settings, vocabulary and data fingerprint, as the writer chose
"""

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from mood2music.errors import CheckpointError, said_by
from mood2music.files import atomically
from mood2music.version import __version__

FORMAT = 1
# Of a file somebody else may have made: JSON takes some twenty times its bytes in memory.
MOST_HEADER = 16_000_000
MOST_DEPTH = 32
LONGEST_SHOWN = 60  # letters of a header's value in a message


def save(
    path: Path,
    state: dict[str, torch.Tensor],
    kind: str,
    header: dict[str, Any],
    dtype: torch.dtype | None = None,
) -> None:
    """Write weights and header to `path`, whole or not at all; floats as `dtype` when given."""
    full = {"format": FORMAT, "kind": kind, "version": __version__, **header}
    tensors = {
        name: (t.to(dtype) if dtype and t.is_floating_point() else t).detach().cpu().contiguous()
        for name, t in state.items()
    }
    with atomically(path) as unfinished:
        try:
            save_file(tensors, unfinished, metadata={"mood2music": json.dumps(full)})
        except SafetensorError as error:  # how it says that the disk is full
            raise OSError(f"{path} cannot be written: {error}") from error
        unfinished.chmod(0o644)  # safetensors makes its files for the owner alone


def read_header(path: Path, kind: str | None = None) -> dict[str, Any]:
    """Read the header alone. Raises CheckpointError when `path` is no checkpoint of that kind."""
    if not path.is_file():
        raise CheckpointError(f"no checkpoint at {path}")
    try:
        _check_length(path)
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
        header = json.loads(metadata["mood2music"])
    except (SafetensorError, KeyError, ValueError, OSError, RecursionError) as error:
        raise CheckpointError(
            f"{path} is not a mood2music checkpoint: expected a .safetensors file that "
            "`python -m mood2music.train` wrote"
        ) from error
    if not isinstance(header, dict) or _too_deep(header):
        raise CheckpointError(
            f"{path} is not a mood2music checkpoint: its header is {shown(header)}, expected "
            "settings by name"
        )
    if header.get("format") != FORMAT:
        raise CheckpointError(
            f"{path} has checkpoint format {shown(header.get('format'))}, this version reads "
            f"{FORMAT}: train it again or install the version that wrote it"
        )
    if kind is not None and header.get("kind") != kind:
        raise CheckpointError(f"{path} is a {shown(header.get('kind'))} network, expected {kind}")
    return header


def load(path: Path, kind: str | None = None) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    """Read weights (as float32) and header.

    Raises CheckpointError as `read_header` does, and for weights that are not finite.
    """
    header = read_header(path, kind)
    state: dict[str, torch.Tensor] = {}
    try:
        with safe_open(path, framework="pt") as file:
            for name in file.keys():  # noqa: SIM118
                tensor = file.get_tensor(name)
                state[name] = tensor.float() if tensor.is_floating_point() else tensor
    # Of a type that this torch does not know, or more than there is memory.
    except (SafetensorError, OSError, RuntimeError, ValueError, TypeError, KeyError) as error:
        raise CheckpointError(f"{path} cannot be read: {line_of(error)}") from error
    for name, tensor in state.items():
        if tensor.is_floating_point() and not _finite(tensor):
            raise CheckpointError(
                f"{path} holds weights that are no finite numbers ({shown(name)}): train it again"
            )
    return state, header


def _finite(tensor: torch.Tensor) -> bool:
    """Whether all are numbers; a NaN is the least and the greatest of all."""
    return not tensor.numel() or all(bool(end.isfinite()) for end in tensor.aminmax())


def _check_length(path: Path) -> None:
    """Raise ValueError for a header that is too long (its first 8 bytes tell)."""
    with path.open("rb") as file:
        told = int.from_bytes(file.read(8), "little")
    if told > MOST_HEADER:
        raise ValueError(f"its header has {told} bytes, expected at most {MOST_HEADER}")


def stored_in(path: Path) -> dict[str, tuple[tuple[int, ...], str]]:
    """Shape and type of each tensor, by name; none of them is read."""
    with safe_open(path, framework="pt") as file:
        slices = {name: file.get_slice(name) for name in file.keys()}  # noqa: SIM118
        return {n: (tuple(s.get_shape()), s.get_dtype()) for n, s in slices.items()}


def _too_deep(value: Any) -> bool:
    """Whether lists and mappings stand in one another more than MOST_DEPTH times."""
    level = [value]
    for _ in range(MOST_DEPTH):
        inside = [v for v in level if isinstance(v, dict | list)]
        level = [w for v in inside for w in (v.values() if isinstance(v, dict) else v)]
    return any(isinstance(v, dict | list) for v in level)


def shown(value: Any) -> str:
    """A value of a header as it stands in a message: on one line, cut where it is long."""
    if isinstance(value, dict | list):
        return "a list" if isinstance(value, list) else "too deep a mapping"
    text = "null" if value is None else str(value)
    text = "".join(c if c.isprintable() else "?" for c in text)
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "..."


def line_of(error: Exception) -> str:
    """What an error says, on one line that is not too long."""
    text = said_by(error)
    return text if len(text) <= 200 else text[:200] + "..."
