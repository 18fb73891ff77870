import pytest
import torch

from mood2music.generator.encoder import CONTEXT
from mood2music.generator.rereading import token_nats
from mood2music.generator.sampling.continuation import to_batch
from mood2music.music.events import to_events
from tests.conftest import tune
from tests.generator.test_network import small


@pytest.mark.parametrize("name", ["lstm", "bilstm_attention"])
@torch.inference_mode()
def test_an_event_costs_what_it_does_behind_what_is_in_sight(name: str) -> None:
    network = small(name)
    piece = to_batch([to_events(tune(3, 110))[: CONTEXT + 9]])
    nats = token_nats(network, piece, 5)
    assert nats.shape == (CONTEXT + 4, piece.tokens.shape[-1])
    for at in (5, CONTEXT - 1, CONTEXT, CONTEXT + 8):
        start = 0 if name == "lstm" else max(0, at - CONTEXT)
        context = network.encoder(network.representation.embed(piece.part(start, at)))[:, -1]
        alone = network.representation.token_nats(
            context, piece.tokens[:, at - 1], piece.tokens[:, at]
        )
        torch.testing.assert_close(nats[at - 5], alone[0], rtol=1e-4, atol=1e-4)
