"""configs/experiment: each composes, its whole sweep too, and runs tiny."""

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import torch
from hydra import compose, initialize_config_dir
from hydra._internal.core_plugins.basic_sweeper import BasicSweeper
from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import DictConfig, OmegaConf

from mood2music.command.groups import quick_yaml
from mood2music.command.settings import parse
from mood2music.files import CONFIGS
from mood2music.train_request import TrainSettings
from tests.affectnet import write_lists

FOLDER = CONFIGS / "experiment"
EXPERIMENTS = Path(__file__).parents[2] / "experiments"
NAMES = sorted(p.relative_to(FOLDER).with_suffix("").as_posix() for p in FOLDER.rglob("*.yaml"))
DRAWN = "data=drawn_tiny"
TINY = {
    "music": (
        "data.include=[]", "data.exclude=[]", "data.window=8", "data.shortest=8",
        "data.batch_size=2", "data.epoch=4", "data.scored=4", "data.held_out=0.2",
        "model.init=null", "model.encoder.hidden=8", "model.encoder.embedding=8",
    ),
    "face": ("data.batch_size=2", "model.init=null", "model.dropout=0"),
}  # fmt: skip


def composed(*words: str) -> DictConfig:
    with quick_yaml(), initialize_config_dir(str(CONFIGS), version_base="1.3"):
        return compose("train", list(words), return_hydra_config=True)


def own(config: DictConfig) -> DictConfig:
    return OmegaConf.masked_copy(config, [str(key) for key in config if key != "hydra"])


def jobs(config: DictConfig) -> list[list[str]]:
    """Overrides of every job of the sweep, as Hydra's own sweeper splits them."""
    params = config.hydra.sweeper.params or {}
    words = OverridesParser.create().parse_overrides([f"{k}={v}" for k, v in params.items()])
    ((*split,),) = BasicSweeper.split_arguments(words, None)
    return [list(job) for job in split]


@pytest.fixture(scope="module")
def affectnet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_lists(tmp_path_factory.mktemp("affectnet"))


@pytest.mark.parametrize("name", NAMES)
def test_an_experiment_and_its_sweep_compose_and_learn_from_a_tiny_batch(
    name: str, library: Path, affectnet: Path
) -> None:
    whole = composed(f"experiment={name}")
    parse(TrainSettings, own(whole))
    words = [f"experiment={name}", *jobs(whole)[-1], *TINY[whole.model.task]]
    if whole.model.task == "music":
        words += ["data=midi", f"data.root={library}"]
        # What a style leaves out is what its windows begin with.
        words += ["data.include=[fast/*]"] if whole.data.get("openings") else []
    else:
        words += [f"data.root={affectnet}"] if whole.data.name == "affectnet" else [DRAWN]
    config = own(composed(*words))
    settings = parse(TrainSettings, config)
    reported = settings.report.figures
    as_logged = {re.sub("^test/", "val/", name.removeprefix("last/")) for name in reported}
    assert as_logged <= learnt(config, settings)


def test_the_papers_figures_are_those_that_stand_beside_ours() -> None:
    written = pd.read_csv(EXPERIMENTS / "valence_arousal/result.csv")
    names = {"the paper's ten layers": "cnn10", "the paper's AlexNet": "alexnet"}
    found = {
        (names[row.predictor], f"test/{row.axis}_{name}"): getattr(row, name)
        for row in written[written["root"] == "AffectNet"].itertuples()
        for name in ("rmse", "pearson")
    }
    reported = parse(TrainSettings, own(composed("experiment=paper/figure_2"))).report
    told = {
        (row["model.name"], name): figure
        for row in reported.paper
        for name, figure in row.items()
        if name != "model.name"
    }
    assert told == found
    written = pd.read_csv(EXPERIMENTS / "expression_classes/cnn10_result.csv")
    (accuracy,) = written[written["predictor"] == "the paper's ten layers"]["accuracy"]
    (row,) = parse(TrainSettings, own(composed("experiment=paper/figure_1"))).report.paper
    assert row == {"model.name": "cnn10", "val/accuracy": accuracy}


def learnt(config: DictConfig, settings: TrainSettings) -> set[str]:
    """Make two steps and measure; give the names of the figures that are logged, all numbers."""
    from mood2music.face.training import task as face
    from mood2music.generator import task as music
    from mood2music.learn import optimizer as optim

    build: Any = music.build_music_task if config.model.task == "music" else face.build_face_task
    task, data, _ = build(config.model, config.data, settings.optimizer, 0)
    figures: dict[str, Any] = {}
    task.log = lambda name, value, **_: figures.update({name: value})
    task.log_dict = lambda told, **_: figures.update(told)
    made = optim.build_optimizer(task.parameters(), settings.optimizer)
    before = [weights.detach().clone() for weights in task.parameters()]
    batch = next(iter(data.train_dataloader()))
    for _ in range(2):
        made.zero_grad()
        task.training_step(batch, 0).backward()
        if settings.trainer.gradient_clip:
            torch.nn.utils.clip_grad_norm_(task.parameters(), settings.trainer.gradient_clip)
        made.step()
    pairs = zip(before, task.parameters(), strict=True)
    assert any(not torch.equal(old, new) for old, new in pairs)
    task.eval()
    with torch.inference_mode():
        task.validation_step(next(iter(data.val_dataloader())), 0)
        task.on_validation_epoch_end()
    return set(figures)
