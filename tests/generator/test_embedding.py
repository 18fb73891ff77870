import pytest
import torch

from mood2music.generator.embedding import LevelMean, Time, TokenSum, multi_hot
from mood2music.generator.event_batch import END_OF_PIECE, NO_EVENT, NO_LEVEL, PAD, EventBatch
from mood2music.music.events import HELD


def test_the_mean_of_levels_leaves_out_what_is_not_struck() -> None:
    mean = LevelMean(4)
    both = mean(torch.tensor([[2, NO_LEVEL, 5], [NO_LEVEL, NO_LEVEL, NO_LEVEL]]))
    assert torch.allclose(both[0], (mean.weight[2] + mean.weight[5]) / 2)
    assert both[1].tolist() == [0.0] * 4


@pytest.mark.parametrize("autocast", [False, True])
def test_a_sum_of_tokens_is_what_looking_their_vectors_up_gives(autocast: bool) -> None:
    torch.manual_seed(0)
    summed = TokenSum(6)
    tokens = torch.tensor([[[3, 60 + HELD, 255], [7, PAD, PAD]], [[PAD] * 3, [0, 128, PAD]]])
    with torch.autocast("cpu", torch.bfloat16, enabled=autocast):
        got = summed(tokens)
        hot = multi_hot(tokens, summed.weight)
    assert got.dtype == hot.dtype == (torch.bfloat16 if autocast else torch.float32)
    assert hot.sum(-1).tolist() == [[3, 1], [0, 2]]
    known = (tokens != PAD)[..., None]
    looked_up = (summed.weight[tokens] * known).sum(-2)
    torch.testing.assert_close(got.float(), looked_up, rtol=0.02, atol=0.02 if autocast else 1e-6)


def test_time_is_the_vectors_of_duration_and_beat_and_padding_learns_nothing() -> None:
    torch.manual_seed(0)
    time = Time(5)
    durations, beats = torch.tensor([[6, END_OF_PIECE, NO_EVENT]]), torch.tensor([[0, 23, 7]])
    empty = torch.empty(1, 3, 0, dtype=torch.int64)
    given = time(EventBatch(empty, durations, beats, empty))
    looked_up = time.durations.weight[durations] + time.beats.weight[beats]
    torch.testing.assert_close(given, looked_up)
    given.sum().backward()
    assert time.durations.weight.grad is not None
    assert time.durations.weight.grad[NO_EVENT].tolist() == [0.0] * 5
    assert time.durations.weight.grad[6].tolist() == [1.0] * 5
