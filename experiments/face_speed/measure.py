"""A face checkpoint to the time that a face takes, alone and among many, run in several ways.

    OMP_NUM_THREADS=1 python -m experiments.face_speed.measure [checkpoints=FILE]

Times are medians over rounds in which every way has its turn, so that all share the machine's
moods; processor time on one thread, and beside it the clock's. A face is read with its mirror
image, as FaceReader does. `off` is the largest difference of an output from plain torch.
"""

import csv
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
import torch
import torchvision
from onnxruntime.quantization import CalibrationDataReader, quantize_dynamic, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from experiments.measuring import measuring
from mood2music.face.dataset.sets.drawn import draw_many
from mood2music.face.network import stored
from mood2music.face.network.alexnet import AlexNet
from mood2music.face.network.onnx_export import export
from mood2music.face.network.onnx_file import INPUT
from mood2music.face.reading.reader import SHIPPED

Faces = npt.NDArray[np.float32]
Way = Callable[[Faces], npt.NDArray[np.float32]]

ONE, MANY = 1, 64  # faces; twice as many pictures, for the mirror images


class Calibration(CalibrationDataReader):  # type: ignore[misc]
    """Faces whose activations tell the ranges of static int8."""

    def __init__(self, faces: Faces) -> None:
        """Take faces (N, 1, 49, 49)."""
        self.rows: Iterator[dict[str, Faces]] = iter([{INPUT: face[None]} for face in faces])

    def get_next(self) -> dict[str, Faces] | None:
        """Give the next face, None at the end."""
        return next(self.rows, None)


def by_torch(network: torch.nn.Module, layout: torch.memory_format, half: bool) -> Way:
    """Run by torch, in a layout, with bf16 by autocast or not."""
    network = network.to(memory_format=layout)

    def run(faces: Faces) -> npt.NDArray[np.float32]:
        given = torch.from_numpy(faces).contiguous(memory_format=layout)
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=half):
            return np.asarray(network(given).float())

    return run


def by_onnx(path: Path, level: str = "ORT_ENABLE_ALL") -> Way:
    """Run by onnxruntime on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.graph_optimization_level = getattr(onnxruntime.GraphOptimizationLevel, level)
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return lambda faces: np.stack(session.run(None, {INPUT: faces}), 1)


def ways(checkpoint: Path, folder: Path, faces: Faces) -> dict[str, Way]:
    """Make every way of running one checkpoint; plain torch is the first."""
    whole = folder / "float32.onnx"
    export(checkpoint, whole)
    quant_pre_process(whole, folder / "ready.onnx", skip_symbolic_shape=True)
    quantize_dynamic(folder / "ready.onnx", folder / "dynamic.onnx")
    quantize_static(folder / "ready.onnx", folder / "static.onnx", Calibration(faces))

    def fresh() -> torch.nn.Module:
        return stored.load(checkpoint).networks

    plain, beside = torch.contiguous_format, torch.channels_last
    dense: Any = torch.ao.quantization.quantize_dynamic(fresh(), {torch.nn.Linear})  # type: ignore[no-untyped-call]
    return {
        "torch": by_torch(fresh(), plain, False),
        "torch channels_last": by_torch(fresh(), beside, False),
        "torch bf16": by_torch(fresh(), beside, True),
        "torch int8, dense layers": by_torch(dense, plain, False),
        "onnx": by_onnx(whole),
        "onnx, basic optimisation": by_onnx(whole, "ORT_ENABLE_BASIC"),
        "onnx int8 dynamic": by_onnx(folder / "dynamic.onnx"),
        "onnx int8 static": by_onnx(folder / "static.onnx"),
    }


def alexnets() -> dict[str, Callable[[], object]]:
    """One 224-pixel colour picture through this AlexNet and torchvision's, both untrained."""
    picture = torch.rand(1, 3, 224, 224)
    own = AlexNet(1000, 3, classifier="torchvision").eval()
    theirs = torchvision.models.alexnet().eval()
    return {"own": lambda: own(picture), "torchvision": lambda: theirs(picture)}


def timed(runs: dict[Any, Callable[[], object]], rounds: int) -> dict[Any, tuple[float, float]]:
    """Milliseconds of processor and clock that each takes, medians over rounds in turn."""
    taken: dict[Any, list[tuple[float, float]]] = {name: [] for name in runs}
    with torch.inference_mode():
        for turn in range(rounds + 1):
            for name, run in runs.items():
                busy, clock = time.process_time(), time.perf_counter()
                run()
                if turn:  # the first warms up
                    spent = (time.process_time() - busy, time.perf_counter() - clock)
                    taken[name].append(spent)
    return {
        name: (1e3 * median(b for b, _ in spent), 1e3 * median(c for _, c in spent))
        for name, spent in taken.items()
    }


@dataclass
class Settings:
    """checkpoints: none named: the shipped; rounds: in which every way has its turn."""

    checkpoints: list[Path]
    rounds: int


@measuring
def main(asked: Settings) -> None:
    """Measure each checkpoint in each way, then the two AlexNets; write result.csv."""
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")  # torch.ao's word on its successor
    torch.manual_seed(0)
    drawn = np.asarray(draw_many(MANY, 0).images, dtype=np.float32)[:, None] / np.float32(255)
    faces = np.concatenate([drawn, drawn[..., ::-1]])
    rows: list[dict[str, Any]] = []
    for checkpoint in asked.checkpoints or SHIPPED:
        with tempfile.TemporaryDirectory() as scratch:
            made = ways(checkpoint, Path(scratch), faces[:MANY])
        wanted = next(iter(made.values()))(faces)
        runs = {
            (name, count): lambda way=way, count=count: way(faces[: 2 * count])
            for name, way in made.items()
            for count in (ONE, MANY)
        }
        took = timed(runs, asked.rounds)
        for name, way in made.items():
            (one, one_clock), (many, many_clock) = took[name, ONE], took[name, MANY]
            rows.append({
                "network": checkpoint.stem,
                "way": name,
                "one_face_cpu_ms": round(one, 2),
                "one_face_ms": round(one_clock, 2),
                "among_64_cpu_ms": round(many / MANY, 2),
                "among_64_ms": round(many_clock / MANY, 2),
                "off": float(f"{np.abs(way(faces) - wanted).max():.2g}"),
            })  # fmt: skip
            print(*rows[-1].values(), sep="  ", flush=True)
    took = timed(alexnets(), asked.rounds)
    for name, (busy, clock) in took.items():
        rows.append({
            "network": "alexnet 224 x 224 x 3, 1000 classes",
            "way": name,
            "one_face_cpu_ms": round(busy, 2),
            "one_face_ms": round(clock, 2),
        })  # fmt: skip
        print(*rows[-1].values(), sep="  ", flush=True)
    with Path(__file__).with_name("result.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
