"""What a user can ask of any training: its length and machine, its log, its optimizer."""

from dataclasses import dataclass, field

from mood2music.command.ranges import above, at_least, one_of, shares
from mood2music.errors import SettingsError

# As Lightning names them; what a machine lacks is said when it is asked for.
ACCELERATORS = ("auto", "cpu", "gpu", "cuda", "mps", "tpu")
PRECISIONS = (
    "32-true", "32", "16-mixed", "16-true", "16",
    "bf16-mixed", "bf16-true", "bf16", "64-true", "64",
)  # fmt: skip
LOGGERS = ("csv", "wandb")
MODES = ("auto", "online", "offline", "disabled")
OPTIMIZERS = ("adam", "rmsprop", "adamw")
SCHEDULES = ("constant", "cosine")


@dataclass
class TrainerSettings:
    """configs/trainer/*.yaml.

    epochs: most epochs; patience: epochs without a lower held-out loss before stopping (0: never
    stop early); steps: batches an epoch (0: all); threads: CPU threads (0: torch's own choice).
    """

    epochs: int = 90
    patience: int = 10
    steps: int = 0
    accelerator: str = "auto"
    precision: str = "32-true"
    gradient_clip: float = 1.0
    threads: int = 0
    progress: bool = True

    def check(self, place: str = "trainer.") -> None:
        """Raise SettingsError for a value outside its range; `place` stands before its name."""
        at_least(self, place, epochs=1, patience=0, steps=0, gradient_clip=0, threads=0)
        one_of(self, place, accelerator=ACCELERATORS, precision=PRECISIONS)


@dataclass
class LoggerSettings:
    """configs/logger/*.yaml. A CSV log is always written; name=wandb logs there too.

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
        one_of(self, place, name=LOGGERS, mode=MODES)
        for name in ("log_images", "log_model"):
            if getattr(self, name) and self.name != "wandb":
                raise SettingsError(f"{place}{name}: only logger=wandb does, found {self.name}")


@dataclass
class OptimizerSettings:
    """configs/optimizer/*.yaml.

    name: adam (Kingma & Ba 2015), rmsprop (Hinton 2012) or adamw (Loshchilov & Hutter 2019);
    lr: learning rate; schedule: constant, or cosine: after a linear rise over `warmup` (fraction
    of the planned steps) down to zero.
    """

    name: str = "adam"
    lr: float = 1e-3
    weight_decay: float = 0.0
    schedule: str = "constant"
    warmup: float = 0.0

    def check(self, place: str = "optimizer.") -> None:
        """Raise SettingsError for a value outside its range; `place` stands before its name."""
        one_of(self, place, name=OPTIMIZERS, schedule=SCHEDULES)
        above(self, place, lr=0)
        at_least(self, place, weight_decay=0)
        shares(self, place, "warmup")
