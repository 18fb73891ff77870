"""Several processes train one network: each takes its rows of a batch, all know the whole loss.

A loss over a share is no part of the loss over the batch: events are not dealt evenly, and CCC is
no mean. So what the network says of each row is put together before the loss is taken.
"""

from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Generic, TypeVar

import torch
import torch.distributed as dist

B = TypeVar("B")


@dataclass(frozen=True)
class Share(Generic[B]):
    """The rows of a batch that are this process's.

    counts: whether they count; a batch of fewer rows than processes gives some a row that is
    another's, for a network takes no empty batch.
    """

    batch: B
    counts: bool = True


def processes() -> int:
    """Count the processes that train together."""
    return dist.get_world_size() if dist.is_available() and dist.is_initialized() else 1


def rank() -> int:
    """Give this process's number among them, from 0."""
    return dist.get_rank() if processes() > 1 else 0


def share(batch: B) -> Share[B]:
    """Take every n-th row of a batch, n processes dealing them out; one process takes all.

    batch: a named tuple or a dataclass of tensors, the rows along their first axis; what is None
        stays so, and of a named tuple in it each is cut.
    """
    if processes() == 1:
        return Share(batch)
    parts = _tensors(batch)
    counts = rank() < len(parts[0])
    rows = slice(rank(), None, processes()) if counts else slice(0, 1)
    cut = [_cut(part, rows) for part in parts]
    if is_dataclass(batch):
        names = [item.name for item in fields(batch)]
        return Share(replace(batch, **dict(zip(names, cut, strict=True))), counts)  # type: ignore[type-var]
    return Share(type(batch)(*cut), counts)


def gathered(own: torch.Tensor, counts: bool = True) -> torch.Tensor:
    """Put together what each process has, (rows, ...): of all, the gradient along this one's own.

    counts: of the share.
    """
    if processes() == 1:
        return own
    own = own if counts else own[:0]
    lengths = [torch.zeros(1, dtype=torch.int64, device=own.device) for _ in range(processes())]
    dist.all_gather(lengths, torch.tensor([len(own)], device=own.device))
    counted = [int(length) for length in lengths]
    padded = own.new_zeros(max(counted), *own.shape[1:])
    padded[: len(own)] = own.detach()
    parts = [torch.empty_like(padded) for _ in counted]
    dist.all_gather(parts, padded)
    parts = [part[:length] for part, length in zip(parts, counted, strict=True)]
    parts[rank()] = own
    return torch.cat(parts)


def to_learn(loss: torch.Tensor) -> torch.Tensor:
    """Scale a loss of all rows, whose gradient runs through this process's alone.

    The gradients of the processes are averaged, and would have to be added.
    """
    return loss * processes()


def _tensors(batch: Any) -> list[Any]:
    if is_dataclass(batch):
        return [getattr(batch, item.name) for item in fields(batch)]
    return list(batch)


def _cut(part: Any, rows: slice) -> Any:
    """Take rows of a tensor, or of each in a named tuple; None is none."""
    if part is None or isinstance(part, torch.Tensor):
        return None if part is None else part[rows]
    return type(part)(*(_cut(each, rows) for each in part))
