"""Networks to files and back: one .safetensors file, its header a JSON of settings. No code runs.

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

import mood2music
from mood2music.atomic import atomically
from mood2music.errors import CheckpointError

FORMAT = 1


def save(
    path: Path,
    state: dict[str, torch.Tensor],
    kind: str,
    header: dict[str, Any],
    dtype: torch.dtype | None = None,
) -> None:
    """Write weights and header to `path`, whole or not at all; floats as `dtype` when given."""
    full = {"format": FORMAT, "kind": kind, "version": mood2music.__version__, **header}
    tensors = {
        name: (t.to(dtype) if dtype and t.is_floating_point() else t).detach().cpu().contiguous()
        for name, t in state.items()
    }
    with atomically(path) as unfinished:
        save_file(tensors, unfinished, metadata={"mood2music": json.dumps(full)})
        unfinished.chmod(0o644)  # safetensors makes its files for the owner alone


def read_header(path: Path, kind: str | None = None) -> dict[str, Any]:
    """Read the header alone. Raises CheckpointError when `path` is no checkpoint of that kind."""
    if not path.is_file():
        raise CheckpointError(f"no checkpoint at {path}")
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
        header: dict[str, Any] = json.loads(metadata["mood2music"])
    except (SafetensorError, KeyError, ValueError, OSError) as error:
        raise CheckpointError(
            f"{path} is not a mood2music checkpoint: expected a .safetensors file that "
            "`python -m mood2music.train` wrote"
        ) from error
    if header.get("format") != FORMAT:
        raise CheckpointError(
            f"{path} has checkpoint format {header.get('format')}, this version reads {FORMAT}: "
            "train it again or install the version that wrote it"
        )
    if kind is not None and header.get("kind") != kind:
        raise CheckpointError(f"{path} is a {header.get('kind')} network, expected {kind}")
    return header


def load(path: Path, kind: str | None = None) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    """Read weights (as float32) and header. Raises CheckpointError as `read_header` does."""
    header = read_header(path, kind)
    with safe_open(path, framework="pt") as file:
        state = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    return {n: t.float() if t.is_floating_point() else t for n, t in state.items()}, header


def restore(network: torch.nn.Module, state: dict[str, torch.Tensor], path: Path) -> None:
    """Load `state` into `network`, strictly. Raises CheckpointError naming the first mismatch."""
    try:
        network.load_state_dict(state, strict=True)
    except RuntimeError as error:
        lines = [line.strip() for line in str(error).splitlines()[1:]]
        raise CheckpointError(
            f"{path} does not fit this network: {lines[0] if lines else error}"
        ) from error
