import numpy as np
import pytest

from mood2music.generator.event_batch import PAD
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.generator.sampling.limits import Path, Repeats, by_chord, free, turn_away
from mood2music.music.events import END, HELD, LONGEST


def test_without_other_limits_only_what_sounds_can_be_held() -> None:
    limits = free(np.array([[60, HELD + 64], [PAD, PAD]]))
    holdable = np.isfinite(limits.scores[:, HELD:END])
    assert [row.nonzero()[0].tolist() for row in holdable] == [[60, 64], []]
    assert (limits.scores[:, :HELD] == 0).all()
    assert (limits.scores[:, END] == 0).all()
    assert limits.longest(np.array([[60], [62]])) is None


def test_a_chord_lasts_no_longer_than_its_oldest_held_pitch_may() -> None:
    ages = np.zeros((2, HELD), np.int64)
    ages[0, 60], ages[0, 64] = 30, 10
    limits = free(np.array([[60, 64], [60, 64]]))._replace(longest_hold=48, ages=ages)
    chords = np.array([[HELD + 60, HELD + 64], [HELD + 60, 72]])
    assert limits.longest(chords) is not None
    assert np.asarray(limits.longest(chords)).tolist() == [18, 48]
    # All for the first variant; a struck pitch is new, and a rest is as long as there are.
    one = np.array([[HELD + 64, PAD], [60, PAD], [PAD, PAD]])
    assert np.asarray(limits.longest(one, row=0)).tolist() == [38, 48, LONGEST]


def test_a_rest_is_no_longer_than_what_is_left_of_silence() -> None:
    chords = np.array([[60, PAD], [PAD, PAD], [PAD, PAD], [PAD, PAD]])
    limits = free(chords)._replace(silence=np.array([12, 12, 0, 30]))
    assert np.asarray(limits.longest(chords)).tolist() == [LONGEST, 12, 1, 30]
    assert np.asarray(limits.sounding()).tolist() == [False, False, True, False]
    both = limits._replace(left=np.array([9, 9, 9, 9]))
    assert np.asarray(both.longest(chords)).tolist() == [9, 9, 1, 9]
    assert np.asarray(both.longest(chords[:2], row=3)).tolist() == [9, 9]
    assert free(chords).sounding() is None


def completing(letters: str, **settings: int) -> set[str]:
    """The letters that may not follow `letters`, each of which stands for an event."""
    sampler = SamplerSettings(**{"loop_run": 0, **settings})  # type: ignore[arg-type]
    repeats = Repeats(2, len(letters) + 4, sampler)
    for letter in letters:
        tokens = np.array([[ord(letter), PAD], [60, PAD]])
        repeats.add(tokens, np.array([6, 7]))
    return {letters[place] for place in repeats.completing().get(0, set())}


@pytest.mark.parametrize(
    ("letters", "run", "times", "shut"),
    [
        ("ABAA", 1, 2, "A"),  # the third A in a row
        ("ABA", 1, 2, ""),
        ("ABABA", 2, 2, "B"),  # the third AB in a row
        ("ABABABA", 2, 3, "B"),
        ("ABABA", 2, 3, ""),
        ("AAAAA", 2, 2, "A"),  # AA AA AA: a run of two is a run of one as well
        ("AAAA", 2, 2, ""),
        ("ABCDABCDABCDABCDABC", 4, 4, "D"),
        ("ABCDABCDABCDABCDAB", 4, 4, ""),
        ("XABCDEABCDEABCD", 4, 2, "E"),  # a run of five is one of four or more
        ("ABCABCABCABCABCABCABCAB", 4, 3, "C"),  # of six, as three is too short
        ("ABCABCABCABCABCABC", 4, 3, ""),
    ],
)
def test_what_would_complete_a_run_once_too_often_is_found(
    letters: str, run: int, times: int, shut: str
) -> None:
    assert completing(letters, loop_run=run, loop_times=times) == set(shut)


@pytest.mark.parametrize(
    ("letters", "n", "shut"),
    [("ABCXAB", 3, "C"), ("ABCXABDAB", 3, "CD"), ("ABCXB", 3, ""), ("AB", 1, "AB"), ("AB", 3, "")],
)
def test_what_would_complete_an_ngram_that_was_there_is_found(
    letters: str, n: int, shut: str
) -> None:
    assert completing(letters, no_repeat_ngram=n) == set(shut)


def test_events_of_other_durations_or_held_pitches_are_others() -> None:
    repeats = Repeats(3, 10, SamplerSettings(loop_run=1, loop_times=1))
    repeats.add(np.array([[60, PAD]] * 3), np.array([6, 6, 6]))
    assert repeats.completing() == {0: {0}, 1: {0}, 2: {0}}
    repeats.add(np.array([[60, PAD], [60, PAD], [188, PAD]]), np.array([6, 7, 6]))
    assert repeats.completing() == {0: {1}, 1: {1}, 2: {1}}
    repeats = Repeats(3, 10, SamplerSettings(loop_run=1, loop_times=2))
    for durations in ([6, 6, 6], [6, 7, 6]):
        repeats.add(np.array([[60], [60], [60 if durations[1] == 6 else 188]]), np.array(durations))
    assert repeats.completing() == {0: {1}}


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
