"""Makes the loggers of Lightning that a training tells its curves to, beside its CSV file."""

from pathlib import Path
from typing import TYPE_CHECKING

from mood2music.learn.settings import LoggerSettings

if TYPE_CHECKING:
    from lightning.pytorch.loggers import Logger

PROJECT = "mood2music"
# Of a machine without a server: one file for all runs below the folder that one stands in.
MLFLOW = Path("outputs/mlflow.db")


def nothing_more(settings: LoggerSettings, folder: Path, name: str) -> None:
    """Add nothing to the CSV file, or to what `run_log` itself tells wandb."""


def tensorboard(settings: LoggerSettings, folder: Path, name: str) -> "Logger":
    """Write event files into the run's folder, `tensorboard/`."""
    from lightning.pytorch.loggers import TensorBoardLogger

    return TensorBoardLogger(folder, "tensorboard", "", default_hp_metric=False)


def mlflow(settings: LoggerSettings, folder: Path, name: str) -> "Logger":
    """Log a run of the experiment `project` to MLFLOW_TRACKING_URI, without that to MLFLOW."""
    import os

    from lightning.pytorch.loggers import MLFlowLogger

    address = os.environ.get("MLFLOW_TRACKING_URI")
    if not address:
        MLFLOW.parent.mkdir(parents=True, exist_ok=True)
        address = f"sqlite:///{MLFLOW.resolve()}"
    tags = dict.fromkeys(settings.tags, "") | {"folder": str(folder)}
    return MLFlowLogger(
        settings.project or PROJECT, settings.run or name, tracking_uri=address, tags=tags
    )
