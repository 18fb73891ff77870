"""run_log.py: wandb hears of a run before its data is read, and how it ended."""

import csv
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import wandb
from lightning.pytorch.loggers import CSVLogger

from mood2music.command.interrupt import Interrupted
from mood2music.command.running import Running
from mood2music.errors import DataError, SettingsError
from mood2music.learn.run_log import LoggerSettings, opened
from tests.wandb_files import LoggedRun, read_runs

OFFLINE = LoggerSettings(name="wandb", mode="offline")


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """wandb reads its variables once a process: let each test begin."""
    for name in [name for name in os.environ if name.startswith("WANDB_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("WANDB_SILENT", "true")
    wandb.teardown()
    yield
    wandb.teardown()


def written(folder: Path) -> list[LoggedRun]:
    """The runs below `folder`, when wandb has written all of them."""
    wandb.teardown()
    return read_runs(folder)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (None, 0),
        (DataError("no data"), 1),
        (MemoryError(), 1),
        (KeyboardInterrupt(), 255),
        (Interrupted("stopped", 15), 255),
    ],
)
def test_wandb_hears_how_a_run_ended(
    error: BaseException | None, code: int, tmp_path: Path
) -> None:
    @opened(OFFLINE, tmp_path, {})
    def work() -> None:
        if error is not None:
            raise error

    if error is None:
        work()
    else:
        with pytest.raises(type(error)):
            work()
    (run,) = written(tmp_path)
    assert run.exit_code == code


def test_the_summary_holds_what_is_put_there(tmp_path: Path) -> None:
    with opened(OFFLINE, tmp_path, {}) as told:
        for loss in (0.5, 0.25, 0.75):
            told.loggers()[-1].log_metrics({"val/loss": loss})
        told.summarise({"val/loss": 0.25})
    (run,) = written(tmp_path)
    assert run.summary["val/loss"] == 0.25


def test_wandbs_variables_hold_where_nothing_else_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setenv("WANDB_PROJECT", "faces")
    monkeypatch.setenv("WANDB_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("WANDB_API_KEY", "a" * 40)  # which alone would mean online
    with opened(LoggerSettings(name="wandb"), tmp_path / "run", {}):
        pass
    (run,) = written(tmp_path / "elsewhere")
    assert run.project == "faces"
    assert written(tmp_path / "run") == []


def test_a_variable_turns_wandb_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANDB_MODE", "disabled")
    with opened(LoggerSettings(name="wandb"), tmp_path, {}) as told:
        told.loggers()[-1].log_metrics({"val/loss": 0.5})
        told.summarise({"val/loss": 0.5})
    assert written(tmp_path) == []


def test_what_the_settings_say_wins_over_the_variables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WANDB_MODE", "disabled")
    monkeypatch.setenv("WANDB_PROJECT", "faces")
    asked = LoggerSettings(name="wandb", mode="offline", project="music")
    with opened(asked, tmp_path, {}):
        pass
    (run,) = written(tmp_path)
    assert run.project == "music"


def test_without_an_account_it_logs_offline_into_the_runs_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETRC", str(tmp_path / "none"))
    with opened(LoggerSettings(name="wandb"), tmp_path, {}):
        pass
    (run,) = written(tmp_path)
    assert run.project == "mood2music"


def test_a_variable_that_wandb_refuses_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WANDB_MODE", "banana")
    with (
        pytest.raises(
            SettingsError, match=r"^logger=wandb: WANDB_MODE=banana: expected 'online'[^\n]*$"
        ),
        opened(LoggerSettings(name="wandb"), tmp_path, {}),
    ):
        pass


def test_the_log_of_the_run_before_is_put_aside(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "metrics.csv").write_text("epoch,val/loss\n0,0.5\n")
    with opened(LoggerSettings(), tmp_path, {}) as told:
        (logger,) = told.loggers()
        assert isinstance(logger, CSVLogger)
        logger.log_metrics({"val/loss": 0.25})
        logger.save()
    assert "0.5" in (tmp_path / "log_1" / "metrics.csv").read_text()
    with (tmp_path / "log" / "metrics.csv").open() as file:
        assert [row["val/loss"] for row in csv.DictReader(file)] == ["0.25"]


JOB = Running("train", Path("sweep/0"), ["seed=1", "data.root=my/midi"], {}, Path("sweep"))


def test_a_run_is_named_by_its_job(tmp_path: Path) -> None:
    with opened(OFFLINE, tmp_path, {}, JOB):
        pass
    (run,) = written(tmp_path)
    assert (run.name, run.group, run.job_type) == ("seed=1 data.root=midi", "sweep", "train")


def test_a_run_is_named_as_its_settings_say(tmp_path: Path) -> None:
    asked = replace(OFFLINE, run="a", group="b", job_type="c", tags=["d", "e"], notes="f g")
    with opened(asked, tmp_path, {}, JOB):
        pass
    (run,) = written(tmp_path)
    assert (run.name, run.group, run.job_type) == ("a", "b", "c")
    assert (run.tags, run.notes) == (["d", "e"], "f g")


def test_wandbs_variables_name_a_run_where_the_settings_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NAME", "RUN_GROUP", "JOB_TYPE", "TAGS", "NOTES", "RUN_ID"):
        monkeypatch.setenv(f"WANDB_{name}", name.lower())
    with opened(replace(OFFLINE, notes="mine"), tmp_path, {}, JOB, earlier="abc"):
        pass
    (run,) = written(tmp_path)
    assert (run.name, run.group, run.job_type) == ("name", "run_group", "job_type")
    assert (run.tags, run.notes, run.id) == (["tags"], "mine", "run_id")


def test_a_run_that_goes_on_keeps_its_id_at_wandb(tmp_path: Path) -> None:
    with opened(OFFLINE, tmp_path / "one", {}) as first:
        pass
    with opened(OFFLINE, tmp_path / "two", {}, earlier=first.id):
        pass
    one, two = written(tmp_path)
    assert first.id == one.id == two.id


def test_the_summary_has_held_out_figures_only_as_they_are_put_there(tmp_path: Path) -> None:
    with opened(OFFLINE, tmp_path, {}, JOB) as told:
        told.loggers()[-1].log_metrics({"val/loss": 0.5, "val/ccc": 0.1, "train/loss": 1.0})
    (run,) = written(tmp_path)
    assert run.summary["train/loss"] == 1.0
    assert not {"val/loss", "val/ccc"} & set(run.summary)


def test_weights_are_an_artifact_of_the_run(tmp_path: Path) -> None:
    weights = tmp_path / "best.safetensors"
    weights.write_bytes(b"weights")
    with opened(OFFLINE, tmp_path / "run", {}) as told:
        told.keep(weights)
    (run,) = written(tmp_path)
    assert list(run.artifacts) == [f"weights-{run.id}"]
