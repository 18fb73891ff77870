"""The quick ways of the loss beside the plain formulas: nats and the gradient of every weight."""

import pytest
import torch

from mood2music.generator.event_batch import NO_EVENT, NO_LEVEL, PAD
from mood2music.generator.network import build_network
from mood2music.generator.sampling.continuation import to_batch
from mood2music.generator.settings import NetworkSettings
from mood2music.music.events import to_events
from tests.conftest import tune
from tests.generator.plain_network import plain_nats


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_nats_and_all_gradients_are_those_of_the_plain_formulas(dtype: torch.dtype) -> None:
    torch.manual_seed(0)
    sizes = {"hidden": 16, "layers": 2, "embedding": 12, "dropout": 0.0}
    network = build_network(NetworkSettings("lstm", "pitchwise", sizes)).train().to(dtype)
    # Windows that begin within held chords, one with a rest in it and nothing at its end.
    pieces = [to_events(tune(seed, 60)) for seed in range(4)]
    batch = to_batch([piece[3 * i : 40 + 3 * i] for i, piece in enumerate(pieces)])
    for tensor, nothing in ((batch.tokens, PAD), (batch.levels, NO_LEVEL)):
        tensor[3, 35:], tensor[2, 20] = nothing, nothing
    batch.durations[3, 35:] = NO_EVENT
    found = []
    for nats in (network.nats(batch), plain_nats(network, batch)):
        network.zero_grad()
        weight = torch.linspace(0.5, 2, len(nats.chords)).to(dtype)
        loss = sum((part * weight).mean() for part in nats)
        loss.backward()  # type: ignore[union-attr]
        grads = {n: p.grad.clone() for n, p in network.named_parameters() if p.grad is not None}
        found.append((nats, grads))
    (own, own_grads), (plain, plain_grads) = found
    # The softmax of a chord's symbols is worked out in 32 bits whatever the weights are.
    for one, other in zip(own, plain, strict=True):
        torch.testing.assert_close(one.float(), other.float(), rtol=1e-4, atol=1e-5)
    # Of an unused row, zero and none are the same; all others there are.
    assert set(own_grads) == set(plain_grads)
    for name, grad in own_grads.items():
        torch.testing.assert_close(
            grad.float(), plain_grads[name].float(), rtol=1e-3, atol=1e-6, msg=name
        )
        assert grad.abs().sum() > 0
