"""Runs the networks of a face checkpoint by torch, on the CPU."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from mood2music.face.network import stored
from mood2music.face.reading.predictor import FacePixels, resized

# Channels beside each other suit the CPU's convolutions: a batch takes .6 times the time, one face
# .8 times, and the outputs differ by rounding alone (experiments/face_speed).
LAYOUT = torch.channels_last
# Up to so many faces one thread computes: on a busy machine two, waiting for each other, took 16
# times as long for one face.
FEW = 16


class TorchPredictor:
    """Networks of a checkpoint, run by torch on the CPU."""

    def __init__(self, path: Path) -> None:
        """Load `path`. Raises CheckpointError when it is no face checkpoint."""
        found = stored.load(path)
        self.networks = found.networks.to(memory_format=LAYOUT)
        self.outputs = found.outputs
        self.source = path
        self.size = found.size

    def __call__(self, faces: FacePixels) -> npt.NDArray[np.float32]:
        """Map faces (N, size, size), grey in [0, 1], to (N, outputs)."""
        if faces.shape[-1] != self.size:
            faces = resized(faces, self.size)
        threads = torch.get_num_threads()
        if len(faces) <= FEW:
            torch.set_num_threads(1)
        try:
            with torch.inference_mode():
                pictures = torch.from_numpy(faces).unsqueeze(1)
                given: torch.Tensor = self.networks(pictures.contiguous(memory_format=LAYOUT))
        finally:
            torch.set_num_threads(threads)
        return given.numpy()
