"""stored.py: checkpoints load strictly and become the start of other networks."""

import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import torch

from mood2music.errors import CheckpointError
from mood2music.face.network.backbone import build_networks
from mood2music.face.network.settings import FaceSettings, outputs
from mood2music.face.network.stored import load, start_from
from mood2music.learn import checkpoint

FACES = torch.rand(3, 1, 49, 49)


def small(**change: object) -> FaceSettings:
    sizes = {"input_size": 49, "width": 4, "hidden": 8}
    settings = {"name": "cnn10", "pretrained": False, **sizes, **change}
    return FaceSettings(**settings)  # type: ignore[arg-type]


def saved(path: Path, settings: FaceSettings, **header: object) -> Path:
    state = build_networks(settings).state_dict()
    told = {"settings": asdict(settings), "outputs": outputs(settings), **header}
    checkpoint.save(path, state, "face", told)
    return path


def test_what_is_saved_is_what_is_loaded(tmp_path: Path) -> None:
    settings = small()
    networks = build_networks(settings).eval()
    told = {"settings": asdict(settings)}
    checkpoint.save(tmp_path / "a.safetensors", networks.state_dict(), "face", told)
    found = load(tmp_path / "a.safetensors")
    assert found.outputs == ["valence", "arousal"]
    torch.testing.assert_close(found.networks(FACES), networks(FACES))


def test_half_precision_changes_a_mood_by_less_than_a_hundredth(tmp_path: Path) -> None:
    settings = FaceSettings(axes=["valence"], pretrained=True)
    networks = build_networks(settings).eval()
    told = {"settings": asdict(settings)}
    path = tmp_path / "a.safetensors"
    checkpoint.save(path, networks.state_dict(), "face", told, dtype=torch.float16)
    assert path.stat().st_size < 6_000_000
    torch.testing.assert_close(load(path).networks(FACES), networks(FACES), atol=0.01, rtol=0)


def test_weights_that_do_not_fit_their_settings_are_refused(tmp_path: Path) -> None:
    told = {"settings": asdict(small(width=5))}
    state = build_networks(small()).state_dict()
    checkpoint.save(tmp_path / "a.safetensors", state, "face", told)
    with pytest.raises(CheckpointError, match="does not fit"):
        load(tmp_path / "a.safetensors")


def test_settings_of_another_version_are_refused(tmp_path: Path) -> None:
    told = {"settings": {**asdict(small()), "colour": "blue"}}
    checkpoint.save(tmp_path / "a.safetensors", {"x": torch.zeros(1)}, "face", told)
    with pytest.raises(CheckpointError, match="colour"):
        load(tmp_path / "a.safetensors")


def test_a_music_network_is_refused(tmp_path: Path) -> None:
    checkpoint.save(tmp_path / "a.safetensors", {"x": torch.zeros(1)}, "music", {})
    with pytest.raises(CheckpointError, match="is a music network, expected face"):
        load(tmp_path / "a.safetensors")


@pytest.mark.parametrize("heads", ["joint", "separate"])
def test_one_axis_goes_on_from_its_part_of_two(tmp_path: Path, heads: str) -> None:
    path = saved(tmp_path / "a.safetensors", small(heads=heads))
    target = build_networks(small(axes=["arousal"])).eval()
    start_from(target, small(axes=["arousal"]), path)
    torch.testing.assert_close(target(FACES), load(path).networks(FACES)[:, 1:])


def test_outputs_go_on_by_their_names_whatever_their_order(tmp_path: Path) -> None:
    there = saved(tmp_path / "a.safetensors", small(heads="joint", axes=["arousal", "valence"]))
    networks = build_networks(small(heads="joint"))
    start_from(networks, small(heads="joint"), there)
    arousal_first = load(there).networks(FACES)
    torch.testing.assert_close(networks.eval()(FACES), arousal_first.flip(1))


def test_an_output_does_not_go_on_from_another(tmp_path: Path) -> None:
    there = saved(tmp_path / "a.safetensors", small(heads="joint", axes=["valence"]))
    settings = small(heads="joint", axes=["arousal"])
    networks = build_networks(settings)
    last = [row.clone() for row in list(networks.parameters())[-2:]]
    start_from(networks, settings, there)
    torch.testing.assert_close(list(networks.parameters())[-2:], last)


def test_expressions_take_over_all_but_the_last_layer(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.safetensors", small(heads="joint"))
    settings = small(target="expression")
    target = build_networks(settings)
    start_from(target, settings, path)
    name = "networks.joint.backbone.features.0.weight"
    assert torch.equal(target.state_dict()[name], load(path).networks.state_dict()[name])


def test_another_backbone_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.safetensors", small(heads="joint"))
    settings = small(width=8)
    with pytest.raises(CheckpointError, match="does not fit"):
        start_from(build_networks(settings), settings, path)


def test_a_missing_axis_is_named(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.safetensors", small(axes=["valence"]))
    settings = small(axes=["arousal"])
    with pytest.raises(CheckpointError, match="networks for valence, expected arousal or joint"):
        start_from(build_networks(settings), settings, path)


@pytest.mark.parametrize(
    "settings",
    [
        None, [], 3, {"name": "cnn10", "width": 10**6}, {"name": "cnn10", "width": 0},
        {"name": "cnn10", "hidden": True}, {"name": "cnn10", "hidden": 10**12},
        {"name": "alexnet", "hidden": -1}, {"name": "alexnet", "classifier": "torchvision"},
        {"name": "vit_giant_patch14_224"}, {"name": "${oc.env:HOME}"}, {"name": ["cnn10"]},
        {"axes": []}, {"axes": ["joy"]}, {"input_size": 10**9}, {"target": None},
    ],
)  # fmt: skip
def test_a_header_of_other_networks_is_refused_in_one_line(settings: Any, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    small = FaceSettings(name="cnn10", width=2, hidden=4, pretrained=False)
    networks = build_networks(small)
    changed = {**asdict(small), **settings} if isinstance(settings, dict) else settings
    path = tmp_path / "a.safetensors"
    checkpoint.save(path, networks.state_dict(), "face", {"settings": changed})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(CheckpointError) as caught:
        load(path)
    assert len(str(caught.value).splitlines()) == 1
    assert os.environ["HOME"] not in str(caught.value).replace(str(path), "")
    if sys.platform == "linux":
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000  # kB
