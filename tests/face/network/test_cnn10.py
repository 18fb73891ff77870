"""cnn10.py: ten layers, as the paper counts them."""

import torch
from torch import nn

from mood2music.face.network.cnn10 import CNN10


def layers(network: nn.Module, *kinds: type[nn.Module]) -> list[nn.Module]:
    return [module for module in network.modules() if isinstance(module, kinds)]


def test_there_are_ten_layers_five_of_them_convolutions() -> None:
    network = CNN10(1)
    convolutions = layers(network, nn.Conv2d)
    assert [c.kernel_size for c in convolutions] == [(11, 11), (5, 5), (3, 3), (3, 3), (3, 3)]
    pools = layers(network, nn.MaxPool2d, nn.AdaptiveMaxPool2d)
    assert len(convolutions) + len(pools) + len(layers(network, nn.Linear)) == 10


def test_49_pixels_and_other_sizes_pass() -> None:
    network = CNN10(2, width=4, hidden=8).eval()
    for size in (49, 33, 64):
        assert network(torch.rand(3, 1, size, size)).shape == (3, 2)
