import numpy as np
import pytest
import torch

from mood2music.generator.pitchwise import Pitchwise
from mood2music.generator.sampling.continuation import to_batch
from mood2music.generator.sampling.event_table import EventTable
from mood2music.generator.sampling.next_events import in_order
from mood2music.music.events import HELD, Events, from_list

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
