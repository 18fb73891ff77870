import numpy as np
import torch

from mood2music.generator.event_batch import NO_LEVEL, PAD
from mood2music.generator.sampling.next_events import NextEvents, in_order
from mood2music.music.events import HELD


def events() -> NextEvents:
    return NextEvents(
        np.array([[60, HELD + 64], [PAD, PAD], [67, PAD]]),
        np.array([6, 12, 24]),
        np.array([6, 0, 12]),
        np.array([[3, NO_LEVEL], [NO_LEVEL, NO_LEVEL], [5, NO_LEVEL]]),
    )


def test_tokens_are_listed_variant_by_variant_without_padding() -> None:
    found = events()
    assert found.row.tolist() == [0, 0, 2]
    assert found.token.tolist() == [60, HELD + 64, 67]
    assert found.level.tolist() == [3, NO_LEVEL, 5]


def test_windows_of_one_event_go_there_and_back() -> None:
    (back,) = in_order(events().batch())
    assert back.tokens.tolist() == events().tokens.tolist()
    assert back.durations.tolist() == [6, 12, 24]
    assert back.beats.tolist() == [6, 0, 12]


def test_windows_are_given_in_the_order_of_time() -> None:
    batch = events().batch()
    twice = type(batch)(*(torch.cat([t, t], 1) for t in batch[:4]))
    twice.durations[:, 1] = 1
    assert [event.durations.tolist() for event in in_order(twice)] == [[6, 12, 24], [1, 1, 1]]
