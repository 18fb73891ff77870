"""Opens an ONNX file of face networks as a session that runs it, with what made it.

Nothing here imports torch: reading a photo by onnxruntime needs none. The file's metadata holds

    mood2music       the header of the checkpoint that it was made from, as JSON
    weights_sha256   that checkpoint's SHA-256
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mood2music.errors import CheckpointError
from mood2music.face.picture.detect import SIZE
from mood2music.files import PRETRAINED, cache_folder

HEADER, WEIGHTS = "mood2music", "weights_sha256"
INPUT = "faces"
INSTALL = 'pip install "mood2music[onnx]"'


@dataclass(frozen=True)
class OnnxFile:
    """A file ready to run.

    session: onnxruntime's; outputs: their names in order; header: the checkpoint's; weights: the
    checkpoint's SHA-256; size: pixels a side of the faces that it takes.
    """

    session: Any
    outputs: list[str]
    header: dict[str, Any]
    weights: str
    size: int


def face_size(header: dict[str, Any]) -> int:
    """Pixels a side of the faces that a network learnt from: its header says them, else 49."""
    data = header.get("data")
    return int(data.get("size", SIZE)) if isinstance(data, dict) else SIZE


def folder() -> Path:
    """Folder in the cache of the ONNX files of shipped checkpoints."""
    return cache_folder() / "onnx"


def cached(sha256: str) -> Path:
    """Place in the cache for the ONNX file of the checkpoint with this checksum."""
    return folder() / f"{sha256}.onnx"


def target(weights: Path, sha256: str) -> Path:
    """Where a checkpoint's ONNX file goes: beside it, or into the cache for a shipped one.

    The shipped ones may lie in a folder that only an administrator writes.
    """
    shipped = weights.resolve().is_relative_to(PRETRAINED)
    return cached(sha256) if shipped else weights.with_suffix(".onnx")


def open_onnx(path: Path) -> OnnxFile:
    """Load `path` into onnxruntime, on one thread.

    One face is too little work to share: more threads wait for each other longer than they
    compute. Raises CheckpointError when onnxruntime is missing, or the file is none that
    `python -m mood2music.export` wrote.
    """
    if not path.is_file():
        raise CheckpointError(f"no ONNX file at {path}: write it with python -m mood2music.export")
    try:
        import onnxruntime
    except ImportError as error:
        raise CheckpointError(f"{path} needs onnxruntime: {INSTALL}") from error
    onnxruntime.set_default_logger_severity(3)  # errors alone: it tells much that nobody asked
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    try:
        session = onnxruntime.InferenceSession(
            path, sess_options=options, providers=["CPUExecutionProvider"]
        )
        told = session.get_modelmeta().custom_metadata_map
        header = json.loads(told[HEADER])
        weights = told[WEIGHTS]
    # onnxruntime's own errors are RuntimeError's children in some versions, Exception's in others.
    except Exception as error:
        raise CheckpointError(
            f"{path} is not a face network of mood2music: expected an ONNX file that "
            "`python -m mood2music.export` wrote"
        ) from error
    named = [output.name for output in session.get_outputs()]
    return OnnxFile(session, named, header, weights, face_size(header))
