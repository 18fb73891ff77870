"""Knows which axes of weights are hidden units: permutes them, or joins two networks.

An `lstm` pitchwise network has six sets of units that no one sees from outside: the width of an
event's vector, those of either layer, and those inside its three heads.
"""

import copy
from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from torch import Tensor, nn

from mood2music.generator.network import EventNetwork

Weights = dict[str, Tensor]
# A set of units -> which unit of a network takes the place of each.
Order = dict[str, Tensor]

GATES = 4
# The sets along each axis, by the start of a weight's name; "4x": the four gates of set x, one
# behind the other; None: rows that mean something. The last two fit what a network is told.
AXES: dict[str, tuple[str | None, ...]] = {
    "encoder.lstm.weight_ih_l0": ("4first", "vector"),
    "encoder.lstm.weight_hh_l0": ("4first", "first"),
    "encoder.lstm.weight_ih_l1": ("4second", "first"),
    "encoder.lstm.weight_hh_l1": ("4second", "second"),
    "encoder.lstm.bias_ih_l0": ("4first",),
    "encoder.lstm.bias_hh_l0": ("4first",),
    "encoder.lstm.bias_ih_l1": ("4second",),
    "encoder.lstm.bias_hh_l1": ("4second",),
    "representation.pitches": (None, "vector"),
    "representation.time": (None, "vector"),
    "representation.dynamics": (None, "vector"),
    "representation.context.weight": ("chord", "second"),
    "representation.context.bias": ("chord",),
    "representation.so_far": (None, "chord"),
    "representation.out.weight": (None, "chord"),
    "representation.out.bias": (None,),
    "representation.duration.context.weight": ("duration", "second"),
    "representation.duration.context.bias": ("duration",),
    "representation.duration.tokens": (None, "duration"),
    "representation.duration.out.weight": (None, "duration"),
    "representation.duration.out.bias": (None,),
    "representation.level.context.weight": ("level", "second"),
    "representation.level.context.bias": ("level",),
    "representation.level.chord": (None, "level"),
    "representation.level.pitch": (None, "level"),
    "representation.level.below": (None, "level"),
    "representation.level.out.weight": (None, "level"),
    "representation.level.out.bias": (None,),
    "before.": (None, "vector"),
    "behind.": (None, "second"),
    "shortcuts.out.weight": (None, "second"),
    "shortcuts.out.bias": (None,),
}
SETS = ("vector", "first", "second", "chord", "duration", "level")
# Rounds of matching at most; it ends when a round changes nothing.
ROUNDS = 50


def axes_of(name: str) -> tuple[str | None, ...]:
    """The sets along the axes of a weight. Raises KeyError for one of another kind of network."""
    fitting = [start for start in AXES if name.startswith(start)]
    return AXES[max(fitting, key=len)]


def permuted(weights: Mapping[str, Tensor], order: Order) -> Weights:
    """The weights with their units in another order: the network computes the same."""
    found = {}
    for name, weight in weights.items():
        for axis, of in enumerate(axes_of(name)):
            if of is not None:
                weight = weight.index_select(axis, _along(of, order))
        found[name] = weight
    return found


def _along(of: str, order: Order) -> Tensor:
    own = order[of.removeprefix("4")]
    if not of.startswith("4"):
        return own
    return torch.cat([own + gate * len(own) for gate in range(GATES)])


def matched(
    weights: Mapping[str, Tensor], to: Mapping[str, Tensor], rng: np.random.Generator
) -> Order:
    """The order in which units are nearest to those of `to` (Ainsworth et al. 2023, algorithm 1).

    Set by set, that order is taken in which the weights have the highest inner product with those
    of `to`, the other sets as they are, until nothing changes.
    """
    order = {name: torch.arange(size) for name, size in _sizes(to).items()}
    for _ in range(ROUNDS):
        changed = False
        for of in (SETS[i] for i in rng.permutation(len(SETS))):
            likeness = _likeness(weights, to, order, of)
            best = torch.from_numpy(linear_sum_assignment(likeness.numpy(), maximize=True)[1])
            gained = (
                likeness.gather(1, best[:, None]).sum()
                - likeness.gather(1, order[of][:, None]).sum()
            )
            if gained > 1e-6:
                order[of], changed = best, True
        if not changed:
            break
    return order


def _likeness(
    weights: Mapping[str, Tensor], to: Mapping[str, Tensor], order: Order, of: str
) -> Tensor:
    """(units of `to`, units of the other): inner products over all weights that meet the set."""
    size = len(order[of])
    total = torch.zeros(size, size)
    for name, weight in weights.items():
        axes = axes_of(name)
        for axis, own in enumerate(axes):
            if own is None or own.removeprefix("4") != of:
                continue
            other = weight
            for i, along in enumerate(axes):
                if along is not None and (i != axis):
                    other = other.index_select(i, _along(along, order))
            pairs = [(to[name], other)]
            if own.startswith("4"):
                pairs = list(
                    zip(to[name].chunk(GATES, axis), other.chunk(GATES, axis), strict=True)
                )
            for a, b in pairs:
                total += (
                    a.movedim(axis, 0).reshape(size, -1) @ b.movedim(axis, 0).reshape(size, -1).T
                )
    return total


def matched_by_activity(
    one: Mapping[str, NDArray[np.float32]], to: Mapping[str, NDArray[np.float32]]
) -> Order:
    """The order in which units are most alike in what they do: of each set, (events, units)."""
    order = {}
    for of in SETS:
        a, b = (x[of] - x[of].mean(0) for x in (to, one))
        a, b = (x / np.maximum(np.linalg.norm(x, axis=0), 1e-9) for x in (a, b))
        order[of] = torch.from_numpy(linear_sum_assignment(a.T @ b, maximize=True)[1])
    return order


def _sizes(weights: Mapping[str, Tensor]) -> dict[str, int]:
    return {
        of: weight.shape[axis]
        for name, weight in weights.items()
        for axis, of in enumerate(axes_of(name))
        if of is not None and not of.startswith("4")
    }


@torch.no_grad()
def joined(first: EventNetwork, second: EventNetwork, share: float) -> EventNetwork:
    """One network whose logits are the mean of two networks' logits, `share` of it the second's.

    Its units are those of both, side by side. It writes and is scored as any network.
    """
    theirs = second.state_dict()
    weights = {}
    for name, weight in first.state_dict().items():
        axes = axes_of(name)
        mine, other = weight, theirs[name]
        if name.endswith((".out.weight", ".out.bias")):
            mine, other = (1 - share) * mine, share * other
        weights[name] = _together(mine, other, axes)
    network = copy.deepcopy(first)
    for name, weight in weights.items():
        where, _, own = name.rpartition(".")
        module = network.get_submodule(where)
        setattr(module, own, nn.Parameter(weight))
        if isinstance(module, nn.Linear) and own == "weight":
            module.out_features, module.in_features = weight.shape
    size = weights["encoder.lstm.weight_hh_l0"].shape[1]
    lstm = nn.LSTM(weights["encoder.lstm.weight_ih_l0"].shape[1], size, 2, batch_first=True)
    lstm.load_state_dict(
        {n.removeprefix("encoder.lstm."): w for n, w in weights.items() if ".lstm." in n}
    )
    network.encoder.lstm, network.encoder.out_size = lstm, size  # type: ignore[assignment]
    return network.eval()


def _together(mine: Tensor, other: Tensor, axes: tuple[str | None, ...]) -> Tensor:
    """Side by side along the axes of units; where both axes are, each in its own block."""
    if axes == (None,):
        return mine + other
    if axes[0] is not None and axes[0].startswith("4"):
        gates = zip(mine.chunk(GATES), other.chunk(GATES), strict=True)
        return torch.cat([_together(a, b, (axes[0][1:], *axes[1:])) for a, b in gates])
    if len(axes) == 1:
        return torch.cat([mine, other])
    if axes[0] is None:
        return torch.cat([mine, other], 1)
    return torch.block_diag(mine, other)
