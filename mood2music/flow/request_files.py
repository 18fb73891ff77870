"""Refuses a request whose files or names are not there, before any work."""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mood2music.catalog.open import check_names
from mood2music.command.given_files import check_address, check_checkpoint, check_source
from mood2music.command.settings import shown
from mood2music.errors import CheckpointError, SettingsError
from mood2music.style.shipped import locate

if TYPE_CHECKING:
    from mood2music.flow.request import GenerateSettings


def check_files(settings: "GenerateSettings") -> None:
    """Raise what reading would raise, where a file or a name is not there, before any work.

    The catalog's songs are looked up where they stand in a table; a folder of music is not
    read for that.
    """
    for photo in settings.photo if isinstance(settings.photo, list | tuple) else [settings.photo]:
        if photo != "webcam":
            check_source("photo", photo)
    check_source("midi", settings.midi)
    check_source("audio", settings.audio)
    check_address("model", settings.model)
    settings.styled.check_names(str(settings.model))
    check_checkpoint("model", locate(str(settings.model)))
    for style, own in (settings.styled.checkpoints or {}).items():
        check_checkpoint(f"style.checkpoints.{style}", own)
    for style in settings.styled.strengths():
        if style.endswith(".safetensors"):
            check_checkpoint("style", style)
    for option, path in (("novelty.index", settings.novelty.index), *_weights(settings)):
        check_address(option, path)
        if path is not None and not Path(path).expanduser().is_file():
            raise CheckpointError(f"{option}={shown(path)}: no such file")
        if path is not None and Path(path).suffix != ".onnx":
            check_checkpoint(option, path)
    if settings.explain and find_spec("captum") is None:
        raise SettingsError('explain=true needs captum: pip install "mood2music[explain]"')
    if settings.midi is None and settings.audio is None:
        for name in ("csv", "root", "midi_root"):
            check_address(f"catalog.{name}", getattr(settings.catalog, name))
        settings.catalog.check_source()
        check_names(settings.catalog, settings.song, settings.composer)


def _weights(settings: "GenerateSettings") -> list[tuple[str, Any]]:
    given = settings.face_settings.weights
    return [("face.weights", path) for path in (given if isinstance(given, list) else [given])]
