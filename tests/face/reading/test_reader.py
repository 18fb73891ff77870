"""reader.py: the shipped networks read the sample portrait without training's imports."""

import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mood2music.errors import CheckpointError, NoFaceError, SettingsError
from mood2music.face.network.backbone import build_networks
from mood2music.face.network.settings import FaceSettings
from mood2music.face.picture.image import Pixels, load, sample_portrait
from mood2music.face.reading.reader import SHIPPED, FaceReader
from mood2music.face.reading.settings import ReadSettings
from mood2music.learn import checkpoint
from tests.face.picture.boxes import area


@pytest.fixture(scope="module")
def reader() -> FaceReader:
    return FaceReader.load()


def saved(path: Path, **change: object) -> Path:
    settings = FaceSettings(
        name="cnn10", pretrained=False, input_size=49, width=4, hidden=8, **change
    )  # type: ignore[arg-type]
    told = {"settings": asdict(settings)}
    checkpoint.save(path, build_networks(settings).state_dict(), "face", told)
    return path


def test_the_astronaut_smiles(reader: FaceReader) -> None:
    reading = reader.read_photo(sample_portrait(), ReadSettings())
    assert reading.mood.valence > 0.2
    assert reading.found == len(reading.faces) == 1
    assert reading.faces[0].crop.shape == (48, 48)


def test_a_smile_is_surer_than_noise_and_the_manifest_tells_how_sure(reader: FaceReader) -> None:
    smile = reader.read_photo(sample_portrait(), ReadSettings())
    noise = np.random.default_rng(0).integers(0, 255, (90, 90, 3), dtype=np.uint8)
    unclear = reader.read_mood(noise, ReadSettings(detector="none"))
    assert smile.entropy() < 1.0 < unclear.entropy()
    (told,) = smile.as_dict()["faces"]
    assert (told["entropy"], told["hindered_by"]) == (smile.entropy(), [])


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
    assert (reading.faces[0].box.right, reading.faces[0].box.bottom) == (512, 512)


@pytest.fixture(scope="module")
def pair() -> Pixels:
    """The astronaut twice: large on the left, and small, mirrored and darker on the right."""
    portrait = load(sample_portrait())
    canvas = np.full((512, 1024, 3), 200, dtype=np.uint8)
    canvas[:, :512] = portrait
    small = Image.fromarray(portrait).resize((400, 400))
    canvas[112:, 624:] = np.asarray(small)[:, ::-1] // 2
    return canvas


def test_the_largest_face_of_two_is_read_and_both_are_counted(
    reader: FaceReader, pair: Pixels
) -> None:
    reading = reader.read_mood(pair, ReadSettings())
    alone = reader.read_mood(pair[:, :512], ReadSettings())
    assert (reading.found, len(reading.faces)) == (2, 1)
    assert reading.faces[0].box.right < 512
    assert reading.mood.valence == pytest.approx(alone.mood.valence, abs=0.1)


def test_all_faces_give_the_mean_mood_and_the_manifest_tells_each(
    reader: FaceReader, pair: Pixels
) -> None:
    reading = reader.read_mood(pair, ReadSettings(which="all"))
    moods = [face.mood for face in reading.faces]
    assert len(moods) == reading.found == 2
    assert reading.mood.valence == pytest.approx(np.mean([m.valence for m in moods]))
    assert reading.mood.arousal == pytest.approx(np.mean([m.arousal for m in moods]))
    told = reading.as_dict()
    assert [face["valence"] for face in told["faces"]] == [m.valence for m in moods]
    assert told["faces"][0]["box"]["right"] < 512 < told["faces"][1]["box"]["left"]


def test_a_photo_lying_on_its_side_reads_as_upright(reader: FaceReader) -> None:
    portrait = load(sample_portrait())
    upright = reader.read_mood(portrait, ReadSettings())
    lying = reader.read_mood(np.rot90(portrait), ReadSettings())
    assert (upright.turned, lying.turned) == (0, 270)
    assert lying.mood == upright.mood
    assert lying.as_dict()["turned"] == 270


def test_boxes_are_in_the_pixels_of_the_photo_however_small_it_was_decoded(
    reader: FaceReader, tmp_path: Path
) -> None:
    Image.open(sample_portrait()).convert("RGB").resize((3300, 3300)).save(tmp_path / "big.jpg")
    [small], [big] = (
        reader.read_photo(path, ReadSettings()).faces
        for path in (sample_portrait(), tmp_path / "big.jpg")
    )
    scale = 3300 / 512
    assert abs(big.box.left - scale * small.box.left) < 0.1 * scale * 100
    assert area(big.box) / area(small.box) == pytest.approx(scale**2, rel=0.2)
    assert big.mood.valence == pytest.approx(small.mood.valence, abs=0.2)


def test_an_unknown_choice_of_faces_is_refused(reader: FaceReader, pair: Pixels) -> None:
    with pytest.raises(SettingsError, match="expected largest or all"):
        reader.read_mood(pair, ReadSettings(which="two"))


def test_a_picture_without_a_face_is_named(reader: FaceReader, tmp_path: Path) -> None:
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


@pytest.mark.slow
def test_reading_needs_nothing_that_training_needs() -> None:
    code = (
        "import sys; from mood2music.face.reading.reader import FaceReader;"
        "from mood2music.face.reading.settings import ReadSettings;"
        "from mood2music.face.picture.image import sample_portrait;"
        "FaceReader.load().read_photo(sample_portrait(), ReadSettings());"
        "print(*{'lightning', 'timm', 'torchvision', 'pandas', 'sklearn'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_a_wrong_setting_is_named_before_the_photo_is_opened(reader: FaceReader) -> None:
    with pytest.raises(SettingsError, match=r"face\.upsample=-1: expected 0 to 4"):
        reader.read_photo(sample_portrait(), ReadSettings(upsample=-1))
    with pytest.raises(SettingsError, match=r"face\.which=smallest: expected largest or all"):
        reader.read_photo(sample_portrait(), ReadSettings(which="smallest"))
