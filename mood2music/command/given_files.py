"""Looks at paths that a user gives before any work: an address, a folder, nothing there."""

import json
import re
from pathlib import Path

from mood2music.command.settings import shown
from mood2music.errors import (
    CheckpointError,
    ImageError,
    InputError,
    Mood2MusicError,
    MusicFileError,
)

# What reads a whole folder of each; {} is the folder.
FOLDERS = {
    "photo": "pass one picture of it, or read all with python -m mood2music.evaluate photos={}",
    "midi": "pass one file of it, or take a song of it with catalog=library catalog.root={}",
    "audio": "pass one recording of it",
}
KINDS: dict[str, type[InputError]] = {
    "photo": ImageError,
    "midi": MusicFileError,
    "audio": MusicFileError,
}
WANTED = {
    "photo": "a picture, or photo=webcam",
    "midi": "a file of MIDI, MusicXML, kern, ABC or MEI",
    "audio": "a recording",
}
# Formats of programs, which they alone read, and the program.
OWN_FORMATS = {
    ".mscz": "MuseScore",
    ".mscx": "MuseScore",
    ".sib": "Sibelius",
    ".musx": "Finale",
    ".dorico": "Dorico",
}
# Bytes of the longest header that is read; learn/checkpoint.py refuses longer ones too.
MOST_HEADER = 16_000_000
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


def check_source(option: str, path: str | Path | None) -> None:
    """Raise ImageError or MusicFileError where photo=, midi= or audio= names no file."""
    if path is None:
        return
    kind = KINDS[option]
    check_address(option, path, kind)
    file = Path(path)
    try:
        folder, there = file.is_dir(), file.exists()
    except (OSError, ValueError):  # a name that no file system takes
        folder, there = False, False
    program = OWN_FORMATS.get(file.suffix.lower())
    if program is not None and kind is MusicFileError and not folder:
        raise kind(
            f"{option}={shown(path)}: that is {program}'s own format: export MusicXML there, then "
            "pass midi=file.musicxml"
        )
    if folder:
        raise kind(f"{option}={shown(path)}: that is a folder: {FOLDERS[option].format(path)}")
    if not there:
        raise kind(f"{option}={shown(path)}: no such file, expected {WANTED[option]}")


def check_address(
    option: str, path: str | Path | None, kind: type[Mood2MusicError] = InputError
) -> None:
    """Raise `kind` for an address on the web where a path is expected."""
    # A Path has lost one of the slashes.
    said = str(path).replace(":/", "://", 1) if isinstance(path, Path) else str(path)
    if path is not None and _ADDRESS.match(said):
        raise kind(
            f"{option}={shown(str(path))}: that is an address: download it first, then pass "
            f"the file, {option}=path"
        )


def check_checkpoint(option: str, path: str | Path) -> None:
    """Raise CheckpointError for a file that is there and no checkpoint, without loading torch.

    A safetensors file begins with the length of its header, 8 bytes, and the header, a JSON; what
    the header says is checked when the network is built.
    """
    file = Path(path).expanduser()
    if not file.is_file():
        return
    with file.open("rb") as opened:
        length = int.from_bytes(opened.read(8), "little")
        head = opened.read(length) if length <= MOST_HEADER else b""
    try:
        metadata = json.loads(head)["__metadata__"]
        known = len(head) == length and "mood2music" in metadata
    except (ValueError, KeyError, TypeError, RecursionError):
        known = False
    if not known:
        raise CheckpointError(
            f"{option}={shown(str(path))} is not a mood2music checkpoint: expected a .safetensors "
            "file that `python -m mood2music.train` wrote"
        )


def check_resumed(path: str | Path) -> None:
    """Raise CheckpointError where resume= names no file as torch writes it, a zip."""
    file = Path(path)
    if not file.is_file():
        raise CheckpointError(
            f"resume={shown(str(path))}: no such file, expected a run's last.ckpt"
        )
    with file.open("rb") as opened:
        if opened.read(4) != b"PK\x03\x04":
            raise CheckpointError(f"resume={shown(str(path))}: not a run's last.ckpt")
