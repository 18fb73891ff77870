"""hidden.py: covers of many kinds on the sample portrait, and numpy's layers beside torch's."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file
from scipy import ndimage

from experiments.face_cover.fit import folded
from experiments.face_cover.network import Hidden as Trained
from mood2music.errors import CheckpointError
from mood2music.face.picture.image import Pixels, load, sample_portrait
from mood2music.face.reading.hidden import find_hidden, log_odds, shipped
from mood2music.face.reading.hidden import load as load_weights
from mood2music.face.reading.photo_reading import PhotoReading
from mood2music.face.reading.reader import FaceReader
from mood2music.face.reading.settings import ReadSettings

# Rows and columns of the portrait.
MOUTH = np.s_[133:164, 186:262]
MOUTH_AND_NOSE = np.s_[116:172, 182:266]
EYES = np.s_[88:112, 180:270]
FOREHEAD = np.s_[62:86, 186:262]
BESIDE = np.s_[110:180, 262:300]
THROAT = np.s_[176:240, 180:270]


def flat(*colour: int) -> Callable[[Pixels], Pixels]:
    return lambda under: np.full_like(under, colour)


def grain(under: Pixels) -> Pixels:
    return np.random.default_rng(0).integers(0, 255, under.shape, dtype=np.uint8)


def softened(under: Pixels) -> Pixels:
    return ndimage.gaussian_filter(under, (12, 12, 0))


def squares(under: Pixels) -> Pixels:
    small = under[: len(under) // 14 * 14].reshape(-1, 14, *under.shape[1:]).mean(1)
    wide = np.repeat(np.repeat(small[:, 7::14], 14, axis=1), 14, axis=0)
    room = [(0, len(under) - len(wide)), (0, max(0, under.shape[1] - wide.shape[1])), (0, 0)]
    return np.pad(wide, room, mode="edge")[:, : under.shape[1]].astype(np.uint8)


def fingers(under: Pixels) -> Pixels:
    """Four of them, side by side, of her skin's colour."""
    across = np.linspace(0, 4 * np.pi, under.shape[1])
    light = 0.75 + 0.25 * abs(np.sin(across)) ** 0.4
    return (np.array([214, 166, 136]) * light[None, :, None]).repeat(len(under), 0).astype(np.uint8)


def knitted(under: Pixels) -> Pixels:
    rows, columns = np.indices(under.shape[:2])
    checks = (rows // 4 + columns // 4) % 2
    return np.where(checks[..., None], [150, 30, 40], [60, 10, 20]).astype(np.uint8)


def covered(part: tuple[slice, slice], cover: Callable[[Pixels], Pixels]) -> Pixels:
    photo = load(sample_portrait()).copy()
    photo[part] = cover(photo[part])
    return photo


@pytest.fixture(scope="module")
def read() -> Callable[[Pixels], PhotoReading]:
    reader = FaceReader.load()
    return lambda pixels: reader.read_mood(pixels, ReadSettings())


@pytest.mark.parametrize("part", [MOUTH, MOUTH_AND_NOSE], ids=["mouth", "mouth and nose"])
@pytest.mark.parametrize(
    "cover",
    [
        flat(0, 0, 0), flat(255, 255, 255), flat(190, 200, 215), flat(200, 30, 30), grain,
        softened, squares, fingers, knitted,
    ],
    ids=["black", "white", "grey", "red", "grain", "blur", "squares", "fingers", "knitted"],
)  # fmt: skip
def test_a_mouth_behind_whatever_cover_makes_the_reading_unsure(
    read: Callable[[Pixels], PhotoReading],
    part: tuple[slice, slice],
    cover: Callable[[Pixels], Pixels],
) -> None:
    reading = read(covered(part, cover))
    assert not reading.sure()
    assert "the mouth is hidden" in reading.hindered_by()


@pytest.mark.parametrize("part", [FOREHEAD, BESIDE, THROAT], ids=["forehead", "beside", "throat"])
@pytest.mark.parametrize("cover", [flat(0, 0, 0), fingers, knitted], ids=["black", "hand", "knit"])
def test_a_cover_elsewhere_hides_no_mouth(
    read: Callable[[Pixels], PhotoReading],
    part: tuple[slice, slice],
    cover: Callable[[Pixels], Pixels],
) -> None:
    reading = read(covered(part, cover))
    assert reading.sure()
    assert reading.hindered_by() == []


def test_dark_glasses_hide_the_eyes_alone(read: Callable[[Pixels], PhotoReading]) -> None:
    assert read(covered(EYES, flat(10, 10, 10))).hindered_by() == ["the eyes are hidden"]


def test_many_faces_give_what_each_gives_alone_mirrored_or_not() -> None:
    faces = np.random.default_rng(0).random((40, 49, 49)).astype(np.float32)
    told = find_hidden(faces)
    alone = np.concatenate([find_hidden(face[None, :, ::-1]) for face in faces])
    np.testing.assert_allclose(told, alone, atol=1e-5)
    assert find_hidden(faces[:0]).shape == (0, 2)


def test_numpy_computes_what_the_trained_layers_do() -> None:
    torch.manual_seed(0)
    network = Trained()
    faces = torch.rand(8, 1, 48, 48)
    network.train()(faces * 2)  # the normalisations learn means and deviations
    with torch.inference_mode():
        wanted = network.eval()(faces).numpy()
    given = log_odds(folded(network), faces[:, 0].numpy())
    assert wanted.std() > 0.005
    np.testing.assert_allclose(given, wanted, atol=1e-4)


def test_another_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="cannot be read"):
        load_weights(tmp_path / "none.safetensors")
    save_file({"0.bias": np.zeros(3)}, tmp_path / "other.safetensors")
    with pytest.raises(CheckpointError, match="does not say whether faces are covered"):
        load_weights(tmp_path / "other.safetensors")


def test_the_weights_are_few() -> None:
    assert sum(weight.size for weight in shipped().values()) < 15_000
