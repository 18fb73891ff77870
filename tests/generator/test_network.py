import math
import os
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from mood2music.errors import CheckpointError, SettingsError
from mood2music.generator.chord import UNKNOWN, Chord, ChordVocabulary
from mood2music.generator.event_batch import PAD, EventBatch
from mood2music.generator.network import (
    KIND,
    EventNetwork,
    NetworkSettings,
    build_network,
    load,
    save,
)
from mood2music.generator.pitchwise import Pitchwise, sounding
from mood2music.generator.sampling.continuation import to_batch
from mood2music.learn import checkpoint
from mood2music.music.events import END, HELD, from_list, to_events
from mood2music.music.notes import make_notes
from tests.conftest import tune

SMALL = {"hidden": 16, "embedding": 16, "dropout": 0.0}


def small(name: str = "lstm", representation: str = "pitchwise") -> EventNetwork:
    torch.manual_seed(0)
    vocabulary = ChordVocabulary.fit([to_events(tune(s)) for s in range(4)], 40)
    return build_network(NetworkSettings(name, representation, SMALL), vocabulary).eval()


NETWORKS = [(n, r) for n in ("lstm", "bilstm_attention") for r in ("pitchwise", "chord")]


def test_a_change_to_future_events_never_changes_an_lstm_prediction() -> None:
    network = small()
    one = to_events(tune(1))[:30]
    other = from_list([*one.as_list()[:20], *to_events(tune(2))[20:30].as_list()])
    before = network.encoder(network.representation.embed(to_batch([one])))
    after = network.encoder(network.representation.embed(to_batch([other])))
    assert torch.equal(before[:, :20], after[:, :20])
    assert not torch.equal(before[:, 20], after[:, 20])


def test_the_bidirectional_network_never_sees_the_event_it_predicts() -> None:
    network = small("bilstm_attention")
    one = to_events(tune(1))[:21]
    for other_last in (((60,), 6), ((), 24)):
        other = from_list([*one.as_list()[:20], other_last])
        scored = network.representation.embed(to_batch([other]).part(None, -1))
        assert torch.equal(
            network.encoder(scored),
            network.encoder(network.representation.embed(to_batch([one]).part(None, -1))),
        )


@pytest.mark.parametrize("previous", [(), (60,), (60, 64 + HELD)])
def test_the_probabilities_of_all_chords_of_two_pitches_and_fewer_sum_below_one(
    previous: tuple[int, ...],
) -> None:
    """And with two pitches in the alphabet they sum to exactly one."""
    torch.manual_seed(0)
    head = Pitchwise(8, 8).eval()
    with torch.no_grad():  # all other pitches become impossible
        allowed = torch.tensor([60, 64, 60 + HELD, 64 + HELD, END])
        closed = torch.full_like(head.out.bias, -1e9)
        closed[allowed] = 0.0
        head.out.bias.copy_(closed)
    chords = [()]
    low, high = [60, 60 + HELD], [64, 64 + HELD]
    chords += [(a,) for a in low + high] + [(a, b) for a in low for b in high]
    heard = {t % HELD for t in previous}
    chords = [c for c in chords if all(t < HELD or t % HELD in heard for t in c)]
    tokens = torch.full((len(chords), 2), PAD)
    for row, chord in enumerate(chords):
        tokens[row, : len(chord)] = torch.tensor(chord, dtype=torch.int64)
    before = torch.full((len(chords), 2), PAD)
    before[:, : len(previous)] = torch.tensor(previous, dtype=torch.int64)
    context = torch.randn(1, 8).expand(len(chords), -1)
    with torch.no_grad():
        nats = head.chord_nats(context, tokens, sounding(before))
    assert float((-nats).exp().sum()) == pytest.approx(1.0, abs=1e-4)


def test_sounding_reads_struck_and_held_alike() -> None:
    heard = sounding(torch.tensor([[40, 60 + HELD, PAD]]))
    assert heard.nonzero()[:, 1].tolist() == [40, 60]


def test_a_rest_costs_only_its_end() -> None:
    torch.manual_seed(0)
    head = Pitchwise(8, 8).eval()
    with torch.no_grad():
        head.out.weight.zero_()
        head.out.bias.zero_()
        rest = torch.full((1, 1), PAD)
        nats = head.chord_nats(torch.zeros(1, 8), rest, sounding(rest))
    # 128 pitches that can be struck and END, all equally likely; none can be held.
    assert float(nats) == pytest.approx(math.log(129), abs=1e-5)


def test_words_of_a_chord_vocabulary_go_there_and_back() -> None:
    pieces = [to_events(tune(s)) for s in range(3)]
    vocabulary = ChordVocabulary.fit(pieces, 1000)
    batch = to_batch([pieces[0]])
    words = vocabulary.words(batch.tokens[0])
    counts = Counter(piece.chord(i) for piece in pieces for i in range(len(piece)))
    assert len(set(words.tolist())) > 5
    for i, word in enumerate(words.tolist()):
        if counts[pieces[0].chord(i)] == 1:  # met once: it teaches the unknown word
            assert word == UNKNOWN
            continue
        chord = [t for t in vocabulary.chords[word].tolist() if t != PAD]
        assert tuple(chord) == pieces[0].chord(i)


def test_an_unseen_chord_is_read_as_the_nearest() -> None:
    vocabulary = ChordVocabulary.fit([from_list([((60, 64, 67), 6), ((40,), 6), ((), 6)] * 2)], 10)
    asked = torch.tensor([[60, 64, 68], [41, PAD, PAD]])
    assert vocabulary.words(asked).tolist() == [UNKNOWN, UNKNOWN]
    nearest = vocabulary.chords[vocabulary.nearest(asked)[0]]
    assert nearest.tolist() == [60, 64, 67]


def test_an_unseen_chord_costs_its_spelling_besides_the_unknown_word() -> None:
    network = small(representation="chord")
    seen = to_events(tune(1))[:9]
    unseen = from_list([*seen.as_list()[:8], ((1, 2, 3), 6)])
    cost = [float(network.nats(to_batch([e]))[0][-1].detach()) for e in (seen, unseen)]
    vocabulary = network.representation.vocabulary
    assert cost[1] > float(vocabulary.spelled(torch.tensor([[1, 2, 3]])))


@pytest.mark.parametrize(("name", "representation"), NETWORKS)
def test_a_saved_network_predicts_the_same(name: str, representation: str, tmp_path: Path) -> None:
    network = small(name, representation)
    batch = to_batch([to_events(tune(7))[:33]])
    save(tmp_path / "n.safetensors", network, {"data": {"train_names": ["x"]}})
    back, header = load(tmp_path / "n.safetensors")
    assert header["data"] == {"train_names": ["x"]}
    for ours, theirs in zip(network.nats(batch), back.nats(batch), strict=True):
        assert torch.equal(ours, theirs)


def test_stepping_an_lstm_gives_what_reading_the_window_gives() -> None:
    network = small()
    batch = to_batch([to_events(tune(3))[:12]])
    vectors = network.representation.embed(batch)
    whole = network.encoder(vectors)
    _, state = network.encoder.step(vectors[:, :7])
    stepped, _ = network.encoder.step(vectors[:, 7:], state)
    assert torch.allclose(stepped, whole[:, -1], atol=1e-6)


def test_padding_behind_a_short_piece_is_not_scored() -> None:
    network = small()
    short, long = to_events(tune(1))[:5], to_events(tune(2))[:9]
    both = to_batch([long, long])
    tokens, durations = both.tokens.clone(), both.durations.clone()
    alone = to_batch([short])
    tokens[0] = PAD
    tokens[0, :5, : alone.tokens.shape[2]] = alone.tokens[0]
    durations[0] = 0
    durations[0, :5] = alone.durations[0]
    beats = both.beats.clone()
    beats[0, :5] = alone.beats[0]
    levels = torch.where(tokens < HELD, both.levels.clamp(max=0), both.levels)
    levels[0, :5, : alone.levels.shape[2]] = alone.levels[0]
    chords, _, _ = network.nats(EventBatch(tokens, durations, beats, levels))
    assert len(chords) == 4 + 8
    assert torch.allclose(chords[:4], network.nats(alone)[0], atol=1e-5)


def test_an_unknown_encoder_or_representation_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"model\.name=gru"):
        build_network(NetworkSettings("gru", "pitchwise", {}))
    with pytest.raises(SettingsError, match="did you mean chord"):
        build_network(NetworkSettings("lstm", "words", {}))
    with pytest.raises(SettingsError, match=r"model\.encoder"):
        build_network(NetworkSettings("lstm", "pitchwise", {"hiden": 3}))


def test_a_file_that_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="no checkpoint at"):
        load(tmp_path / "none.safetensors")
    (tmp_path / "text.safetensors").write_text("hello")
    with pytest.raises(CheckpointError, match="not a mood2music checkpoint"):
        load(tmp_path / "text.safetensors")
    save_file({"w": torch.zeros(1)}, tmp_path / "other.safetensors")
    with pytest.raises(CheckpointError, match="not a mood2music checkpoint"):
        load(tmp_path / "other.safetensors")


def test_weights_of_another_shape_are_refused(tmp_path: Path) -> None:
    from mood2music.learn import checkpoint

    state = small().state_dict()
    state["representation.out.bias"] = torch.zeros(3)
    settings = {"name": "lstm", "representation": "pitchwise", "encoder": SMALL}
    checkpoint.save(tmp_path / "n.safetensors", state, "music", {"settings": settings})
    with pytest.raises(CheckpointError, match="does not fit"):
        load(tmp_path / "n.safetensors")


def test_tied_weights_are_stored_once_and_predict_the_same(tmp_path: Path) -> None:
    torch.manual_seed(0)
    tied = build_network(NetworkSettings("lstm", "pitchwise", SMALL, tied=True)).eval()
    assert "representation.out.weight" not in tied.state_dict()
    save(tmp_path / "n.safetensors", tied, {})
    back, _ = load(tmp_path / "n.safetensors")
    batch = to_batch([to_events(tune(7))[:33]])
    assert torch.equal(tied.nats(batch).chords, back.nats(batch).chords)
    with pytest.raises(SettingsError, match=r"model\.tied"):
        build_network(NetworkSettings("lstm", "pitchwise", {**SMALL, "embedding": 8}, tied=True))


@pytest.mark.slow
@pytest.mark.parametrize("representation", ["pitchwise", "chord"])
def test_a_network_learns_dynamics(representation: str) -> None:
    """A tune whose bass is loud and whose melody is soft: levels become certain, held ones free."""
    notes = tune(1)
    loud = np.where(notes.pitch < 55, 100, 30)
    piece = to_events(make_notes(notes.onset, notes.duration, notes.pitch, loud))
    network = small(representation=representation).train()
    batch = to_batch([piece])
    before = network.nats(batch).levels.mean().item()
    optimizer = torch.optim.Adam(network.parameters(), 0.02)
    for _ in range(40):
        optimizer.zero_grad()
        sum(part.mean() for part in network.nats(batch)).backward()
        optimizer.step()
    assert before > 1.5
    assert network.nats(batch).levels.mean().item() < 0.2


@pytest.mark.parametrize(
    "settings",
    [
        None, [], "lstm", {}, {"name": ["lstm"]}, {"name": "gru"}, {"tied": 3},
        {"representation": "chord"}, {"vocabulary": [0, 1]}, {"vocabulary": [True, 2]},
        {"vocabulary": 7}, {"vocabulary": [10**12, 9]}, {"encoder": None},
        {"encoder": {"hidden": 0}},
        {"encoder": {"hidden": -4}}, {"encoder": {"hidden": True}}, {"encoder": {"hidden": 1e6}},
        {"encoder": {"hidden": 10**7}}, {"encoder": {"layers": 10**9}}, {"encoder": {"layers": 0}},
        {"encoder": {"embedding": 10**6}}, {"encoder": {"embedding": 10**30}},
        {"encoder": {"hidden": "${oc.env:HOME}"}}, {"encoder": {"dropout": float("nan")}},
        {"name": "transformer", "encoder": {"heads": 0}},
        {"name": "transformer", "encoder": {"distances": 10**9}},
        {"name": "transformer", "encoder": {"hidden": 8, "heads": 4, "layers": 10**9}},
        {"name": "${oc.env:HOME}"},
    ],
)  # fmt: skip
def test_settings_of_no_network_are_refused_in_one_line(settings: Any, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    network = small("lstm", "pitchwise")
    path = tmp_path / "n.safetensors"
    good = asdict(network.settings)
    changed = {**good, **settings} if settings and isinstance(settings, dict) else settings
    checkpoint.save(path, network.state_dict(), KIND, {"settings": changed})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(CheckpointError) as caught:
        load(path)
    assert len(str(caught.value).splitlines()) == 1
    assert os.environ["HOME"] not in str(caught.value).replace(str(path), "")
    if sys.platform == "linux":
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # kB


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("all of it", "its data without names"),
        ({"settings": [1]}, "its data without names"),
        ({"settings": {"grid": "fine"}}, "a data.grid that is no number"),
        ({"settings": {"quantize": 4}}, "a data.quantize that is no list"),
        ({"train_names": 3}, "a data.train_names that is no list"),
    ],
)
def test_what_a_header_tells_of_the_data_is_checked(data: Any, said: str, tmp_path: Path) -> None:
    save(tmp_path / "n.safetensors", small("lstm", "pitchwise"), {"data": data})
    with pytest.raises(CheckpointError, match=said):
        load(tmp_path / "n.safetensors")


@pytest.mark.parametrize("token", [-1, 10**6])
def test_chords_of_pitches_that_there_are_not_are_refused(token: int, tmp_path: Path) -> None:
    network = small("lstm", "chord")
    assert isinstance(network.representation, Chord)
    network.representation.vocabulary.chords[1, 0] = token
    save(tmp_path / "n.safetensors", network, {})
    with pytest.raises(CheckpointError, match="chords of pitches"):
        load(tmp_path / "n.safetensors")


def test_a_share_of_the_events_is_scored_drawn_anew_and_right_on_the_average() -> None:
    network, batch = small(), to_batch([to_events(tune(s))[:60] for s in range(6)])
    with torch.no_grad():
        whole = network.nats(batch)
        torch.manual_seed(0)
        drawn = [network.nats(batch, 0.3) for _ in range(40)]
    counts = [len(nats.chords) for nats in drawn]
    assert len(set(counts)) > 5
    assert sum(counts) / 40 == pytest.approx(0.3 * len(whole.chords), rel=0.05)
    mean = torch.cat([nats.chords for nats in drawn]).mean()
    assert float(mean) == pytest.approx(float(whole.chords.mean()), rel=0.02)
    assert set(drawn[0].durations.tolist()) <= set(whole.durations.tolist())
