"""Train any network: `python -m mood2music.train model=alexnet|cnn10|lstm|bilstm_attention`."""

import logging
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf

from mood2music.command.entrypoint import entrypoint
from mood2music.command.running import running
from mood2music.command.settings import parse
from mood2music.learn import run_log
from mood2music.registry import get

log = logging.getLogger(__name__)


@entrypoint("train")
def main(config: DictConfig) -> float:
    """Train what `model` names and return its best held-out loss (what a sweep minimises)."""
    from mood2music.train_request import TrainSettings

    settings = parse(TrainSettings, config)
    job = running()
    folder = job.folder
    plain: Any = OmegaConf.to_container(config, resolve=True)
    with run_log.opened(settings.logger, folder, plain, job) as told:
        settings.check_files()
        _check_download(config.model)
        # Lightning and torch take seconds to import: a missing folder should not wait for them.
        from mood2music.command.global_state import left_as_found
        from mood2music.learn.fit import fit

        with left_as_found():
            task, data, save = _build(config, settings.optimizer)
            if config.model.task == "music":
                _write_index(data, folder)  # at once: a run that is killed has it too
            fitted = fit(
                task,
                data,
                settings.trainer,
                told,
                folder,
                save,
                seed=settings.seed,
                resume=Path(settings.resume) if settings.resume else None,
                show_examples=settings.logger.log_images,
            )
        if settings.logger.log_model:
            told.keep(fitted.best)
    log.info("best held-out loss %.4f after %d epochs", fitted.val_loss, fitted.epochs)
    print(fitted.best)
    return fitted.val_loss


def _write_index(data: Any, folder: Path) -> None:
    """Write the index of the pieces that are trained on, by which `generate` tells novelty."""
    from mood2music.judge.training_index import FILE, build_index, save_index

    rows = [*data.train.windows.rows, *data.val.windows.rows]
    save_index(folder / FILE, build_index(data.train.windows.store, rows))


def _check_download(model: DictConfig) -> None:
    """Ask for the hub of a timm network's weights at once; the package ships AlexNet's."""
    shipped = model.task != "face" or get("backbone", model.name) is not None
    if not shipped and model.get("pretrained") and not model.get("weights"):
        from mood2music.face.network import hub

        hub.check(model.name)


def _build(config: DictConfig, optimizer: Any) -> Any:
    if config.model.task == "music":
        from mood2music.generator import task as music
        from mood2music.style.shipped import locate

        if config.model.init:  # a shipped name or a path
            config.model.init = str(locate(config.model.init))
        return music.build(config.model, config.data, optimizer, config.seed)
    from mood2music.face.training import task as face

    return face.build(config.model, config.data, optimizer, config.seed)


if __name__ == "__main__":
    main()
