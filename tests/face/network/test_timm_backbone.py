"""timm_backbone.py: any network of timm for grey pictures; what cannot be is one line."""

import pytest
import torch

from mood2music.errors import SettingsError, UnknownNameError
from mood2music.face.network.timm_backbone import create


def test_a_network_of_fixed_size_is_made_for_the_size_asked() -> None:
    network = create("vit_tiny_patch16_224", 2, pretrained=False, dropout=0.0, size=64).eval()
    assert network(torch.rand(1, 1, 64, 64)).shape == (1, 2)


def test_an_unknown_name_names_near_ones() -> None:
    with pytest.raises(UnknownNameError, match=r"near names: .*resnet18"):
        create("resnet1", 2, pretrained=False, dropout=0.0, size=64)


def test_a_size_that_a_network_cannot_take_is_one_line() -> None:
    with pytest.raises(SettingsError, match=r"model\.input_size=30") as caught:
        create("alexnet", 2, pretrained=False, dropout=0.0, size=30)
    assert "\n" not in str(caught.value)
