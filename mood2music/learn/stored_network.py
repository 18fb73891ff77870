"""Builds the network that a checkpoint describes, unless its weights do not fit or it is too large.

The file may be somebody else's: its header may say anything.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch.nn.modules.module import (
    register_module_buffer_registration_hook,
    register_module_parameter_registration_hook,
)
from torch.overrides import TorchFunctionMode

from mood2music.errors import CheckpointError
from mood2music.learn.checkpoint import line_of, load, read_header, shown, stored_in

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


def load_network(
    path: Path, kind: str, build: Callable[[dict[str, Any]], N]
) -> tuple[N, dict[str, Any]]:
    """Read a network in evaluation mode, made by `build` from the header, and the header.

    The network is sketched first, without memory for its weights: so a small file whose header
    names a large network is refused. Raises CheckpointError, one line, for whatever does not fit.
    """
    header = read_header(path, kind)
    stored = stored_in(path)
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
            f"{path} describes no network this version knows: {line_of(error)}"
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
        raise CheckpointError(f"{path} does not fit this network: {where} {shown(differing[0])}")
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
