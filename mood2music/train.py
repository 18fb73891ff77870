"""Train any network: `python -m mood2music.train model=alexnet|cnn10|lstm|bilstm_attention`."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf

from mood2music.command.entrypoint import entrypoint
from mood2music.command.running import first_process, running
from mood2music.command.settings import parse
from mood2music.errors import SettingsError
from mood2music.learn import record, resume, run_log
from mood2music.registry import get
from mood2music.study.sweep import conclude

if TYPE_CHECKING:
    from mood2music.learn.fit import Fitted
    from mood2music.train_request import TrainSettings

log = logging.getLogger(__name__)


@entrypoint("train", conclude=conclude)
def main(config: DictConfig) -> float:
    """Train what `model` names and return its best held-out loss (what a sweep minimises)."""
    from mood2music.train_request import TrainSettings

    job = running()
    plain: Any = OmegaConf.to_container(config, resolve=True)
    if plain["resume"] == resume.AUTO:
        found = resume.find_earlier(job, plain)
        job = found.job
        if found.value is not None:
            log.info("%s has ended already: %.4f", job.folder, found.value)
            print(job.folder / "best.safetensors")
            return found.value
        config.resume = None if found.last is None else str(found.last)
        log.info("%s", "begins" if found.last is None else f"goes on from {found.last}")
    elif plain["resume"] is not None:
        resume.check_same(Path(str(plain["resume"])), plain)
    # Read now: a run that goes on in its own folder writes its record anew.
    before = Path(str(config.resume)).parent if config.resume else None
    had = {} if before is None else record.read_record(before) or {}
    earlier = None if before is None else record.wandb_id(before)
    with record.recorded(job, plain) as run:
        settings = parse(TrainSettings, config)
        _check_processes(settings.trainer.devices * settings.trainer.num_nodes)
        with run_log.opened(settings.logger, job.folder, plain, job, earlier) as told:
            run.tell(wandb=told.id, resumed=settings.resume, data=had.get("data"))
            fitted = _train(config, settings, told, run)
    if not first_process():
        return fitted.value
    log.info(
        "best %s %.4f after %d epochs",
        "held-out loss" if settings.metric == "val/loss" else settings.metric,
        fitted.value,
        fitted.epochs,
    )
    print(fitted.best)
    return fitted.value


def _train(
    config: DictConfig, settings: "TrainSettings", told: run_log.RunLog, run: record.Record
) -> "Fitted":
    """Train, telling the record what it learns from, on what, and what came of it."""
    settings.check_files()
    _check_download(config.model)
    # Lightning and torch take seconds to import: a missing folder should not wait for them.
    from mood2music.command.global_state import left_as_found
    from mood2music.learn.fit import fit

    with left_as_found():
        task, data, save = _build(config, settings.optimizer)
        if settings.resume is not None:
            resume.check_data(Path(settings.resume), run.facts["data"], data.facts)
        run.tell(
            device=record.device(settings.trainer.accelerator),
            data=data.facts,
            parameters=sum(p.numel() for p in task.parameters()),
        )
        if config.model.task == "music" and first_process():
            _write_index(data, run.folder)  # at once: a run that is killed has it too
        fitted = fit(
            task,
            data,
            settings.trainer,
            told,
            run.folder,
            save,
            seed=settings.seed,
            resume=Path(settings.resume) if settings.resume else None,
            callbacks=settings.called_back(),
            show_examples=settings.logger.log_images,
            metric=settings.metric,
            mode=settings.mode,
            restore=task.restore if settings.test else None,
            again=resume.AUTO if _is_sweep() else None,
        )
    run.tell(
        metric={"name": settings.metric, "mode": settings.mode, "value": fitted.value},
        epochs=fitted.epochs,
        best=fitted.metrics,
        test=fitted.tested,
        last=fitted.last,
    )
    if settings.logger.log_model:
        told.keep(fitted.best)
    return fitted


def _check_processes(count: int) -> None:
    """Raise SettingsError for several processes in a sweep; those after the first are quiet."""
    if not first_process():
        logging.getLogger().setLevel(logging.WARNING)
    elif count != 1 and _is_sweep():
        # Lightning starts the others by this command line, which would sweep in each of them.
        raise SettingsError(
            "trainer.devices with -m: each job of a sweep has one process; run them one by one"
        )


def _is_sweep() -> bool:
    return HydraConfig.get().mode == RunMode.MULTIRUN


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
        return music.build_music_task(config.model, config.data, optimizer, config.seed)
    from mood2music.face.training import task as face

    return face.build_face_task(config.model, config.data, optimizer, config.seed)


if __name__ == "__main__":
    main()
