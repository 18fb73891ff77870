"""Events that repeat, and bits after more and fewer of those before, of a tiny network."""

from typing import Any

import numpy as np
import pytest
import torch

from mood2music.generator.context_bits import last_bits, measure, repeats
from mood2music.generator.network import EventNetwork, build_network
from mood2music.generator.score import network_bits
from mood2music.generator.settings import NetworkSettings
from mood2music.generator.windows import Windows, past_of
from mood2music.music.events import HELD, Event, from_list, to_notes
from mood2music.store.event_store import Store, open_store, write_store
from mood2music.store.piece import to_piece

C, D, E, F, G = (((pitch,), 24) for pitch in (60, 62, 64, 65, 67))


def test_an_event_repeats_that_followed_the_three_before_it_the_last_time() -> None:
    events: list[Event] = [C, D, E, F, C, D, E, F, C, D, E, G]
    assert np.flatnonzero(repeats(from_list(events))).tolist() == [7, 8, 9, 10]


def test_the_latest_time_counts() -> None:
    events: list[Event] = [C, D, E, F, C, D, E, G, C, D, E, F]
    assert not repeats(from_list(events))[11]
    assert repeats(from_list([*events[:8], C, D, E, G]))[11]


def test_a_held_pitch_or_another_duration_is_another_event() -> None:
    held: Event = ((60 + HELD,), 24)
    short: Event = ((60,), 12)
    for first in (held, short):
        assert not repeats(from_list([C, D, E, F, first, D, E, F])).any()


def test_a_piece_of_three_events_repeats_nothing() -> None:
    assert repeats(from_list([C, C, C])).tolist() == [False] * 3
    assert repeats(from_list([])).tolist() == []


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Two pieces that repeat and one that hardly does, with 24, 24 and 12 events."""
    tune: list[Event] = [((60 + i % 6,), 12) for i in range(24)]
    rng = np.random.default_rng(0)
    wild: list[Event] = [((int(p),), 12) for p in rng.permutation(np.arange(50, 62))]
    folder = tmp_path_factory.mktemp("store") / "events"
    pieces = [(f"{i}.mid", f"{i}" * 64, to_piece(to_notes(from_list(e)), []))
              for i, e in enumerate((tune, tune[1:] + tune[:1], wild))]  # fmt: skip
    write_store(folder, pieces, 24, [])
    return open_store(folder)


@pytest.fixture(scope="module")
def network() -> EventNetwork:
    torch.manual_seed(0)
    sizes = {"hidden": 8, "layers": 1, "embedding": 8}
    return build_network(NetworkSettings("lstm", "pitchwise", sizes)).eval()


def trained_on(*names: str) -> dict[str, Any]:
    return {"data": {"train_names": list(names)}}


def test_the_last_event_of_a_window_is_scored_as_in_scoring(
    network: EventNetwork, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mood2music.generator import score

    monkeypatch.setattr(score, "SCORING_CONTEXT", 5)
    windows = Windows(store, store.pieces)
    places = np.array([6, 7, 23])
    expected = network_bits(network, windows, places)[:, :2].sum(1)
    assert last_bits(network, windows, places, 5) == pytest.approx(expected, rel=1e-5)


def test_every_context_is_measured_on_the_same_events(network: EventNetwork, store: Store) -> None:
    rows = measure(network, trained_on(), store, [4, 16, 500], 1000, 0)
    assert [row["context"] for row in rows] == [4, 16]
    # Events 16 to 23 of the two pieces that are long enough; all of them repeat.
    assert all(row["events"] == row["events_repeat"] == 16 for row in rows)
    assert rows[0]["bits"] != rows[1]["bits"]
    for row in rows:
        assert row["bits"] == row["bits_repeat"]
        low, high = row["low"], row["high"]
        assert isinstance(low, float)
        assert isinstance(high, float)
        assert 0 < low <= high


def test_what_is_recalled_is_read_in_every_context(store: Store) -> None:
    torch.manual_seed(0)
    sizes = {"hidden": 8, "layers": 1, "embedding": 8}
    settings = NetworkSettings("lstm", "pitchwise", sizes, memory=["same", "melody"], bars=True)
    network = build_network(settings).eval()
    windows = Windows(store, store.pieces, past_of(network, store))
    places = np.array([20, 23])
    before = last_bits(network, windows, places, 2)
    # What a network that leans on the event recalled makes of a place where one is.
    assert network.behind is not None
    with torch.no_grad():
        for weight in network.behind.parameters():
            weight.add_(torch.randn_like(weight))
    assert (last_bits(network, windows, places, 2) != before).all()
    rows = measure(network, trained_on(), store, [4, 16], 1000, 0)
    assert [row["events_repeat"] for row in rows] == [16, 16]


def test_pieces_that_were_trained_on_are_left_out(network: EventNetwork, store: Store) -> None:
    header = trained_on(*(row.name for row in store.pieces[:2]))
    (row,) = measure(network, header, store, [4, 16], 1000, 0)
    assert (row["context"], row["events"], row["events_repeat"]) == (4, 8, 0)
    assert "bits_repeat" not in row
    assert measure(network, header, store, [16], 1000, 0) == []


def test_as_many_events_as_asked_for_are_drawn_of_each_kind(
    network: EventNetwork, store: Store
) -> None:
    (row,) = measure(network, trained_on(), store, [4], 5, 0)
    assert row["events"] == row["events_repeat"] == row["events_place"] == 5


def test_a_row_tells_of_events_with_so_many_before_them(
    network: EventNetwork, store: Store
) -> None:
    first, second = measure(network, trained_on(), store, [4, 10], 1000, 0)
    assert first["events_place"] == 3 * 4
    assert second["events_place"] == 10 + 10 + 2
    rows = [row.first + np.arange(4, 8) for row in store.pieces]
    windows = Windows(store, store.pieces)
    expected = last_bits(network, windows, np.concatenate(rows), 4).mean()
    assert first["bits_place"] == pytest.approx(expected)
