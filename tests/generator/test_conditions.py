import torch

from mood2music.generator.conditions import (
    CHORD_ROWS,
    CODE_ROW,
    DURATION_ROW,
    FULL,
    NEXT,
    RECALL,
    TEXTURE_ROWS,
    Conditions,
)
from mood2music.generator.event_batch import PAD, SIXTEENTHS, EventBatch, Recalled


def batch() -> EventBatch:
    """One window of two events; behind the first nothing is recalled, behind the second all."""
    empty = torch.full((1, 2, 1), PAD)
    flat = torch.ones((1, 2), dtype=torch.int64)
    tokens = torch.tensor([[[[PAD, PAD], [PAD, PAD]], [[60, 64], [72, PAD]]]])
    durations = torch.tensor([[[0, 0], [12, 3]]])
    codes = torch.tensor([[[0, 0], [5, 2]]])
    bars = torch.tensor([[[0, 8], [4, 8]]])
    return EventBatch(empty, flat, flat, empty, bars, Recalled(tokens, durations, codes))


def test_rows_of_what_is_known_are_added_up() -> None:
    conditions = Conditions(6, ["same", "melody"], bars=True)
    rows = conditions.table()
    own = SIXTEENTHS + 34
    at = [
        [0, SIXTEENTHS + 8]
        + [own + kind * RECALL + row for kind in (0, 1) for row in (DURATION_ROW, CODE_ROW)],
        [4, SIXTEENTHS + 8, own + 60, own + 64, own + DURATION_ROW + 12, own + CODE_ROW + 5]
        + [own + RECALL + row for row in (72, DURATION_ROW + 3, CODE_ROW + 2)],
    ]
    expected = torch.stack([rows[index].sum(0) for index in at])
    assert torch.allclose(conditions(batch())[0], expected, atol=1e-6)


def test_without_bars_or_without_memory_the_other_is_read_alone() -> None:
    bars, memory = Conditions(6, [], bars=True), Conditions(6, ["same", "melody"], bars=False)
    assert torch.allclose(bars(batch())[0, 1], bars.table()[[4, SIXTEENTHS + 8]].sum(0))
    assert len(memory.table()) == 2 * RECALL
    assert len(bars.table()) == SIXTEENTHS + 34


def test_moods_are_rows_of_their_own_which_guidance_stretches() -> None:
    conditions = Conditions(6, [], bars=False, moods=True)
    rows = conditions.table()
    events = batch()._replace(moods=torch.tensor([[[0, 0, 0, 0], [3, 9, 5, 2]]]))
    index = [[0, 10, 20, 32], [3, 19, 25, 34]]
    expected = torch.stack([rows[row].sum(0) for row in index])
    assert torch.allclose(conditions(events)[0], expected, atol=1e-6)
    twice = conditions.guided(2.0)
    assert torch.allclose(twice(events)[0, 0], expected[0], atol=1e-6)
    more = rows[3] - rows[0] + rows[19] - rows[10]
    assert torch.allclose(twice(events)[0, 1], expected[1] + more, atol=1e-6)
    assert torch.equal(conditions.table(), rows)  # the network's own stay
    assert torch.allclose(conditions.guided(0.0)(events)[0, 1] - rows[25] - rows[34],
                          rows[0] + rows[10], atol=1e-6)  # fmt: skip


def test_chords_are_rows_of_their_own_which_are_followed_as_firmly_as_asked() -> None:
    conditions = Conditions(6, [], bars=False, moods=True, harmony=True)
    rows, first = conditions.table(), 35
    codes = torch.tensor([[[0, 0], [5, 12]]])
    events = batch()._replace(moods=torch.zeros(1, 2, 4, dtype=torch.int64), harmony=codes)
    moods = rows[[0, 10, 20, 32]].sum(0)
    now = torch.stack([rows[first] + rows[first + NEXT], rows[first + 5] + rows[first + NEXT + 12]])
    assert len(rows) == first + CHORD_ROWS
    assert torch.allclose(conditions(events)[0], moods + now, atol=1e-6)
    none, twice = (conditions.guided(1.0, firm)(events)[0] - moods for firm in (0.0, 2.0))
    assert torch.allclose(none, now[:1].expand(2, -1), atol=1e-6)
    assert torch.allclose(twice[1], 2 * now[1] - now[0], atol=1e-6)


def test_how_full_bars_are_is_followed_as_firmly_as_asked_too() -> None:
    conditions = Conditions(6, [], bars=False, texture=True)
    rows = conditions.table()
    events = batch()._replace(texture=torch.tensor([[[0, 0], [7, 9]]]))
    told = torch.stack([rows[0] + rows[FULL], rows[7] + rows[FULL + 9]])
    assert len(rows) == TEXTURE_ROWS
    assert torch.allclose(conditions(events)[0], told, atol=1e-6)
    twice = conditions.guided(1.0, 1.0, 2.0)(events)[0]
    assert torch.allclose(twice, torch.stack([told[0], 2 * told[1] - told[0]]), atol=1e-6)
