import pytest

from mood2music.errors import SettingsError
from mood2music.face.reading.settings import ReadSettings


def test_no_detector_is_one_that_is_at_hand() -> None:
    ReadSettings(detector="none").check_detector()
    with pytest.raises(SettingsError, match=r"face\.detector=haar: expected auto, yunet, dlib"):
        ReadSettings(detector="haar").check_detector()
