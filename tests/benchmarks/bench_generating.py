"""How long an event takes: `make benchmark`. Medians of processor time, shipped networks.

Each program stands beside eager torch in the same run: a step of `nn.LSTM` alone, or the whole
window read anew by the bidirectional encoder alone, neither of them with any sampling.
"""

from collections.abc import Callable, Iterator
from statistics import median

import numpy as np
import pytest
import torch
from pytest_benchmark.fixture import BenchmarkFixture

from mood2music.files import PRETRAINED
from mood2music.generator.lstm import LSTM
from mood2music.generator.network import EventNetwork, load
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.generator.sampling.continuation import (
    continue_events,
    one_thread,
    ready,
    to_batch,
)
from mood2music.generator.sampling.reading import CONTEXT
from mood2music.music.events import to_events
from tests.conftest import tune

SEED = to_events(tune(5))[:35]
EVENTS = 400
MEDIANS: dict[str, float] = {}


@pytest.fixture(autouse=True)
def quietly() -> Iterator[None]:
    with one_thread(), torch.inference_mode():
        yield


def network(name: str) -> EventNetwork:
    return load(PRETRAINED / f"{name}_base.safetensors")[0]


def timed(
    benchmark: BenchmarkFixture, name: str, run: Callable[[], object], events: int, rounds: int
) -> float:
    """Median milliseconds an event."""
    benchmark.group = "generating"
    benchmark.pedantic(run, rounds=rounds, warmup_rounds=1)
    MEDIANS[name] = median(benchmark.stats.stats.data) / events * 1e3
    benchmark.extra_info["ms_per_event"] = MEDIANS[name]
    return MEDIANS[name]


def writing(name: str, n: int) -> Callable[[], object]:
    """Write EVENTS events of n variants, all of it: read, draw, guard, remember."""
    writer = ready(network(name))
    return lambda: continue_events(
        writer, [SEED] * n, EVENTS, SamplerSettings(), np.random.default_rng(0)
    )


def test_a_step_of_eager_lstm(benchmark: BenchmarkFixture) -> None:
    encoder = network("lstm").encoder
    assert isinstance(encoder, LSTM)
    vectors = torch.randn(1, 1, encoder.lstm.input_size)
    state = encoder.step(vectors)[1]
    timed(benchmark, "eager nn.LSTM, a step alone", lambda: encoder.step(vectors, state), 1, 500)


def test_lstm(benchmark: BenchmarkFixture) -> None:
    timed(benchmark, "lstm, 1 variant", writing("lstm", 1), EVENTS, 7)


def test_lstm_of_32_variants(benchmark: BenchmarkFixture) -> None:
    timed(benchmark, "lstm, 32 variants", writing("lstm", 32), EVENTS * 32, 3)


def test_a_window_of_the_eager_bidirectional_encoder(benchmark: BenchmarkFixture) -> None:
    read = network("bilstm_attention")
    vectors = read.representation.embed(to_batch([to_events(tune(5))[:CONTEXT]]))
    name = f"eager bilstm_attention, {CONTEXT} events alone"
    timed(benchmark, name, lambda: read.encoder(vectors), 1, 100)


def test_bilstm_attention(benchmark: BenchmarkFixture) -> None:
    timed(benchmark, "bilstm_attention, 1 variant", writing("bilstm_attention", 1), EVENTS, 3)


def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    single = MEDIANS["lstm, 1 variant"]
    with capsys.disabled():
        print()
        for name, milliseconds in MEDIANS.items():
            print(f"{name:40s} {milliseconds:8.3f} ms an event")
        print(f"32 variants at {single / MEDIANS['lstm, 32 variants']:.1f} times the rate of one")
