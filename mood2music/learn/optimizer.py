"""From optimizer settings to a torch optimizer and its learning-rate schedule."""

from collections.abc import Callable, Iterable
from dataclasses import fields
from math import cos, pi
from typing import Any

import torch

from mood2music.learn.optimizer_settings import OptimizerSettings
from mood2music.registry import find

# Settings of the schedule and the choice, which are no arguments of an optimizer.
OURS = ("name", "schedule", "warmup")


def build_optimizer(
    parameters: Iterable[torch.nn.Parameter], settings: OptimizerSettings
) -> torch.optim.Optimizer:
    """Make the optimizer that is registered by `settings.name`; its settings are its arguments.

    Raises SettingsError for a name that nobody has registered.
    """
    values = {f.name: getattr(settings, f.name) for f in fields(settings) if f.name not in OURS}
    pairs = {name: tuple(v) if isinstance(v, list) else v for name, v in values.items()}
    made: torch.optim.Optimizer = find("optimizer", settings.name, "optimizer.name").build(
        [p for p in parameters if p.requires_grad], **pairs
    )
    return made


def constant(settings: OptimizerSettings, steps: int) -> None:
    """The rate stays as it is."""


def cosine(settings: OptimizerSettings, steps: int) -> Callable[[int], float]:
    """A linear rise over `warmup` of the steps, then half a cosine down to zero."""
    rising = settings.warmup * steps

    def factor(step: int) -> float:
        if step < rising:
            return (step + 1) / (rising + 1)
        return 0.5 * (1 + cos(pi * min((step - rising) / max(steps - rising, 1), 1.0)))

    return factor


def schedule(
    optimizer: torch.optim.Optimizer, settings: OptimizerSettings, steps: int
) -> torch.optim.lr_scheduler.LRScheduler | None:
    """Make the schedule over `steps` optimizer steps; None when the rate stays constant.

    What is registered gives the factor of the rate by step, or None. Raises SettingsError for a
    value outside its range.
    """
    settings.check()
    factor: Callable[[int], float] | None = find(
        "schedule", settings.schedule, "optimizer.schedule"
    ).build(settings, steps)
    # The plan is the run's own, not a resumed one's: more epochs stretch the cosine.
    return None if factor is None else torch.optim.lr_scheduler.LambdaLR(optimizer, factor)


def configure(
    parameters: Iterable[torch.nn.Parameter], settings: OptimizerSettings, steps: int
) -> Any:
    """Give what Lightning's `configure_optimizers` wants: the optimizer, its schedule by step."""
    made = build_optimizer(parameters, settings)
    rate = schedule(made, settings, steps)
    if rate is None:
        return made
    return {"optimizer": made, "lr_scheduler": {"scheduler": rate, "interval": "step"}}
