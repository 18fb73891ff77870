"""series.py: the mean of several pictures, and of how they differ."""

import numpy as np
import pytest

from mood2music.errors import NoFaceError
from mood2music.face.picture.image import Photo, load_photo, sample_portrait
from mood2music.face.reading.reader import FaceReader
from mood2music.face.reading.series import read_series
from mood2music.face.reading.settings import ReadSettings
from tests.conftest import ExportedFace


def test_mood_and_spread_are_of_the_pictures_with_a_face(exported_face: ExportedFace) -> None:
    reader, settings = FaceReader.load(exported_face.onnx), ReadSettings()
    portrait = load_photo(sample_portrait())
    darker = Photo(portrait.pixels // 3, portrait.scale, "darker")
    empty = Photo(np.zeros((200, 200, 3), dtype=np.uint8), 1.0, "empty")
    found = read_series(reader, [portrait, empty, darker], settings)
    one, other = (reader.read_taken(photo, settings).mood for photo in (portrait, darker))
    assert found.mood.valence == pytest.approx((one.valence + other.valence) / 2)
    assert found.spread[1] == pytest.approx(abs(one.arousal - other.arousal) / 2)
    told = found.as_dict()
    assert [read["name"] for read in told["read"]] == ["astronaut.png", "darker"]
    assert told["without_face"] == ["empty"]


def test_no_face_in_any_is_refused(exported_face: ExportedFace) -> None:
    empty = Photo(np.zeros((200, 200, 3), dtype=np.uint8), 1.0, "empty")
    with pytest.raises(NoFaceError, match="no face in any of 2 pictures"):
        read_series(FaceReader.load(exported_face.onnx), [empty, empty], ReadSettings())
