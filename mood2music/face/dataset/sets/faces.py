"""Reads the labelled faces of roots that have a table, or a folder a class."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from mood2music.command.ranges import at_least
from mood2music.command.settings import shown
from mood2music.errors import DataError, SettingsError
from mood2music.face.dataset.listing import listing, number
from mood2music.face.dataset.pictures import Faces, Picture, cached, join, read
from mood2music.face.dataset.source import open_source
from mood2music.face.dataset.split import PARTS, Shares
from mood2music.face.picture.detect import SIZE
from mood2music.registry import register

GET = (
    "set data.root to a directory or zip with labels.csv (path, valence, arousal, expression) or "
    "with a folder a class (happiness/, sadness/, ...), as FER2013 on Kaggle; or use data=drawn"
)


@dataclass
class FacesSettings:
    """configs/data/faces.yaml: one's own pictures.

    root: a directory or zip, or a list of them; test_root: the same, measured on, never learnt
    from; repeat: how often each root is seen an epoch (a number a root; 1 each when empty);
    train, val, test: prefixes of paths that say a picture's part ("train/"); labels: the table's
    name, when several lie in a root; val_fraction, test_fraction: shares dealt to val and test
    where a root does not say them, one number or a number a root; size: pixels a side that a face
    is kept at, and that a network trained on them reads photos at.
    """

    name: str = "faces"
    root: Any = None
    test_root: Any = None
    repeat: list[int] = field(default_factory=list)
    labels: str | None = None
    train: str | None = None
    val: str | None = None
    test: str | None = None
    val_fraction: Any = 0.1
    test_fraction: Any = 0.0
    size: int = SIZE
    batch_size: int = 64

    def check(self) -> None:
        """Raise SettingsError for a value outside its range, or not one for each root."""
        at_least(self, "data.", batch_size=1)
        if not 16 <= self.size <= 256:
            raise SettingsError(f"data.size={self.size}: expected 16 to 256 pixels a side")
        if roots := len(_paths(self.root)):
            repeat = list(self.repeat) or [1] * roots
            if len(repeat) != roots or min(repeat) < 1:
                raise SettingsError(
                    f"data.repeat={shown(repeat)}: expected a number, 1 or more, for each root"
                )
            _fractions("val_fraction", self.val_fraction, roots)
            _fractions("test_fraction", self.test_fraction, roots)


def load(settings: FacesSettings) -> tuple[Faces, Shares]:
    """Read every root; gives the faces and, for each, how often it is seen and how it is dealt.

    Raises DataError when a root is missing or holds no labelled picture, or a prefix fits none.
    """
    roots = _paths(settings.root)
    if not roots:
        raise DataError(f"data.root is not set: {GET}")
    repeat = list(settings.repeat) or [1] * len(roots)
    settings.check()
    val = _fractions("val_fraction", settings.val_fraction, len(roots))
    test = _fractions("test_fraction", settings.test_fraction, len(roots))
    tables = [_load(root, settings, "") for root in roots]
    _check_prefixes(settings, tables)
    tables += [_load(root, settings, "test") for root in _paths(settings.test_root)]
    rest = [0] * (len(tables) - len(roots))
    sizes = [len(table) for table in tables]
    shares = Shares(
        np.repeat([*repeat, *rest], sizes),
        np.repeat([*_unsaid(val, "val", tables), *rest], sizes),
        np.repeat([*_unsaid(test, "test", tables), *rest], sizes),
    )
    return join(tables), shares


@register("face_data", "faces", FacesSettings)
def dealt(settings: FacesSettings, seed: int) -> tuple[Faces, Shares]:
    """Read every root as its settings deal it."""
    return load(settings)


def _load(root: Path, settings: FacesSettings, part: str) -> Faces:
    with open_source(root, GET) as source:
        choice = [settings.labels, settings.train, settings.val, settings.test, part]
        size = settings.size
        key = json.dumps(["faces", source.fingerprint(), choice])

        def make() -> Faces:
            rows, faults = listing(source, settings.labels)
            pictures = [_with_part(row, settings, part, root.name) for row in rows]
            return read(pictures, source.read, faults, size)

        return cached(key, make, size)


def _check_prefixes(settings: FacesSettings, tables: Sequence[Faces]) -> None:
    """Raise DataError for a prefix that no picture's path begins with: its part would be dealt."""
    for part in PARTS:
        prefix = getattr(settings, part)
        if prefix and not any(part in table.parts for table in tables):
            folders = sorted({path.split("/")[0] for table in tables for path in table.paths})
            raise DataError(
                f"data.{part}={prefix}: no labelled picture's path begins so, they begin with "
                f"{', '.join(folders[:3])}{', ...' if len(folders) > 3 else ''}"
            )


def _fractions(key: str, given: Any, roots: int) -> list[float]:
    values = [number(g) for g in ([given] * roots if np.isscalar(given) else list(given))]
    if len(values) != roots or not all(0.0 <= v < 1.0 for v in values):
        raise SettingsError(
            f"data.{key}={shown(given)}: expected 0 to 1, one number or one for each root"
        )
    return values


def _unsaid(fractions: list[float], part: str, tables: list[Faces]) -> list[float]:
    """Turn off dealing where a root says the part itself."""
    return [0.0 if part in t.parts else f for f, t in zip(fractions, tables, strict=False)]


def _paths(roots: Any) -> list[Path]:
    if roots is None:
        return []
    many: Sequence[Any] = [roots] if isinstance(roots, str | Path) else list(roots)
    return [Path(str(root)).expanduser() for root in many]


def _with_part(row: Picture, settings: FacesSettings, part: str, root: str) -> Picture:
    for its in PARTS:
        prefix = getattr(settings, its)
        if not part and prefix and row.path.startswith(prefix):
            part = its
    group = f"{root}/{row.group or row.path}"
    return replace(row, part=part, group=group)
