import numpy as np
import pytest

from mood2music.generator.sampling.forbidden import Path, by_chord, turn_away


def shares(logits: np.ndarray) -> list[float]:
    weights = np.exp(logits)
    return [float(w) for w in weights / weights.sum()]


def test_what_leads_to_a_forbidden_event_loses_its_share() -> None:
    logits = np.log(np.array([0.6, 0.3, 0.1], np.float32))
    turn_away(logits, [Path((60,), (0,), [6], np.array([0.3, 0.5]))], (), 1.0)
    assert shares(logits) == pytest.approx([3 / 7, 3 / 7, 1 / 7])


def test_two_events_behind_one_choice_lose_both_shares() -> None:
    logits = np.log(np.array([0.5, 0.5], np.float32))
    paths = [
        Path((60,), (0, 1), [6], np.array([0.1, 0.2, 1])),
        Path((60, 64), (0, 0), [6], np.array([0.15, 0.3, 1])),
    ]
    turn_away(logits, paths, (), 1.0)
    assert shares(logits) == pytest.approx([1 / 3, 2 / 3])


def test_a_path_that_was_left_plays_no_part() -> None:
    logits = np.zeros(3, np.float32)
    path = Path((60, 64), (5, 6, 7), [6], np.array([0.1, 0.2, 0.3, 1]))
    turn_away(logits, [path], (4,), 1.0, first=5)
    assert not logits.any()
    turn_away(logits, [path], (5,), 1.0, first=5)
    assert logits.tolist() == pytest.approx([0, np.log(0.7), 0])


def test_the_temperature_is_taken_into_account() -> None:
    logits = np.log(np.array([0.5, 0.5], np.float32)) * 2
    turn_away(logits, [Path((60,), (0,), [6], np.array([0.25, 0.5]))], (), 2.0)
    assert shares(logits / 2) == pytest.approx([1 / 3, 2 / 3])


def test_events_are_gathered_by_chord() -> None:
    assert by_chord([((60,), 6), ((), 3), ((60,), 12)]) == {(60,): [6, 12], (): [3]}
