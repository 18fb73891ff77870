"""A file of written music to a music21 score: MusicXML, compressed MusicXML, kern, ABC, MEI."""

import shutil
import warnings
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mood2music.errors import MusicFileError

NOTATION = (".musicxml", ".mxl", ".xml", ".krn", ".abc", ".mei")
# Bytes of text. A symphony is some 20 MB of MusicXML; a kilobyte of zip can claim gigabytes.
LARGEST = 64 << 20


def parse_notation(path: Path) -> Any:
    """Parse a file to a music21 score; of a collection its first piece.

    Entities that multiply in XML are stopped by expat itself (2.4.1 and later). Raises
    MusicFileError, one line, for what cannot be parsed.
    """
    from music21 import converter

    _check_size(path)
    if path.suffix != path.suffix.lower():
        # music21 tells compressed MusicXML by a suffix in small letters.
        with TemporaryDirectory() as folder:
            return parse_notation(
                Path(shutil.copyfile(path, Path(folder, path.stem + path.suffix.lower())))
            )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            score: Any = converter.parse(path, forceSource=True, storePickle=False)
    except Exception as error:  # music21's parsers raise whatever the damaged text led them to
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise MusicFileError(f"{path.name} cannot be read: {reason}") from error
    return score.scores[0] if getattr(score, "scores", None) else score


def _check_size(path: Path) -> None:
    """Refuse a .mxl that is no sound zip, and text that is too long, before it is unpacked."""
    size = path.stat().st_size
    if path.suffix.lower() == ".mxl":
        try:
            with zipfile.ZipFile(path) as archive:
                size = sum(entry.file_size for entry in archive.infolist())
        except (zipfile.BadZipFile, OSError) as error:
            raise MusicFileError(
                f"{path.name} is no compressed MusicXML, or damaged: expected a zip archive"
            ) from error
    if size > LARGEST:
        raise MusicFileError(
            f"{path.name} holds {size >> 20} MB of text: expected at most {LARGEST >> 20} MB"
        )
