"""Defines what Lightning trains: a network of events on windows, by categorical cross-entropy."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict
from math import log as ln
from pathlib import Path
from typing import Any

import torch

from mood2music import registry
from mood2music.command.settings import parse
from mood2music.errors import CheckpointError, DataError
from mood2music.files import checksum
from mood2music.generator import network as networks
from mood2music.generator.batches import OPENING, FixedBatches, RandomBatches
from mood2music.generator.chord import Chord
from mood2music.generator.data_settings import MusicDataSettings
from mood2music.generator.event_batch import EventBatch
from mood2music.generator.heads import Nats
from mood2music.generator.memory.past import Past
from mood2music.generator.network import EventNetwork
from mood2music.generator.parts import left_out, select_parts
from mood2music.generator.score import names, seen
from mood2music.generator.settings import MusicModelSettings, NetworkSettings
from mood2music.generator.windows import Windows, past_of
from mood2music.learn import optimizer as optim
from mood2music.learn.batches import WholeBatches
from mood2music.learn.optimizer_settings import OptimizerSettings
from mood2music.learn.processes import gathered, share, to_learn
from mood2music.learn.task import Task
from mood2music.music.events import Events
from mood2music.store.event_store import Store
from mood2music.store.prepare import prepare

log = logging.getLogger(__name__)

# Width of the layers from which bf16 is faster where the processor has AMX
# (experiments/training_precision).
WIDE = 256


class MusicTask(Task):
    """Logs train/loss, val/loss and test/loss in nats an event, and bits of what they consist of.

    val/loss, which chooses the best epoch, is of chords and durations: what is played. How loud is
    trained along with it. The test part's figures are named as the held-out part's.
    """

    def __init__(
        self,
        network: EventNetwork,
        optimizer: OptimizerSettings,
        loss_share: float = 1.0,
        last: bool = False,
        accuracy: bool = False,
    ) -> None:
        """`network`: what to train; loss_share: of the events, see `EventNetwork.nats`.

        last: on the last event of each window alone; accuracy: log the shares of chords and
        durations that are right, of a network of chords.
        """
        super().__init__()
        self.network: EventNetwork = network
        self.optimizer, self.loss_share = optimizer, loss_share
        self.last, self.accuracy = last, accuracy

    @property
    def fast_in_bf16(self) -> bool:
        """Whether layers are wide enough: not those of the tiny networks."""
        return self.network.encoder.out_size >= WIDE

    def training_step(self, batch: EventBatch, index: int) -> torch.Tensor:
        """Mean nats an event of one batch."""
        nats = self._nats(batch, "train", self.loss_share)
        loss = nats.chords.mean() + nats.durations.mean()
        self.log("train/loss", loss, prog_bar=True, on_step=False, on_epoch=True,
                 batch_size=len(nats.chords))  # fmt: skip
        return to_learn(loss + nats.levels.mean())

    def validation_step(self, batch: EventBatch, index: int) -> None:
        """Log the held-out figures, weighted by events."""
        self._log_figures(batch, "val")

    def test_step(self, batch: EventBatch, index: int) -> None:
        """Log the same of the test part."""
        self._log_figures(batch, "test")

    def _log_figures(self, batch: EventBatch, part: str) -> None:
        nats = self._nats(batch, part)
        figures = {
            f"{part}/loss": nats.chords.mean() + nats.durations.mean(),
            f"{part}/chord_bits": nats.chords.mean() / ln(2),
            f"{part}/duration_bits": nats.durations.mean() / ln(2),
            f"{part}/level_bits": nats.levels.mean() / ln(2),
        }
        self.log_dict(figures, prog_bar=part == "val", batch_size=len(nats.chords))

    def _nats(self, batch: EventBatch, part: str, loss_share: float = 1.0) -> Nats:
        """Nats of a batch; how often it is right goes into the log of `part`, mean over the epoch.

        In training that is what Keras reports: of the weights as they were, with dropout. Of
        several processes each scores its share.
        """
        mine = share(batch)
        predicted = self.network.predicted(mine.batch, loss_share, self.last)
        if self.accuracy and isinstance(self.network.representation, Chord):
            right = self.network.representation.right(
                predicted.context, predicted.tokens, predicted.durations
            )
            for name, own in zip(("chord", "duration"), right, strict=True):
                each = gathered(own, mine.counts)
                self.log(f"{part}/{name}_accuracy", each.float().mean(), on_step=False,
                         on_epoch=True, batch_size=len(each))  # fmt: skip
        nats = self.network.representation.nats(*predicted)
        return Nats(*(gathered(own, mine.counts) for own in nats))

    def configure_optimizers(self) -> Any:
        """Make the optimizer and, when asked for, its schedule by step."""
        steps = int(self.trainer.estimated_stepping_batches)
        return optim.configure(self.parameters(), self.optimizer, steps)


def build_music_task(
    model: Mapping[str, Any], data: Mapping[str, Any], optimizer: OptimizerSettings, seed: int
) -> tuple[MusicTask, WholeBatches, Callable[[Path, dict[str, float]], None]]:
    """From settings to the task, its data and the function that writes its checkpoint.

    Raises DataError, SettingsError or CheckpointError before any training starts.
    """
    settings = parse(MusicModelSettings, model, "model")
    wanted = parse(MusicDataSettings, data, "data")
    settings.check_data(wanted)
    store = prepare(wanted)
    parts = select_parts(store, wanted)
    torch.manual_seed(seed)  # first weights
    pieces = [store.piece(row) for row in parts["train"]]
    network, before = _network(settings, pieces)
    past = past_of(network, store)
    train, val, test = (Windows(store, parts[part], past) for part in ("train", "val", "test"))
    if not train.rows or not val.rows:
        raise DataError("no piece of two or more events to train on: check data.include")
    log.info(
        "%s %s, %d parameters; %d pieces (%d events) to train on, %d held out, "
        "%d to test on",
        settings.name, settings.representation, sum(p.numel() for p in network.parameters()),
        len(train.rows), len(train), len(val.rows), len(test.rows),
    )  # fmt: skip
    header = {
        "data": _data_told(store, wanted, train, val, before),
        # When these pieces come back to what was heard before, see `memory.form`.
        "form": past.form(train.rows).as_dict() if past is not None and past.points else None,
        "optimizer": asdict(optimizer),
        "seed": seed,
        "init": checksum(Path(settings.init)) if settings.init else None,
    }

    def save(path: Path, metrics: dict[str, float]) -> None:
        networks.save(path, network, {**header, "metrics": metrics}, settings.half)

    targets = wanted.targets or network.targets
    others = _others(store, wanted, past)
    batches = WholeBatches(
        RandomBatches(train, wanted, targets, seed, others),
        FixedBatches(val, wanted, targets, seed),
        FixedBatches(test, wanted, targets, seed) if test.rows else None,
        {"fingerprint": store.fingerprint, **_counted(train=train, val=val, test=test)},
        wanted.workers,
    )
    task = MusicTask(network, optimizer, wanted.loss_share, targets == "last", settings.accuracy)
    return task, batches, save


def _data_told(
    store: Store,
    wanted: MusicDataSettings,
    train: Windows,
    val: Windows,
    before: Mapping[str, Any],
) -> dict[str, Any]:
    """What a checkpoint tells of the music that its network learns from.

    before: the header of the network that it starts from, {} for none.
    """
    return {
        "fingerprint": store.fingerprint,
        # Of folders their names alone: the rest tells of one machine.
        "settings": asdict(wanted)
        | {"root": Path(wanted.root or "").name, "store": Path(wanted.store or "").name},
        "train_pieces": len(train.rows),
        "train_events": len(train),
        "val_pieces": len(val.rows),
        "train_names": names(train.rows),
        "val_names": names(val.rows),
        # What the network it started from has seen is not held out of this one either.
        "seen_before": seen(before),
    }


def _counted(**parts: Windows) -> dict[str, int]:
    """Pieces and events of each part, by its name."""
    return {
        f"{name}_{what}": count
        for name, part in parts.items()
        for what, count in (("pieces", len(part.rows)), ("events", len(part)))
    }


def _others(store: Store, settings: MusicDataSettings, past: Past | None) -> Windows | None:
    """What training windows may begin with. Raises DataError where there is nothing of that."""
    if not settings.openings:
        return None
    rows = left_out(store, settings)
    if not any(row.events > OPENING for row in rows):
        raise DataError(
            f"data.openings={settings.openings:g} needs pieces that data.include="
            f"{settings.include} leaves out"
        )
    return Windows(store, rows, past)


def _network(
    settings: MusicModelSettings, train: list[Events]
) -> tuple[EventNetwork, dict[str, Any]]:
    """The network to train and the header of the one it starts from, {} for none."""
    if settings.init:
        network, header = networks.load(Path(settings.init))
        got = (network.settings.name, network.settings.representation)
        if got != (settings.name, settings.representation):
            raise CheckpointError(
                f"model.init={settings.init} is a {' '.join(got)} network, expected "
                f"{settings.name} {settings.representation}"
            )
        # Sizes are the checkpoint's; dropout has no weights and follows the settings.
        dropout = (settings.encoder or {}).get("dropout")
        if dropout is not None:
            network.set_dropout(float(dropout))
        network = networks.with_more(
            network, settings.harmony, settings.shortcuts, settings.texture
        )
        return network.train(), header
    representation = registry.find(
        "representation", settings.representation, "model.representation"
    )
    made = NetworkSettings(
        settings.name,
        settings.representation,
        settings.encoder or {},
        settings.tied,
        settings.memory,
        settings.bars,
        settings.mood,
        settings.harmony,
        settings.shortcuts,
        settings.texture,
    )
    return networks.build_network(made, representation.build.learn(train, settings)), {}
