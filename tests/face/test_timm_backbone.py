"""timm_backbone.py: unknown names and unreachable weights end in one quick line."""

import time

import pytest
import torch
from huggingface_hub import constants

from mood2music.errors import CheckpointError, SettingsError, UnknownNameError
from mood2music.face.timm_backbone import create


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


# 192.0.2.1 never answers (RFC 5737); nothing listens on port 9 of this machine.
@pytest.mark.parametrize("host", ["https://192.0.2.1", "http://127.0.0.1:9"])
def test_weights_out_of_reach_end_in_one_line_within_5_seconds(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "ENDPOINT", host)
    started = time.monotonic()
    with pytest.raises(CheckpointError, match="cannot be downloaded") as caught:
        create("resnet10t", 2, pretrained=True, dropout=0.0, size=64)
    assert time.monotonic() - started < 5
    assert "\n" not in str(caught.value)
