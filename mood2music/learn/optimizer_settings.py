"""States what a user can ask of an optimizer and of the schedule of its learning rate."""

from dataclasses import dataclass, field
from typing import ClassVar

from mood2music.command.ranges import above, at_least, shares, within
from mood2music.command.settings import shown
from mood2music.errors import SettingsError
from mood2music.registry import find, register


@dataclass
class OptimizerSettings:
    """What every optimizer is asked; each has a dataclass of its own, below, and a YAML.

    lr: learning rate; weight_decay: pull of the weights towards zero; schedule: constant, or
    cosine: after a linear rise over `warmup` (fraction of the planned steps) down to zero. What a
    dataclass has beside these are its optimizer's keyword arguments, by torch's names.
    """

    KIND: ClassVar[str] = "optimizer"

    name: str = "adam"
    lr: float = 1e-3
    weight_decay: float = 0.0
    schedule: str = "constant"
    warmup: float = 0.0

    def check(self, place: str = "optimizer.") -> None:
        """Raise SettingsError for a value outside its range; `place` stands before its name."""
        find("optimizer", self.name, f"{place}name")
        find("schedule", self.schedule, f"{place}schedule")
        above(self, place, lr=0)
        at_least(self, place, weight_decay=0)
        shares(self, place, "warmup")


@register("optimizer", "adam", build="torch.optim:Adam")
@dataclass
class AdamSettings(OptimizerSettings):
    """configs/optimizer/adam.yaml (Kingma & Ba 2015).

    betas: decay a step of the running means of the gradient and of its square; eps: added to the
    root of the second; amsgrad: divide by the largest such root so far (Reddi et al. 2018); fused,
    foreach: one kernel for all weights, or for each step of all; null: torch's choice.
    """

    betas: list[float] = field(default_factory=lambda: [0.9, 0.999])
    eps: float = 1e-8
    amsgrad: bool = False
    fused: bool | None = None
    foreach: bool | None = None

    def check(self, place: str = "optimizer.") -> None:
        """Raise SettingsError for a value outside its range."""
        super().check(place)
        at_least(self, place, eps=0)
        if len(self.betas) != 2 or not all(0 <= beta < 1 for beta in self.betas):
            raise SettingsError(f"{place}betas={shown(self.betas)}: expected two shares below 1")


@register("optimizer", "adamw", build="torch.optim:AdamW")
@dataclass
class AdamWSettings(AdamSettings):
    """configs/optimizer/adamw.yaml: weight decay apart from the gradient (Loshchilov & Hutter
    2019).
    """

    name: str = "adamw"
    weight_decay: float = 0.01


@register("optimizer", "rmsprop", build="torch.optim:RMSprop")
@dataclass
class RMSpropSettings(OptimizerSettings):
    """configs/optimizer/rmsprop.yaml (Hinton 2012, lecture 6e).

    alpha: decay a step of the running mean of the gradient's square (Keras calls it rho); eps:
    added to its root; momentum: share of the step before; centered: divide by the deviation
    instead (Graves 2013); foreach: one kernel for each step of all weights; null: torch's choice.
    """

    name: str = "rmsprop"
    alpha: float = 0.99
    eps: float = 1e-8
    momentum: float = 0.0
    centered: bool = False
    foreach: bool | None = None

    def check(self, place: str = "optimizer.") -> None:
        """Raise SettingsError for a value outside its range."""
        super().check(place)
        shares(self, place, "alpha")
        at_least(self, place, eps=0, momentum=0)


@register("optimizer", "sgd", build="torch.optim:SGD")
@dataclass
class SGDSettings(OptimizerSettings):
    """configs/optimizer/sgd.yaml: plain steps along the gradient.

    momentum: share of the step before (Polyak 1964); dampening: share of the gradient that
    momentum leaves out; nesterov: look ahead by the momentum (Nesterov 1983); fused, foreach: as
    Adam's.
    """

    name: str = "sgd"
    lr: float = 1e-2
    momentum: float = 0.9
    dampening: float = 0.0
    nesterov: bool = False
    fused: bool | None = None
    foreach: bool | None = None

    def check(self, place: str = "optimizer.") -> None:
        """Raise SettingsError for a value outside its range."""
        super().check(place)
        at_least(self, place, momentum=0)
        within(self, place, 0, 1, "dampening")
        if self.nesterov and (not self.momentum or self.dampening):
            raise SettingsError(f"{place}nesterov=true needs momentum above 0 and dampening=0")


register("schedule", "constant", OptimizerSettings, "mood2music.learn.optimizer:constant")


register("schedule", "cosine", OptimizerSettings, "mood2music.learn.optimizer:cosine")
