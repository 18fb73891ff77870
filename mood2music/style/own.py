"""Learns a style from a few pieces of one's own, in minutes, and keeps it as a network's file.

The base goes on learning from the pieces, in the midst of its own music (`rehearsal`), until pieces
held out of them are no longer predicted better.
"""

import hashlib
import json
import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from math import log as ln
from pathlib import Path
from typing import Any

import lightning as L
import numpy as np
import torch
from lightning.pytorch.callbacks import Callback

from mood2music.brief import brief
from mood2music.errors import DataError
from mood2music.files import atomically, cache_folder, checksum
from mood2music.generator import network as networks
from mood2music.generator.batches import OPENING, FixedBatches, RandomBatches, opened
from mood2music.generator.embedding import EventBatch
from mood2music.generator.network import EventNetwork
from mood2music.generator.score import names, seen
from mood2music.generator.settings import MusicDataSettings
from mood2music.generator.task import MusicTask
from mood2music.generator.windows import Windows, past_of
from mood2music.judge.trained_on import beside
from mood2music.judge.training_index import FILE, build_index, save_index
from mood2music.learn import checkpoint
from mood2music.learn.batches import WholeBatches
from mood2music.learn.callback_settings import EarlyStoppingSettings
from mood2music.learn.fit import BEST, fit
from mood2music.learn.optimizer_settings import AdamSettings
from mood2music.learn.progress import in_words
from mood2music.learn.run_log import RunLog
from mood2music.learn.settings import TrainerSettings
from mood2music.store.apart import prepare_apart
from mood2music.store.event_store import PieceRow, Store
from mood2music.store.prepare import prepare
from mood2music.store.unpack import unpacked
from mood2music.style.rehearsal import Rehearsal
from mood2music.style.settings import REHEARSAL

log = logging.getLogger(__name__)

# Steps done, of how many at most; an exception from it ends the learning.
Progress = Callable[[int, int], None]
# Hears of what is begun, a line.
Report = Callable[[str], None]

# Raised when styles are learnt otherwise, so that those of before are not taken for new ones.
FORMAT = 1
# Share of the pieces, near copies together, that say when to stop; of few one at least.
HELD_OUT = 0.2


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
class Learnt:
    """A style's file, and how it came about.

    known: whether it was there already; pieces, held_out: how many were learnt and held out;
    before, after: bits an event of those held out, by the base and by the style; seconds: it took.
    """

    path: Path
    known: bool
    pieces: int
    held_out: int
    before: float
    after: float
    seconds: float

    def __str__(self) -> str:
        """One line."""
        how = "learnt before" if self.known else f"learnt in {self.seconds:.0f} s"
        worse = "" if self.after < self.before else ": no better than the base"
        return (
            f"{how} from {self.pieces} pieces; {self.held_out} held out take {self.after:.2f} bits "
            f"an event, by the base {self.before:.2f}{worse}"
        )


def learn_style(
    source: Path,
    base: Path,
    learning: Learning = Learning(),
    progress: Progress | None = None,
    report: Report = lambda line: None,
    into: Path | None = None,
) -> Learnt:
    """Learn a style from a folder or a zip of music, once: what was learnt is kept in the cache.

    base: the file of the network that goes on learning; the style is its `init`, and fits it alone.
    progress: hears of each step, report: what is begun; what they raise ends the learning, and
    nothing is kept. The cache knows a style by the contents of the files, by how they were read, by
    `learning` and by the base. into: a folder in the cache's place, in which all stays that is made
    of the music. Raises DataError for music that cannot be learnt from.
    """
    network, header = networks.load(base)
    style = source.absolute().stem
    data = _data(unpacked(source, into) if source.is_file() else source, header, learning)
    store = prepare_apart(data, into / "events") if into else prepare(data, progress=False)
    told = [FORMAT, store.fingerprint, checksum(base), asdict(learning)]
    name = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:20]
    folder = (into or cache_folder()) / "styles" / name
    known = (folder / BEST).is_file()
    if not known:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{name}.", dir=folder.parent) as made:
            rows, held = split(store.pieces)
            report(
                f"style  learning {style} from {len(rows)} pieces, {len(held)} held out: at "
                f"most {in_words(60 * learning.minutes)}, once"
            )
            _learn(
                _Music(store, rows, held, style),
                base, network, header, data, learning,
                progress or (lambda done, total: None), Path(made),
            )  # fmt: skip
            Path(made, "done").mkdir()
            for file in (BEST, FILE):
                Path(made, file).replace(Path(made, "done", file))
            if not (folder / BEST).is_file():  # another run may have been faster
                Path(made, "done").replace(folder)
    learnt = checkpoint.read_header(folder / BEST)["learnt"]
    return Learnt(folder / BEST, known, **learnt)


def keep(learnt: Learnt, path: Path) -> None:
    """Copy a style's file to `path`, and beside it the index by which `generate` tells novelty."""
    for file, to in ((learnt.path, path), (learnt.path.with_name(FILE), beside(path))):
        with atomically(to) as unfinished:
            shutil.copyfile(file, unfinished)


def split(rows: Sequence[PieceRow]) -> tuple[list[PieceRow], list[PieceRow]]:
    """Split pieces into those to learn from and those held out, near copies together.

    Raises DataError for fewer than two different pieces.
    """
    rows = [row for row in rows if row.events > 1]
    groups = sorted({row.group for row in rows}, key=lambda g: hashlib.sha256(g.encode()).digest())
    if len(groups) < 2:
        raise DataError(
            f"too few pieces to learn a style from, {len(groups)} where near copies count once: "
            "expected 2 or more; 10 are better"
        )
    held = set(groups[: max(1, round(HELD_OUT * len(groups)))])
    return [r for r in rows if r.group not in held], [r for r in rows if r.group in held]


class Mixed(RandomBatches):
    """Batches of one's own pieces, some of them exchanged for such of rehearsed music."""

    def __init__(
        self, own: RandomBatches, other: RandomBatches | None, share: float, seed: int
    ) -> None:
        """`other`: of rehearsed music; share: of the batches that are of it."""
        self.own, self.other, self.share, self.seed = own, other, share, seed
        self.epoch = 0

    def __len__(self) -> int:
        """Count the batches of an epoch."""
        return len(self.own)

    def __iter__(self) -> Iterator[EventBatch]:
        """Draw the batches of the next epoch."""
        rng = np.random.default_rng([self.seed, self.epoch])
        self.epoch += 1
        others = iter(self.other) if self.other is not None else iter(())
        for batch in self.own:
            yield next(others, batch) if rng.random() < self.share else batch


class Opened(FixedBatches):
    """Held-out windows that begin with rehearsed music, unscored: so a piece is written."""

    def __init__(
        self,
        windows: Windows,
        settings: MusicDataSettings,
        targets: str,
        seed: int,
        others: Windows | None,
    ) -> None:
        """others: what they begin with; None: nothing."""
        super().__init__(windows, settings, targets, seed)
        self.others = others

    def __iter__(self) -> Iterator[EventBatch]:
        """Give the batches, the same ones every time."""
        rng = np.random.default_rng(self.seed)
        for batch in super().__iter__():
            if self.others is None:
                yield batch
                continue
            rows, time = batch.durations.shape
            count = min(OPENING // 2, time // 2)
            yield opened(batch, self.others.following(rows, count, rng).part(None, count))


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


def _data(folder: Path, header: dict[str, Any], learning: Learning) -> MusicDataSettings:
    """What is read, as the base has read its own, and how it is cut."""
    read = header["data"]["settings"]
    return MusicDataSettings(
        root=str(folder),
        grid=int(read["grid"]),
        quantize=list(read["quantize"]),
        window=learning.window,
        batch_size=learning.size,
        epoch=learning.size * learning.batches,
        openings=0.0 if learning.rehearsal == "none" else learning.openings,
        loss_share=0.3,
    )


@brief
@dataclass(frozen=True)
class _Music:
    """Pieces of a style: those to learn from and those held out; name: of their folder."""

    store: Store
    rows: list[PieceRow]
    held: list[PieceRow]
    name: str


def _learn(
    music: _Music,
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


@torch.inference_mode()
def held_out_bits(network: EventNetwork, batches: FixedBatches) -> float:
    """Bits of chord and duration of an event, as training measures them."""
    nats, count = 0.0, 0
    for batch in batches:
        found = network.nats(batch)
        nats += float((found.chords + found.durations).sum())
        count += len(found.chords)
    return nats / count / ln(2)
