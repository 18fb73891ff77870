from itertools import pairwise

import numpy as np
import pytest
import torch

from mood2music.generator.event_batch import NO_LEVEL, PAD
from mood2music.generator.network import with_more
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.generator.sampling.continuation import continue_events
from mood2music.generator.sampling.next_events import Known, NextEvents
from mood2music.generator.sampling.scoring import Scorer, moved_on
from mood2music.generator.shortcuts import WIDEST, Shortcuts, anchors_of
from mood2music.music.events import HELD, to_events
from tests.conftest import tune
from tests.generator.test_network import small

KINDS, HIDDEN = 3, 16


def drawn(n: int, time: int) -> torch.Tensor:
    """Chords of up to three pitches, struck and held: (n, time, 3), padded."""
    rng = np.random.default_rng(1)
    tokens = np.full((n, time, 3), PAD)
    for row in tokens.reshape(-1, 3):
        count = rng.integers(4)
        row[:count] = np.sort(rng.choice(HELD, count, replace=False)) + HELD * rng.integers(2)
    return torch.from_numpy(tokens)


@pytest.mark.parametrize("n", [1, 4])
def test_it_scores_as_torch_does(n: int) -> None:
    torch.manual_seed(0)
    shortcuts = Shortcuts(HIDDEN, KINDS)
    torch.nn.init.normal_(shortcuts.out.weight)
    torch.nn.init.normal_(shortcuts.out.bias)
    heard, recalled, context = drawn(n, 5), drawn(n, KINDS), torch.randn(n, HIDDEN)
    anchors = anchors_of(heard)[:, -1]
    wanted = shortcuts(context, anchors, heard[:, -1], recalled).detach()
    none = np.zeros((n, 1), np.int64)
    event = NextEvents(
        heard[:, -1].numpy(),
        none[:, 0],
        none[:, 0],
        np.full((n, 3), NO_LEVEL),
        Known(none, recalled.numpy(), none, none, none, none, none),
    )
    scores = Scorer(shortcuts)(context.numpy(), anchors.numpy(), event)
    torch.testing.assert_close(torch.from_numpy(scores), wanted, rtol=1e-5, atol=1e-5)


def test_anchors_move_on_event_by_event() -> None:
    heard = drawn(3, 12)
    wanted = anchors_of(heard).numpy()
    anchors = wanted[:, 0]
    for i in range(1, 12):
        anchors = moved_on(anchors, heard[:, i].numpy())
        assert np.array_equal(anchors, wanted[:, i])


@pytest.mark.parametrize("n", [1, 3])
def test_a_note_that_is_scored_out_is_not_struck_again(n: int) -> None:
    network = with_more(small(), harmony=False, shortcuts=True).eval()
    assert network.shortcuts is not None
    with torch.no_grad():  # the interval 0 from the highest note struck
        network.shortcuts.out.bias[WIDEST + 1] = -50.0
    seed = to_events(tune(3))[:20]
    pieces = continue_events(network, [seed] * n, 60, SamplerSettings(), np.random.default_rng(0))
    for piece in pieces:
        struck = [[int(t) for t in piece.chord(i) if t < HELD] for i in range(len(piece))]
        tops = [max(pitches) for pitches in struck if pitches]
        assert len(tops) > 20
        assert all(a != b for a, b in pairwise(tops))
