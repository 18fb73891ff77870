"""timm_alexnet.py: AlexNet through timm's own door."""

import timm
import torch

import mood2music.face.network.timm_alexnet  # noqa: F401  # registers alexnet


def test_it_is_registered() -> None:
    assert timm.is_model("alexnet")


def test_grey_input_and_two_outputs() -> None:
    network = timm.create_model("alexnet", in_chans=1, num_classes=2)
    assert network.eval()(torch.rand(2, 1, 80, 80)).shape == (2, 2)


def test_features_only_gives_the_five_stages() -> None:
    network = timm.create_model("alexnet", in_chans=1, features_only=True)
    maps = network(torch.rand(1, 1, 224, 224))
    assert [tuple(m.shape[1:]) for m in maps] == [
        (64, 55, 55),
        (192, 27, 27),
        (384, 13, 13),
        (256, 13, 13),
        (256, 13, 13),
    ]
    assert network.feature_info.reduction() == [4, 8, 16, 16, 16]


def test_pretrained_grey_sees_what_pretrained_colour_sees_in_grey() -> None:
    options = {"pretrained": True, "features_only": True, "out_indices": (4,)}
    grey = timm.create_model("alexnet", in_chans=1, **options).eval()
    colour = timm.create_model("alexnet", **options).eval()
    picture = torch.rand(1, 1, 80, 80)
    with torch.no_grad():
        [one], [three] = grey(picture), colour(picture.expand(-1, 3, -1, -1))
    torch.testing.assert_close(one, three, atol=1e-4, rtol=1e-3)
