"""Exports a face checkpoint as an ONNX file that computes the same, checked first."""

import copy
import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F
from torch import nn

from mood2music.errors import ExportError
from mood2music.face.network import stored
from mood2music.face.network.backbone import FaceNetworks
from mood2music.face.network.onnx_file import (
    HEADER,
    INPUT,
    INSTALL,
    WEIGHTS,
    open_onnx,
)
from mood2music.face.picture.detect import SIZE
from mood2music.files import atomically, checksum

OPSET = 18  # what torch's exporter writes without converting
TOLERANCE = 1e-4
FEW = 64  # weights of a layer that need not be stored smaller


@dataclass(frozen=True)
class Exported:
    """A file that was written; difference: the largest of any output from torch's, absolute."""

    path: Path
    outputs: list[str]
    difference: float


def export(weights: Path, path: Path, *, point: bool = False) -> Exported:
    """Write the networks of the checkpoint `weights` to `path`, whole or not at all.

    Input `faces`: (batch, 1, size, size) float32, grey in [0, 1], any batch; resizing and
    normalisation lie inside. Outputs: (batch,) each, named valence, arousal or an expression, as
    torch gives them. point: the file holds no weights but points into the checkpoint, beside which
    it has to lie, so that a package carries them once. Raises CheckpointError when `weights` is no
    face checkpoint, ExportError when the network cannot be written, or an output is off by more
    than 1e-4.
    """
    found = stored.load(weights)
    program = _convert(found, weights)
    program.model.metadata_props[HEADER] = json.dumps(found.header)
    program.model.metadata_props[WEIGHTS] = checksum(weights)
    for node in program.model.graph:
        node.metadata_props.clear()  # the exporter notes the paths of this machine's source files
    with atomically(path) as unfinished:
        program.save(unfinished, external_data=False)
        store_in_half(unfinished, weights if point else None)
        off = check(found.networks, unfinished, path.name)
    return Exported(path, found.outputs, off)


def store_in_half(path: Path, weights: Path | None = None) -> None:
    """Store as half precision what loses nothing by it, in place; it is cast back when loaded.

    A checkpoint's own weights are halves: the file becomes as small as the checkpoint. weights: a
    checkpoint in the same folder whose bytes the file points at instead of holding them itself.
    """
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    model = onnx.load(path)
    graph, casts = model.graph, []
    there = {} if weights is None else _places(weights)
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < FEW:
            continue
        with np.errstate(over="ignore"):
            half = values.astype(np.float16)
        if not np.array_equal(half.astype(np.float32), values):
            continue
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(half, f"{name}_half"))
        if weights is not None and half.tobytes() in there:
            _point(tensor, weights.name, *there[half.tobytes()])
        casts.append(helper.make_node("Cast", [f"{name}_half"], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    path.write_bytes(model.SerializeToString())


def _places(weights: Path) -> dict[bytes, tuple[int, int]]:
    """Where each tensor of half precision lies in a safetensors file: offset and length, by bytes.

    Eight bytes tell how long the JSON is that follows and names the tensors' places after it.
    """
    data = weights.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    places = {}
    for name, entry in json.loads(data[8:start]).items():
        if name != "__metadata__" and entry["dtype"] == "F16":
            first, end = (start + offset for offset in entry["data_offsets"])
            places[data[first:end]] = (first, end - first)
    return places


def _point(tensor: Any, location: str, offset: int, length: int) -> None:
    """Make an ONNX tensor one of external data: bytes of the file `location` in the same folder."""
    from onnx import TensorProto

    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in (("location", location), ("offset", offset), ("length", length)):
        tensor.external_data.add(key=key, value=str(value))


def check(networks: FaceNetworks, path: Path, name: str) -> float:
    """Give the `difference`; raises ExportError, naming `name`, when above 1e-4 or no number."""
    off = difference(networks, path)
    if off > TOLERANCE:
        raise ExportError(
            f"{name} would give other outputs than torch, up to {off:.2g} away, expected at "
            f"most {TOLERANCE:g}: go on with the checkpoint itself, or export another backbone"
        )
    return off


def difference(networks: FaceNetworks, path: Path) -> float:
    """Give the largest absolute difference between torch's outputs and onnxruntime's.

    Over faces of noise, of stripes, edges, slopes and single greys, in batches of one and many.
    """
    opened = open_onnx(path)
    largest = 0.0
    faces = trial_faces(opened.size)
    for batch in (faces, faces[:1], faces[-3:]):
        with torch.inference_mode():
            wanted = networks(torch.from_numpy(batch)).numpy()
        given = np.stack(opened.session.run(None, {INPUT: batch}), axis=1)
        # NaN, on one side or both, is as far away as can be.
        away = np.nan_to_num(np.abs(given - wanted), nan=np.inf)
        largest = max(largest, float(away.max()))
    return largest


def trial_faces(size: int = SIZE) -> npt.NDArray[np.float32]:
    """Make faces to compare on: (18, 1, size, size) in [0, 1], the same in every run."""
    noise = np.random.default_rng(0).random((8, size, size))
    rows, columns = np.mgrid[:size, :size] / (size - 1)
    drawn = [
        *(np.full((size, size), grey) for grey in (0.0, 0.5, 1.0)),
        rows,
        columns,
        rows > 0.5,
        columns > 0.3,
        (np.hypot(rows - 0.5, columns - 0.5) < 0.35),
        0.5 + 0.5 * np.sin(40 * rows),
        (rows * 49 // 7 + columns * 49 // 7) % 2,
    ]
    return np.concatenate([noise, np.stack(drawn)])[:, None].astype(np.float32)


class _Named(nn.Module):
    """Networks whose outputs are (batch,) each instead of the columns of one table."""

    def __init__(self, networks: FaceNetworks) -> None:
        super().__init__()
        self.networks = _without_adaptive_max(networks)

    def forward(self, faces: torch.Tensor) -> tuple[torch.Tensor, ...]:
        return self.networks(faces).unbind(1)  # type: ignore[no-any-return]


class _Windows(nn.Module):
    """nn.AdaptiveMaxPool2d window by window, which ONNX lacks where the sizes do not divide."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        high, wide = maps.shape[-2:]
        if high % self.size == 0 and wide % self.size == 0:
            return F.max_pool2d(maps, (high // self.size, wide // self.size))
        rows, columns = self._edges(high), self._edges(wide)
        pooled = [maps[..., a:b, c:d].amax((-2, -1)) for a, b in rows for c, d in columns]
        return torch.stack(pooled, -1).reshape(*maps.shape[:-2], self.size, self.size)

    def _edges(self, side: int) -> list[tuple[int, int]]:
        return [(i * side // self.size, -(-(i + 1) * side // self.size)) for i in range(self.size)]


def _without_adaptive_max(networks: nn.Module) -> nn.Module:
    """Copy the networks, with every square nn.AdaptiveMaxPool2d replaced by its windows."""
    made = copy.deepcopy(networks)
    for module in list(made.modules()):
        for name, child in module.named_children():
            if isinstance(child, nn.AdaptiveMaxPool2d) and isinstance(child.output_size, int):
                setattr(module, name, _Windows(child.output_size))
    return made


def _convert(found: stored.Stored, weights: Path) -> Any:
    try:
        import onnxruntime  # noqa: F401  # the check needs it: say so before the long work
        import onnxscript  # noqa: F401  # torch's exporter is written in it
    except ImportError as error:
        raise ExportError(f"exporting needs {error.name}: {INSTALL}") from error
    for name in ("onnxscript", "onnx_ir"):
        logging.getLogger(name).setLevel(logging.WARNING)  # a line for every node they simplify
    try:
        return torch.onnx.export(
            _Named(found.networks).eval(),
            (torch.zeros(2, 1, found.size, found.size),),
            dynamo=True,
            verbose=False,
            opset_version=OPSET,
            optimize=False,  # it would multiply layers, whose products are no halves any more
            input_names=[INPUT],
            output_names=found.outputs,
            dynamic_shapes=({0: torch.export.Dim("batch")},),
        )
    # Whatever a backbone does that the exporter cannot follow ends in an error of its own kind.
    except Exception as error:
        cause = error.__cause__ or error
        reason = (str(cause).splitlines() or [""])[0]
        raise ExportError(
            f"{weights} cannot be written as ONNX ({type(cause).__name__}: {reason}): go on with "
            "the checkpoint itself, or train another backbone"
        ) from error
