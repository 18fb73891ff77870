import pytest
import torch

from mood2music.errors import SettingsError
from mood2music.learn import optimizer as optim
from mood2music.learn.settings import OptimizerSettings


@pytest.mark.parametrize(
    ("name", "kind"),
    [("adam", torch.optim.Adam), ("rmsprop", torch.optim.RMSprop), ("adamw", torch.optim.AdamW)],
)
def test_each_name_gives_its_optimizer(name: str, kind: type[torch.optim.Optimizer]) -> None:
    made = optim.build([torch.nn.Parameter(torch.zeros(1))], OptimizerSettings(name, lr=0.5))
    assert type(made) is kind
    assert made.param_groups[0]["lr"] == 0.5


def test_frozen_weights_are_left_out() -> None:
    frozen = torch.nn.Parameter(torch.zeros(1), requires_grad=False)
    made = optim.build([frozen, torch.nn.Parameter(torch.zeros(1))], OptimizerSettings())
    assert len(made.param_groups[0]["params"]) == 1


def test_a_cosine_rises_to_its_rate_and_falls_to_nothing() -> None:
    settings = OptimizerSettings(lr=1.0, schedule="cosine", warmup=0.25)
    made = optim.build([torch.nn.Parameter(torch.zeros(1))], settings)
    rate = optim.schedule(made, settings, 40)
    assert rate is not None
    rates = []
    for _ in range(40):
        rates.append(made.param_groups[0]["lr"])
        made.step()
        rate.step() if len(rates) < 40 else None
    assert rates[:3] == pytest.approx([1 / 11, 2 / 11, 3 / 11])
    assert rates.index(max(rates)) == 10
    assert max(rates) == pytest.approx(1.0)
    assert rates[0] < 0.1
    assert rates[-1] < 0.005


def test_unknown_names_are_refused() -> None:
    parameter = [torch.nn.Parameter(torch.zeros(1))]
    with pytest.raises(SettingsError, match="adam, rmsprop, adamw"):
        optim.build(parameter, OptimizerSettings("sgdd"))
    settings = OptimizerSettings(schedule="square")
    made = optim.build(parameter, settings)
    with pytest.raises(SettingsError, match="constant or cosine"):
        optim.schedule(made, settings, 3)
