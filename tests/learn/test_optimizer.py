import inspect
from dataclasses import fields
from typing import Any

import pytest
import torch

from mood2music import registry
from mood2music.command.settings import parse
from mood2music.errors import SettingsError
from mood2music.learn import optimizer as optim
from mood2music.learn.optimizer_settings import (
    AdamSettings,
    OptimizerSettings,
    RMSpropSettings,
    SGDSettings,
)
from tests.test_configs import composed


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("adam", torch.optim.Adam),
        ("rmsprop", torch.optim.RMSprop),
        ("adamw", torch.optim.AdamW),
        ("sgd", torch.optim.SGD),
    ],
)
def test_each_name_gives_its_optimizer(name: str, kind: type[torch.optim.Optimizer]) -> None:
    made = optim.build_optimizer(
        [torch.nn.Parameter(torch.zeros(1))], OptimizerSettings(name, lr=0.5)
    )
    assert type(made) is kind
    assert made.param_groups[0]["lr"] == 0.5


def test_frozen_weights_are_left_out() -> None:
    frozen = torch.nn.Parameter(torch.zeros(1), requires_grad=False)
    made = optim.build_optimizer([frozen, torch.nn.Parameter(torch.zeros(1))], OptimizerSettings())
    assert len(made.param_groups[0]["params"]) == 1


def test_a_cosine_rises_to_its_rate_and_falls_to_nothing() -> None:
    settings = OptimizerSettings(lr=1.0, schedule="cosine", warmup=0.25)
    made = optim.build_optimizer([torch.nn.Parameter(torch.zeros(1))], settings)
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


# Arguments that no training of ours can mean: to climb instead of falling, and those for graphs of
# CUDA and for gradients of the optimizer itself.
LEFT_OUT = {"params", "maximize", "capturable", "differentiable"}


@pytest.mark.parametrize("name", ["adam", "adamw", "rmsprop", "sgd"])
def test_every_argument_of_an_optimizer_can_be_set(name: str) -> None:
    choice = registry.find("optimizer", name, "optimizer.name")
    arguments = dict(inspect.signature(choice.build).parameters)
    known = {item.name: getattr(choice.settings(), item.name) for item in fields(choice.settings)}
    # Adam's decoupled decay is AdamW.
    wanted = set(arguments) - LEFT_OUT - {"decoupled_weight_decay"}
    assert wanted == set(known) - set(optim.OURS)
    for argument in wanted - {"lr", "weight_decay", "momentum"}:
        default = arguments[argument].default
        assert known[argument] == (list(default) if argument == "betas" else default)


def test_rmsprop_as_keras_has_it_takes_kerass_first_step() -> None:
    config = composed("train", "optimizer=keras_rmsprop").optimizer
    settings = parse(OptimizerSettings, config, "optimizer")
    weight = torch.nn.Parameter(torch.zeros(1))
    made = optim.build_optimizer([weight], settings)
    assert isinstance(made, torch.optim.RMSprop)
    weight.grad = torch.full((1,), 3.0)
    made.step()
    # Keras 2: lr g / (sqrt((1 - rho) g^2) + epsilon).
    assert weight.item() == pytest.approx(-0.001 * 3 / ((0.1 * 9) ** 0.5 + 1e-7))


def test_a_name_says_whose_settings_are_made() -> None:
    made = parse(OptimizerSettings, {"name": "sgd", "nesterov": True}, "optimizer")
    assert isinstance(made, SGDSettings)
    group = optim.build_optimizer([torch.nn.Parameter(torch.zeros(1))], made).param_groups[0]
    assert (group["nesterov"], group["momentum"], group["lr"]) == (True, 0.9, 0.01)
    assert type(parse(OptimizerSettings, {}, "optimizer")) is AdamSettings


def test_an_optimizer_without_a_yaml_is_chosen_from_anothers() -> None:
    # As one of one's own is, docs/plugins.md. Of sgd's YAML fused is null, which rmsprop has not.
    taken = ("~optimizer.dampening", "~optimizer.nesterov")
    config = composed("train", "optimizer=sgd", "optimizer.name=rmsprop", *taken).optimizer
    assert "fused" in config
    made = parse(OptimizerSettings, config, "optimizer")
    assert made == RMSpropSettings(lr=0.01, momentum=0.9)
    with pytest.raises(SettingsError, match=r"optimizer\.fused: there is no such setting"):
        parse(OptimizerSettings, {**config, "fused": True}, "optimizer")


@pytest.mark.parametrize(
    ("settings", "fault"),
    [
        ({"name": "adma"}, "optimizer.name=adma: did you mean adam"),
        ({"name": "adam", "momentum": 0.9}, "optimizer.momentum: there is no such setting"),
        ({"betas": [0.9]}, r"optimizer\.betas=\[0.9\]: expected two shares below 1"),
        ({"betas": [0.9, 1.0]}, "expected two shares below 1"),
        ({"eps": -1}, "optimizer.eps=-1: expected 0 or more"),
        ({"name": "rmsprop", "alpha": 1}, "optimizer.alpha=1: expected 0 or more, below 1"),
        ({"name": "sgd", "nesterov": True, "momentum": 0}, "nesterov=true needs momentum"),
        ({"schedule": "square"}, "optimizer.schedule=square: expected one of constant, cosine"),
        ({"warmup": 1}, "optimizer.warmup=1: expected 0 or more, below 1"),
    ],
)
def test_what_an_optimizer_cannot_take_is_refused(settings: dict[str, Any], fault: str) -> None:
    with pytest.raises(SettingsError, match=fault):
        parse(OptimizerSettings, settings, "optimizer")


def test_unknown_names_are_refused_without_a_config_too() -> None:
    parameter = [torch.nn.Parameter(torch.zeros(1))]
    with pytest.raises(SettingsError, match="adam, adamw, rmsprop, sgd"):
        optim.build_optimizer(parameter, OptimizerSettings("lion"))
    settings = OptimizerSettings(schedule="square")
    made = optim.build_optimizer(parameter, settings)
    with pytest.raises(SettingsError, match="constant, cosine"):
        optim.schedule(made, settings, 3)
