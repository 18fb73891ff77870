from collections.abc import Sequence

import numpy as np
import pytest
import torch

from mood2music.generator.event_batch import END_OF_PIECE
from mood2music.generator.network import EventNetwork
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.generator.sampling.constraints import FREE, SCALES, Constraints
from mood2music.generator.sampling.continuation import continue_events, one_thread
from mood2music.music.events import (
    END,
    HELD,
    LEVELS,
    LONGEST,
    Events,
    from_list,
    join,
    to_events,
    to_notes,
)
from tests.conftest import tune
from tests.generator.test_network import NETWORKS, small

CONTEXT = to_events(tune(5))[:20]


def write(
    network: EventNetwork,
    n: int = 3,
    length: int = 25,
    seed: int = 0,
    constraints: Constraints = FREE,
    **settings: object,
) -> list[Events]:
    sampler = SamplerSettings(**settings)  # type: ignore[arg-type]
    rng = np.random.default_rng(seed)
    return continue_events(network, [CONTEXT] * n, length, sampler, rng, constraints=constraints)


@pytest.mark.parametrize(("name", "representation"), NETWORKS)
def test_the_same_seed_writes_the_same_events_and_another_seed_others(
    name: str, representation: str
) -> None:
    network = small(name, representation)
    first, again, other = write(network), write(network), write(network, seed=1)
    assert [e.as_list() for e in first] == [e.as_list() for e in again]
    assert [e.as_list() for e in first] != [e.as_list() for e in other]
    assert first[0].as_list() != first[1].as_list()
    assert all(len(e) == 25 and e.start == int(CONTEXT.ends()[-1]) for e in first)


@pytest.mark.parametrize(("name", "representation"), NETWORKS)
def test_a_variant_is_the_same_however_many_are_written_beside_it(
    name: str, representation: str
) -> None:
    network = small(name, representation)
    alone, several = write(network, 1)[0], write(network, 4)[0]
    assert alone.as_list() == several.as_list()
    assert alone.levels.tolist() == several.levels.tolist()


@pytest.mark.parametrize(("name", "representation"), NETWORKS)
def test_what_is_written_keeps_to_the_alphabet_and_to_the_constraints(
    name: str, representation: str
) -> None:
    network = small(name, representation)
    constraints = Constraints(50, 75, SCALES["minor"], 2)
    for seed in range(4):
        for events in write(network, 4, 25, seed, constraints, top_p=1):
            pitches = events.tokens % HELD
            assert pitches.min(initial=50) >= 50
            assert pitches.max(initial=75) <= 75
            assert set((pitches % 12).tolist()) <= SCALES["minor"]
            assert events.counts().max() <= 2
            assert events.durations.min() >= 1
            assert events.durations.max() <= LONGEST
            assert events.levels.max(initial=0) < LEVELS
            sounding = {int(t) % HELD for t in CONTEXT.chord(len(CONTEXT) - 1)}
            for chord, _ in events.as_list():
                assert {t - HELD for t in chord if t >= HELD} <= sounding
                assert sorted({t % HELD for t in chord}) == [t % HELD for t in chord]
                sounding = {t % HELD for t in chord}


def narrow(name: str, representation: str) -> EventNetwork:
    """A network of so few events that it often repeats itself."""
    network = small(name, representation)
    head = network.representation
    with torch.no_grad():
        steps = head.duration.out.bias
        steps[torch.arange(len(steps)) != 6] = -1e9
        symbols = head.out.bias
        kept = torch.tensor([60, 64, 60 + HELD, END] if representation == "pitchwise" else [1, 2])
        shut = torch.full_like(symbols, -1e9)
        shut[kept] = symbols[kept]
        symbols.copy_(shut)
    return network


def longest_repeat(events: Events, lag: int) -> int:
    """Most events in a row that are the same as the event `lag` before."""
    listed = events.as_list()
    same = ("x" if listed[i] == listed[i - lag] else " " for i in range(lag, len(listed)))
    return max(map(len, "".join(same).split()), default=0)


@pytest.mark.parametrize(("name", "representation"), NETWORKS)
def test_no_run_stands_more_often_in_a_row_than_allowed(name: str, representation: str) -> None:
    network = narrow(name, representation)
    for piece in write(network, 4, 60, loop_run=2, loop_times=2):
        assert all(longest_repeat(piece, lag) < 2 * lag for lag in range(2, 27))
    free = write(network, 6, 120, loop_run=0)
    assert any(longest_repeat(piece, lag) >= 2 * lag for piece in free for lag in range(2, 9))


def test_no_ngram_comes_twice_nor_one_of_the_seed() -> None:
    network = narrow("lstm", "pitchwise")
    for piece in write(network, 3, 100, no_repeat_ngram=6, loop_run=0, top_p=1):
        listed = CONTEXT.as_list()[-5:] + piece.as_list()
        ngrams = [tuple(listed[i : i + 6]) for i in range(100)]
        assert len(set(ngrams)) == 100
    listed = write(network, 3, 100, loop_run=0, top_p=1)[0].as_list()
    assert len({tuple(listed[i : i + 6]) for i in range(95)}) < 95
    piece = write(small(), 1, 60, no_repeat_ngram=1)[0].as_list()
    assert not set(piece) & set(CONTEXT.as_list())


def test_guards_and_constraints_go_together() -> None:
    network = narrow("lstm", "pitchwise")
    settings = {"longest_hold": 0.5, "no_repeat_ngram": 2, "repetition_penalty": 1.5}
    for piece in write(network, 4, 40, constraints=Constraints(60, 72, None, 1), **settings):
        assert to_notes(piece).duration.max() <= 12
        assert set((piece.tokens % HELD).tolist()) <= {60, 64}


def test_no_note_is_longer_than_the_longest_hold() -> None:
    network = small()
    with torch.no_grad():  # held pitches are likely
        network.representation.out.bias[HELD:END] += 6
    for piece in write(network, 4, 80, longest_hold=2.0):
        assert to_notes(piece).duration.max() <= 48
    free = [to_notes(piece).duration.max() for piece in write(network, 4, 80)]
    assert max(free) > 48


@pytest.mark.parametrize("name", ["lstm", "bilstm_attention"])
def test_no_silence_is_longer_than_the_longest_rest(name: str) -> None:
    """Rests in a row count together, and those at the end of the context."""
    network = small(name)
    with torch.no_grad():  # rests are likely
        network.representation.out.bias[END] += 4
    context = to_events(tune(5))[:20]
    context = join([context, from_list([((), 10)], int(context.ends()[-1]))])

    def silences(longest_rest: float | None, n: int) -> list[int]:
        sampler = SamplerSettings(longest_rest=longest_rest)
        rng = np.random.default_rng(0)
        pieces = continue_events(network, [context] * n, 60, sampler, rng)
        return [longest_silence(join([context[-1:], piece])) for piece in pieces]

    assert max(silences(None, 3)) > 24
    assert max(silences(1.0, 3)) == 24
    assert silences(1.0, 1) == silences(1.0, 3)[:1]
    # None beyond the ten steps that the context ends with.
    assert silences(0.0, 3) == [10] * 3


def longest_silence(events: Events) -> int:
    """Grid steps."""
    longest = now = 0
    for chord, duration in events.as_list():
        now = 0 if chord else now + duration
        longest = max(longest, now)
    return longest


def test_pieces_are_as_long_as_asked_unless_they_may_end() -> None:
    network = small()
    with torch.no_grad():
        network.representation.duration.out.bias[END_OF_PIECE] += 5
        network.representation.out.bias[END] += 3
    assert [len(e) for e in write(network, 6, 60)] == [60] * 6
    pieces = write(network, 6, 60, end_of_piece=True)
    assert len({len(e) for e in pieces}) > 1
    assert all(1 <= len(e) <= 60 for e in pieces)
    assert all(e.durations.max() <= LONGEST for e in pieces)
    alone = write(network, 1, 60, end_of_piece=True)
    assert alone[0].as_list() == pieces[0].as_list()


def test_one_thread_is_given_back() -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    with one_thread():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == 2
    torch.set_num_threads(before)


def test_dynamics_of_a_song_that_has_none_are_not_read() -> None:
    """The network hears the same whatever the one level is; of two it hears which."""
    network, seed = small(), to_events(tune(5))[:20]

    def written(levels: Sequence[int]) -> list[int]:
        part = from_list(seed.as_list(), seed.start, levels)
        rng = np.random.default_rng(0)
        events = continue_events(network, [part], 40, SamplerSettings(), rng)[0]
        return events.levels[events.tokens < HELD].tolist()

    n = len(seed.tokens)
    with torch.no_grad():
        network.representation.dynamics.weight.mul_(20)
    soft, loud = written([0] * n), written([7] * n)
    assert soft == loud
    assert len(set(soft)) > 1
    assert written([0, *[7] * (n - 1)]) != loud
