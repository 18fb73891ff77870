import pytest
import torch

from mood2music.errors import SettingsError
from mood2music.generator.choice import SamplerSettings, choose


def drawn(logits: list[float], settings: SamplerSettings, times: int = 400) -> set[int]:
    rows = torch.tensor(logits).expand(times, -1)
    return set(choose(rows, settings, torch.Generator().manual_seed(0)).tolist())


def test_temperature_zero_takes_the_likeliest() -> None:
    assert drawn([0.0, 3.0, 1.0], SamplerSettings(temperature=0)) == {1}


def test_top_k_keeps_the_k_likeliest() -> None:
    assert drawn([1.0, 1.1, 1.2, 0.9], SamplerSettings(top_k=2, top_p=1)) == {1, 2}


def test_top_p_keeps_the_smallest_set_with_that_probability() -> None:
    logits = torch.tensor([0.5, 0.3, 0.15, 0.05]).log().tolist()
    assert drawn(logits, SamplerSettings(top_p=0.6)) == {0, 1}
    assert drawn(logits, SamplerSettings(top_p=0.5)) == {0}
    assert drawn(logits, SamplerSettings(top_p=1)) == {0, 1, 2, 3}


def test_what_is_masked_is_never_drawn() -> None:
    assert drawn([-torch.inf, 0.0, 0.0], SamplerSettings(temperature=9, top_p=1)) == {1, 2}


def test_frequencies_follow_the_probabilities() -> None:
    rows = torch.tensor([0.7, 0.3]).log().expand(20000, -1)
    share = choose(rows, SamplerSettings(top_p=1), torch.Generator().manual_seed(1)).float().mean()
    assert float(share) == pytest.approx(0.3, abs=0.015)


@pytest.mark.parametrize(
    "settings",
    [SamplerSettings(temperature=-1), SamplerSettings(top_p=0), SamplerSettings(top_k=-1)],
)
def test_values_out_of_range_are_refused(settings: SamplerSettings) -> None:
    with pytest.raises(SettingsError, match=r"sampler\."):
        settings.check()
