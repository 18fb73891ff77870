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


def test_one_layer_drops_nothing_between_layers() -> None:
    assert LSTM(LSTMSettings(layers=1, dropout=0.5)).lstm.dropout == 0
    assert LSTM(LSTMSettings(layers=2, dropout=0.5)).lstm.dropout == 0.5
