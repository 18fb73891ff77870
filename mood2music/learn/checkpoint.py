"""Networks to files and back: one .safetensors file, its header a JSON of settings. No code runs.

The header (safetensors metadata, key "mood2music") holds:
    format       FORMAT, raised when the layout changes
    kind         what the file is, for example "face" or "music"
    version      the mood2music version that wrote it
    ...          settings, vocabulary and data fingerprint, as the writer chose
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch.nn.modules.module import (
    register_module_buffer_registration_hook,
    register_module_parameter_registration_hook,
)
from torch.overrides import TorchFunctionMode

from mood2music.errors import CheckpointError
from mood2music.files import atomically
from mood2music.version import __version__

FORMAT = 1
# Of a file somebody else may have made: JSON takes some twenty times its bytes in memory.
MOST_HEADER = 16_000_000
MOST_DEPTH = 32
LONGEST_SHOWN = 60  # letters of a header's value in a message
# Numbers that building a network may make beside those its file holds (tables, masks).
BESIDE = 1_000_000
# What draws the weights of torch's layers.
DRAWING = (
    torch.nn.init.normal_,
    torch.nn.init.uniform_,
    torch.nn.init.kaiming_normal_,
    torch.nn.init.kaiming_uniform_,
    torch.nn.init.xavier_uniform_,
    torch.nn.init.trunc_normal_,
    torch.Tensor.normal_,
    torch.Tensor.uniform_,
)

N = TypeVar("N", bound=torch.nn.Module)


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
            f"{path} is not a mood2music checkpoint: its header is {_shown(header)}, expected "
            "settings by name"
        )
    if header.get("format") != FORMAT:
        raise CheckpointError(
            f"{path} has checkpoint format {_shown(header.get('format'))}, this version reads "
            f"{FORMAT}: train it again or install the version that wrote it"
        )
    if kind is not None and header.get("kind") != kind:
        raise CheckpointError(f"{path} is a {_shown(header.get('kind'))} network, expected {kind}")
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
        raise CheckpointError(f"{path} cannot be read: {_line(error)}") from error
    for name, tensor in state.items():
        if tensor.is_floating_point() and not _finite(tensor):
            raise CheckpointError(
                f"{path} holds weights that are no finite numbers ({_shown(name)}): train it again"
            )
    return state, header


def _finite(tensor: torch.Tensor) -> bool:
    """Whether all are numbers; a NaN is the least and the greatest of all."""
    return not tensor.numel() or all(bool(end.isfinite()) for end in tensor.aminmax())


def load_network(
    path: Path, kind: str, build: Callable[[dict[str, Any]], N]
) -> tuple[N, dict[str, Any]]:
    """Read a network in evaluation mode, made by `build` from the header, and the header.

    The network is sketched first, without memory for its weights: so a small file whose header
    names a large network is refused. Raises CheckpointError, one line, for whatever does not fit.
    """
    header = read_header(path, kind)
    stored = _stored(path)
    try:
        most = 2 * sum(_count(shape) for shape, _ in stored.values()) + BESIDE
        with _at_most(most), _Unfilled():
            with torch.device("meta"):
                sketch = build(header)
            _compare(sketch, stored, path)
            network = build(header)
    except CheckpointError:
        raise
    # Settings of a foreign file meet torch here, which raises what it likes.
    except Exception as error:
        raise CheckpointError(
            f"{path} describes no network this version knows: {_line(error)}"
        ) from error
    restore(network, load(path, kind)[0], path)
    return network.eval(), header


def restore(network: torch.nn.Module, state: dict[str, torch.Tensor], path: Path) -> None:
    """Load `state` into `network`, strictly. Raises CheckpointError naming the first mismatch."""
    try:
        network.load_state_dict(state, strict=True)
    except RuntimeError as error:
        lines = [line.strip() for line in str(error).splitlines()[1:]]
        raise CheckpointError(
            f"{path} does not fit this network: {lines[0] if lines else error}"
        ) from error


def _check_length(path: Path) -> None:
    """Raise ValueError for a header that is too long (its first 8 bytes tell)."""
    with path.open("rb") as file:
        told = int.from_bytes(file.read(8), "little")
    if told > MOST_HEADER:
        raise ValueError(f"its header has {told} bytes, expected at most {MOST_HEADER}")


def _stored(path: Path) -> dict[str, tuple[tuple[int, ...], str]]:
    """Shape and type of each tensor, by name; none of them is read."""
    with safe_open(path, framework="pt") as file:
        slices = {name: file.get_slice(name) for name in file.keys()}  # noqa: SIM118
        return {n: (tuple(s.get_shape()), s.get_dtype()) for n, s in slices.items()}


class _Unfilled(TorchFunctionMode):
    """Draws no weights: the file's take their place, and a sketch's torch would compile for 2 s."""

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        named = kwargs or {}
        if func in DRAWING:
            drawn = args[0] if args else named["tensor"]
            # With a generator of its own, as a fixed projection may have, it is the same each time.
            if drawn.is_meta or named.get("generator") is None:
                return drawn
        return func(*args, **named)


@contextmanager
def _at_most(count: int) -> Iterator[None]:
    """Raise CheckpointError as soon as networks built in this thread hold more numbers."""
    thread, made = threading.get_ident(), 0

    def add(module: torch.nn.Module, name: str, tensor: torch.Tensor | None) -> None:
        nonlocal made
        if threading.get_ident() != thread or tensor is None:
            return
        made += tensor.numel() + 1
        if made > 2 * count:  # the sketch and the network
            raise ValueError("its settings ask for a larger network than its weights are")

    hooks = [
        register_module_parameter_registration_hook(add),
        register_module_buffer_registration_hook(add),
    ]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def _compare(
    sketch: torch.nn.Module, stored: dict[str, tuple[tuple[int, ...], str]], path: Path
) -> None:
    wanted = sketch.state_dict()
    if differing := sorted(wanted.keys() ^ stored.keys()):
        where = "the file lacks" if differing[0] in wanted else "its settings know no"
        raise CheckpointError(f"{path} does not fit this network: {where} {_shown(differing[0])}")
    for name, tensor in wanted.items():
        shape, kind = stored[name]
        if shape != tuple(tensor.shape):
            raise CheckpointError(
                f"{path} does not fit this network: {name} has shape {list(shape)}, expected "
                f"{list(tensor.shape)}"
            )
        if kind.startswith(("F", "BF")) != tensor.is_floating_point():
            raise CheckpointError(
                f"{path} does not fit this network: {name} holds {kind}, expected {tensor.dtype}"
            )


def _count(shape: tuple[int, ...]) -> int:
    count = 1
    for size in shape:
        count *= size
    return count


def _too_deep(value: Any) -> bool:
    """Whether lists and mappings stand in one another more than MOST_DEPTH times."""
    level = [value]
    for _ in range(MOST_DEPTH):
        inside = [v for v in level if isinstance(v, dict | list)]
        level = [w for v in inside for w in (v.values() if isinstance(v, dict) else v)]
    return any(isinstance(v, dict | list) for v in level)


def _shown(value: Any) -> str:
    """A value of a header as it stands in a message: on one line, cut where it is long."""
    if isinstance(value, dict | list):
        return "a list" if isinstance(value, list) else "too deep a mapping"
    text = "null" if value is None else str(value)
    text = "".join(c if c.isprintable() else "?" for c in text)
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "..."


def _line(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 200 else text[:200] + "..."
