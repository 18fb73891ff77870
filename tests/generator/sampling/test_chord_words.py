import numpy as np
import pytest
import torch

from mood2music.generator.chord import UNKNOWN, Chord, ChordVocabulary
from mood2music.generator.event_batch import NO_LEVEL, PAD
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.generator.sampling.chords import Worder
from mood2music.generator.sampling.drawing import DRAWS, Drawn
from mood2music.generator.sampling.limits import ANY, Limits
from mood2music.music.events import HELD, SYMBOLS, Event, from_list

WORDS: list[tuple[int, ...]] = [(), (60,), (60, 64), (60 + HELD, 64), (70, 72, 74)]
CONTEXT = np.random.default_rng(1).standard_normal((1, 8)).astype(np.float32)


def head() -> Chord:
    torch.manual_seed(0)
    vocabulary = ChordVocabulary.fit([from_list([(word, 6) for word in WORDS] * 2)], 10)
    return Chord(8, 8, vocabulary).eval()


def draw(n: int, **changes: object) -> Drawn:
    free = {
        "scores": np.zeros((n, SYMBOLS), np.float32),
        "polyphony": 24,
        "longest_hold": ANY,
        "ages": None,
        "forbidden": {},
        "may_end": False,
    }
    limits = Limits(**{**free, **changes})  # type: ignore[arg-type]
    u = np.random.default_rng(0).random((n, DRAWS))
    return Worder(head()).draw(
        CONTEXT.repeat(n, 0), limits, SamplerSettings(temperature=1, top_p=1), u
    )


def chords(drawn: Drawn) -> dict[tuple[int, ...], float]:
    counts: dict[tuple[int, ...], float] = {}
    for tokens in drawn.tokens.tolist():
        chord = tuple(t for t in tokens if t != PAD)
        counts[chord] = counts.get(chord, 0) + 1 / len(drawn.tokens)
    return counts


def test_words_are_drawn_as_often_as_the_network_says() -> None:
    chord = head()
    with torch.no_grad():
        logits = chord.out(torch.from_numpy(CONTEXT))[0]
    logits[UNKNOWN] = -torch.inf
    words = [tuple(t for t in word if t != PAD) for word in chord.vocabulary.chords.tolist()]
    index = {word: i for i, word in enumerate(words) if i != UNKNOWN}
    found = chords(draw(8000))
    assert set(found) == set(WORDS)
    for word in WORDS:
        assert found[word] == pytest.approx(float(logits.softmax(0)[index[word]]), abs=0.025)


def test_where_something_has_to_sound_a_word_with_a_pitch_is_drawn() -> None:
    silence = np.zeros(4000, np.int64)
    found, free = chords(draw(4000, silence=silence)), chords(draw(4000))
    assert set(found) == set(WORDS) - {()}
    for word in found:
        assert found[word] == pytest.approx(free[word] / (1 - free[()]), abs=0.03)


def test_a_word_with_a_pitch_that_is_shut_or_with_too_many_is_never_drawn() -> None:
    scores = np.zeros((500, SYMBOLS), np.float32)
    scores[:, 60 + HELD] = -np.inf
    found = chords(draw(500, scores=scores, polyphony=2))
    assert set(found) == {(), (60,), (60, 64)}


def test_where_no_word_is_left_a_rest_is_drawn() -> None:
    scores = np.full((5, SYMBOLS), -np.inf, np.float32)
    vocabulary = ChordVocabulary.fit([from_list([((60,), 6)] * 2)], 10)
    torch.manual_seed(0)
    worder = Worder(Chord(8, 8, vocabulary).eval())
    limits = Limits(scores, 24, ANY, None, {}, False)
    drawn = worder.draw(CONTEXT.repeat(5, 0), limits, SamplerSettings(), np.zeros((5, DRAWS)))
    assert (drawn.tokens == PAD).all()
    assert (drawn.levels == NO_LEVEL).all()


def test_forbidden_events_are_never_drawn_and_the_others_keep_their_proportions() -> None:
    n = 1500
    free = draw(n)
    shut = {(tuple(t for t in row if t != PAD), d)
            for row, d in zip(free.tokens[:300].tolist(), free.durations[:300].tolist(),
                              strict=True)}  # fmt: skip
    forbidden: list[Event] = [event for event in shut if event[0] in ((60,), (70, 72, 74))]
    drawn = draw(n, forbidden=dict.fromkeys(range(n), forbidden))
    found = set(zip(map(tuple, drawn.tokens.tolist()), drawn.durations.tolist(), strict=True))
    for chord, steps in forbidden:
        width = drawn.tokens.shape[1]
        assert ((*chord, *[PAD] * (width - len(chord))), steps) not in found
    before, after = chords(free), chords(drawn)
    assert after[(60, 64)] / after[()] == pytest.approx(before[(60, 64)] / before[()], rel=0.3)
    assert after[(60,)] < before[(60,)]
