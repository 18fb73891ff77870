from collections.abc import Callable

import numpy as np
import pytest
import torch

from mood2music.generator import network as networks
from mood2music.generator.chord import ChordVocabulary
from mood2music.generator.event_batch import NO_LEVEL
from mood2music.generator.network import EventNetwork, NetworkSettings
from mood2music.generator.rereading import token_nats
from mood2music.generator.sampling.continuation import to_batch
from mood2music.generator.sampling.reading import CONTEXT
from mood2music.music.authors import Author, count
from mood2music.music.events import END, HELD, Events, join, to_events, to_notes
from mood2music.style.authorship import note_authors, token_authors
from tests.conftest import tune

WHOLE = to_events(tune(4, 160))
SEED, WRITTEN = WHOLE[:20], WHOLE[20:]
SIZES = {
    "lstm": {"hidden": 16, "embedding": 16},
    "bilstm_attention": {"hidden": 16, "embedding": 16},
    "transformer": {"hidden": 16, "embedding": 16, "heads": 2, "layers": 1},
}


def network(name: str = "lstm", representation: str = "pitchwise", seed: int = 0) -> EventNetwork:
    torch.manual_seed(seed)
    vocabulary = ChordVocabulary.fit([WHOLE], 50) if representation == "chord" else None
    settings = NetworkSettings(name, representation, SIZES[name])
    return networks.build_network(settings, vocabulary).eval()


def pushed(pitch: int, by: float) -> EventNetwork:
    """The same network with one struck pitch likelier (in nats of its logit)."""
    changed = network()
    with torch.no_grad():
        changed.representation.out.bias[pitch] += by
    return changed


def authors(base: EventNetwork | None, blended: EventNetwork, seed: int = 0) -> np.ndarray:
    return token_authors(base, blended, SEED, WRITTEN, np.random.default_rng(seed))


@pytest.mark.parametrize("representation", ["pitchwise", "chord"])
@pytest.mark.parametrize("name", sorted(SIZES))
@torch.inference_mode()
def test_pitches_reread_sum_to_their_chords(name: str, representation: str) -> None:
    reader = network(name, representation)
    piece = to_batch([WHOLE])
    nats = token_nats(reader, piece, 20)
    assert nats.shape == (len(WHOLE) - 20, piece.tokens.shape[2])
    for at in (20, 50, 100, len(WHOLE) - 1):
        start = 0 if name == "lstm" else max(0, at - CONTEXT)
        head = reader.representation
        context = reader.encoder(head.embed(piece.part(start, at)))[:, -1]
        before, tokens = piece.tokens[:, at - 1], piece.tokens[:, at]
        chord = head.nats(context, before, tokens, piece.durations[:, at], piece.levels[:, at])
        here = nats[at - 20]
        if representation == "chord":
            assert here.max().item() == pytest.approx(chord.chords.item(), rel=1e-4)
        else:
            logits = head.logits(torch.relu(head.context(context) + head.so_far(tokens)))
            logits = logits.masked_fill(~allowed_behind(before, tokens), -torch.inf)
            end = -torch.log_softmax(logits, -1)[0, END]
            total = float(here.sum() + end)
            assert total == pytest.approx(chord.chords.item(), rel=1e-4)


def allowed_behind(previous: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
    """Symbols that may follow all pitches of an event: (1, 257)."""
    last = max([t % HELD for t in tokens[0].tolist() if t < END], default=-1)
    heard = {t % HELD for t in previous[0].tolist() if t < END}
    allowed = [
        s == END or (s % HELD > last and (s < HELD or s % HELD in heard)) for s in range(END + 1)
    ]
    return torch.tensor([allowed])


def test_without_a_style_all_is_the_bases() -> None:
    assert set(authors(None, network()).tolist()) == {Author.BASE}


def test_a_style_that_is_the_base_changed_nothing() -> None:
    assert set(authors(network(), network()).tolist()) == {Author.BASE}


def test_a_pitch_that_only_the_style_would_write_is_the_styles() -> None:
    written = authors(network(), pushed(67, 30.0))
    struck = WRITTEN.tokens == 67
    assert struck.sum() > 5
    assert set(written[struck].tolist()) == {Author.STYLE}
    assert set(written[~struck].tolist()) == {Author.BASE}


@pytest.mark.slow
def test_as_many_are_the_styles_as_the_probabilities_say() -> None:
    base, blended = network(), pushed(67, 1.0)
    nats = [token_nats(n, without_levels(), len(SEED)) for n in (base, blended)]
    lost = 1 - (nats[1] - nats[0]).clamp(max=0).exp()
    expected = float(lost.sum())
    counts = [count(authors(base, blended, seed))["style"] for seed in range(200)]
    assert expected > 3
    assert np.mean(counts) == pytest.approx(expected, abs=4 * np.sqrt(expected / 200))


def without_levels() -> networks.EventBatch:
    piece = to_batch([WHOLE])
    piece.levels[:, : len(SEED)] = NO_LEVEL
    return piece


def test_what_is_held_is_never_the_styles() -> None:
    written = authors(network(), network(seed=1))
    held = WRITTEN.tokens >= HELD
    assert set(written[held].tolist()) == {Author.BASE}
    assert Author.STYLE in written[~held].tolist()


def test_a_changed_chord_is_the_styles_as_a_whole() -> None:
    written = authors(network("lstm", "chord"), network("lstm", "chord", seed=1))
    struck = WRITTEN.tokens < HELD
    event = np.repeat(np.arange(len(WRITTEN)), WRITTEN.counts())
    by_event: dict[int, set[int]] = {}
    for at in np.flatnonzero(struck):
        by_event.setdefault(int(event[at]), set()).add(int(written[at]))
    assert all(len(found) == 1 for found in by_event.values())
    assert {Author.STYLE, Author.BASE} <= {a for found in by_event.values() for a in found}


def folded(events: Events) -> int:
    """A transposition that takes the highest notes out of MIDI's range."""
    return 130 - int((events.tokens % HELD).max())


@pytest.mark.parametrize("shift_of", [lambda _: 0, lambda _: -5, folded])
def test_each_note_gets_the_author_of_the_token_that_struck_it(
    shift_of: Callable[[Events], int],
) -> None:
    shift = shift_of(WHOLE)
    by_token = np.r_[np.full(len(SEED.tokens), Author.SEED), authors(network(), pushed(67, 30.0))]
    whole = join([SEED, WRITTEN])
    notes = to_notes(whole).transposed(shift)
    found = note_authors(notes, whole, by_token.astype(np.uint8), shift)
    assert len(found) == len(notes)
    seed_end = int(SEED.ends()[-1])
    assert ((notes.onset < seed_end) == (found == Author.SEED)).all()
    style = (notes.onset >= seed_end) & ((notes.pitch - shift) % 12 == 67 % 12)
    assert (found[style] == Author.STYLE).sum() > 5
    assert (found[~style] != Author.STYLE).all()
    with pytest.raises(ValueError, match="is shorter than"):
        note_authors(notes, whole, by_token[:-1].astype(np.uint8), shift)
