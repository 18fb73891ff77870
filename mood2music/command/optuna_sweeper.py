"""Runs the trials that Optuna proposes as jobs of a sweep, and keeps them in an SQLite file.

It stands for Hydra's own sweeper of that name, whose stable release takes optuna 2 alone: with the
SQLAlchemy of today that fails at its first file.
"""

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hydra.core.config_store import ConfigStore
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import IntervalSweep, Override, RangeSweep
from hydra.core.plugins import Plugins
from hydra.core.utils import JobReturn, JobStatus
from hydra.errors import HydraException
from hydra.plugins.launcher import Launcher
from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext, TaskFunction
from omegaconf import DictConfig, OmegaConf

from mood2music.command.ranges import at_least, one_of
from mood2music.command.sweep import tell
from mood2music.command.text import one_line
from mood2music.errors import SettingsError

if TYPE_CHECKING:
    from optuna import Study, Trial
    from optuna.distributions import BaseDistribution
    from optuna.trial import FrozenTrial

log = logging.getLogger(__name__)

# Hydra takes plug-ins from the package hydra_plugins alone.
TARGET = "hydra_plugins.mood2music.OptunaSweeper"
DIRECTIONS = {"min": "minimize", "max": "maximize"}
SAMPLERS = ("tpe", "random")


@dataclass
class OptunaSettings:
    """`hydra.sweeper` of hydra/sweeper=optuna.

    params: by option, the values to try: `interval(0,1)`, `tag(log,interval(1e-4,1e-2))`,
    `int(interval(1,9))`, `range(8,65,8)`, `choice(16,32)` or `16,32`; the command line's win.
    n_trials: jobs in all, those of an earlier start counted; n_jobs: how many the launcher gets at
    a time; direction: minimize or maximize, null: as `mode` says; sampler: tpe (Bergstra et al.
    2011) or random; storage: an address as SQLAlchemy takes it, null: study.db in the sweep's
    folder.
    """

    _target_: str = TARGET
    params: dict[str, Any] = field(default_factory=dict)
    n_trials: int = 20
    n_jobs: int = 1
    direction: str | None = None
    sampler: str = "tpe"
    seed: int = 0
    storage: str | None = None

    def check(self) -> None:
        """Raise SettingsError for a value outside its range."""
        at_least(self, "hydra.sweeper.", n_trials=1, n_jobs=1, seed=0)
        one_of(self, "hydra.sweeper.", sampler=SAMPLERS)
        if self.direction is not None:
            one_of(self, "hydra.sweeper.", direction=tuple(DIRECTIONS.values()))


def register() -> None:
    """Make hydra/sweeper=optuna known to Hydra."""
    Plugins.instance().class_name_to_class[TARGET] = OptunaSweeper
    ConfigStore.instance().store("optuna", OptunaSettings, group="hydra/sweeper")


class OptunaSweeper(Sweeper):
    """Asks Optuna for values, lets the launcher run them, and tells it what came of them."""

    config: DictConfig
    launcher: Launcher

    def __init__(self, **values: Any) -> None:
        """Take what `hydra.sweeper` holds."""
        self.settings = OptunaSettings(**values)

    def setup(
        self, *, hydra_context: HydraContext, task_function: TaskFunction, config: DictConfig
    ) -> None:
        """Keep what Hydra hands over; the launcher is made of it."""
        self.settings.check()
        self.config = config
        self.launcher = Plugins.instance().instantiate_launcher(
            hydra_context=hydra_context, task_function=task_function, config=config
        )

    def sweep(self, arguments: list[str]) -> None:
        """Run trials until there are `n_trials`; those that fail are marked so, and others go on.

        A trial that an earlier start was killed in has failed; with resume=auto its job is run
        again in its folder, where it goes on.
        Raises SettingsError without optuna, without values to choose from, or for a file that holds
        a study of something else.
        """
        try:
            import optuna
            from optuna.trial import TrialState
        except ImportError:
            raise SettingsError(
                'hydra/sweeper=optuna needs optuna: pip install "mood2music[sweep]"'
            ) from None
        folder = Path(self.config.hydra.sweep.dir)
        folder.mkdir(parents=True, exist_ok=True)
        OmegaConf.save(self.config, folder / "multirun.yaml")
        fixed, values = self._read(arguments)
        study = self._open(optuna, folder, values)
        cut_off = study.get_trials(deepcopy=False, states=(TrialState.RUNNING,))
        if self.config.get("resume") != "auto":
            for trial in cut_off:  # it was ended with its sweep
                study.tell(trial.number, state=TrialState.FAIL)
            cut_off = []
        for batch in consecutive(cut_off, self.settings.n_jobs):
            self._tell(study, batch, self._run(batch, fixed))
        while (left := self.settings.n_trials - len(study.get_trials(deepcopy=False))) > 0:
            trials = [study.ask(values) for _ in range(min(left, self.settings.n_jobs))]
            self._tell(study, trials, self._run(trials, fixed))
        whole = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
        if whole:
            best = study.best_trial
            words = " ".join(f"{name}={value}" for name, value in best.params.items())
            log.info("best of %d: job %d, %.4f: %s", len(whole), best.number, best.value, words)

    def _tell(
        self,
        study: "Study",
        trials: Sequence["Trial | FrozenTrial"],
        figures: Sequence[float | None],
    ) -> None:
        """Tell the study what each trial brought."""
        from optuna.trial import TrialState

        for trial, figure in zip(trials, figures, strict=True):
            if figure is None:
                study.tell(trial.number, state=TrialState.FAIL)
            else:
                study.tell(trial.number, figure)

    def _read(self, arguments: list[str]) -> tuple[list[str], dict[str, "BaseDistribution"]]:
        """Part the words that every job gets from those that hold values to choose from."""
        parser = OverridesParser.create()
        params = [f"{name}={value}" for name, value in self.settings.params.items()]
        words = {
            word.get_key_element(): word for word in parser.parse_overrides([*params, *arguments])
        }
        swept = {name: word for name, word in words.items() if word.is_sweep_override()}
        if not swept:
            raise SettingsError(
                "hydra/sweeper=optuna has nothing to choose from: "
                "give an option values, for example 'optimizer.lr=interval(0.0001,0.01)'"
            )
        fixed = [str(word.input_line) for name, word in words.items() if name not in swept]
        return fixed, {name: distribution(word) for name, word in swept.items()}

    def _open(self, optuna: Any, folder: Path, values: dict[str, "BaseDistribution"]) -> "Study":
        """Open the study, or begin it. Raises SettingsError for one of other values."""
        settings = self.settings
        storage = settings.storage or f"sqlite:///{(folder / 'study.db').resolve()}"
        direction = settings.direction or DIRECTIONS.get(str(self.config.get("mode")))
        if direction is None:
            raise SettingsError(
                "hydra/sweeper=optuna: name hydra.sweeper.direction=minimize or maximize"
            )
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        study: Study = optuna.create_study(
            storage=storage,
            study_name="sweep",
            direction=direction,
            load_if_exists=True,
        )
        earlier = study.get_trials(deepcopy=False)
        same = all(trial.distributions == values for trial in earlier)
        if study.direction.name.lower() != direction or not same:
            raise SettingsError(
                f"{storage} holds a study of other values or of another direction: "
                "name another hydra.sweep.dir"
            )
        # Else a study that goes on would begin with the values that it began with.
        seed = settings.seed + len(earlier)
        study.sampler = (
            optuna.samplers.RandomSampler(seed=seed)
            if settings.sampler == "random"
            else optuna.samplers.TPESampler(seed=seed, constant_liar=settings.n_jobs > 1)
        )
        return study

    def _run(self, trials: Sequence["Trial | FrozenTrial"], fixed: list[str]) -> list[float | None]:
        """Give each trial's figure, None where it failed or brought no number."""
        jobs = [
            [*fixed, *(f"{name}={value}" for name, value in trial.params.items())]
            for trial in trials
        ]
        try:
            returned = self.launcher.launch(jobs, initial_job_idx=trials[0].number)
        except HydraException:  # words that no job could be made of
            raise
        except Exception as error:  # a process that was killed takes its batch with it
            folder, reason = str(self.config.hydra.sweep.dir), one_line(str(error))
            for trial, words in zip(trials, jobs, strict=True):
                tell(trial.number, words, f"its process ended: {reason}", folder)
            return [None] * len(trials)
        return [figure_of(job) for job in returned]


def consecutive(
    trials: Sequence["Trial | FrozenTrial"], most: int
) -> list[list["Trial | FrozenTrial"]]:
    """Part trials into batches of at most `most`, whose numbers follow one another, as jobs' do."""
    batches: list[list[Trial | FrozenTrial]] = []
    for trial in trials:
        if batches and len(batches[-1]) < most and trial.number == batches[-1][-1].number + 1:
            batches[-1].append(trial)
        else:
            batches.append([trial])
    return batches


def distribution(word: Override) -> "BaseDistribution":
    """What Optuna draws a word's values from: whole numbers where both ends are cast to int.

    `range` keeps the order of its numbers, unlike the words of a choice.
    """
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    value = word.value()
    if isinstance(value, IntervalSweep):
        logarithmic = "log" in value.tags
        if isinstance(value.start, int) and isinstance(value.end, int):
            return IntDistribution(value.start, value.end, log=logarithmic)
        assert value.start is not None and value.end is not None  # noqa: PT018
        return FloatDistribution(value.start, value.end, log=logarithmic)
    if isinstance(value, RangeSweep):
        numbers = sorted(value.range())
        step = abs(value.step)
        if all(isinstance(number, int) for number in numbers):
            return IntDistribution(int(numbers[0]), int(numbers[-1]), step=int(step))
        return FloatDistribution(numbers[0], numbers[-1], step=step)
    return CategoricalDistribution(list(word.sweep_string_iterator()))


def figure_of(job: JobReturn) -> float | None:
    """The number that a job returned, None for one that failed or returned none."""
    if job.status != JobStatus.COMPLETED:
        return None
    value = job.return_value
    if not isinstance(value, int | float) or not math.isfinite(value):
        log.warning("%s returned %s: expected a number", " ".join(job.overrides or []), value)
        return None
    return float(value)
