"""chord.py: which chords become words, and what the others cost, by hand."""

import math

import pytest
import torch

from mood2music.generator.chord import UNKNOWN, Chord, ChordVocabulary
from mood2music.generator.event_batch import PAD
from mood2music.music.events import SYMBOLS, Events, from_list

C, F, G = (60, 64, 67), (60, 65, 69), (59, 62, 67)


def piece(*chords: tuple[int, ...]) -> Events:
    return from_list([(chord, 12) for chord in chords])


def padded(*chords: tuple[int, ...]) -> torch.Tensor:
    widest = max(map(len, chords))
    return torch.tensor([[*chord, *[PAD] * (widest - len(chord))] for chord in chords])


def test_the_commonest_chords_met_often_enough_are_words() -> None:
    vocabulary = ChordVocabulary.fit([piece(C, C, C, F, F), piece(G)], most=5, least=2)
    assert vocabulary.words(padded(C, F, G)).tolist() == [1, 2, UNKNOWN]
    fewer = ChordVocabulary.fit([piece(C, C, C, F, F)], most=1)
    assert fewer.words(padded(C, F)).tolist() == [1, UNKNOWN]


def test_a_rest_can_be_a_word() -> None:
    vocabulary = ChordVocabulary.fit([piece((), (), C, C)], most=5)
    rest, chord = vocabulary.words(padded((), C)).tolist()
    assert sorted([rest, chord]) == [1, 2]


def test_spelling_costs_each_symbol_by_how_often_it_was_met() -> None:
    vocabulary = ChordVocabulary.fit([piece((60,), (60,), (62,))], most=5)
    # Every symbol is counted once more than it was met: 60 three times, END four, of all.
    total = SYMBOLS + 3 + 3
    wanted = -math.log(3 / total) - math.log(4 / total)
    assert vocabulary.spelled(padded((60,))).item() == pytest.approx(wanted)


def test_the_nearest_chord_shares_most_pitches() -> None:
    vocabulary = ChordVocabulary.fit([piece(C, C, C, F, F)], most=5)
    near_f, near_c = vocabulary.nearest(padded((60, 65, 70), (64, 67))).tolist()
    assert (near_c, near_f) == (1, 2)


def test_all_words_and_the_unknown_one_share_the_probability() -> None:
    torch.manual_seed(0)
    vocabulary = ChordVocabulary.fit([piece(C, C, C, F, F)], most=5)
    network = Chord(8, 8, vocabulary).eval()
    context = torch.randn(1, 8).expand(3, 8)
    tokens = padded(C, F, G)
    nats = network.token_nats(context, tokens, tokens)[:, 0]
    nats[2] -= vocabulary.spelled(tokens)[2]
    assert (-nats).exp().sum().item() == pytest.approx(1)
