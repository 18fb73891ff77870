"""States what a user can ask of any training: its length and machine, its log, its report."""

from dataclasses import dataclass, field
from typing import Any

from mood2music.command.ranges import at_least, one_of, shares
from mood2music.command.settings import shown
from mood2music.errors import SettingsError
from mood2music.registry import find, register

# As Lightning names them; what a machine lacks is said when it is asked for.
ACCELERATORS = ("auto", "cpu", "gpu", "cuda", "mps", "tpu")
PRECISIONS = (
    "auto", "32-true", "32", "16-mixed", "16-true", "16",
    "bf16-mixed", "bf16-true", "bf16", "64-true", "64",
)  # fmt: skip
STRATEGIES = ("auto", "ddp", "ddp_find_unused_parameters_true")
PROFILERS = ("simple", "advanced", "pytorch")
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
