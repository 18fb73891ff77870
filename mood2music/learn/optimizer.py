"""From optimizer settings to a torch optimizer and its learning-rate schedule."""

from collections.abc import Callable, Iterable
from math import cos, pi
from typing import Any

import torch

from mood2music.errors import SettingsError
from mood2music.learn.settings import OptimizerSettings


def build(
    parameters: Iterable[torch.nn.Parameter], settings: OptimizerSettings
) -> torch.optim.Optimizer:
    """Make the named optimizer. Raises SettingsError for a name it does not know."""
    known: dict[str, Callable[..., torch.optim.Optimizer]] = {
        "adam": torch.optim.Adam,
        "rmsprop": torch.optim.RMSprop,
        "adamw": torch.optim.AdamW,
    }
    if settings.name not in known:
        raise SettingsError(f"optimizer.name={settings.name}: expected one of {', '.join(known)}")
    return known[settings.name](
        [p for p in parameters if p.requires_grad],
        lr=settings.lr,
        weight_decay=settings.weight_decay,
    )


def schedule(
    optimizer: torch.optim.Optimizer, settings: OptimizerSettings, steps: int
) -> torch.optim.lr_scheduler.LRScheduler | None:
    """Make the schedule over `steps` optimizer steps; None when the rate stays constant."""
    if settings.schedule == "constant":
        return None
    if settings.schedule != "cosine":
        raise SettingsError(f"optimizer.schedule={settings.schedule}: expected constant or cosine")
    if not 0 <= settings.warmup < 1:
        raise SettingsError(f"optimizer.warmup={settings.warmup:g}: expected 0 or more, below 1")
    rising = settings.warmup * steps

    def factor(step: int) -> float:
        if step < rising:
            return (step + 1) / (rising + 1)
        return 0.5 * (1 + cos(pi * min((step - rising) / max(steps - rising, 1), 1.0)))

    # The plan is the run's own, not a resumed one's: more epochs stretch the cosine.
    return torch.optim.lr_scheduler.LambdaLR(optimizer, factor)


def configure(
    parameters: Iterable[torch.nn.Parameter], settings: OptimizerSettings, steps: int
) -> Any:
    """Give what Lightning's `configure_optimizers` wants: the optimizer, its schedule by step."""
    made = build(parameters, settings)
    rate = schedule(made, settings, steps)
    if rate is None:
        return made
    return {"optimizer": made, "lr_scheduler": {"scheduler": rate, "interval": "step"}}
