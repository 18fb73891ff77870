import numpy as np
import pytest
import torch
from torch import nn

from mood2music.generator.pitchwise import Pitchwise
from mood2music.generator.sampling.continuation import to_batch
from mood2music.generator.sampling.layers import Cell, EventTable, UpperCell, input_weights, product
from mood2music.generator.sampling.next_events import in_order
from mood2music.music.events import HELD, Events, from_list


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
    # In double precision a step would take twice as long.
    assert (cell.c.dtype, cell.h.dtype) == (np.float32, np.float32)


def test_one_row_is_multiplied_as_many_are() -> None:
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((3, 7)).astype(np.float32)
    weight = rng.standard_normal((7, 4)).astype(np.float32)
    assert np.allclose(product(rows[:1], weight), product(rows, weight)[:1], atol=1e-6)


PARTS = [
    from_list([((60, 64, 67), 6), ((), 24), ((60 + HELD,), 12)], levels=[1, 5, 7, 2]),
    from_list([((), 3), ((40, 41, 60 + HELD, 61), 8), ((50,), 192)], start=7),
    from_list([((90,), 6), ((90,), 6), ((), 6)], levels=[0, 3]),
]


@pytest.mark.parametrize("parts", [PARTS, PARTS[:1], PARTS[1:2]], ids=["three", "one", "other"])
def test_rows_of_the_table_add_up_to_embedding_and_layers(parts: list[Events]) -> None:
    torch.manual_seed(0)
    head = Pitchwise(6, 8).eval()
    rng = np.random.default_rng(0)
    layers = [
        (rng.standard_normal((6, width)).astype(np.float32), np.full(width, 0.5, np.float32))
        for width in (5, 3)
    ]
    table = EventTable(head, layers)
    batch = to_batch(parts)
    with torch.no_grad():
        vectors = head.embed(batch).numpy()
    wanted = np.concatenate([vectors @ weight + bias for weight, bias in layers], 2)
    for i, event in enumerate(in_order(batch)):
        assert np.allclose(table(event), wanted[:, i], atol=1e-5)
