"""Splits a table of faces into train, val and test, no picture in two of them."""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mood2music.errors import DataError
from mood2music.face.dataset.pictures import Faces

log = logging.getLogger(__name__)

Rows = npt.NDArray[np.int64]
PARTS = ("train", "val", "test")


@dataclass(frozen=True)
class Shares:
    """How each of N pictures is treated.

    repeat: times an epoch it is seen when it falls to train; val, test: share of its like that
    is dealt to these parts, 0 to 1, where its part is not said.
    """

    repeat: npt.NDArray[np.int64]
    val: npt.NDArray[np.float64]
    test: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Split:
    """Rows of a table: train to learn from, val to stop by, test to report (may be empty).

    train: with repetitions; duplicates: pictures taken out because another part holds the same
    pixels.
    """

    train: Rows
    val: Rows
    test: Rows
    duplicates: int


def uniform(count: int, val: float, test: float = 0.0) -> Shares:
    """Treat all of `count` pictures alike."""
    return Shares(np.ones(count, dtype=np.int64), np.full(count, val), np.full(count, test))


def split(faces: Faces, shares: Shares, seed: int) -> Split:
    """Divide by group; a picture whose part is said keeps it, the others are dealt by `seed`.

    Pictures of equal pixels are one group. When a part holds a picture of an earlier one (train,
    val, test), it is taken out of the later. Raises DataError when nothing is left to train on or
    to stop by.
    """
    digests = [hashlib.sha256(image.tobytes()).hexdigest() for image in faces.images]
    dealt = _deal(faces, digests, shares, seed)
    parts = [part or dealt[row] for row, part in enumerate(faces.parts)]
    chosen: dict[str, Rows] = {}
    earlier: set[str] = set()
    duplicates = 0
    for part in PARTS:
        rows = [row for row, its in enumerate(parts) if its == part]
        kept = [row for row in rows if digests[row] not in earlier]
        duplicates += len(rows) - len(kept)
        earlier |= {digests[row] for row in rows}
        chosen[part] = np.asarray(kept, dtype=np.int64)
    if duplicates:
        log.info("%d pictures of equal pixels taken out of a later part", duplicates)
    for part in ("train", "val"):
        if not len(chosen[part]):
            groups = len(set(faces.groups))
            whole = (
                f" in {groups} groups, of which each stays together" if groups < len(faces) else ""
            )
            raise DataError(
                f"no picture is left for {part} out of {len(faces)}{whole}: give more "
                f"{'groups' if whole else 'pictures'}, or another data.val_fraction"
            )
    train = np.repeat(chosen["train"], shares.repeat[chosen["train"]])
    return Split(train, chosen["val"], chosen["test"], duplicates)


def _deal(faces: Faces, digests: Sequence[str], shares: Shares, seed: int) -> dict[int, str]:
    """Deal rows without a part, whole groups at a time, in the order of a hash of seed and group.

    A hash instead of a shuffle: pictures that join later hardly move the others.
    """
    free = [row for row, part in enumerate(faces.parts) if not part]
    group_of = _groups(free, faces.groups, digests)
    # Groups of equal shares are dealt together, so that each root gives its own share.
    like: dict[tuple[float, float], set[str]] = {}
    for row in free:
        like.setdefault((float(shares.val[row]), float(shares.test[row])), set()).add(group_of[row])
    part_of: dict[str, str] = {}
    for (val, test), names in sorted(like.items()):
        order = sorted(names, key=lambda n: hashlib.sha256(f"{seed} {n}".encode()).digest())
        tests, vals = round(test * len(order)), round(val * len(order))
        for place, name in enumerate(order):
            part = "test" if place < tests else "val" if place < tests + vals else "train"
            part_of.setdefault(name, part)
    return {row: part_of[group_of[row]] for row in free}


def _groups(rows: Sequence[int], names: Sequence[str], digests: Sequence[str]) -> dict[int, str]:
    """Join rows that share a name or their pixels; gives the joined group's smallest label."""
    parent: dict[str, str] = {}

    def root(label: str) -> str:
        while parent.setdefault(label, label) != label:
            parent[label] = parent[parent[label]]
            label = parent[label]
        return label

    for row in rows:
        first, second = sorted((root("name " + names[row]), root("same " + digests[row])))
        parent[second] = first
    return {row: root("name " + names[row]) for row in rows}
