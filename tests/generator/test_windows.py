from pathlib import Path

import numpy as np
import pytest

from mood2music.generator.event_batch import END_OF_PIECE, NO_LEVEL, PAD
from mood2music.generator.sampling.continuation import to_batch
from mood2music.generator.windows import Windows
from mood2music.store.event_store import Store
from mood2music.store.prepare import MusicSourceSettings, prepare


@pytest.fixture
def store(library: Path) -> Store:
    return prepare(MusicSourceSettings(name="midi", root=str(library)), progress=False)


def test_a_window_holds_the_events_of_its_place_and_knows_the_beat(store: Store) -> None:
    row = store.pieces[3]
    windows = Windows(store, store.pieces)
    cut = windows.cut(np.array([row.first + 7]), np.array([row.first + 19]))
    expected = to_batch([store.piece(row)[7:19]])
    for ours, theirs in zip(cut[:4], expected[:4], strict=True):
        assert ours.tolist() == theirs.tolist()


def test_covering_windows_predict_every_event_but_the_first_and_the_end_once(store: Store) -> None:
    windows = Windows(store, store.pieces)
    predicted = sum(
        int((batch.durations[:, 1:] > 0).sum()) for batch in windows.covering(size=5, time=16)
    )
    assert predicted == len(windows) == sum(r.events for r in store.pieces)


def test_short_pieces_are_padded_behind_their_end(store: Store) -> None:
    a, b = store.pieces[:2]
    cut = Windows(store, store.pieces).cut(
        np.array([a.first, b.first]), np.array([a.first + 3, b.first + 6])
    )
    assert cut.durations[0, 3:].tolist() == [0, 0, 0]
    assert bool((cut.tokens[0, 3:] == PAD).all())


def test_the_end_of_a_piece_is_one_event_behind_its_last(store: Store) -> None:
    row = store.pieces[2]
    cut = Windows(store, store.pieces).cut(
        np.array([row.first + row.events - 2]), np.array([row.first + row.events + 1])
    )
    assert cut.durations[0, :2].tolist() == store.piece(row).durations[-2:].tolist()
    assert cut.durations[0, 2] == END_OF_PIECE
    assert bool((cut.tokens[0, 2] == PAD).all())
    assert bool((cut.levels[0, 2] == NO_LEVEL).all())
