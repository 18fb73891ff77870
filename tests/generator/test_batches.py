from pathlib import Path

import numpy as np
import pytest
import torch

from mood2music.generator.batches import FixedBatches, RandomBatches, opened, transposed
from mood2music.generator.data_settings import WindowSettings
from mood2music.generator.event_batch import END_OF_PIECE, NO_LEVEL, PAD, EventBatch
from mood2music.generator.memory.past import Past
from mood2music.generator.windows import Windows
from mood2music.learn.batches import WholeBatches
from mood2music.music.events import END, HELD
from mood2music.store.event_store import Store
from mood2music.store.prepare import MusicSourceSettings, prepare


@pytest.fixture
def store(library: Path) -> Store:
    return prepare(MusicSourceSettings(name="midi", root=str(library)), progress=False)


def test_training_draws_new_windows_each_epoch_and_the_same_for_the_same_seed(store: Store) -> None:
    settings = WindowSettings(window=8, batch_size=4)

    def epochs(seed: int) -> list[list[int]]:
        batches = RandomBatches(Windows(store, store.pieces), settings, "all", seed)
        return [[int(b.tokens.sum()) for b in batches] for _ in range(2)]

    first, second = epochs(0)
    assert first != second
    assert epochs(0) == [first, second]
    assert epochs(1)[0] != first


def test_windows_of_a_bidirectional_network_have_no_padding_and_many_lengths(store: Store) -> None:
    settings = WindowSettings(window=30, shortest=5, batch_size=4)
    batches = list(RandomBatches(Windows(store, store.pieces), settings, "last", 0))
    assert all(bool((b.durations > 0).all()) for b in batches)
    lengths = {b.durations.shape[1] - 1 for b in batches}
    assert len(lengths) > 5
    assert lengths <= set(range(5, 31))


@pytest.mark.parametrize("targets", ["all", "last"])
def test_held_out_batches_are_the_same_every_time(store: Store, targets: str) -> None:
    settings = WindowSettings(window=16, batch_size=4, scored=40)
    batches = FixedBatches(Windows(store, store.pieces), settings, targets, 0)
    sums = [[int(b.tokens.sum()) for b in batches] for _ in range(2)]
    assert sums[0] == sums[1]
    assert len(sums[0]) == len(batches)


def test_an_epoch_of_a_network_that_reads_all_meets_ends_of_pieces(store: Store) -> None:
    windows = Windows(store, store.pieces)
    ends = sum(int((b.durations == END_OF_PIECE).sum()) for b in windows.covering(5, 16))
    assert ends == len(store.pieces)


def test_transposed_windows_move_as_a_whole_and_keep_all_else(store: Store) -> None:
    rows = store.pieces
    windows = Windows(store, rows)
    first = np.array([r.first for r in rows])
    batch = windows.cut(first, first + 20)
    moved = transposed(batch, 12, np.random.default_rng(0))
    shifts = set()
    for before, after in zip(batch.tokens, moved.tokens, strict=True):
        assert torch.equal(before == PAD, after == PAD)
        assert torch.equal(before < HELD, after < HELD)
        steps = set((after - before)[before != PAD].tolist())
        assert len(steps) == 1
        shifts |= steps
    assert len(shifts) > 3
    assert shifts <= set(range(-6, 6))
    for name in ("durations", "beats", "levels"):
        assert torch.equal(getattr(batch, name), getattr(moved, name))


def test_a_window_that_would_leave_the_keyboard_is_not_transposed() -> None:
    tokens = torch.tensor([[[126, 127 + HELD]], [[60, PAD]]]).repeat(40, 1, 1)
    plain = torch.zeros(80, 1, dtype=torch.int64)
    batch = EventBatch(tokens, plain + 6, plain, torch.zeros_like(tokens))
    moved = transposed(batch, 12, np.random.default_rng(0)).tokens
    assert set(moved[::2, 0, 0].tolist()) <= set(range(120, 127))
    assert bool((moved[::2, 0, 1] - moved[::2, 0, 0] == 1 + HELD).all())
    assert bool((moved[::2, 0, 1] < END).all())


def test_only_training_windows_are_transposed(store: Store) -> None:
    windows = Windows(store, store.pieces)
    plain, moved = (
        next(iter(RandomBatches(windows, WindowSettings(transpose=t), "all", 0))) for t in (0, 12)
    )
    assert not torch.equal(plain.tokens, moved.tokens)
    held_out = [
        next(iter(FixedBatches(windows, WindowSettings(transpose=t), "all", 0))) for t in (0, 12)
    ]
    assert torch.equal(held_out[0].tokens, held_out[1].tokens)


def test_only_training_windows_are_told_moods(store: Store) -> None:
    past = Past(store, [], False, "formula")
    windows = Windows(store, store.pieces, past)
    settings = WindowSettings(window=8, batch_size=4, untold=0.0)
    assert past.moods is not None
    for batch in RandomBatches(windows, settings, "all", seed=0):
        assert batch.moods is not None
        assert (batch.moods[..., :2] > 0).all()
    for batch in FixedBatches(windows, settings, "all", seed=0):
        assert batch.moods is not None
        assert not batch.moods.any()


@pytest.mark.parametrize("targets", ["all", "last"])
def test_workers_draw_together_what_one_process_draws(store: Store, targets: str) -> None:
    settings = WindowSettings(window=8, batch_size=4, scored=32)

    def drawn(workers: int) -> list[list[list[list[int]]]]:
        windows = Windows(store, store.pieces)
        train = RandomBatches(windows, settings, targets, seed=3)
        data = WholeBatches(
            train, FixedBatches(windows, settings, targets, seed=3), workers=workers
        )
        loader = data.train_dataloader()
        epochs = [[b.tokens.tolist() for b in loader] for _ in range(2)]
        assert train.epoch == 2
        return [*epochs, [b.tokens.tolist() for b in data.val_dataloader()]]

    assert drawn(2) == drawn(0)


def test_a_window_may_begin_with_another_piece_which_is_not_scored(store: Store) -> None:
    rows = store.pieces
    past = Past(store, ["same", "pointed"], True, "formula")
    own, others = Windows(store, rows[:4], past), Windows(store, rows[4:], past)
    rng = np.random.default_rng(0)
    batch = own.passages(3, 20, rng, 0.5, True)
    opening = others.following(3, 5, rng, 0.0, True).part(None, 5)
    whole = opened(batch, opening)
    assert whole.durations.shape == batch.durations.shape
    assert (whole.durations[:, :5] == opening.durations).all()
    assert (whole.durations[:, 5:] == batch.durations[:, :-5]).all()
    for part in (slice(0, 5), slice(5, None)):
        source = opening if part.start == 0 else batch.part(None, -5)
        for row in range(3):
            for at, tokens in enumerate(whole.tokens[row, part]):
                kept = tokens[tokens != PAD].tolist()
                assert kept == [t for t in source.tokens[row, at].tolist() if t != PAD]
                levels = whole.levels[row, part][at]
                assert (levels[tokens == PAD] == NO_LEVEL).all()
    assert whole.scored is not None
    assert whole.scored.sum(1).tolist() == [whole.durations.shape[1] - 6] * 3
    assert whole.moods is not None
    assert (whole.moods[:, :5] == batch.moods[:, :1]).all()  # type: ignore[index]
