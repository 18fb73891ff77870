import numpy as np
import pytest
import torch
from torch import nn

from mood2music.generator.sampling.recurrence import Cell, UpperCell, input_weights, product


@pytest.mark.parametrize("n", [1, 3])
def test_a_cell_steps_as_torch_does(n: int) -> None:
    torch.manual_seed(0)
    lstm = nn.LSTM(5, 8, batch_first=True, bidirectional=True)
    vectors = torch.randn(n, 20, 5)
    with torch.no_grad():
        outputs, _ = lstm(vectors)
    for reverse in (False, True):
        weight, bias = input_weights(lstm, 0, reverse)
        cell = Cell(lstm, 0, reverse)
        cell.start(n)
        order = range(19, -1, -1) if reverse else range(20)
        stepped = {i: cell.step(vectors[:, i].numpy() @ weight + bias).copy() for i in order}
        ours = np.stack([stepped[i] for i in range(20)], 1)
        theirs = outputs[:, :, 8:] if reverse else outputs[:, :, :8]
        assert np.allclose(ours, theirs.numpy(), atol=1e-6)


@pytest.mark.parametrize("n", [1, 3])
def test_a_cell_above_another_steps_as_torch_does(n: int) -> None:
    torch.manual_seed(0)
    lstm = nn.LSTM(5, 8, 2, batch_first=True)
    vectors = torch.randn(n, 20, 5)
    with torch.no_grad():
        outputs, _ = lstm(vectors)
    weight, bias = input_weights(lstm, 0)
    lower, upper = Cell(lstm, 0), UpperCell(lstm, 1)
    lower.start(n)
    upper.start(n)
    for i in range(20):
        stepped = upper.step(lower.step(vectors[:, i].numpy() @ weight + bias))
        assert np.allclose(stepped, outputs[:, i].numpy(), atol=1e-6)


def test_a_cell_that_is_reset_has_forgotten() -> None:
    torch.manual_seed(0)
    cell = Cell(nn.LSTM(5, 8), 0)
    cell.start(2)
    x = np.random.default_rng(0).standard_normal((2, 32)).astype(np.float32)
    first = cell.step(x).copy()
    assert not np.allclose(cell.step(x), first)
    cell.reset()
    assert np.array_equal(cell.step(x), first)


def test_one_row_is_multiplied_as_many_are() -> None:
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((3, 7)).astype(np.float32)
    weight = rng.standard_normal((7, 4)).astype(np.float32)
    assert np.allclose(product(rows[:1], weight), product(rows, weight)[:1], atol=1e-6)
