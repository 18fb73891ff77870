"""Tells in lines what is in face data, how it is split and what was left out."""

import numpy as np

from mood2music.face.dataset.data import FaceData
from mood2music.face.dataset.split import PARTS
from mood2music.face.labels import EXPRESSIONS

# Pictures left out that are listed by name; the table in the cache has all.
SHOWN = 12


def summarize(data: FaceData) -> list[tuple[str, str]]:
    """Give (what, how much): pictures by part, expressions, mean moods, pictures left out."""
    table, parts = data.table, data.parts
    lines = [("pictures", f"{len(table):,}")]
    for part in PARTS:
        rows = np.unique(getattr(parts, part))
        seen = f", {len(parts.train):,} an epoch" if part == "train" else ""
        lines.append((part, f"{len(rows):,}{seen}"))
    lines.append(("equal pixels in a later part", f"{parts.duplicates:,}"))
    known = table.expressions[table.expressions >= 0]
    counts = zip(EXPRESSIONS, np.bincount(known, minlength=len(EXPRESSIONS)), strict=True)
    lines.append(("expressions", ", ".join(f"{name} {n:,}" for name, n in counts if n)))
    for column, axis in enumerate(("valence", "arousal")):
        values = table.moods[:, column]
        lines.append((axis, f"mean {values.mean():+.3f}, deviation {values.std():.3f}"))
    lines.append(("pictures left out", f"{len(table.skipped):,}"))
    lines += [("left out", f"{path}: {reason}") for path, reason in table.skipped[:SHOWN]]
    if len(table.skipped) > SHOWN:
        lines.append(("left out", f"{len(table.skipped) - SHOWN:,} more"))
    return lines
