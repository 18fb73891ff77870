import pytest
import torch

from mood2music.errors import SettingsError
from mood2music.generator.event_batch import PAD
from mood2music.generator.network import EventNetwork, with_more
from mood2music.generator.sampling.continuation import to_batch
from mood2music.generator.settings import MusicModelSettings
from mood2music.generator.shortcuts import (
    ANCHORS,
    KINDS,
    NOWHERE,
    WIDEST,
    Shortcuts,
    anchors_of,
)
from mood2music.music.events import END, HELD, from_list, to_events
from tests.conftest import tune
from tests.generator.test_network import small

HIDDEN = 6


def shortcuts(memory: int = 0) -> Shortcuts:
    torch.manual_seed(0)
    made = Shortcuts(HIDDEN, memory)
    torch.nn.init.normal_(made.out.weight)
    torch.nn.init.normal_(made.out.bias)
    return made


def said(made: Shortcuts, **values: float) -> Shortcuts:
    """The same with outputs that do not depend on the context, 0 but for those named."""
    with torch.no_grad():
        made.out.weight.zero_()
        made.out.bias.zero_()
        for name, value in values.items():
            made.out.bias[int(name.removeprefix("at"))] = value
    return made


def test_anchors_are_the_last_note_struck_the_highest_and_the_lowest() -> None:
    heard = [
        ((), 4),
        ((48, 60), 4),
        ((48 + HELD, 55), 4),
        ((48 + HELD, 60 + HELD), 4),
        ((), 4),
    ]
    found = anchors_of(to_batch([from_list(heard)]).tokens)
    assert found[0].tolist() == [
        [NOWHERE] * ANCHORS,
        [60, 60, 48],
        [55, 55, 48],
        [55, 60, 48],
        [55, 60, 48],
    ]


def test_a_score_is_of_an_interval_from_the_anchor() -> None:
    # Striking the highest struck note again, the first anchor's interval 0.
    made = said(Shortcuts(HIDDEN, 0), **{f"at{WIDEST + 1}": -3.0})
    none = torch.full((2, 1), PAD)
    anchors = torch.tensor([[60, 70, 40], [NOWHERE, 70, 40]])
    scores = made(torch.randn(2, HIDDEN), anchors, none, None)
    expected = torch.zeros(2, END + 1)
    expected[0, 60] = -3.0
    assert torch.equal(scores, expected)


def test_music_in_another_key_is_scored_alike() -> None:
    made, context = shortcuts(2), torch.randn(1, HIDDEN)
    anchors, previous = torch.tensor([[64, 64, 50]]), torch.tensor([[50, 64 + HELD]])
    recalled = torch.tensor([[[52, PAD], [64, 67 + HELD]]])
    here = made(context, anchors, previous, recalled)
    there = made(
        context, anchors + 5, previous + 5, torch.where(recalled == PAD, PAD, recalled + 5)
    )
    for kind in range(KINDS):
        first = kind * HELD
        torch.testing.assert_close(
            here[:, first + 30 : first + 90], there[:, first + 35 : first + 95]
        )
    assert here[0, END] == there[0, END] == 0


def test_what_is_recalled_is_scored_by_how_far_it_is_trusted() -> None:
    made = Shortcuts(HIDDEN, 2)
    first = len(made.out.bias) - 2 * KINDS
    made = said(made, **{f"at{first}": 1.0, f"at{first + 1}": 2.0, f"at{first + 2}": 4.0})
    recalled = torch.tensor([[[60, 64 + HELD], [60, PAD]]])
    none = torch.full((1, 1), PAD)
    scores = made(torch.randn(1, HIDDEN), torch.full((1, ANCHORS), NOWHERE), none, recalled)[0]
    assert scores[60] == 5
    assert scores[64 + HELD] == 2
    assert scores.abs().sum() == 7


def with_shortcuts() -> EventNetwork:
    return with_more(small(), harmony=False, shortcuts=True).eval()


@torch.inference_mode()
def test_untrained_they_change_nothing_and_trained_they_do() -> None:
    batch = to_batch([to_events(tune(3))[:40]])
    network = with_shortcuts()
    before = network.nats(batch).chords
    assert torch.equal(before, small().nats(batch).chords)
    assert network.shortcuts is not None
    network.shortcuts.out.bias.normal_()
    assert not torch.allclose(before, network.nats(batch).chords)


def test_whole_chords_have_none() -> None:
    with pytest.raises(SettingsError, match="shortcuts"):
        MusicModelSettings(representation="chord", shortcuts=True).check()
