import torch

from mood2music.generator.lstm import LSTM
from mood2music.generator.settings import LSTMSettings


def test_steps_of_any_length_give_the_contexts_of_the_whole() -> None:
    torch.manual_seed(0)
    network = LSTM(LSTMSettings(hidden=6, layers=2, embedding=4, dropout=0.5)).eval()
    vectors = torch.randn(2, 7, 4)
    whole = network(vectors)
    state = None
    for start, stop in ((0, 3), (3, 4), (4, 7)):
        context, state = network.step(vectors[:, start:stop], state)
        torch.testing.assert_close(context, whole[:, stop - 1])


def test_layer_by_layer_is_the_whole_and_dropout_stands_before_and_behind_each() -> None:
    torch.manual_seed(0)
    network = LSTM(LSTMSettings(hidden=6, layers=3, embedding=4, dropout=0.001)).train()
    vectors = torch.randn(2, 7, 4)
    # So small a share rounds to none, and the layers run one by one all the same.
    torch.testing.assert_close(network(vectors), network.eval()(vectors))
    network.train().drop.p = 0.5
    seen: list[tuple[int, ...]] = []
    network.drop.register_forward_hook(lambda *given: seen.append(tuple(given[2].shape)))
    assert not torch.equal(network(vectors), network(vectors))
    assert seen == 2 * [(2, 7, 4), (7, 2, 6), (7, 2, 6), (7, 2, 6)]  # layers go time first
