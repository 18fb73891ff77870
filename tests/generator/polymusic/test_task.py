import torch

from mood2music.generator.polymusic.frames import ScoredPieces, batch_of
from mood2music.generator.polymusic.network import FrameNetwork
from mood2music.generator.polymusic.settings import FrameSettings
from mood2music.generator.polymusic.task import score
from tests.generator.polymusic.conftest import roll_of

TINY = FrameSettings(hidden=8, embedding=8)


def test_every_piece_is_scored_with_all_its_frames() -> None:
    network = FrameNetwork(TINY)
    rolls = [roll_of(*[[60 + n]] * n) for n in (3, 1, 2)]
    scored = score(network, ScoredPieces(rolls, size=2))
    assert [len(nats) for nats in scored] == [1, 2, 3]
    with torch.no_grad():
        alone = network.eval().nats(batch_of([rolls[0]], [0]))
    assert torch.allclose(scored[2], alone.double(), atol=1e-5)
