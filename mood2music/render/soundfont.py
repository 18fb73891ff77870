"""Finds the soundfont's file that `render.soundfont` means, before anything is written."""

from importlib.util import find_spec
from pathlib import Path

from mood2music.errors import MusicFileError

SHIPPED = "TimGM6mb.sf2"
# Where systems and other programs keep theirs: Debian and Ubuntu, Fedora and Arch, macOS.
FOLDERS = (
    "/usr/share/sounds/sf2",
    "/usr/share/soundfonts",
    "/usr/local/share/soundfonts",
    "~/Library/Audio/Sounds/Banks",
)


def find_soundfont(path: str | None) -> Path:
    """Give the file at `path` or of that name in FOLDERS; None: the one in pretty_midi's package.

    Raises MusicFileError for a file that is not there or is no SoundFont 2 (a RIFF file of the
    form sfbk: SoundFont Technical Specification 2.04, section 4).
    """
    if path is None:
        package = find_spec("pretty_midi")
        assert package is not None  # a dependency
        assert package.origin is not None
        return Path(package.origin).parent / SHIPPED
    named = (Path(folder).expanduser() / f"{path.removesuffix('.sf2')}.sf2" for folder in FOLDERS)
    file = next((file for file in (Path(path).expanduser(), *named) if file.is_file()), None)
    if file is None:
        raise MusicFileError(
            f"render.soundfont: no file at {path}, expected an .sf2 file or the name of one "
            "that the system has: apt install fluid-soundfont-gm brings FluidR3_GM"
        )
    with file.open("rb") as opened:
        head = opened.read(12)
    if head[:4] != b"RIFF" or head[8:] != b"sfbk":
        raise MusicFileError(
            f"render.soundfont: {path} is no SoundFont 2 file, pass an .sf2 or leave it null"
        )
    return file
