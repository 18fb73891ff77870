"""How many events a second a network learns from: `make benchmark`. One thread, processor time.

The shipped lstm's layers before they grew (2 x 256), 64 windows of 256 events, a whole step of Adam
each; the ways alternate, and the plain formulas stand for the program before heads and embeddings
became dense products. MUSIC=folder takes real windows of that folder's pieces instead of tunes of
two voices. bf16 is quick where the processor multiplies it in hardware (amx_bf16 in /proc/cpuinfo).
"""

import os
from contextlib import nullcontext
from statistics import median
from time import process_time

import numpy as np
import pytest
import torch

from mood2music.generator.data_settings import MusicDataSettings
from mood2music.generator.event_batch import NO_EVENT, EventBatch
from mood2music.generator.network import EventNetwork, build_network
from mood2music.generator.sampling.continuation import one_thread, to_batch
from mood2music.generator.settings import NetworkSettings
from mood2music.generator.windows import Windows
from mood2music.learn.freed_memory import freed_memory_kept
from mood2music.music.events import to_events
from mood2music.store.prepare import prepare
from tests.conftest import tune
from tests.generator.plain_network import plain_nats

WINDOWS, EVENTS, STEPS = 64, 256, 5
SIZES = {"hidden": 256, "layers": 2, "embedding": 256, "dropout": 0.2}
# Of each way: whether by the plain formulas, in bf16, with freed memory kept, the share scored.
WAYS = {
    "plain formulas, 32 bits": (True, False, False, 1.0),
    "plain formulas, bf16": (True, True, False, 1.0),
    "32 bits, every event scored": (False, False, True, 1.0),
    "bf16, every event scored": (False, True, True, 1.0),
    "bf16, loss_share=0.3": (False, True, True, 0.3),
}


def seconds(
    network: EventNetwork,
    optimizer: torch.optim.Optimizer,
    batch: EventBatch,
    plain: bool,
    bf16: bool,
    share: float,
) -> float:
    began = process_time()
    optimizer.zero_grad()
    with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        nats = plain_nats(network, batch) if plain else network.nats(batch, share)
    (nats.chords.mean() + nats.durations.mean() + nats.levels.mean()).backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    return process_time() - began


def windows() -> list[EventBatch]:
    """One batch a step."""
    if root := os.environ.get("MUSIC"):
        store = prepare(MusicDataSettings(root=root))
        passages, rng = Windows(store, store.pieces), np.random.default_rng(0)
        return [passages.passages(WINDOWS, EVENTS, rng) for _ in range(STEPS)]
    parts = [to_events(tune(seed, EVENTS))[: EVENTS + 1] for seed in range(WINDOWS)]
    return [to_batch(parts)] * STEPS


def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    torch.manual_seed(0)
    network = build_network(NetworkSettings("lstm", "pitchwise", SIZES)).train()
    optimizer = torch.optim.Adam(network.parameters())
    rates: dict[str, list[float]] = {name: [] for name in WAYS}
    with one_thread():
        for batch in windows():
            events = int((batch.durations[:, 1:] != NO_EVENT).sum())
            # The first step of a way in a round meets memory as another left it: it does not count.
            for name, (plain, bf16, kept, share) in WAYS.items():
                with freed_memory_kept() if kept else nullcontext():
                    for _ in range(2):
                        taken = seconds(network, optimizer, batch, plain, bf16, share)
                rates[name].append(events / taken)
    first = median(rates[next(iter(WAYS))])
    with capsys.disabled():
        print()
        for name, each in rates.items():
            rate = median(each)
            print(f"{name:32s} {rate:8.0f} events a second {rate / first:5.2f} times")
