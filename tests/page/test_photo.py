import base64
import io
import shutil
from pathlib import Path

import pytest
from PIL import Image

from mood2music.errors import ImageError, SettingsError
from mood2music.face.picture.image import load_photo, sample_portrait
from mood2music.face.reading.reader import FaceReader
from mood2music.face.reading.settings import ReadSettings
from mood2music.page.photo import BOX, SIDE, Reader


def test_the_picture_shows_the_face_framed_and_the_file_is_gone(tmp_path: Path) -> None:
    file = tmp_path / "me.png"
    shutil.copy(sample_portrait(), file)
    expected = FaceReader.load().read_photo(file, ReadSettings())
    seen = Reader(ReadSettings()).read(file)
    assert not file.exists()
    assert (seen.mood, seen.found) == (expected.mood, 1)
    data = base64.b64decode(seen.picture.removeprefix("data:image/jpeg;base64,"))
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    assert max(picture.size) <= SIDE
    # The frame's four sides stand half a face from the edges.
    width, height = picture.size
    for place in ((width // 2, height // 4), (width // 4, height // 2)):
        around = [
            picture.getpixel((place[0] + d, place[1] + e))
            for d in range(-9, 10, 3)
            for e in range(-9, 10)
        ]
        assert min(sum(abs(a - b) for a, b in zip(p, BOX, strict=True)) for p in around) < 100  # type: ignore[arg-type]


def test_a_hidden_mouth_makes_the_reading_unsure_unless_told_not_to(
    masked: Path, tmp_path: Path
) -> None:
    for hidden, why in ((0.5, ["the mouth is hidden"]), (1.0, [])):
        file = Path(shutil.copy(masked, tmp_path / "me.png"))
        seen = Reader(ReadSettings(hidden=hidden)).read(file)
        assert (seen.sure, seen.hindered_by) == (not why, why)
        assert max(seen.expressions, key=lambda name: seen.expressions[name]) == "happiness"


def test_a_broken_photo_is_deleted_too(tmp_path: Path) -> None:
    file = tmp_path / "me.jpg"
    file.write_bytes(b"nothing")
    with pytest.raises(ImageError):
        Reader(ReadSettings()).read(file)
    assert not file.exists()


def test_wrong_settings_are_refused_at_once() -> None:
    with pytest.raises(SettingsError, match="which=some: expected"):
        Reader(ReadSettings(which="some"))


def test_a_large_photo_is_framed_in_its_own_pixels(tmp_path: Path) -> None:
    file = tmp_path / "large.jpg"
    with Image.open(sample_portrait()) as image:
        image.convert("RGB").resize((3000, 3000)).save(file)
    photo = load_photo(file, ReadSettings().enough)
    assert photo.scale > 1
    seen = Reader(ReadSettings()).read(file)
    data = base64.b64decode(seen.picture.removeprefix("data:image/jpeg;base64,"))
    picture = Image.open(io.BytesIO(data))
    # Twice the face: what is around it is as wide as it, half on each side.
    assert picture.width == pytest.approx(SIDE, abs=2)
