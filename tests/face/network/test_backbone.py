"""backbone.py: one door to every network, with the outputs that the settings ask for."""

from pathlib import Path

import pytest
import torch
from torch import nn

from mood2music.errors import CheckpointError, SettingsError
from mood2music.face.network.backbone import FaceNetwork, build_networks
from mood2music.face.network.imagenet import SHIPPED, read_alexnet
from mood2music.face.network.settings import FaceSettings, outputs

FACES = torch.rand(3, 1, 49, 49)
SMALL = {"name": "cnn10", "input_size": 49, "width": 4, "hidden": 8, "pretrained": False}


def test_separate_heads_are_two_networks_that_share_nothing() -> None:
    networks = build_networks(FaceSettings(**SMALL))
    assert list(networks.networks) == ["valence", "arousal"]
    networks(FACES)[:, 0].sum().backward()
    learnt = {
        axis: any(p.grad is not None and p.grad.abs().max() > 0 for p in network.parameters())
        for axis, network in networks.networks.items()
    }
    assert learnt == {"valence": True, "arousal": False}


def test_a_joint_head_is_one_network_with_two_outputs() -> None:
    networks = build_networks(FaceSettings(**SMALL, heads="joint"))
    assert list(networks.networks) == ["joint"]
    assert networks(FACES).shape == (3, 2)


def test_one_axis_alone_is_one_column() -> None:
    settings = FaceSettings(**SMALL, axes=["arousal"])
    assert outputs(settings) == ["arousal"]
    assert build_networks(settings)(FACES).shape == (3, 1)


def test_expressions_are_eight_outputs() -> None:
    assert build_networks(FaceSettings(**SMALL, target="expression"))(FACES).shape == (3, 8)


def test_pretrained_alexnet_starts_from_the_summed_shipped_kernels() -> None:
    networks = build_networks(FaceSettings(axes=["valence"], pretrained=True))
    first = networks.state_dict()["networks.valence.backbone.features.0.weight"]
    torch.testing.assert_close(first, read_alexnet(SHIPPED)["features.0.weight"].sum(1, True))


def test_freeze_leaves_the_head_alone_to_learn() -> None:
    networks = build_networks(FaceSettings(axes=["valence"], freeze=True))
    learnt = {n for n, p in networks.named_parameters() if p.requires_grad}
    assert learnt
    assert all(".classifier." in name for name in learnt)


def test_any_timm_network_takes_grey_faces() -> None:
    settings = FaceSettings(name="resnet10t", heads="joint", input_size=64, pretrained=False)
    assert build_networks(settings).eval()(FACES).shape == (3, 2)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"heads": "three"}, "model.heads=three: expected one of separate, joint"),
        ({"loss": "mae"}, "model.loss=mae"),
        ({"axes": ["dominance"]}, "model.axes"),
        ({"axes": []}, "model.axes"),
        ({"dropout": 1.0}, "model.dropout"),
        ({"input_size": 49}, "63 or more"),
        ({"input_size": 0}, "model.input_size=0"),
        ({"name": "cnn10", "pretrained": True}, "use alexnet"),
        (
            {"name": "cnn10", "pretrained": False, "weights": "a.pth"},
            "model.weights is for AlexNet",
        ),
    ],
)
def test_a_setting_out_of_range_is_named(change: dict[str, object], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        build_networks(FaceSettings(**change))  # type: ignore[arg-type]


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"none\.pth"):
        build_networks(FaceSettings(weights=str(tmp_path / "none.pth")))


def test_normalised_by_its_own_picture_a_face_is_the_same_in_other_light() -> None:
    faces = torch.rand(3, 1, 24, 24)
    lit = 0.2 + 0.7 * faces
    own, fixed = (FaceNetwork(nn.Identity(), 24, own) for own in (True, False))
    assert (own(faces) - own(lit)).abs().max() < 0.1
    assert (fixed(faces) - fixed(lit)).abs().max() > 0.5
    torch.testing.assert_close(own(faces).mean((1, 2, 3)), torch.zeros(3), atol=1e-5, rtol=0)
    assert own(torch.full((1, 1, 24, 24), 0.4)).abs().max() < 1e-4  # a flat one is no division by 0
