"""Films a piece, its notes passing a line while they sound, as an MP4, where ffmpeg is."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from mood2music.errors import MusicFileError, SettingsError
from mood2music.files import atomically
from mood2music.music.authors import Author
from mood2music.music.notes import Notes
from mood2music.render.colours import COLOURS, SEED
from mood2music.render.performance import Performance
from mood2music.render.pianoroll import BLACK_KEY, FAINT, INK, PAPER, fitting, typeface
from mood2music.render.settings import RenderSettings
from mood2music.render.sound import TAIL, write_sound

# 720p, which every messenger shows; the roll moves by whole pixels, RATE times a second.
WIDTH, HEIGHT, RATE = 1280, 720, 20
SECOND = 8 * RATE
# Edge, top and bottom of the roll, and where the line stands.
EDGE, TOP, BOTTOM, LINE = 60, 150, 650, 420
PITCHES = 36
NEEDED = "ffmpeg: apt install ffmpeg, or brew install ffmpeg"


def find_ffmpeg() -> str | None:
    """Give the path of ffmpeg, None where this machine has none."""
    return shutil.which("ffmpeg")


def check_video() -> None:
    """Raise SettingsError where there is no ffmpeg."""
    if find_ffmpeg() is None:
        raise SettingsError(f"render.video=true needs {NEEDED}, or take render.video=false")


def write_video(
    notes: Notes,
    authors: NDArray[np.uint8],
    played: Performance,
    path: Path,
    soundfont: str | None = None,
    sound: Path | None = None,
    room: float = RenderSettings.room,
) -> None:
    """Write an MP4 of WIDTH x HEIGHT pixels with the sound of `played`, whole or not at all.

    authors: (n,) uint8, an Author a note, whose colour it has; sound: a file of it, in a format
    that ffmpeg reads, where it is there already; room: see `RenderSettings`. Raises as
    `check_video` and `write_sound`, MusicFileError where ffmpeg cannot write it.
    """
    check_video()
    program = str(find_ffmpeg())
    with tempfile.TemporaryDirectory() as folder, atomically(path) as unfinished:
        if sound is None:
            sound = Path(folder) / "sound.wav"
            write_sound(played, sound, soundfont, room=room)
        words = [
            program, "-loglevel", "error", "-y",
            "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}", "-r", f"{RATE}",
            "-i", "-", "-i", str(sound), "-pix_fmt", "yuv420p", "-b:a", "128k", "-shortest",
            "-movflags", "+faststart", "-f", "mp4", str(unfinished),
        ]  # fmt: skip
        said = Path(folder) / "said.txt"
        with said.open("wb") as errors:
            film = subprocess.Popen(words, stdin=subprocess.PIPE, stderr=errors)
            assert film.stdin is not None
            try:
                for frame in frames(notes, authors, played):
                    film.stdin.write(frame.tobytes())
                film.stdin.close()
            except BrokenPipeError:
                pass  # ffmpeg has ended, and says why
            except BaseException:
                film.kill()
                raise
            finally:
                ended = film.wait()
        if ended:
            why = said.read_text(encoding="utf-8", errors="replace").strip().splitlines()
            raise MusicFileError(f"ffmpeg cannot write {path.name}: {why[-1] if why else ended}")


def frames(
    notes: Notes, authors: NDArray[np.uint8], played: Performance
) -> Iterator[NDArray[np.uint8]]:
    """Give each picture, (HEIGHT, WIDTH, 3), RATE a second, until the sound has faded.

    What sounds stands on the line; what has sounded is left of it.
    """
    page, roll = _page(notes.title), _roll(notes, authors, played)
    for number in range(round((played.seconds + TAIL) * RATE)):
        at = round(number * SECOND / RATE)
        frame = page.copy()
        frame[TOP:BOTTOM, EDGE : WIDTH - EDGE] = roll[:, at : at + WIDTH - 2 * EDGE]
        frame[TOP:BOTTOM, LINE - 1 : LINE + 1] = SEED
        yield frame


def _page(title: str) -> NDArray[np.uint8]:
    """What stands still: title and name."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(picture)
    name, _, origin = title.partition(" · ")
    for text, top, size, ink in ((name, 34, 46, INK), (origin, 96, 26, FAINT)):
        font = typeface(size)
        draw.text((EDGE, top), fitting(text, font, WIDTH - 2 * EDGE), ink, font)
    draw.text((EDGE, HEIGHT - 50), "mood2music", INK, typeface(26))
    return np.asarray(picture)


def _roll(notes: Notes, authors: NDArray[np.uint8], played: Performance) -> NDArray[np.uint8]:
    """All notes side by side, so that second 0 is under the line in the first picture."""
    before, after = LINE - EDGE, WIDTH - EDGE - LINE
    width = before + round((played.seconds + TAIL) * SECOND) + after
    low, high = int(notes.pitch.min()) - 1, int(notes.pitch.max()) + 1
    rows = max(high - low + 1, PITCHES)
    high += (rows - (high - low + 1)) // 2
    edges = np.round(np.linspace(0, BOTTOM - TOP, rows + 1)).astype(int)
    roll = np.empty((BOTTOM - TOP, width, 3), np.uint8)
    for row in range(rows):
        black = (high - row) % 12 in (1, 3, 6, 8, 10)
        roll[edges[row] : edges[row + 1]] = BLACK_KEY if black else PAPER
    begins, ends = (
        played.seconds_at(steps / notes.grid) * SECOND
        for steps in (notes.onset, notes.onset + notes.duration)
    )
    for begin, end, pitch, author in zip(begins, ends, notes.pitch, authors, strict=True):
        left = before + round(begin)
        right = max(left + 3, before + round(end) - 2)
        row = high - int(pitch)
        roll[edges[row] : edges[row + 1] - 1, left:right] = COLOURS[Author(int(author))]
    return roll
