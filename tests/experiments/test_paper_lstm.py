from pathlib import Path

import numpy as np
import pytest
import torch

from experiments.measuring import composed
from experiments.paper_lstm.measure import known_chords, likeliest_is_right, share_of_words
from mood2music.command.settings import parse
from mood2music.generator import network as networks
from mood2music.generator.chord import Chord, ChordVocabulary
from mood2music.generator.data_settings import MusicDataSettings
from mood2music.generator.network import EventNetwork, NetworkSettings
from mood2music.generator.score import SCORING_CONTEXT, sample_events
from mood2music.generator.windows import Windows
from mood2music.learn.settings import TrainerSettings
from mood2music.music.notes import Notes, make_notes
from mood2music.store.event_store import Store, open_store
from tests.conftest import write_notes


@pytest.mark.parametrize(
    ("words", "optimizer", "alpha"),
    [
        (["experiment=paper/lstm"], "adam", None),
        (["experiment=paper/bilstm_attention"], "rmsprop", 0.9),
        (["experiment=paper/ten_pieces", "model=bilstm_attention"], "rmsprop", 0.99),
    ],
)
def test_the_papers_settings_stand_and_each_network_keeps_its_optimizer(
    words: list[str], optimizer: str, alpha: float | None
) -> None:
    config = composed(*words)
    assert config.optimizer.name == optimizer
    assert config.optimizer.get("alpha") == alpha
    data = parse(MusicDataSettings, config.data, "data")
    trainer = parse(TrainerSettings, config.trainer, "trainer")
    assert (data.window, data.shortest, data.batch_size) == (32, 32, 16)
    assert (trainer.epochs, trainer.limit_train_batches) == (90, None)
    assert config.callbacks.early_stopping is None


def tune(pitches: list[int], durations: list[int]) -> Notes:
    """One note behind the other; durations in grid steps."""
    onsets = np.cumsum([0, *durations[:-1]])
    return make_notes(onsets, durations, pitches, np.full(len(pitches), 80), title="tune")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two pieces: quarters that lead in, then C C C D in quarters, or C E in halves."""
    lead = [60, 64, 67, 72] * (SCORING_CONTEXT // 4)
    pieces = [
        ("first", "1" * 64, tune([*lead, 60, 60, 60, 62], [24] * (SCORING_CONTEXT + 4))),
        ("second", "2" * 64, tune([*lead, 60, 64], [24] * SCORING_CONTEXT + [48, 48])),
    ]
    write_notes(tmp_path / "store", pieces, 24, [4, 3])
    return open_store(tmp_path / "store")


def always(chord: int, duration: int, store: Store, name: str) -> EventNetwork:
    """A network that always finds one pitch and one duration the likeliest."""
    vocabulary = ChordVocabulary.fit([store.piece(row) for row in store.pieces], 50)
    sizes = {"hidden": 8, "embedding": 8}
    network = networks.build_network(NetworkSettings(name, "chord", sizes), vocabulary).eval()
    representation = network.representation
    assert isinstance(representation, Chord)
    with torch.no_grad():
        for layer, choice in (
            (representation.out, int(vocabulary.words(torch.tensor([[chord]]))[0])),
            (representation.duration.out, duration),
        ):
            layer.weight.zero_()
            layer.bias.zero_()
            layer.bias[choice] = 1.0
    return network


@pytest.mark.parametrize("name", ["lstm", "bilstm_attention"])
def test_accuracy_counts_the_events_whose_chord_and_duration_are_both_the_likeliest(
    store: Store, name: str
) -> None:
    windows = Windows(store, store.pieces)
    places = sample_events(windows, 100, seed=0)
    right = likeliest_is_right(always(60, 24, store, name), windows, places)
    assert right[:, 0].tolist() == [True, True, True, False, True, False]
    assert right[:, 1].tolist() == [True, True, True, False, False, False]


def test_chords_that_the_training_pieces_lack_are_counted_as_unknown(store: Store) -> None:
    rows = store.pieces
    windows = Windows(store, rows)
    places = sample_events(windows, 100, seed=0)
    assert known_chords([store.piece(rows[0])], windows, places) == 1.0
    assert known_chords([store.piece(rows[1])], windows, places) == 5 / 6


def test_a_chord_outside_the_vocabulary_is_no_word_and_spelling_needs_none(store: Store) -> None:
    windows = Windows(store, store.pieces)
    places = sample_events(windows, 100, seed=0)
    # D stands in the pieces once only, so it is no word.
    assert share_of_words(always(60, 24, store, "lstm"), windows, places) == pytest.approx(5 / 6)
    sizes = {"hidden": 8, "embedding": 8}
    spelled = networks.build_network(NetworkSettings("lstm", "pitchwise", sizes))
    assert share_of_words(spelled, windows, places) == 1.0
