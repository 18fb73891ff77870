"""predict.py: the shipped networks read the sample portrait without training's imports."""

import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from mood2music import checkpoint
from mood2music.errors import CheckpointError, NoFaceError
from mood2music.face.backbone import build_networks
from mood2music.face.image import load, sample_portrait
from mood2music.face.predict import SHIPPED, FaceReader, ReadSettings
from mood2music.face.settings import FaceSettings


@pytest.fixture(scope="module")
def reader() -> FaceReader:
    return FaceReader.load()


def saved(path: Path, **change: object) -> Path:
    settings = FaceSettings(name="cnn10", input_size=49, width=4, hidden=8, **change)  # type: ignore[arg-type]
    told = {"settings": asdict(settings)}
    checkpoint.save(path, build_networks(settings).state_dict(), "face", told)
    return path


def test_the_astronaut_smiles(reader: FaceReader) -> None:
    reading = reader.read_photo(sample_portrait(), ReadSettings())
    assert reading.mood.valence > 0.2
    assert reading.faces == 1
    assert reading.crop.shape == (49, 49)


def test_a_mirrored_face_has_the_same_mood(reader: FaceReader) -> None:
    faces = np.random.default_rng(0).random((3, 49, 49)).astype(np.float32)
    np.testing.assert_allclose(reader.moods(faces), reader.moods(faces[:, :, ::-1]), atol=1e-5)


def test_moods_lie_between_minus_one_and_one(tmp_path: Path) -> None:
    made = FaceReader.load(saved(tmp_path / "a.safetensors"))
    faces = 50 * np.random.default_rng(0).random((130, 49, 49)).astype(np.float32)
    assert np.abs(made.moods(faces)).max() <= 1
    assert made.moods(faces).shape == (130, 2)


def test_detector_none_reads_the_whole_picture(reader: FaceReader) -> None:
    reading = reader.read_mood(load(sample_portrait()), ReadSettings(detector="none"))
    assert (reading.box.right, reading.box.bottom) == (512, 512)


def test_a_picture_without_a_face_is_named(reader: FaceReader, tmp_path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (300, 200), "green").save(tmp_path / "hill.png")
    with pytest.raises(NoFaceError, match=r"no face in hill\.png"):
        reader.read_photo(tmp_path / "hill.png", ReadSettings())


def test_both_axes_may_come_from_one_file_or_two(tmp_path: Path) -> None:
    joint = FaceReader.load(saved(tmp_path / "joint.safetensors", heads="joint"))
    two = [saved(tmp_path / f"{a}.safetensors", axes=[a]) for a in ("arousal", "valence")]
    faces = np.random.default_rng(0).random((2, 49, 49)).astype(np.float32)
    assert joint.moods(faces).shape == FaceReader.load(two).moods(faces).shape == (2, 2)


def test_a_missing_axis_is_named(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"no arousal in .*expected face checkpoints"):
        FaceReader.load(saved(tmp_path / "a.safetensors", axes=["valence"]))


def test_settings_name_other_weights(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.safetensors")
    assert FaceReader.from_settings(ReadSettings(weights=str(path))).sources == [path]
    assert FaceReader.from_settings(ReadSettings()).sources == list(SHIPPED)


def test_reading_needs_nothing_that_training_needs() -> None:
    code = (
        "import sys; from mood2music.face.predict import FaceReader, ReadSettings;"
        "from mood2music.face.image import sample_portrait;"
        "FaceReader.load().read_photo(sample_portrait(), ReadSettings());"
        "print(*{'lightning', 'timm', 'torchvision', 'pandas', 'sklearn'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
