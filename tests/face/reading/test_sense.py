"""The shipped network makes sense: of a smile, of wide eyes, and of one photo altered a little."""

import io

import numpy as np
import pytest
from PIL import Image

from experiments.face_sense.warp import SMILE, open_mouthed, smiling, wide_eyed
from mood2music.face.dataset.sets.drawn import draw
from mood2music.face.picture.image import decode, load, sample_portrait
from mood2music.face.reading.reader import FaceReader
from mood2music.face.reading.settings import ReadSettings

PEOPLE = 80


@pytest.fixture(scope="module")
def reader() -> FaceReader:
    return FaceReader.load()


def drawn(reader: FaceReader, smile: float) -> np.ndarray:
    """Valence of the same drawn people with one expression: (PEOPLE,)."""
    traits = np.array([smile, 0.0, 0.0, -1.0])
    faces = [draw(traits, np.random.default_rng(person)) for person in range(PEOPLE)]
    return reader.moods(np.stack(faces).astype(np.float32) / 255)[:, 0]


def test_drawn_people_who_smile_have_a_higher_valence(reader: FaceReader) -> None:
    gain = drawn(reader, 1.0) - drawn(reader, 0.0)
    assert (gain > 0).mean() > 0.75
    assert np.median(gain) > 0.05


@pytest.fixture(scope="module")
def face(reader: FaceReader) -> np.ndarray:
    """The sample portrait's smiling face: (48, 48) uint8."""
    (read,) = reader.read_photo(sample_portrait(), ReadSettings()).faces
    return (read.crop * 255).round().astype(np.uint8)


def mood(reader: FaceReader, face: np.ndarray) -> tuple[float, float]:
    valence, arousal = reader.moods(face[None].astype(np.float32) / 255)[0]
    return float(valence), float(arousal)


def test_with_the_corners_of_her_mouth_down_she_has_a_lower_valence(
    reader: FaceReader, face: np.ndarray
) -> None:
    # Her teeth still show: bent once as far, she is read as smiling all the same.
    assert mood(reader, smiling(face, -2 * SMILE))[0] < mood(reader, face)[0] - 0.05


def test_with_wide_eyes_and_an_open_mouth_she_has_a_higher_arousal(
    reader: FaceReader, face: np.ndarray
) -> None:
    assert mood(reader, open_mouthed(wide_eyed(face)))[1] > mood(reader, face)[1] + 0.05


def jpeg(photo: Image.Image) -> Image.Image:
    out = io.BytesIO()
    photo.save(out, "JPEG", quality=40)
    return Image.open(io.BytesIO(out.getvalue()))


@pytest.mark.parametrize(
    "alter",
    [
        lambda photo: photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        lambda photo: photo.rotate(4, Image.Resampling.BILINEAR),
        lambda photo: photo.rotate(-4, Image.Resampling.BILINEAR),
        lambda photo: photo.point(lambda level: 0.7 * level),
        jpeg,
    ],
    ids=["mirrored", "turned left", "turned right", "darker", "jpeg"],
)
def test_the_same_photo_altered_a_little_has_nearly_the_same_mood(
    reader: FaceReader, alter
) -> None:  # type: ignore[no-untyped-def]
    portrait = load(sample_portrait())
    out = io.BytesIO()
    alter(Image.fromarray(portrait)).convert("RGB").save(out, "PNG")
    altered = decode(out.getvalue(), "altered.png")
    before, after = (reader.read_mood(p, ReadSettings()).mood for p in (portrait, altered))
    assert abs(before.valence - after.valence) < 0.1
    assert abs(before.arousal - after.arousal) < 0.1
