"""Tells a request in the manifest, of files their names alone."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mood2music.face.named import as_moods

if TYPE_CHECKING:
    from mood2music.flow.request import GenerateSettings


def as_told(settings: "GenerateSettings") -> dict[str, Any]:
    """Give all values; of files their names alone, no folder.

    A camera's address or a film's path is left out: it may hold a password.
    """
    told = asdict(settings)
    told["style"] = asdict(settings.styled)
    told["style"]["from"] = told["style"].pop("from_")
    if (mix := told["style"]["mix"]) is not None:  # a style may be the path of its file
        told["style"]["mix"] = {Path(style).name: strength for style, strength in mix.items()}
    if settings.mood is not None and not isinstance(settings.mood, str):
        way = [[mood.valence, mood.arousal] for mood in as_moods(settings.mood)]
        told["mood"] = way[0] if len(way) == 1 else way
    if settings.range is not None:
        told["range"] = [int(pitch) for pitch in settings.range]
    if settings.rewrite is not None:
        told["rewrite"] = [int(bar) for bar in settings.rewrite]
    for part, names in (
        (told, ("photo", "midi", "audio", "model")),
        (told["catalog"], ("csv", "root", "midi_root")),
        (told["face"], ("weights",)),
        (told["style"], ("name", "checkpoints", "from", "save")),
        (told["novelty"], ("index",)),
        (told["render"], ("soundfont",)),
    ):
        for name in names:
            if part.get(name) is not None:
                part[name] = _names(part[name])
    if not isinstance(told["face"].get("camera", 0), int):
        told["face"]["camera"] = "given"
    return told


def _names(paths: Any) -> Any:
    """Without folders: a path, a list of them, or the values of a dictionary."""
    if isinstance(paths, Mapping):
        return {key: _names(path) for key, path in paths.items()}
    if isinstance(paths, str | Path):
        return Path(paths).name
    return [_names(path) for path in paths]
