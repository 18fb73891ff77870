"""Reads a visitor's photo: its mood, and a small picture with the face's box.

The picture goes back to that visitor only, inside the page; the uploaded file is removed at once.
"""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mood2music.face.picture.detect import Box
from mood2music.face.picture.foreign import ForeignPhotos
from mood2music.face.picture.image import Pixels
from mood2music.face.reading.reader import FaceReader
from mood2music.face.reading.settings import ReadSettings
from mood2music.mood import Mood

# Pixels of the longer side of the picture that is shown.
SIDE = 360
BOX = (213, 94, 0)


@dataclass(frozen=True)
class PhotoMood:
    """What a photo gave.

    mood: of its largest face, or the mean of all; found: faces in it; picture: a JPEG as a data
    URL, upright, the faces read framed; sure: whether the networks are; hindered_by: what may be
    why not, in words; expressions: probability of each, of the largest face.
    """

    mood: Mood
    found: int
    picture: str
    sure: bool = True
    hindered_by: list[str] = field(default_factory=list)
    expressions: dict[str, float] = field(default_factory=dict)


class Reader:
    """Reads photos; the networks stay in memory from the first one on."""

    def __init__(self, settings: ReadSettings) -> None:
        """`settings`: how a face is found and read. Raises SettingsError for a wrong value."""
        settings.check()
        self._settings = settings
        self._photos = ForeignPhotos()
        self._reader: FaceReader | None = None

    def read(self, path: Path) -> PhotoMood:
        """Read a photo and remove its file. Raises ImageError and NoFaceError."""
        try:
            photo = self._photos.read(path, self._settings.enough)
        finally:
            path.unlink(missing_ok=True)
        if self._reader is None:
            self._reader = FaceReader.from_settings(self._settings)
        reading = self._reader.read_taken(photo, self._settings)
        boxes = [face.box.scaled(1 / photo.scale) for face in reading.faces]
        return PhotoMood(
            reading.mood,
            reading.found,
            _shown(photo.pixels, boxes, reading.turned),
            reading.sure(),
            reading.hindered_by(),
            reading.faces[0].expressions,
        )


def _shown(pixels: Pixels, boxes: Sequence[Box], turned: int) -> str:
    """Draw the boxes into the photo (height, width, 3); give what is around them as a data URL."""
    from PIL import Image, ImageDraw

    image = Image.fromarray(pixels)
    if turned:
        image = image.rotate(turned, expand=True)
    left, top = min(b.left for b in boxes), min(b.top for b in boxes)
    right, bottom = max(b.right for b in boxes), max(b.bottom for b in boxes)
    around = max(right - left, bottom - top)
    draw = ImageDraw.Draw(image)
    line = max(2, round(around / 30))
    for box in boxes:
        corners = (box.left, box.top, box.right, box.bottom)
        draw.rounded_rectangle(corners, radius=4 * line, outline=BOX, width=line)
    image = image.crop(
        (
            max(0, left - around // 2),
            max(0, top - around // 2),
            min(image.width, right + around // 2),
            min(image.height, bottom + around // 2),
        )
    )
    image.thumbnail((SIDE, SIDE))
    file = io.BytesIO()
    image.convert("RGB").save(file, "JPEG", quality=85)
    return "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode()
