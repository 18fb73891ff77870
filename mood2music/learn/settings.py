"""What a user can ask of any training: its length and machine, its log, its optimizer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from mood2music.command.ranges import above, at_least, one_of, shares, within
from mood2music.command.settings import parse, shown
from mood2music.errors import SettingsError
from mood2music.registry import find, names, near, register

# As Lightning names them; what a machine lacks is said when it is asked for.
ACCELERATORS = ("auto", "cpu", "gpu", "cuda", "mps", "tpu")
PRECISIONS = (
    "auto", "32-true", "32", "16-mixed", "16-true", "16",
    "bf16-mixed", "bf16-true", "bf16", "64-true", "64",
)  # fmt: skip
STRATEGIES = ("auto", "ddp", "ddp_find_unused_parameters_true")
PROFILERS = ("simple", "advanced", "pytorch")
INTERVALS = ("step", "epoch")
MODES = ("auto", "online", "offline", "disabled")


@dataclass
class TrainerSettings:
    """configs/trainer/*.yaml.

    epochs: most epochs; limit_train_batches, limit_val_batches, limit_test_batches: batches that
    are taken of each part, as Lightning reads it: a whole number counts them, 0.1 is a share, null
    all; overfit_batches: batches of the training part that are both learnt and measured, 0: no;
    devices: processes or GPUs of a machine, -1: all; num_nodes: machines; strategy: how several
    train together; precision: auto is what `learn.precision` chooses; accumulate: batches a step;
    ema: decay a step of an average of the weights, which is then measured and kept (0: none);
    compile: translate the layers first (torch.compile); threads: CPU threads of a process (0:
    torch's own choice); profiler: where the time went, a table in the run's folder;
    keep_last: whether last.ckpt is written, to go on with.
    """

    epochs: int = 90
    limit_train_batches: int | float | None = None
    limit_val_batches: int | float | None = None
    limit_test_batches: int | float | None = None
    overfit_batches: int = 0
    accelerator: str = "auto"
    devices: int = 1
    num_nodes: int = 1
    strategy: str = "auto"
    precision: str = "auto"
    accumulate: int = 1
    gradient_clip: float = 1.0
    ema: float = 0.0
    compile: bool = False
    threads: int = 0
    progress: bool = True
    profiler: str | None = None
    keep_last: bool = True

    def check(self, place: str = "trainer.") -> None:
        """Raise SettingsError for a value outside its range; `place` stands before its name."""
        at_least(
            self, place, epochs=1, overfit_batches=0, devices=-1, num_nodes=1, accumulate=1,
            gradient_clip=0, threads=0,
        )  # fmt: skip
        one_of(
            self, place, accelerator=ACCELERATORS, precision=PRECISIONS, strategy=STRATEGIES,
        )  # fmt: skip
        shares(self, place, "ema")
        if self.devices == 0:
            raise SettingsError(f"{place}devices=0: expected 1 or more, or -1 for all")
        if self.profiler is not None:
            one_of(self, place, profiler=PROFILERS)
        for name in ("limit_train_batches", "limit_val_batches", "limit_test_batches"):
            limit = getattr(self, name)
            if limit is not None and not (limit >= 1 if type(limit) is int else 0 < limit <= 1):
                raise SettingsError(
                    f"{place}{name}={shown(limit)}: expected a count of batches, a share of them "
                    "above 0 and at most 1.0, or null for all"
                )


@register("callback", "early_stopping", build="mood2music.learn.callbacks:early_stopping")
@dataclass
class EarlyStoppingSettings:
    """Stop when held-out loss has not fallen.

    patience: epochs without a lower one; min_delta: less than this is no fall; stopping_threshold:
    a loss that is low enough to stop at.
    """

    patience: int = 10
    min_delta: float = 0.0
    stopping_threshold: float | None = None

    def check(self, place: str = "callbacks.early_stopping.") -> None:
        """Raise SettingsError for a value outside its range."""
        at_least(self, place, patience=1, min_delta=0)


@register("callback", "learning_rate", build="mood2music.learn.callbacks:learning_rate")
@dataclass
class LearningRateSettings:
    """Log the learning rate. interval: step or epoch."""

    interval: str = "step"

    def check(self, place: str = "callbacks.learning_rate.") -> None:
        """Raise SettingsError for another interval."""
        one_of(self, place, interval=INTERVALS)


@register("callback", "model_summary", build="mood2music.learn.callbacks:model_summary")
@dataclass
class ModelSummarySettings:
    """Print the layers and their parameters. max_depth: of layers within layers, -1: all."""

    max_depth: int = 2

    def check(self, place: str = "callbacks.model_summary.") -> None:
        """Raise SettingsError for a value outside its range."""
        at_least(self, place, max_depth=-1)


def callback_settings(given: Mapping[str, Any]) -> dict[str, Any]:
    """Read configs/callbacks: settings by a callback's name, null for one to leave out.

    Raises SettingsError for an unknown name, and as `parse` does.
    """
    known = names("callback")
    for name in given:
        if name not in known:
            raise SettingsError(
                f"callbacks.{name}: there is no such callback, {near(str(name), known)}"
            )
    return {
        name: parse(find("callback", name, "callbacks").settings, settings, f"callbacks.{name}")
        for name, settings in given.items()
        if settings is not None
    }


@dataclass
class ReportSettings:
    """What the table of an experiment's runs shows, as configs/experiment says.

    by: settings that its rows differ in; figures: its columns, as the run's log names them; paper:
    rows of the paper's figures, each by the same names, to stand beside ours.
    """

    by: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    paper: list[dict[str, Any]] = field(default_factory=list)

    def check(self, place: str = "report.") -> None:
        """Raise SettingsError for a figure of the paper that no row or column has a place for."""
        for row in self.paper:
            for name in row:
                if name not in (*self.by, *self.figures):
                    raise SettingsError(
                        f"{place}paper: {name} is none of {place}by and {place}figures"
                    )


@dataclass(frozen=True)
class LoggerTraits:
    """What a logger needs. package: the module that has to be there, None for none; hint: how to
    install it; commands: of which it tells, others refuse it.
    """

    package: str | None = None
    hint: str = ""
    commands: tuple[str, ...] = ("train",)


for _name, _traits, _builder in (
    ("csv", LoggerTraits(commands=("train", "generate", "evaluate", "sweep")), "nothing_more"),
    ("wandb", LoggerTraits(commands=("train", "generate", "evaluate", "sweep")), "nothing_more"),
    ("tensorboard", LoggerTraits("tensorboard", "pip install tensorboard"), "tensorboard"),
    ("mlflow", LoggerTraits("mlflow", "pip install mlflow"), "mlflow"),
):
    register("logger", _name, _traits, f"mood2music.learn.loggers:{_builder}")


@dataclass
class LoggerSettings:
    """configs/logger/*.yaml. A CSV log is always written; the logger that `name` is logs too.

    Of mlflow project is the experiment, and run and tags are its own. All others are wandb's.
    What is null or empty here, and mode=auto, is left to wandb's own variables and files
    (WANDB_PROJECT, WANDB_ENTITY, WANDB_NAME, WANDB_RUN_GROUP, WANDB_JOB_TYPE, WANDB_TAGS,
    WANDB_NOTES, WANDB_RUN_ID, WANDB_MODE, WANDB_DIR); where they say nothing, the project is
    mood2music, the name the run's overrides, the group its experiment or sweep, the job type its
    command, and mode=auto is online when credentials are at hand, else offline. log_images: whether
    wandb also gets pictures of training data, those that the task shows with `examples(batch)`;
    log_model: whether it gets the best weights.
    """

    name: str = "csv"
    project: str | None = None
    entity: str | None = None
    group: str | None = None
    run: str | None = None
    job_type: str | None = None
    tags: list[str] = field(default_factory=list)
    notes: str | None = None
    mode: str = "auto"
    log_images: bool = False
    log_model: bool = False

    def check(self, place: str = "logger.") -> None:
        """Raise SettingsError for an unknown name, or pictures that no log takes."""
        find("logger", self.name, f"{place}name")
        one_of(self, place, mode=MODES)
        for name in ("log_images", "log_model"):
            if getattr(self, name) and self.name != "wandb":
                raise SettingsError(f"{place}{name}: only logger=wandb does, found {self.name}")


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
