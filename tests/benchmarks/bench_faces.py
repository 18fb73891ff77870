"""How long a face takes: `make benchmark`. Medians of processor time, one thread, shipped networks.

One face with its mirror image by torch and by onnxruntime, a thousand faces at once beside a
thousand calls, and this package's AlexNet beside torchvision's on the same picture.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import numpy as np
import pytest
import torch
import torchvision
from pytest_benchmark.fixture import BenchmarkFixture

from mood2music.face.dataset.sets.drawn import draw_many
from mood2music.face.network.alexnet import AlexNet
from mood2music.face.network.onnx_export import export
from mood2music.face.network.onnx_file import open_onnx
from mood2music.face.reading.predictor import OnnxPredictor
from mood2music.face.reading.reader import SHIPPED, FaceReader
from mood2music.face.reading.torch_predictor import TorchPredictor

FACES = 1000
MEDIANS: dict[str, float] = {}


@pytest.fixture(autouse=True)
def quietly(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One thread: processor time then is what one core needs."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    with torch.inference_mode():
        yield


@pytest.fixture(scope="module")
def faces() -> np.ndarray:
    drawn = np.asarray(draw_many(FACES, 0).images, dtype=np.float32)
    return drawn / np.float32(255)


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, FaceReader]:
    folder = tmp_path_factory.mktemp("onnx")
    exported = [export(path, folder / f"{path.stem}.onnx").path for path in SHIPPED]
    return {
        "torch": FaceReader([TorchPredictor(path) for path in SHIPPED]),
        "onnx": FaceReader([OnnxPredictor(open_onnx(path), Path(path)) for path in exported]),
    }


def timed(
    benchmark: BenchmarkFixture, name: str, run: Callable[[], object], count: int, rounds: int
) -> None:
    """Note the median milliseconds for one of `count`."""
    benchmark.group = "faces"
    benchmark.pedantic(run, rounds=rounds, warmup_rounds=int(count == 1))
    MEDIANS[name] = median(benchmark.stats.stats.data) / count * 1e3
    benchmark.extra_info["ms_per_face"] = MEDIANS[name]


@pytest.mark.parametrize("runtime", ["torch", "onnx"])
def test_one_face(
    benchmark: BenchmarkFixture, readers: dict[str, FaceReader], faces: np.ndarray, runtime: str
) -> None:
    reader = readers[runtime]
    timed(benchmark, f"{runtime}, one face", lambda: reader.moods(faces[:1]), 1, 60)


@pytest.mark.parametrize("runtime", ["torch", "onnx"])
def test_a_thousand_faces(
    benchmark: BenchmarkFixture, readers: dict[str, FaceReader], faces: np.ndarray, runtime: str
) -> None:
    reader = readers[runtime]
    timed(benchmark, f"{runtime}, of 1,000 faces", lambda: reader.moods(faces), FACES, 2)


@pytest.mark.parametrize("whose", ["this", "torchvision's"])
def test_alexnet(benchmark: BenchmarkFixture, whose: str) -> None:
    own = whose == "this"
    made = AlexNet(1000, 3, "torchvision") if own else torchvision.models.alexnet()
    network, picture = made.eval(), torch.rand(1, 3, 224, 224)
    timed(benchmark, f"{whose} AlexNet, 224 x 224", lambda: network(picture), 1, 20)


def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print()
        for name, milliseconds in MEDIANS.items():
            print(f"{name:40s} {milliseconds:8.2f} ms a face")
        for runtime in ("torch", "onnx"):
            ratio = MEDIANS[f"{runtime}, one face"] / MEDIANS[f"{runtime}, of 1,000 faces"]
            print(f"{runtime}: 1,000 faces at {ratio:.1f} times the rate of one, on one core")
        ratio = MEDIANS["this AlexNet, 224 x 224"] / MEDIANS["torchvision's AlexNet, 224 x 224"]
        print(f"this AlexNet takes {ratio:.2f} times as long as torchvision's")
