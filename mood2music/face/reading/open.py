"""A checkpoint's path comes in; what maps faces to its outputs, ready to call, goes out."""

from pathlib import Path

from mood2music.face.network.onnx_file import open_onnx
from mood2music.face.reading.onnx_predictor import OnnxPredictor, find_exported
from mood2music.face.reading.predictor import Predictor


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
