import sys
from pathlib import Path

import numpy as np
import pytest

from mood2music import registry
from mood2music.errors import SettingsError
from mood2music.generator.event_batch import NO_LEVEL, PAD
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.generator.sampling.constraints import FREE, Constraints
from mood2music.generator.sampling.continuation import to_batch
from mood2music.generator.sampling.guards import Memory
from mood2music.generator.sampling.next_events import NextEvents, in_order
from mood2music.music.events import END, HELD, LONGEST, Events, from_list
from mood2music.registry import load_plugins, names

EXAMPLES = Path(__file__).parents[3] / "examples"

FIRST = from_list([((60, 64), 6), ((60 + HELD, 67), 12)], levels=[2, 3, 2, 6])
SECOND = from_list([((50 + HELD,), 6), ((50 + HELD,), 6)], levels=[1, 1])


def memory(
    parts: list[Events], sampler: SamplerSettings | None = None, constraints: Constraints = FREE
) -> Memory:
    heard = in_order(to_batch(parts))
    return Memory(parts, heard, 10, sampler or SamplerSettings(), constraints)


def struck(*pitches: int, duration: int = 6) -> NextEvents:
    """One pitch struck in each variant."""
    tokens = np.array([[pitch, PAD] for pitch in pitches])
    levels = np.where(tokens == PAD, NO_LEVEL, 4)
    n = len(pitches)
    return NextEvents(tokens, np.full(n, duration), np.zeros(n, np.int64), levels)


def test_only_what_sounds_can_be_held() -> None:
    scores = memory([FIRST, SECOND]).limits().scores
    assert (scores[0, HELD:END] == 0).nonzero()[0].tolist() == [60, 67]
    assert (scores[1, HELD:END] == 0).nonzero()[0].tolist() == [50]
    assert not scores[:, :HELD].any()
    assert not scores[:, END].any()


def test_a_held_pitch_outside_the_constraints_is_released() -> None:
    scores = memory([FIRST], constraints=Constraints(61, 80)).limits().scores
    assert (scores[0, HELD:END] == 0).nonzero()[0].tolist() == [67]


def test_ages_count_from_the_last_strike() -> None:
    told = memory([FIRST, SECOND], SamplerSettings(longest_hold=2.0))
    assert told.limits().ages[[0, 0, 1], [60, 67, 50]].tolist() == [18, 12, 12]
    told.add(struck(60, 51))
    assert told.limits().ages[[0, 1], [60, 51]].tolist() == [6, 6]


def test_ages_are_told_only_where_a_hold_may_become_too_long() -> None:
    first = from_list([((60,), LONGEST), ((60 + HELD,), 6)])
    assert memory([first], SamplerSettings(longest_hold=16.0)).limits().ages is not None
    assert memory([first[:1]], SamplerSettings(longest_hold=16.0)).limits().ages is None
    assert memory([first], SamplerSettings(longest_hold=None)).limits().ages is None


def test_what_is_left_of_a_rest_counts_from_the_last_sound() -> None:
    rest = from_list([((60, 64), 6), ((), 8)])
    told = memory([FIRST, rest], SamplerSettings(longest_rest=0.5))
    assert np.asarray(told.limits().silence).tolist() == [12, 4]
    told.add(struck(PAD, PAD))
    assert np.asarray(told.limits().silence).tolist() == [6, 0]
    told.add(struck(PAD, 60))
    assert np.asarray(told.limits().silence).tolist() == [0, 12]
    assert memory([rest], SamplerSettings(longest_rest=None)).limits().silence is None


def test_a_pitch_with_less_than_a_sixteenth_left_is_not_held_on() -> None:
    told = memory([FIRST], SamplerSettings(longest_hold=1.0))
    assert told.limits().scores[0, HELD + 60] == 0
    told = memory([FIRST], SamplerSettings(longest_hold=23 / 24))
    assert told.limits().scores[0, HELD + 60] == -np.inf
    assert told.limits().scores[0, HELD + 67] == 0


def test_strikes_of_the_last_events_lower_the_odds_of_the_next() -> None:
    told = memory([FIRST], SamplerSettings(repetition_penalty=2.0, penalty_window=2))
    told.add(struck(67))
    scores = told.limits().scores[0]
    assert np.allclose(scores[[60, 64, 67]], [0, 0, -2 * np.log(2)])
    told.add(struck(70))
    assert np.allclose(told.limits().scores[0, [67, 70]], [-np.log(2), -np.log(2)])


def test_a_guard_of_a_plugin_hears_events_and_changes_odds(monkeypatch: pytest.MonkeyPatch) -> None:
    names("guard")
    monkeypatch.setitem(registry._choices, "guard", {})
    monkeypatch.syspath_prepend(EXAMPLES)
    monkeypatch.delitem(sys.modules, "my_guard", raising=False)
    load_plugins(["my_guard"])
    sampler = SamplerSettings(guards={"leap": {"most": 7}})
    told = memory([FIRST, SECOND], sampler)
    scores = told.limits().scores
    assert np.isneginf(scores[0, :HELD]).nonzero()[0].tolist() == list(range(67 + 8, HELD))
    assert not np.isneginf(scores[1, :HELD]).any()  # nothing was struck in the second
    told.add(struck(50, 70))
    scores = told.limits().scores
    assert [np.isneginf(row[:HELD]).argmax() for row in scores] == [58, 78]
    assert not scores[:, END].any()
    with pytest.raises(SettingsError, match=r"sampler\.guards=leep: did you mean leap"):
        SamplerSettings(guards={"leep": {}}).check()
    with pytest.raises(SettingsError, match=r"sampler\.guards\.leap\.most=0: expected 1 or more"):
        SamplerSettings(guards={"leap": {"most": 0}}).check()


def test_what_would_complete_a_loop_is_forbidden_in_its_variant() -> None:
    told = memory([FIRST, FIRST], SamplerSettings(loop_run=1, loop_times=2))
    told.add(struck(70, 71))
    told.add(struck(70, 72))
    assert told.limits().forbidden == {0: [((70,), 6)]}


def test_the_piece_cannot_end_before_it_has_an_event() -> None:
    told = memory([FIRST], SamplerSettings(end_of_piece=True))
    assert not told.limits().may_end
    told.add(struck(60))
    assert told.limits().may_end
    assert not memory([FIRST]).limits().may_end


def test_a_held_pitch_is_written_as_loud_as_it_was_struck() -> None:
    told = memory([FIRST, SECOND])
    held = NextEvents(
        np.array([[60 + HELD, 61], [50 + HELD, PAD]]),
        np.array([3, 4]),
        np.array([0, 0]),
        np.array([[NO_LEVEL, 7], [NO_LEVEL, NO_LEVEL]]),
    )
    told.add(held)
    told.add(
        NextEvents(
            np.array([[61 + HELD], [50]]), np.array([5, 6]), np.zeros(2, int),
            np.array([[NO_LEVEL], [0]]),
        )
    )  # fmt: skip
    first, second = told.written(np.array([2, 1]), [18, 12])
    assert first.as_list() == [((60 + HELD, 61), 3), ((61 + HELD,), 5)]
    assert first.levels.tolist() == [2, 7, 7]
    assert second.as_list() == [((50 + HELD,), 4)]
    assert second.levels.tolist() == [1]
    assert (first.start, second.start) == (18, 12)
