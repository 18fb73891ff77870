"""loggers.py: a training is told of where `logger.name` says, once its package is there."""

from pathlib import Path

import pytest
from lightning.pytorch.loggers import CSVLogger, Logger

from mood2music import registry
from mood2music.command.running import Running
from mood2music.errors import SettingsError
from mood2music.learn import loggers, run_log
from mood2music.learn.run_log import LoggerSettings, opened
from mood2music.registry import names, register


def test_a_plugins_logger_is_told_besides_the_csv_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names("logger")
    monkeypatch.setitem(registry._choices, "logger", dict(registry._choices["logger"]))

    @register("logger", "second")
    def second(settings: LoggerSettings, folder: Path, name: str) -> Logger:
        return CSVLogger(folder / name, "second", "")

    job = Running("train", tmp_path, ["seed=3"], {}, None)
    with opened(LoggerSettings(name="second"), tmp_path, {"seed": 3}, job) as told:
        table, other = told.loggers()
        other.log_metrics({"val/loss": 0.5}, 0)
        other.save()
    assert isinstance(table, CSVLogger)
    folder = tmp_path / "seed=3" / "second"
    assert "0.5" in (folder / "metrics.csv").read_text()
    assert "seed: 3" in (folder / "hparams.yaml").read_text()


def test_without_its_package_a_logger_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_log, "find_spec", lambda _: None)
    with (
        pytest.raises(SettingsError, match="logger=mlflow needs mlflow: pip install mlflow"),
        opened(LoggerSettings(name="mlflow"), tmp_path, {}),
    ):
        pass


def test_what_tells_of_trainings_alone_is_refused_by_other_commands(tmp_path: Path) -> None:
    job = Running("generate", tmp_path, [], {}, None)
    said = "logger=tensorboard tells of train alone, not of generate"
    with (
        pytest.raises(SettingsError, match=said),
        opened(LoggerSettings(name="tensorboard"), tmp_path, {}, job),
    ):
        pass


def test_tensorboard_writes_into_the_runs_folder(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard", reason="pip install tensorboard")
    logger = loggers.tensorboard(LoggerSettings(), tmp_path, "run")
    logger.log_metrics({"val/loss": 0.5}, 0)
    logger.finalize("success")
    assert list((tmp_path / "tensorboard").glob("events.*"))
