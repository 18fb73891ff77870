import numpy as np
import torch

from mood2music.generator.event_batch import PAD
from mood2music.generator.polymusic.frames import (
    DOWN,
    UP,
    FrameBatch,
    ScoredPieces,
    TrainingPieces,
    batch_of,
    to_tokens,
    transpose,
)
from tests.generator.polymusic.conftest import roll_of

PIECES = [roll_of(*[[48 + i]] * (i + 2)) for i in range(20)]


def pieces_in(batch: FrameBatch) -> list[tuple[int, int]]:
    """First pitch and length of each piece of a batch."""
    return list(zip(batch.tokens[:, 0, 0].tolist(), batch.real.sum(1).tolist(), strict=True))


def test_tokens_are_the_midi_numbers_from_the_lowest_up() -> None:
    tokens = to_tokens(roll_of([64, 60], [], [21, 60, 108]))
    assert tokens.tolist() == [[60, 64, PAD], [PAD, PAD, PAD], [21, 60, 108]]


def test_silence_all_through_is_a_piece_too() -> None:
    assert to_tokens(roll_of([], [])).tolist() == [[PAD], [PAD]]


def test_transposing_moves_every_pitch() -> None:
    roll = roll_of([60, 64], [67])
    assert np.array_equal(transpose(roll, 3), roll_of([63, 67], [70]))
    assert np.array_equal(transpose(roll, -5), roll_of([55, 59], [62]))


def test_a_piece_that_would_leave_the_keyboard_stays_and_says_so() -> None:
    low, high = roll_of([22]), roll_of([107])
    for roll, by in ((low, -2), (high, 2)):
        assert np.array_equal(transpose(roll, by), roll)
        assert batch_of([roll], [by]).keys.tolist() == [0]
    assert np.array_equal(transpose(low, -1), roll_of([21]))
    assert np.array_equal(transpose(high, 1), roll_of([108]))


def test_every_key_has_a_name_of_its_own() -> None:
    moves = range(DOWN, UP + 1)
    keys = batch_of([roll_of([60])] * len(moves), list(moves)).keys
    assert sorted(keys.tolist()) == list(range(12))
    assert keys[-DOWN] == 0


def test_pieces_side_by_side_are_padded_behind_their_ends() -> None:
    batch = batch_of([roll_of([60]), roll_of([62], [64, 65])], [0, 2])
    assert batch.tokens.tolist() == [[[60, PAD], [PAD, PAD]], [[64, PAD], [66, 67]]]
    assert batch.real.tolist() == [[True, False], [True, True]]
    assert batch.keys.tolist() == [0, 2]


def test_an_epoch_has_every_training_piece_once() -> None:
    batches = list(TrainingPieces(PIECES, 6, 0.0, seed=0))
    assert len(batches) == len(TrainingPieces(PIECES, 6, 0.0, seed=0)) == 4
    met = sorted(piece for batch in batches for piece in pieces_in(batch))
    assert met == [(48 + i, i + 2) for i in range(20)]


def test_epochs_differ_and_a_seed_gives_them_again() -> None:
    first, again = TrainingPieces(PIECES, 6, 0.5, seed=3), TrainingPieces(PIECES, 6, 0.5, seed=3)
    epochs = [[pieces_in(batch) for batch in first] for _ in range(2)]
    assert epochs[0] != epochs[1]
    again.epoch = 1
    assert [pieces_in(batch) for batch in again] == epochs[1]


def test_the_share_of_transposed_pieces_is_the_one_asked_for() -> None:
    many = [roll_of([60], [64])] * 2000
    keys = torch.cat([batch.keys for batch in TrainingPieces(many, 50, 0.6, seed=0)])
    # One random key in twelve is the piece's own.
    assert abs((keys != 0).float().mean().item() - 0.6 * 11 / 12) < 0.04


def test_scored_pieces_keep_their_key_and_all_are_there() -> None:
    batches = list(ScoredPieces(PIECES[::-1], size=8))
    assert [piece for batch in batches for piece in pieces_in(batch)] == [
        (48 + i, i + 2) for i in range(20)
    ]
    assert all((batch.keys == 0).all() for batch in batches)
