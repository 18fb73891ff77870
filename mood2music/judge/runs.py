"""Reads what `generate` told of its runs, the run.json files below a folder."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MANIFEST = "run.json"


def manifests(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield (folder of the run, what its run.json holds), sorted by path.

    Files of that name that do not tell of pieces, each with its files, are passed over.
    """
    for path in sorted(folder.rglob(MANIFEST)):
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            whole = all(piece["files"] and piece["grid"] > 0 for piece in told["pieces"])
        except (OSError, ValueError, TypeError, KeyError):
            continue
        if whole:
            yield path.parent, told


def other_forms(folder: Path) -> set[Path]:
    """List the files of runs below `folder` that hold a piece which another file has: MusicXML."""
    return {
        run / name
        for run, told in manifests(folder)
        for piece in told["pieces"]
        for name in piece["files"][1:]
    }
