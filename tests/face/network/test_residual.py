"""residual.py: shortcuts, and maps of any size."""

import torch
from torch import nn

from mood2music.face.network.residual import Block, Residual


def test_a_block_whose_layers_say_nothing_gives_its_input_back() -> None:
    block = Block(3, 3).eval()
    nn.init.zeros_(block.second.weight)
    maps = torch.rand(2, 3, 6, 6)
    torch.testing.assert_close(block(maps), maps)


def test_weights_fit_eight_megabytes_in_half_precision() -> None:
    count = sum(p.numel() for p in Residual(10).parameters())
    assert 3_400_000 < count < 4_000_000


def test_48_pixels_and_other_sizes_pass() -> None:
    network = Residual(10, width=4).eval()
    for size in (48, 49, 64, 16):
        assert network(torch.rand(3, 1, size, size)).shape == (3, 10)
