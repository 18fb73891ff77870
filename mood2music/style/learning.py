"""Lets a network go on learning from a few pieces, until those held out gain nothing by it."""

import logging
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from math import log as ln
from pathlib import Path
from typing import Any

import lightning as L
import torch
from lightning.pytorch.callbacks import Callback

from mood2music.brief import brief
from mood2music.files import checksum
from mood2music.generator import network as networks
from mood2music.generator.batches import FixedBatches, RandomBatches
from mood2music.generator.data_settings import MusicDataSettings
from mood2music.generator.network import EventNetwork
from mood2music.generator.score import names, seen
from mood2music.generator.task import MusicTask
from mood2music.generator.windows import Windows, past_of
from mood2music.judge.training_index import FILE, build_index, save_index
from mood2music.learn.batches import WholeBatches
from mood2music.learn.callback_settings import EarlyStoppingSettings
from mood2music.learn.fit import fit
from mood2music.learn.optimizer_settings import AdamSettings
from mood2music.learn.run_log import RunLog
from mood2music.learn.settings import TrainerSettings
from mood2music.store.event_store import PieceRow, Store
from mood2music.style.own_batches import Mixed, Opened
from mood2music.style.rehearsal import Rehearsal
from mood2music.style.settings import REHEARSAL

log = logging.getLogger(__name__)

# Steps done, of how many at most; an exception from it ends the learning.
Progress = Callable[[int, int], None]


@brief
@dataclass(frozen=True)
class Learning:
    """How a style is learnt; experiments/own_style says what each value brought.

    rehearsal: music of the base, of settings.REHEARSALS; share: of the batches that are of it;
    openings: of the others, how many have windows that begin with it, unscored, so that the style
    holds behind any seed; lr: learning rate; epochs: at most, each of `batches` batches of `size`
    windows of at most `window` events; patience: epochs without gain before it stops; minutes: at
    most; seed: of everything random.
    """

    rehearsal: str = REHEARSAL
    share: float = 0.3
    openings: float = 0.5
    lr: float = 5e-4
    epochs: int = 15
    batches: int = 10
    size: int = 8
    window: int = 128
    patience: int = 4
    minutes: float = 10.0
    seed: int = 0


@brief
@dataclass(frozen=True)
class Music:
    """Pieces of a style: those to learn from and those held out; name: of their folder."""

    store: Store
    rows: list[PieceRow]
    held: list[PieceRow]
    name: str


def learn(
    music: Music,
    base: Path,
    network: EventNetwork,
    before: dict[str, Any],
    data: MusicDataSettings,
    learning: Learning,
    progress: Progress,
    folder: Path,
) -> None:
    """Write BEST and the index of its pieces into `folder`."""
    began = time.monotonic()
    until = began + 60 * learning.minutes
    store, rows, held = music.store, music.rows, music.held
    past = past_of(network, store)
    train, val = Windows(store, rows, past), Windows(store, held, past)
    rehearsal = Rehearsal(learning.rehearsal, base, before)
    first = rehearsal.steps
    total = first + learning.epochs * learning.batches
    known = rehearsal.open(network, lambda done, _: progress(done, total))
    others = None if known is None else Windows(known, known.pieces, past_of(network, known))
    targets, seed = network.targets, learning.seed
    own = RandomBatches(train, data, targets, seed, others)
    other = None
    if others is not None:
        other = RandomBatches(others, replace(data, openings=0.0), targets, seed + 1)
    fixed = Opened(val, data, targets, seed, others)
    batches = WholeBatches(Mixed(own, other, learning.share, seed), fixed)
    base_bits = held_out_bits(network, fixed)
    optimizer = AdamSettings(lr=learning.lr, schedule="cosine", warmup=0.05)
    task = MusicTask(network.train(), optimizer, data.loss_share, targets == "last")
    header = {
        "data": {
            "fingerprint": store.fingerprint,
            "settings": asdict(data) | {"root": music.name},
            "train_pieces": len(rows),
            "train_events": len(train),
            "val_pieces": len(held),
            "train_names": names(rows),
            "val_names": names(held),
            "seen_before": seen(before),
        },
        "form": past.form(rows).as_dict() if past is not None and past.points else None,
        "learning": asdict(learning),
        "init": checksum(base),
    }

    def save(path: Path, metrics: dict[str, float]) -> None:
        learnt = {
            "pieces": len(rows),
            "held_out": len(held),
            "before": base_bits,
            "after": metrics["val/loss"] / ln(2),
            "seconds": round(time.monotonic() - began, 1),
        }
        networks.save(path, network, {**header, "metrics": metrics, "learnt": learnt}, half=True)

    fit(
        task,
        batches,
        TrainerSettings(epochs=learning.epochs, threads=1, progress=False, keep_last=False),
        RunLog(folder),
        folder,
        save,
        seed=seed,
        callbacks={"early_stopping": EarlyStoppingSettings(patience=learning.patience)},
        also=[Told(lambda done: progress(first + done, total), until)],
    )
    save_index(folder / FILE, build_index(store, [*rows, *held]))


class Told(Callback):
    """Tells how many batches are learnt, and ends a training that takes too long."""

    def __init__(self, progress: Callable[[int], None], until: float) -> None:
        """`progress`: hears how many; until: seconds of `time.monotonic`."""
        self.progress, self.until = progress, until

    def on_train_batch_end(self, trainer: L.Trainer, *of_the_batch: Any) -> None:
        """Tell it."""
        self.progress(trainer.global_step)
        if time.monotonic() > self.until and not trainer.should_stop:
            log.warning("the time is up: what was learnt so far is kept")
            trainer.should_stop = True


@torch.inference_mode()
def held_out_bits(network: EventNetwork, batches: FixedBatches) -> float:
    """Bits of chord and duration of an event, as training measures them."""
    nats, count = 0.0, 0
    for batch in batches:
        found = network.nats(batch)
        nats += float((found.chords + found.durations).sum())
        count += len(found.chords)
    return nats / count / ln(2)
