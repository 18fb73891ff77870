"""Opens a face checkpoint, or its ONNX file, as what maps small faces to the networks' outputs.

Importing this loads no torch: onnxruntime runs what was exported.
"""

import logging
import os
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from mood2music.errors import CheckpointError
from mood2music.face.network.onnx_file import INPUT, OnnxFile, cached, folder, open_onnx
from mood2music.files import checksum

# Faces that one thread computes at once; more of them gain nothing (experiments/face_speed).
CHUNK = 32

log = logging.getLogger(__name__)

FacePixels = npt.NDArray[np.float32]


class Predictor(Protocol):
    """Face networks in evaluation mode, whatever runs them.

    outputs: what the columns stand for (valence, arousal, expressions); source: the file they
    came from; size: pixels a side of the faces that it takes.
    """

    outputs: list[str]
    source: Path
    size: int

    def __call__(self, faces: FacePixels) -> npt.NDArray[np.float32]:
        """Map faces (N, size, size), grey in [0, 1], to (N, outputs)."""
        ...


class OnnxPredictor:
    """Networks of an ONNX file, run on the CPU: few faces on one thread, many on all cores."""

    def __init__(self, opened: OnnxFile, source: Path) -> None:
        """Take an opened file; source: it, or the checkpoint that it was made from."""
        self.outputs = opened.outputs
        self.source = source
        self.size = opened.size
        self._session = opened.session

    def __call__(self, faces: FacePixels) -> npt.NDArray[np.float32]:
        """Map faces (N, size, size), grey in [0, 1], to (N, outputs)."""
        if faces.shape[-1] != self.size:
            faces = resized(faces, self.size)
        chunks = [faces[start : start + CHUNK] for start in range(0, len(faces), CHUNK)]
        if len(chunks) < 2:
            return self._run(faces)
        # A session takes calls from several threads, and computes without Python's lock.
        with ThreadPoolExecutor(min(len(chunks), cores())) as pool:
            return np.concatenate(list(pool.map(self._run, chunks)))

    def _run(self, faces: FacePixels) -> npt.NDArray[np.float32]:
        columns = self._session.run(None, {INPUT: faces[:, None]})
        return np.stack(columns, axis=1)


def resized(faces: FacePixels, size: int) -> FacePixels:
    """Resize (N, side, side) to (N, size, size) bilinearly, as the networks of torch do inside."""
    side = faces.shape[-1]
    place = ((np.arange(size, dtype=np.float32) + 0.5) * (side / size) - 0.5).clip(0, side - 1)
    low = place.astype(np.int64)
    high, share = np.minimum(low + 1, side - 1), (place - low).astype(np.float32)
    rows = faces[:, low] * (1 - share)[:, None] + faces[:, high] * share[:, None]
    given: FacePixels = rows[:, :, low] * (1 - share) + rows[:, :, high] * share
    return given


def find_exported(weights: Path) -> OnnxPredictor | None:
    """Find the ONNX file made from exactly these weights, beside them or in the cache.

    None when there is none, or no onnxruntime. A file made from other weights, or damaged, is
    passed over, and the log says so.
    """
    beside = weights.with_suffix(".onnx")
    if not weights.is_file() or not (beside.is_file() or folder().is_dir()):
        return None
    if find_spec("onnxruntime") is None:
        return None
    sha256 = checksum(weights)
    for path in (beside, cached(sha256)):
        if not path.is_file():
            continue
        try:
            opened = open_onnx(path)
        except CheckpointError as error:
            log.warning("%s; reading by torch instead", error)
            continue
        if opened.weights == sha256:
            return OnnxPredictor(opened, weights)
        log.warning(
            "%s was made from other weights than %s: export them anew with python -m "
            "mood2music.export",
            path,
            weights.name,
        )
    return None


def cores() -> int:
    """Cores to use: as many as OMP_NUM_THREADS says, else all that this process may run on."""
    asked = os.environ.get("OMP_NUM_THREADS", "")
    if asked.isdigit() and int(asked):
        return int(asked)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def open_predictor(path: Path) -> Predictor:
    """Load the face checkpoint, or ONNX file, at `path`.

    A checkpoint that was exported to ONNX is run by onnxruntime, where that is installed, else by
    torch. Raises CheckpointError when `path` is neither.
    """
    if path.suffix == ".onnx":
        return OnnxPredictor(open_onnx(path), path)
    if (exported := find_exported(path)) is not None:
        return exported
    # torch takes a second to import, and only its own predictor needs it.
    from mood2music.face.reading.torch_predictor import TorchPredictor

    return TorchPredictor(path)
