import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from mood2music.generator.event_batch import DURATIONS, END_OF_PIECE, PAD
from mood2music.generator.pitchwise import Pitchwise, sounding
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.generator.sampling.chords import Speller
from mood2music.generator.sampling.drawing import DRAWS, Drawn
from mood2music.generator.sampling.limits import Limits, free
from mood2music.music.events import END, HELD, LEVELS, LONGEST, SYMBOLS, Event

ALL = SamplerSettings(temperature=1, rhythm=1, top_p=1)
# The event before: 60 and 64 sound.
BEFORE = np.array([[60, 64 + HELD]])
# Symbols of a small alphabet, and every chord that can be spelled with them behind BEFORE.
SMALL = [60, 64, 60 + HELD, 64 + HELD, END]
CHORDS: list[tuple[int, ...]] = [(), (60,), (64,), (188,), (192,)]
CHORDS += [(low, high) for low in (60, 188) for high in (64, 192)]
# Durations of a small choice: one, two or three grid steps.
STEPS = (1, 2, 3)


def head(tied: bool = False) -> Pitchwise:
    """A head that draws from the small alphabet alone."""
    torch.manual_seed(0)
    pitchwise = Pitchwise(8, 8, tied).eval()
    with torch.no_grad():
        shut = torch.full_like(pitchwise.out.bias, -1e9)
        shut[SMALL] = 0.0
        pitchwise.out.bias.copy_(shut)
        shut = torch.full_like(pitchwise.duration.out.bias, -1e9)
        shut[list(STEPS)] = 0.0
        pitchwise.duration.out.bias.copy_(shut)
    return pitchwise


def likelihoods(pitchwise: Pitchwise, context: NDArray[np.float32]) -> dict[Event, float]:
    """Probability of every event of the small alphabet, as the network scores it."""
    events = [(chord, steps) for chord in CHORDS for steps in STEPS]
    tokens = torch.full((len(events), 2), PAD)
    for row, (chord, _) in enumerate(events):
        tokens[row, : len(chord)] = torch.tensor(chord, dtype=torch.int64)
    n = len(events)
    wide = torch.from_numpy(context).expand(n, -1)
    heard = sounding(torch.from_numpy(BEFORE)).expand(n, -1)
    with torch.no_grad():
        chords = pitchwise.chord_nats(wide, tokens, heard)
        logits = pitchwise.duration(wide, tokens).log_softmax(1)
    durations = logits[torch.arange(n), torch.tensor([steps for _, steps in events])]
    return dict(zip(events, (durations - chords).exp().tolist(), strict=True))


def draw(
    pitchwise: Pitchwise,
    context: NDArray[np.float32],
    limits: Limits,
    n: int,
    sampler: SamplerSettings = ALL,
) -> Drawn:
    u = np.random.default_rng(0).random((n, DRAWS))
    return Speller(pitchwise).draw(context.repeat(n // len(context), 0), limits, sampler, u)


def frequencies(drawn: Drawn) -> dict[Event, float]:
    counts: dict[Event, float] = {}
    for tokens, steps in zip(drawn.tokens.tolist(), drawn.durations.tolist(), strict=True):
        event = (tuple(t for t in tokens if t != PAD), steps)
        counts[event] = counts.get(event, 0) + 1 / len(drawn.durations)
    return counts


def limited(n: int, **changes: object) -> Limits:
    made = free(BEFORE.repeat(n, 0))
    return made._replace(**changes)  # type: ignore[arg-type]


CONTEXT = np.random.default_rng(3).standard_normal((1, 8)).astype(np.float32)


def test_the_probability_of_an_event_is_the_networks_to_a_hundred_thousandth() -> None:
    for scale in (1, 5):
        context = CONTEXT * scale
        speller, wanted = Speller(head()), likelihoods(head(), CONTEXT * scale)
        state = context @ speller.weight + speller.bias
        scores = speller.scores(limited(1))[0]
        found = {}
        for event in wanted:
            one = limited(1, forbidden={0: [event]})
            (path,) = speller.paths(0, state[0], scores, one, ALL)
            found[event] = float(path.tail[0])
        assert sum(found.values()) == pytest.approx(1, abs=1e-5)
        for event, probability in wanted.items():
            assert np.log(found[event]) == pytest.approx(np.log(probability), abs=1e-5)


@pytest.mark.parametrize("tied", [False, True])
def test_events_are_drawn_as_often_as_the_network_says(tied: bool) -> None:
    wanted = likelihoods(head(tied), CONTEXT)
    assert sum(wanted.values()) == pytest.approx(1, abs=1e-4)
    found = frequencies(draw(head(tied), CONTEXT, limited(20_000), 20_000))
    assert set(found) <= set(wanted)
    for event, probability in wanted.items():
        assert found.get(event, 0.0) == pytest.approx(probability, abs=0.015)


def test_forbidden_events_never_come_and_the_others_keep_their_proportions() -> None:
    wanted = likelihoods(head(), CONTEXT)
    ranked = sorted(wanted, key=lambda event: -wanted[event])
    forbidden = [ranked[0], ranked[1], ranked[4], ((), 2), ((60,), 1), ((60,), 2), ((60,), 3)]
    n = 1200
    limits = limited(n, forbidden={row: list(set(forbidden)) for row in range(n)})
    found = frequencies(draw(head(), CONTEXT, limits, n))
    left = {event: p for event, p in wanted.items() if event not in forbidden}
    assert not set(found) & set(forbidden)
    for event, probability in left.items():
        expected = probability / sum(left.values())
        assert found.get(event, 0.0) == pytest.approx(expected, abs=0.06)


def test_what_is_forbidden_to_one_row_is_free_to_another() -> None:
    n = 800
    event = max(likelihoods(head(), CONTEXT).items(), key=lambda item: item[1])[0]
    limits = limited(n, forbidden={row: [event] for row in range(0, n, 2)})
    drawn = draw(head(), CONTEXT, limits, n)
    even, odd = (Drawn(*(part[start::2] for part in drawn)) for start in (0, 1))
    assert event not in frequencies(even)
    assert frequencies(odd)[event] > 0.05


def test_the_only_event_left_is_drawn() -> None:
    every = list(likelihoods(head(), CONTEXT))
    limits = limited(50, forbidden=dict.fromkeys(range(50), every[:-1]))
    assert set(frequencies(draw(head(), CONTEXT, limits, 50))) == {every[-1]}


def test_a_row_alone_and_among_others_is_the_same_event() -> None:
    torch.manual_seed(1)
    pitchwise = Pitchwise(8, 8).eval()
    rng = np.random.default_rng(0)
    n = 60
    contexts = rng.standard_normal((n, 8)).astype(np.float32) * 3
    u = rng.random((n, DRAWS))
    forbidden = {row: [((), 3), ((60, 64 + HELD), 2)] for row in range(0, n, 3)}
    limits = limited(n, forbidden=forbidden, polyphony=4)
    speller = Speller(pitchwise)
    drawn = speller.draw(contexts, limits, SamplerSettings(), u)
    for row in range(n):
        own = limited(1, forbidden={0: forbidden[row]} if row in forbidden else {}, polyphony=4)
        one = speller.draw(contexts[row : row + 1], own, SamplerSettings(), u[row : row + 1])
        pitches = (drawn.tokens[row] != PAD).sum()
        assert one.tokens[0, :pitches].tolist() == drawn.tokens[row, :pitches].tolist()
        assert (one.tokens[0, pitches:] == PAD).all()
        assert one.durations[0] == drawn.durations[row]
        assert one.levels[0, :pitches].tolist() == drawn.levels[row, :pitches].tolist()


def test_chords_ascend_hold_only_what_sounded_and_keep_to_the_polyphony() -> None:
    torch.manual_seed(0)
    contexts = np.random.default_rng(0).standard_normal((300, 8)).astype(np.float32)
    for polyphony in (1, 3):
        drawn = draw(Pitchwise(8, 8).eval(), contexts, limited(300, polyphony=polyphony), 300)
        counts = (drawn.tokens != PAD).sum(1)
        assert counts.max() == polyphony
        for row in drawn.tokens.tolist():
            chord = [t for t in row if t != PAD]
            pitches = [t % HELD for t in chord]
            assert pitches == sorted(set(pitches))
            assert {t - HELD for t in chord if t >= HELD} <= {60, 64}
        assert ((drawn.levels < LEVELS) == (drawn.tokens < HELD)).all()
        assert drawn.durations.min() >= 1
        assert drawn.durations.max() <= LONGEST


def test_shut_symbols_are_never_drawn() -> None:
    contexts = np.random.default_rng(0).standard_normal((300, 8)).astype(np.float32)
    scores = np.full((300, SYMBOLS), -np.inf, np.float32)
    scores[:, [50, 60 + HELD, 70, END]] = 0
    torch.manual_seed(0)
    drawn = draw(Pitchwise(8, 8).eval(), contexts, limited(300, scores=scores), 300)
    assert set(drawn.tokens.ravel().tolist()) == {50, 60 + HELD, 70, PAD}


def test_only_a_rest_ends_a_piece_and_only_where_it_may() -> None:
    pitchwise = head()
    with torch.no_grad():
        pitchwise.duration.out.bias[END_OF_PIECE] = 1.0
    n = 5000
    ends = draw(pitchwise, CONTEXT, limited(n, may_end=True), n)
    ended = ends.durations == END_OF_PIECE
    assert ended.any()
    assert (ends.tokens[ended] == PAD).all()
    assert not (draw(pitchwise, CONTEXT, limited(n), n).durations == END_OF_PIECE).any()


def test_durations_stop_where_a_hold_has_its_longest() -> None:
    torch.manual_seed(0)
    n = 2000
    ages = np.zeros((n, HELD), np.int64)
    ages[:, 60], ages[:, 64] = 40, 47
    drawn = draw(Pitchwise(8, 8).eval(), CONTEXT, limited(n, ages=ages, longest_hold=48), n)
    holds = [(drawn.tokens == pitch + HELD).any(1) for pitch in (60, 64)]
    struck = (drawn.tokens != PAD).any(1) & ~holds[0] & ~holds[1]
    rests = (drawn.tokens == PAD).all(1)
    assert drawn.durations[holds[1]].max() == 1
    assert drawn.durations[holds[0] & ~holds[1]].max() == 8
    assert 8 < drawn.durations[struck].max() <= 48
    assert rests.any()


def test_where_something_has_to_sound_the_chords_keep_their_proportions() -> None:
    n = 8000
    likely = likelihoods(head(), CONTEXT)
    whole = sum(value for (chord, _), value in likely.items() if chord)
    found = frequencies(draw(head(), CONTEXT, limited(n, silence=np.zeros(n, np.int64)), n))
    assert all(chord for chord, _ in found)
    for (chord, steps), value in likely.items():
        if chord:
            assert found.get((chord, steps), 0) == pytest.approx(value / whole, abs=0.02)


def test_a_rest_is_drawn_where_no_pitch_is_allowed_though_something_has_to_sound() -> None:
    for n in (1, 5):
        limits = limited(n, silence=np.zeros(n, np.int64))
        limits.scores[:, :END] = -np.inf
        drawn = draw(head(), CONTEXT, limits, n)
        assert (drawn.tokens == PAD).all()
        assert drawn.durations.tolist() == [1] * n


def test_temperature_zero_takes_the_likeliest_at_each_step() -> None:
    drawn = draw(head(), CONTEXT, limited(2), 2, SamplerSettings(temperature=0))
    again = draw(head(), CONTEXT, limited(1), 1, SamplerSettings(temperature=0))
    assert drawn.tokens[0].tolist() == drawn.tokens[1].tolist()
    assert again.durations[0] == drawn.durations[0]


def test_durations_are_likelier_by_what_is_added_to_their_logits() -> None:
    n = 4000
    pace = np.zeros((n, DURATIONS), np.float32)
    pace[n // 2 :, 2:4] = np.log([4, 9])
    drawn = draw(head(), CONTEXT, limited(n)._replace(pace=pace), n)
    strikes = (drawn.tokens != PAD).any(1)
    second = np.arange(n) >= n // 2
    usual, slow = (
        np.bincount(drawn.durations[strikes & half], minlength=4)[1:] for half in (~second, second)
    )
    assert slow / slow.sum() == pytest.approx(
        usual * [1, 4, 9] / (usual * [1, 4, 9]).sum(), abs=0.05
    )


def test_levels_are_drawn_as_often_as_the_network_says() -> None:
    torch.manual_seed(0)
    pitchwise = Pitchwise(8, 8).eval()
    with torch.no_grad():
        for weight in pitchwise.level.parameters():
            weight.mul_(2)
    n = 10_000
    scores = np.full((n, SYMBOLS), -np.inf, np.float32)
    scores[:, [50, 60 + HELD, 70]] = 0
    scores[:, END] = -20  # all three, nearly always
    drawn = draw(pitchwise, CONTEXT, limited(n, scores=scores), n)
    three = (drawn.tokens[:, :3] == [50, 60 + HELD, 70]).all(1)
    assert three.mean() > 0.2
    levels = drawn.levels[three][:, [0, 2]]
    tokens = torch.tensor([[50, 60 + HELD, 70]]).expand(LEVELS**2, -1)
    asked = torch.full((LEVELS**2, 3), LEVELS)
    asked[:, 0], asked[:, 2] = torch.arange(64) // LEVELS, torch.arange(64) % LEVELS
    with torch.no_grad():
        context = torch.from_numpy(CONTEXT).expand(LEVELS**2, -1)
        wanted = (-pitchwise.level.nats(context, tokens, asked)).exp().numpy()
    found = np.bincount(levels[:, 0] * LEVELS + levels[:, 1], minlength=64) / len(levels)
    assert found == pytest.approx(wanted, abs=0.02)


@pytest.mark.parametrize("temperature", [0.0, 0.5, 1.0, 2.0])
def test_levels_are_as_even_as_the_temperature_says(temperature: float) -> None:
    torch.manual_seed(0)
    pitchwise = Pitchwise(8, 8).eval()
    with torch.no_grad():
        for weight in pitchwise.level.parameters():
            weight.mul_(2)
    n = 4000
    scores = np.full((n, SYMBOLS), -np.inf, np.float32)
    scores[:, 50], scores[:, END] = 0, -20
    limits, sampler = limited(n, scores=scores), SamplerSettings(temperature=temperature, top_p=1)
    u = np.random.default_rng(0).random((n, DRAWS))
    speller = Speller(pitchwise)
    drawn = speller.draw(CONTEXT.repeat(n, 0), limits, sampler, u)
    struck = drawn.tokens[:, 0] == 50
    assert struck.mean() > 0.9
    tokens, asked = torch.full((LEVELS, 1), 50), torch.arange(LEVELS)[:, None]
    with torch.no_grad():
        nats = pitchwise.level.nats(torch.from_numpy(CONTEXT).expand(LEVELS, -1), tokens, asked)
    wanted = np.exp(-nats.numpy() / temperature) if temperature else nats.numpy() == nats.min()
    found = np.bincount(drawn.levels[struck, 0], minlength=LEVELS) / struck.sum()
    assert found == pytest.approx(wanted / wanted.sum(), abs=0.03)
    # A row alone is drawn by other code.
    for row in range(40):
        own = limited(1, scores=scores[:1])
        one = speller.draw(CONTEXT, own, sampler, u[row : row + 1])
        assert one.levels[0, 0] == drawn.levels[row, 0]
