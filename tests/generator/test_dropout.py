import pytest
import torch

from mood2music.generator.dropout import Dropout


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.999])
def test_a_share_is_dropped_and_the_rest_grows_by_as_much(share: float) -> None:
    torch.manual_seed(0)
    ones = torch.ones(400, 500)
    dropped = Dropout(share)(ones)
    least = round(share * 256)
    assert float((dropped == 0).float().mean()) == pytest.approx(least / 256, abs=0.004)
    if least < 256:
        assert dropped.max() == pytest.approx(256 / (256 - least))
        assert float(dropped.mean()) == pytest.approx(1, abs=0.04 / (1 - share) ** 0.5)


def test_it_follows_torchs_seed_and_does_nothing_outside_training() -> None:
    ones, drop = torch.ones(50, 40), Dropout(0.4)
    drawn = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        drawn.append(drop(ones))
    assert torch.equal(drawn[0], drawn[1])
    assert not torch.equal(drawn[0], drawn[2])
    assert torch.equal(drop.eval()(ones), ones)


def test_the_gradient_passes_where_a_unit_was_kept() -> None:
    units = torch.randn(30, 20, dtype=torch.float64, requires_grad=True)
    kept = Dropout(0.25)(units)
    kept.sum().backward()
    assert units.grad is not None
    expected = torch.where(kept == 0, 0.0, 256 / 192).double()
    torch.testing.assert_close(units.grad, expected)
