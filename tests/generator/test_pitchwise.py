"""pitchwise.py: which symbols may follow, and what they cost, by hand."""

import math

import pytest
import torch
from torch.nn import functional as F

from mood2music.errors import SettingsError
from mood2music.generator.event_batch import PAD
from mood2music.generator.pitchwise import MaskedNats, Pitchwise, sounding
from mood2music.music.events import END, HELD


def even() -> Pitchwise:
    """A network to which all allowed symbols are equally likely."""
    made = Pitchwise(4, 4)
    for parameter in made.parameters():
        torch.nn.init.zeros_(parameter)
    return made.eval()


def nats(tokens: list[int], heard: list[int], playable: torch.Tensor | None = None) -> float:
    found = even().chord_nats(
        torch.zeros(1, 4), torch.tensor([tokens]), sounding(torch.tensor([heard])), playable
    )
    return found.item()


def test_a_struck_pitch_costs_one_of_those_above_the_last_and_the_end() -> None:
    # 128 pitches and END; then 127 - 60 pitches above 60, and END.
    assert nats([60], [PAD]) == pytest.approx(math.log(129) + math.log(68))


def test_only_what_sounded_can_be_held() -> None:
    # 62 may be held too: one symbol more, before it and, being above 60, behind it.
    assert nats([60], [62]) == pytest.approx(math.log(130) + math.log(69))
    assert nats([HELD + 62], [62]) == pytest.approx(math.log(130) + math.log(66))


def test_a_held_pitch_that_did_not_sound_costs_a_struck_one() -> None:
    assert nats([HELD + 60], [PAD]) == pytest.approx(nats([60], [PAD]))


def test_what_cannot_be_played_makes_the_rest_likelier() -> None:
    playable = torch.zeros(len(even().pitch_of), dtype=torch.bool)
    playable[[60, 64, END]] = True
    assert nats([60], [PAD], playable) == pytest.approx(math.log(3) + math.log(2))


def test_the_nats_of_a_chords_pitches_are_those_of_the_chord_without_its_end() -> None:
    torch.manual_seed(0)
    network = Pitchwise(8, 8).eval()
    context, previous = torch.randn(2, 8), torch.tensor([[60, 64], [PAD, PAD]])
    tokens = torch.tensor([[HELD + 60, 67], [62, PAD]])
    each = network.token_nats(context, previous, tokens)
    assert each[1, 1] == 0
    chords = network.chord_nats(context, tokens, sounding(previous))
    assert (each.sum(1) < chords).all()


def test_one_weight_for_in_and_out_asks_for_one_width() -> None:
    with pytest.raises(SettingsError, match="got embedding 8 and hidden 16"):
        Pitchwise(8, 16, tied=True)
    tied = Pitchwise(8, 8, tied=True)
    hidden = torch.randn(3, 8)
    torch.testing.assert_close(tied.logits(hidden), hidden @ tied.pitches.weight.T)


@pytest.mark.parametrize("kind", [torch.float32, torch.bfloat16])
def test_masked_nats_and_their_gradient_are_those_of_masked_cross_entropy(
    kind: torch.dtype,
) -> None:
    torch.manual_seed(0)
    logits = (4 * torch.randn(50, 9)).to(kind).requires_grad_()
    allowed = torch.rand(50, 9) < 0.5
    wanted = torch.randint(9, (50,))
    allowed[torch.arange(50), wanted] = True
    weight = torch.rand(50)
    nats = MaskedNats.apply(logits, allowed, wanted)
    (nats * weight).sum().backward()
    plain = logits.detach().float().requires_grad_()
    right = F.cross_entropy(plain.masked_fill(~allowed, -torch.inf), wanted, reduction="none")
    (right * weight).sum().backward()
    assert nats.dtype == torch.float32
    torch.testing.assert_close(nats, right)
    assert logits.grad is not None
    exact = kind == torch.float32
    torch.testing.assert_close(
        logits.grad.float(), plain.grad, rtol=1e-5 if exact else 0.02, atol=1e-6 if exact else 0.004
    )
    assert (logits.grad[~allowed] == 0).all()
