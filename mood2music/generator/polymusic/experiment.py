"""Trains on published piano rolls and sets what it measures beside the published figures."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import torch

from mood2music.command.global_state import left_as_found
from mood2music.command.settings import parse
from mood2music.generator.polymusic import network as networks
from mood2music.generator.polymusic.copies import near_copies
from mood2music.generator.polymusic.frames import ScoredPieces, TrainingPieces
from mood2music.generator.polymusic.network import FrameNetwork
from mood2music.generator.polymusic.published import TABLE
from mood2music.generator.polymusic.rolls import FILES, Rolls, read_rolls, sets_in
from mood2music.generator.polymusic.settings import PolymusicSettings, SetSettings
from mood2music.generator.polymusic.task import FrameTask, score
from mood2music.learn import run_log
from mood2music.learn.batches import WholeBatches
from mood2music.learn.fit import fit

log = logging.getLogger(__name__)

OURS = "pitchwise LSTM"
Row = dict[str, str | int | float | None]


def run(experiment: Mapping[str, Any], root: Path | None, folder: Path) -> dict[str, list[Row]]:
    """Train and score a network for each data set; checkpoints and logs go into `folder`/<set>.

    Gives "polymusic", our row and the published ones, in nats a frame of the test split, lower is
    better; and "polymusic_measured", each data set's figures in every convention:
    `test`: mean over all frames of all pieces, the first of each piece included; `test_piece`: mean
    of the pieces' means; `test_later`: mean over all frames but each piece's first, as Bai et al.
    2018 count; `test_new`: as `test`, without the pieces that have a near copy in training
    (`near_copies` of them), None where all have one. Raises SettingsError and DataError before any
    training starts.
    """
    settings = parse(PolymusicSettings, experiment, "benchmark")
    sets = settings.sets or sets_in(root)

    @cache
    def rolls() -> dict[str, Rolls]:
        # All of them in the first set's run: what is missing is told before any training.
        return {name: read_rolls(root, name) for name in sets}

    measured = [_train(name, rolls, settings, folder / name) for name in sets]
    ours = {str(row["set"]): row["test"] for row in measured}
    mine: Row = {"model": OURS, "chord": "one by one", "source": "this run"}
    mine.update({name: ours.get(name) for name in FILES})
    table = [mine, *(dict(published._asdict()) for published in TABLE)]
    columns = ("model", "chord", *FILES, "source")
    return {
        "polymusic": [{column: row[column] for column in columns} for row in table],
        "polymusic_measured": measured,
    }


def _train(
    name: str, all_rolls: Callable[[], dict[str, Rolls]], settings: PolymusicSettings, folder: Path
) -> Row:
    """Fit on the training split, keep the epoch that is best on validation, score all three."""
    chosen: SetSettings = getattr(settings, name)
    header = {"data": FILES[name], "seed": settings.seed, "training": asdict(chosen)}
    with left_as_found(), run_log.opened(settings.logger, folder, header) as told:
        rolls = all_rolls()[name]
        folder.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(settings.seed)
        network = FrameNetwork(chosen.network)
        task = FrameTask(network, chosen.optimizer)
        train = TrainingPieces(rolls.train, chosen.batch, chosen.transposed, settings.seed)
        log.info(
            "%s: %d parameters; %d pieces to train on, %d held out to choose the epoch",
            name, sum(p.numel() for p in network.parameters()), len(rolls.train), len(rolls.valid),
        )  # fmt: skip

        def save(path: Path, metrics: dict[str, float]) -> None:
            networks.save(path, network, {**header, "metrics": metrics})

        last = Path(settings.resume) / name / "last.ckpt" if settings.resume else None
        fitted = fit(
            task,
            WholeBatches(train, ScoredPieces(rolls.valid)),
            chosen.trainer,
            told,
            folder,
            save,
            seed=settings.seed,
            callbacks={"early_stopping": stopping} if (stopping := chosen.early_stopping) else {},
            resume=last if last is not None and last.is_file() else None,
        )
    best = networks.load(fitted.best)
    row: Row = {"set": name, "parameters": sum(p.numel() for p in best.parameters())}
    for part, pieces in (("train", rolls.train), ("valid", rolls.valid), ("test", rolls.test)):
        scored = score(best, ScoredPieces(pieces))
        row[part] = torch.cat(scored).mean().item()
    # `scored` is the test split's now.
    row["test_piece"] = torch.stack([nats.mean() for nats in scored]).mean().item()
    row["test_later"] = torch.cat([nats[1:] for nats in scored]).mean().item()
    copies = near_copies(rolls.test, rolls.train)
    new = [nats for nats, copy in zip(scored, copies, strict=True) if not copy]
    row["test_new"] = torch.cat(new).mean().item() if new else None
    row["near_copies"] = int(copies.sum())
    row["pieces"], row["frames"] = len(scored), sum(len(nats) for nats in scored)
    row["epoch"], row["epochs"] = int(fitted.metrics["epoch"]) + 1, fitted.epochs
    return row
