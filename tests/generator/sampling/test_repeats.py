import numpy as np
import pytest

from mood2music.generator.embedding import PAD
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.generator.sampling.repeats import Repeats


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
