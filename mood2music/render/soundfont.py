"""Finds the soundfont's file that `render.soundfont` means, before anything is written."""

from importlib.util import find_spec
from pathlib import Path

from mood2music.errors import MusicFileError

SHIPPED = "TimGM6mb.sf2"


def find_soundfont(path: str | None) -> Path:
    """Give the file at `path`, or the one in pretty_midi's package, which is not imported.

    Raises MusicFileError for a file that is not there or is no SoundFont 2 (a RIFF file of the
    form sfbk: SoundFont Technical Specification 2.04, section 4).
    """
    if path is None:
        package = find_spec("pretty_midi")
        assert package is not None  # a dependency
        assert package.origin is not None
        return Path(package.origin).parent / SHIPPED
    file = Path(path).expanduser()
    if not file.is_file():
        raise MusicFileError(f"render.soundfont: no file at {path}, expected an .sf2 file")
    with file.open("rb") as opened:
        head = opened.read(12)
    if head[:4] != b"RIFF" or head[8:] != b"sfbk":
        raise MusicFileError(
            f"render.soundfont: {path} is no SoundFont 2 file, pass an .sf2 or leave it null"
        )
    return file
