import numpy as np
import pytest

from mood2music.errors import SettingsError
from mood2music.generator.sampling.choice import SamplerSettings, choose, keep_ends


def drawn(logits: list[float], settings: SamplerSettings, times: int = 400) -> set[int]:
    rows = np.tile(np.array(logits, np.float32), (times, 1))
    return set(choose(rows, settings, np.random.default_rng(0).random(times)).tolist())


def test_temperature_zero_takes_the_likeliest() -> None:
    assert drawn([0.0, 3.0, 1.0], SamplerSettings(temperature=0)) == {1}


def test_rhythm_is_drawn_by_its_own_temperature_alone() -> None:
    own = SamplerSettings(temperature=0.5, top_k=3, top_p=0.4, rhythm=1.2).of_rhythm()
    assert drawn([0.0, 3.0, 1.0, 0.5], own) == {0, 1, 2, 3}
    assert drawn([0.0, 3.0, 1.0], SamplerSettings(temperature=0).of_rhythm()) == {1}


def shares(logits: np.ndarray) -> np.ndarray:
    weights = np.exp(logits - logits.max(-1, keepdims=True))
    return weights / weights.sum(-1, keepdims=True)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 1.7])
def test_the_end_of_a_chord_keeps_its_share_and_pitches_theirs_of_the_rest(
    temperature: float,
) -> None:
    logits = (np.random.default_rng(0).standard_normal((50, 7)) * 3).astype(np.float32)
    logits[:10, 2] = -np.inf
    found = shares(keep_ends(logits.copy(), temperature) / temperature)
    assert found[:, -1] == pytest.approx(shares(logits)[:, -1], abs=1e-6)
    rest = found[:, :-1] / found[:, :-1].sum(1, keepdims=True)
    assert rest == pytest.approx(shares(logits[:, :-1] / temperature), abs=1e-5)


@pytest.mark.parametrize("others", [[], [-np.inf], [-np.inf] * 3])
def test_where_nothing_else_is_allowed_a_chord_ends(others: list[float]) -> None:
    logits = np.array([*others, -4.0], np.float32)
    assert choose(keep_ends(logits, 0.5)[None], SamplerSettings(), np.array([0.9])) == len(others)


def test_top_k_keeps_the_k_likeliest() -> None:
    assert drawn([1.0, 1.1, 1.2, 0.9], SamplerSettings(temperature=1, top_k=2, top_p=1)) == {1, 2}


def test_top_p_keeps_the_smallest_set_with_that_probability() -> None:
    logits = np.log([0.5, 0.3, 0.15, 0.05]).tolist()
    assert drawn(logits, SamplerSettings(temperature=1, top_p=0.6)) == {0, 1}
    assert drawn(logits, SamplerSettings(temperature=1, top_p=0.5)) == {0}
    assert drawn(logits, SamplerSettings(temperature=1, top_p=1)) == {0, 1, 2, 3}


def test_what_is_masked_is_never_drawn() -> None:
    assert drawn([-np.inf, 0.0, 0.0], SamplerSettings(temperature=9, top_p=1)) == {1, 2}


def test_frequencies_follow_the_probabilities() -> None:
    rows = np.tile(np.log(np.array([0.7, 0.3], np.float32)), (20000, 1))
    u = np.random.default_rng(1).random(20000)
    assert choose(rows, SamplerSettings(temperature=1, top_p=1), u).mean() == pytest.approx(
        0.3, abs=0.015
    )


def test_choices_are_laid_out_from_the_likeliest_down() -> None:
    logits = np.log(np.array([[0.2, 0.5, 0.3]], np.float32))
    settings = SamplerSettings(temperature=1, top_p=1)
    places = {
        u: int(choose(logits, settings, np.array([u]))[0]) for u in (0, 0.49, 0.51, 0.79, 0.81)
    }
    assert places == {0: 1, 0.49: 1, 0.51: 2, 0.79: 2, 0.81: 0}


def test_equals_are_drawn_alike() -> None:
    rows = np.zeros((3000, 4), np.float32)
    rows[:, 3] = -np.inf
    u = np.random.default_rng(0).random(3000)
    together = choose(rows, SamplerSettings(temperature=1, top_p=1), u)
    assert np.bincount(together) / 3000 == pytest.approx([1 / 3] * 3, abs=0.03)


@pytest.mark.parametrize(
    "settings",
    [
        SamplerSettings(),
        SamplerSettings(temperature=0),
        SamplerSettings(temperature=1.7, top_p=0.8),
        SamplerSettings(top_k=3, top_p=0.9),
        SamplerSettings(temperature=1, top_p=1),
    ],
)
def test_a_row_alone_and_among_others_is_the_same_choice(settings: SamplerSettings) -> None:
    rng = np.random.default_rng(0)
    logits = (rng.standard_normal((500, 40)) * 3).astype(np.float32)
    logits[rng.random(logits.shape) < 0.2] = -np.inf
    logits[::7] = np.round(logits[::7])  # with equals
    u = rng.random(500)
    alone = [int(choose(logits[i : i + 1], settings, u[i : i + 1])[0]) for i in range(500)]
    assert choose(logits, settings, u).tolist() == alone


@pytest.mark.parametrize(
    "settings",
    [
        SamplerSettings(temperature=-1),
        SamplerSettings(top_p=0),
        SamplerSettings(top_k=-1),
        SamplerSettings(repetition_penalty=0.9),
        SamplerSettings(penalty_window=0),
        SamplerSettings(no_repeat_ngram=-1),
        SamplerSettings(loop_run=-1),
        SamplerSettings(loop_times=0),
        SamplerSettings(longest_hold=0.1),
        SamplerSettings(longest_rest=-0.5),
    ],
)
def test_values_out_of_range_are_refused(settings: SamplerSettings) -> None:
    with pytest.raises(SettingsError, match=r"sampler\."):
        settings.check()
