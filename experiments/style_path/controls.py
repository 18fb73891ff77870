"""Trains what a blend of weights is compared with, all from one reading of the data, on one GPU.

python -m experiments.style_path.controls store=FOLDER out=FOLDER seconds=250
"""

import json
import logging
import multiprocessing
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import cos, pi
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from experiments.measuring import measuring
from experiments.style_path.packed import pack
from experiments.style_path.told import StyleTold, network_told
from mood2music.generator import network as networks
from mood2music.generator.batches import FixedBatches, RandomBatches
from mood2music.generator.data_settings import MusicDataSettings
from mood2music.generator.event_batch import EventBatch, Recalled
from mood2music.generator.memory.past import Past
from mood2music.generator.network import EventNetwork
from mood2music.generator.parts import left_out, select_parts
from mood2music.generator.settings import NetworkSettings
from mood2music.generator.windows import Windows, past_of
from mood2music.store.event_store import Store
from mood2music.store.prepare import prepare

log = logging.getLogger(__name__)

EXCLUDE = ["jazz/joplin_kern_NC/*"]
INCLUDE = {
    "jazz": ["jazz/*"],
    "classical": ["classical/*", "classical_kern/*"],
    "pop": ["pop/*"],
    "all": ["jazz/*", "classical/*", "classical_kern/*", "pop/*"],
}
STYLES = ("jazz", "classical", "pop")
MEMORY = ["same", "moved", "melody", "pointed"]
WARMUP = 0.03
DROPOUT = 0.25


@dataclass
class Settings:
    """See controls.yaml."""

    store: str
    base: Path
    out: Path
    seconds: float
    jobs: list[str]
    share: float
    trainers: int
    workers: int


@dataclass(frozen=True)
class Job:
    """One training. data: what is mixed, and the share of each; openings: share of windows that
    begin with other styles; way: how it is told moods, from scratch, "" for a fine-tune of the
    base; told: whether it is told the style, of those in `data`.
    """

    data: Mapping[str, float]
    steps: int
    batch: int = 32
    rate: float = 0.0015
    openings: float = 0.6
    ema: float = 0.99
    way: str = ""
    told: bool = False
    seed: int = 0
    hidden: int = 256


def _jobs() -> dict[str, Job]:
    """All trainings, the most wanted first."""
    pairs = (("jazz", "classical"), ("jazz", "pop"), ("classical", "pop"))
    jobs = {style: Job({style: 1.0}, 250) for style in STYLES}
    jobs |= {f"{a}+{b}": Job({a: 0.5, b: 0.5}, 250) for a, b in pairs}
    jobs |= {f"{style}+all": Job({style: 0.5, "all": 0.5}, 250) for style in STYLES}
    jobs["style_input"] = Job(dict.fromkeys(STYLES, 1 / 3), 750, told=True)
    scratch = Job({"all": 1.0}, 350, 128, 0.003, 0.0, 0.995)
    jobs |= {f"mood_{way}": replace(scratch, way=way) for way in ("rows", "film", "prefix")}
    apart = Job({}, 500, 64, 0.003, 0.3, 0.995, "rows")
    for seed, style in enumerate(STYLES[:2], 1):
        jobs[f"{style}_apart"] = replace(apart, data={style: 1.0}, seed=seed)
    return jobs


JOBS = _jobs()


class Mixture(torch.utils.data.IterableDataset[list[EventBatch]]):
    """Steps of a job: a batch of each kind of data."""

    def __init__(self, job: Job, steps: int, store: Store, past: Past) -> None:
        """`steps`: how many."""
        self.sources = []
        for i, (kind, part) in enumerate(job.data.items()):
            size = max(1, round(job.batch * part))
            s = settings_of(kind, size, steps, 0.0 if kind == "all" else job.openings)
            others = Windows(store, left_out(store, s), past) if s.openings else None
            rows = select_parts(store, s)["train"]
            self.sources.append(
                RandomBatches(Windows(store, rows, past), s, "all", 100 * job.seed + i, others)
            )

    def __iter__(self) -> Iterator[list[EventBatch]]:
        """Give each step's batches, in the order of the job's data."""
        torch.set_num_threads(1)
        yield from map(list, zip(*self.sources, strict=True))


def settings_of(
    kind: str, size: int = 64, steps: int = 0, openings: float = 0
) -> MusicDataSettings:
    """How windows of one kind of data are cut, as the shipped networks' are."""
    return MusicDataSettings(
        name="midi", store="", include=INCLUDE[kind], exclude=EXCLUDE, window=256,
        batch_size=size, epoch=steps * size, openings=openings, loss_share=0.3,
    )  # fmt: skip


@measuring
def main(asked: Settings) -> None:
    """Read the data once, then train side by side until all is done or the time is over."""
    end = time.monotonic() + asked.seconds
    asked.out.mkdir(parents=True, exist_ok=True)
    store = prepare(MusicDataSettings(name="midi", store=asked.store))
    past = past_of(networks.load(asked.base)[0], store)
    assert past is not None
    print(f"data after {asked.seconds - end + time.monotonic():.0f} s", flush=True)
    fork = multiprocessing.get_context("fork")
    names: Any = fork.Queue()
    for name in asked.jobs or JOBS:
        names.put(name)
    for _ in range(asked.trainers):
        names.put(None)
    trainers = [
        fork.Process(target=trainer, args=(asked, store, past, names, end))
        for _ in range(asked.trainers)
    ]
    for one in trainers:
        one.start()
    for one in trainers:
        one.join()


def trainer(asked: Settings, store: Store, past: Past, names: Any, end: float) -> None:
    """Train one job after another."""
    torch.set_num_threads(1)
    while (name := names.get()) is not None:
        if time.monotonic() > end - 3:
            print(f"{name}: no time", flush=True)
            continue
        try:
            train(asked, name, store, past, end)
        except Exception as error:  # the others go on
            logging.exception("%s: %s", name, error)


def train(asked: Settings, name: str, store: Store, past: Past, end: float) -> None:
    """Train one network and write it packed."""
    job, begun = JOBS[name], time.monotonic()
    steps = max(2, round(job.steps * asked.share))
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(job.seed)
    base, _ = networks.load(asked.base)
    origin = {key: weight.clone() for key, weight in base.state_dict().items()}
    network: EventNetwork = base
    if job.way:
        size = {"hidden": job.hidden, "embedding": job.hidden, "dropout": DROPOUT, "layers": 2}
        network = network_told(
            NetworkSettings("lstm", "pitchwise", size, False, MEMORY, True), job.way
        )
        origin = {}
    elif job.told:
        network = StyleTold(base, len(job.data))
    network.set_dropout(DROPOUT)
    network.to(device).train()
    weights = list(network.parameters())
    averaged = [weight.detach().clone() for weight in weights]
    made = torch.optim.Adam(weights, lr=job.rate, fused=device.type == "cuda")
    rising = WARMUP * steps
    batches = torch.utils.data.DataLoader(
        Mixture(job, steps, store, past), None, num_workers=asked.workers
    )
    chance = torch.Generator().manual_seed(job.seed)
    total, done = torch.zeros((), device=device), 0
    for step, parts in enumerate(batches):
        rate = (
            (step + 1) / (rising + 1)
            if step < rising
            else (0.5 * (1 + cos(pi * (step - rising) / max(steps - rising, 1))))
        )
        for group in made.param_groups:
            group["lr"] = job.rate * rate
        made.zero_grad(set_to_none=True)
        for style, ((_, part), batch) in enumerate(zip(job.data.items(), parts, strict=True)):
            if isinstance(network, StyleTold):
                told = float(torch.rand((), generator=chance)) >= 0.15
                network.style = style if told else None
            with torch.autocast(device.type, torch.bfloat16):
                nats = network.nats(moved(batch, device), 0.3)
                played = nats.chords.mean() + nats.durations.mean()
                loss = part * (played + nats.levels.mean())
            loss.backward()  # type: ignore[no-untyped-call]  # torch's own
            total += part * played.detach()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        made.step()
        with torch.no_grad():
            decay = min(job.ema, (1 + step) / (10 + step))
            torch._foreach_lerp_(averaged, weights, 1 - decay)
        done = step + 1
        if done == 20:
            print(f"{name}: step 20 after {time.monotonic() - begun:.1f} s", flush=True)
        if time.monotonic() > end - 4:
            break
    seconds = time.monotonic() - begun
    with torch.no_grad():
        for weight, mean in zip(weights, averaged, strict=True):
            weight.copy_(mean)
    (asked.out / f"{name}.z").write_bytes(pack(network.state_dict(), origin))
    told_of = {
        "name": name, "steps": done, "of": steps, "train": float(total) / max(done, 1),
        "seconds": round(seconds, 1),
    }  # fmt: skip
    (asked.out / f"{name}.json").write_text(json.dumps(told_of))
    if time.monotonic() < end - 6:
        network.style = None  # type: ignore[assignment]
        told_of["val"] = held_out(network, job, store, past, device, end)
        (asked.out / f"{name}.json").write_text(json.dumps(told_of))
    print(json.dumps(told_of), flush=True)


@torch.no_grad()
def held_out(
    network: EventNetwork, job: Job, store: Store, past: Past, device: torch.device, end: float
) -> dict[str, float]:
    """Nats an event of held-out pieces of each kind of its data, untold."""
    network.eval()
    found = {}
    for kind in job.data:
        s = settings_of(kind)
        rows = select_parts(store, s)["val"]
        total, count = 0.0, 0
        batches = torch.utils.data.DataLoader(
            FixedBatches(Windows(store, rows, past), s, "all", 0), None, num_workers=4
        )
        for batch in batches:
            with torch.autocast(device.type, torch.bfloat16):
                nats = network.nats(moved(batch, device))
            total += float(nats.chords.sum() + nats.durations.sum())
            count += len(nats.chords)
            if time.monotonic() > end - 4:
                break
        found[kind] = round(total / max(count, 1), 4)
    return found


def moved(batch: EventBatch, device: torch.device) -> EventBatch:
    """The batch on a device."""

    def to(value: Any) -> Any:
        if isinstance(value, Recalled):
            return Recalled(*(to(part) for part in value))
        return value.to(device, non_blocking=True) if isinstance(value, Tensor) else value

    return EventBatch(*(to(value) for value in batch))


if __name__ == "__main__":
    main()
