import pytest
import torch

from mood2music.errors import SettingsError
from mood2music.generator.bilstm_attention import BiLSTMAttention
from mood2music.generator.settings import BiLSTMAttentionSettings


def test_one_context_comes_of_a_window_of_any_length() -> None:
    network = BiLSTMAttention(BiLSTMAttentionSettings(hidden=6, embedding=4)).eval()
    for time in (1, 5):
        assert network(torch.randn(3, time, 4)).shape == (3, 1, 6)


def test_attention_looks_at_every_event() -> None:
    torch.manual_seed(0)
    network = BiLSTMAttention(BiLSTMAttentionSettings(hidden=6, embedding=4)).eval()
    vectors = torch.randn(1, 9, 4, requires_grad=True)
    network(vectors).sum().backward()
    assert vectors.grad is not None
    assert (vectors.grad.abs().sum(-1) > 0).all()


def test_an_odd_width_is_refused() -> None:
    with pytest.raises(SettingsError, match="hidden=7: expected an even number"):
        BiLSTMAttention(BiLSTMAttentionSettings(hidden=7))
