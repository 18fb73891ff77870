"""How many events a second a network learns from: `make benchmark`. One thread, processor time.

The shipped size, 64 windows of 256 events, a whole step of Adam each; the ways alternate. bf16 is
quick where the processor multiplies it in hardware (amx_bf16 in /proc/cpuinfo).
"""

from statistics import median
from time import process_time

import pytest
import torch

from mood2music.generator.network import EventNetwork, build_network
from mood2music.generator.sampling.continuation import one_thread, to_batch
from mood2music.generator.settings import NetworkSettings
from mood2music.music.events import to_events
from tests.conftest import tune

WINDOWS, EVENTS, STEPS = 64, 256, 5
WAYS = {
    "32 bits, every event scored": (False, 1.0),
    "bf16, every event scored": (True, 1.0),
    "bf16, loss_share=0.3": (True, 0.3),
}
SIZES = {"hidden": 256, "layers": 2, "embedding": 256, "dropout": 0.2}


def seconds(
    network: EventNetwork, optimizer: torch.optim.Optimizer, bf16: bool, share: float
) -> float:
    began = process_time()
    optimizer.zero_grad()
    with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
        nats = network.nats(BATCH, share)
    (nats.chords.mean() + nats.durations.mean() + nats.levels.mean()).backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    return process_time() - began


BATCH = to_batch([to_events(tune(seed, EVENTS))[: EVENTS + 1] for seed in range(WINDOWS)])


def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    torch.manual_seed(0)
    network = build_network(NetworkSettings("lstm", "pitchwise", SIZES)).train()
    optimizer = torch.optim.Adam(network.parameters())
    taken: dict[str, list[float]] = {name: [] for name in WAYS}
    with one_thread():
        for _ in range(STEPS):
            for name, (bf16, share) in WAYS.items():
                taken[name].append(seconds(network, optimizer, bf16, share))
    with capsys.disabled():
        print()
        for name, each in taken.items():
            print(f"{name:32s} {WINDOWS * EVENTS / median(each):8.0f} events a second")
