"""onnx_export.py: the same networks in another file, or a refusal."""

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from onnx import helper, numpy_helper
from safetensors.torch import save_file

from mood2music.errors import CheckpointError, ExportError
from mood2music.face.labels import EXPRESSIONS
from mood2music.face.network import stored
from mood2music.face.network.onnx_export import (
    OPSET,
    _Windows,
    check,
    difference,
    export,
    store_in_half,
    trial_faces,
)
from mood2music.face.network.onnx_file import INPUT, open_onnx
from mood2music.face.network.settings import AXES
from mood2music.face.reading.reader import SHIPPED
from mood2music.files import checksum
from tests.conftest import ExportedFace


def test_outputs_equal_torchs_and_are_named(exported_face: ExportedFace) -> None:
    networks = stored.load(exported_face.weights).networks
    opened = open_onnx(exported_face.onnx)
    assert opened.outputs == [*AXES, *EXPRESSIONS]
    assert difference(networks, exported_face.onnx) <= 1e-4
    faces = trial_faces()[:5]
    given = opened.session.run(["arousal"], {INPUT: faces})[0]
    with torch.inference_mode():
        wanted = networks(torch.from_numpy(faces))[:, 1].numpy()
    np.testing.assert_allclose(given, wanted, atol=1e-4)


def test_any_number_of_faces_passes(exported_face: ExportedFace) -> None:
    session = open_onnx(exported_face.onnx).session
    for count in (1, 2, 17):
        assert session.run(None, {INPUT: trial_faces()[:count]})[0].shape == (count,)


def test_other_weights_are_refused(exported_face: ExportedFace) -> None:
    networks = stored.load(exported_face.weights).networks
    with torch.no_grad():
        next(iter(networks.parameters())).mul_(1.5)
    with pytest.raises(ExportError, match=r"expected at most 0\.0001"):
        check(networks, exported_face.onnx, "best.onnx")


def test_a_network_of_nans_is_refused(exported_face: ExportedFace) -> None:
    networks = stored.load(exported_face.weights).networks
    with torch.no_grad():
        next(iter(networks.parameters())).fill_(float("nan"))
    with pytest.raises(ExportError, match="up to inf away"):
        check(networks, exported_face.onnx, "best.onnx")


def test_the_file_tells_its_checkpoint_and_nothing_of_the_machine(
    exported_face: ExportedFace,
) -> None:
    model = onnx.load(exported_face.onnx)
    onnx.checker.check_model(model)
    told = {entry.key: entry.value for entry in model.metadata_props}
    assert json.loads(told["mood2music"]) == stored.load(exported_face.weights).header
    assert told["weights_sha256"] == checksum(exported_face.weights)
    assert model.opset_import[0].version >= 17
    here = str(Path(__file__).parents[3]).encode()
    assert here not in exported_face.onnx.read_bytes()


@pytest.mark.parametrize("side", [3, 4, 7, 12])
def test_windows_pool_as_adaptive_max_pooling_does(side: int) -> None:
    maps = torch.randn(2, 3, side, side + 1)
    torch.testing.assert_close(_Windows(3)(maps), torch.nn.AdaptiveMaxPool2d(3)(maps))


def test_what_is_no_checkpoint_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "a.safetensors").write_bytes(b"nothing")
    with pytest.raises(CheckpointError, match="not a mood2music checkpoint"):
        export(tmp_path / "a.safetensors", tmp_path / "a.onnx")
    assert [path.name for path in tmp_path.iterdir()] == ["a.safetensors"]


def test_halves_are_stored_once_in_the_file_or_not_at_all(tmp_path: Path) -> None:
    weights = torch.randn(8, 16).half()
    save_file({"layer": weights}, tmp_path / "a.safetensors", {"what": "a test"})
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["faces", "layer"], ["out"])],
        "one layer",
        [helper.make_tensor_value_info("faces", onnx.TensorProto.FLOAT, [2, 8])],
        [helper.make_tensor_value_info("out", onnx.TensorProto.FLOAT, [2, 16])],
        [numpy_helper.from_array(weights.float().numpy(), "layer")],
    )
    faces = np.random.default_rng(0).random((2, 8), dtype=np.float32)
    for name, given in (("held", None), ("pointed", tmp_path / "a.safetensors")):
        path = tmp_path / f"{name}.onnx"
        opset = [helper.make_opsetid("", OPSET)]
        onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=10), path)
        store_in_half(path, given)
        (out,) = onnxruntime.InferenceSession(path).run(None, {"faces": faces})
        np.testing.assert_allclose(out, faces @ weights.float().numpy(), rtol=1e-5)
    sizes = [(tmp_path / f"{name}.onnx").stat().st_size for name in ("held", "pointed")]
    assert sizes[0] - sizes[1] > 100  # 256 bytes of halves, without the words that point at them


def test_the_shipped_graph_points_into_the_shipped_weights() -> None:
    (weights,) = SHIPPED
    graph = weights.with_suffix(".onnx")
    assert graph.stat().st_size < 200_000
    assert open_onnx(graph).weights == checksum(weights)
    assert difference(stored.load(weights).networks, graph) <= 1e-4
