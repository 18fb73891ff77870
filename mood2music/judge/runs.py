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
        told = manifest(path.parent)
        if told is not None:
            yield path.parent, told


def manifest(run: Path) -> dict[str, Any] | None:
    """What the run.json of a run's folder holds; None where none tells of pieces."""
    try:
        told: dict[str, Any] = json.loads((run / MANIFEST).read_text(encoding="utf-8"))
        whole = all(piece["files"] and piece["grid"] > 0 for piece in told["pieces"])
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return told if whole else None


def files_of(run: Path) -> set[str]:
    """Names of the files that lie beside a run's run.json and that it tells of."""
    told = manifest(run)
    if told is None:
        return set()
    mood = told.get("mood")
    pictures = mood.get("pictures") if isinstance(mood, dict) else None
    names = [name for piece in told["pieces"] for name in piece["files"]]
    names += pictures if isinstance(pictures, list) else []
    beside = {file.name for file in run.iterdir() if file.is_file()} - {MANIFEST}
    return {name for name in beside if name in names}


def other_forms(folder: Path) -> set[Path]:
    """List the files of runs below `folder` that hold a piece which another file has: MusicXML."""
    return {
        run / name
        for run, told in manifests(folder)
        for piece in told["pieces"]
        for name in piece["files"][1:]
    }
