"""Chooses the pieces of an event store that a network learns from and those that are held out."""

import fnmatch
import hashlib
import logging
from collections.abc import Sequence

from mood2music.errors import DataError
from mood2music.generator.data_settings import WindowSettings
from mood2music.store.event_store import PieceRow, Store

log = logging.getLogger(__name__)

PARTS = ("train", "val", "test")


def part_of(group: str, held_out: float) -> str:
    """Say which part a group of near copies belongs to: its name's hash decides.

    So a piece stays on its side in every folder in which it has the same near copies, and what
    is held out of a style's network is held out of the base trained on the same store too.
    """
    place = int(hashlib.sha256(group.encode()).hexdigest()[:12], 16) / 16**12
    return "test" if place < held_out else "val" if place < 2 * held_out else "train"


def included(row: PieceRow, include: Sequence[str], exclude: Sequence[str]) -> bool:
    """Say whether the patterns on its path include a piece; no `include` includes all."""

    def listed(patterns: Sequence[str]) -> bool:
        return any(fnmatch.fnmatch(row.file, pattern) for pattern in patterns)

    return (not include or listed(include)) and not listed(exclude)


def select(store: Store, settings: WindowSettings, part: str) -> list[PieceRow]:
    """Pieces of one part that the patterns let in. Raises DataError when none is left."""
    return select_parts(store, settings)[part]


def select_parts(store: Store, settings: WindowSettings) -> dict[str, list[PieceRow]]:
    """Pieces of "train", "val" and "test" that the patterns let in; raises as `select` does."""
    chosen = [row for row in store.pieces if included(row, settings.include, settings.exclude)]
    if not chosen:
        raise DataError(
            f"data.include={settings.include} and data.exclude={settings.exclude} leave none of "
            f"{len(store.pieces)} pieces, for example {store.pieces[0].file}"
        )
    if len({row.group for row in chosen}) < 3:
        raise DataError(
            f"{len(chosen)} pieces, near copies counted once, are too few to hold some out: "
            "expected 3 or more"
        )
    by_part = {name: [r for r in chosen if part_of(r.group, settings.held_out) == name]
               for name in PARTS}  # fmt: skip
    return by_part if all(by_part.values()) else _few(chosen, settings.held_out)


def _few(rows: list[PieceRow], held_out: float) -> dict[str, list[PieceRow]]:
    """Split a handful of pieces, where hashing leaves a part empty: a group each at least."""
    log.warning(
        "%d pieces are few: dealt anew, not as in a larger folder, so that no part is empty",
        len(rows),
    )
    groups = sorted({row.group for row in rows}, key=lambda g: hashlib.sha256(g.encode()).digest())
    held = max(1, int(len(groups) * held_out))
    names = {g: "test" if i < held else "val" if i < 2 * held else "train"
             for i, g in enumerate(groups)}  # fmt: skip
    return {part: [row for row in rows if names[row.group] == part] for part in PARTS}


def left_out(store: Store, settings: WindowSettings) -> list[PieceRow]:
    """Training pieces that `include` leaves out and `exclude` does not: those of other styles."""
    return [
        row
        for row in store.pieces
        if included(row, [], settings.exclude)
        and not included(row, settings.include, settings.exclude)
        and part_of(row.group, settings.held_out) == "train"
    ]
