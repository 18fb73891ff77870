import numpy as np

from mood2music.generator.memory.urges import URGED, Quote, Urge
from mood2music.generator.sampling.limits import Limits, free
from mood2music.generator.sampling.urging import urged
from mood2music.music.events import END, HELD, LONGEST


def behind_one(urge: Urge | Quote | None) -> Limits:
    """What may be drawn behind C4 where a guide urges."""
    return urged(free(np.array([[60]])), [urge])


def test_a_tune_that_is_taken_up_is_likelier_where_it_is_due_and_nothing_lasts_beyond() -> None:
    due, waiting = (behind_one(Urge(67, left, 64, URGED)) for left in (0, 18))
    assert due.scores[0, 66:69].tolist() == [0, URGED, -URGED]
    assert due.scores[0, HELD + 60] == 0
    assert waiting.scores[0, 63:68].tolist() == [0, *[-URGED] * 4]
    assert waiting.left is not None
    assert waiting.left.tolist() == [18]
    assert waiting.last is None, "it may be shorter"


def test_a_note_of_a_motif_is_likelier_and_what_sounds_above_stays_as_it_was() -> None:
    scores = behind_one(Urge(67, 0, 67, 1.5, over=False)).scores[0]
    before = free(np.array([[60]])).scores[0]
    assert np.flatnonzero(scores != before).tolist() == [67]
    assert scores[67] == before[67] + 1.5


def test_what_is_quoted_is_likelier_than_all_else_and_lasts_as_long() -> None:
    quoted = behind_one(Quote((55, HELD + 60, HELD + 64), 30, firm=4.0))
    scores = quoted.scores[0]
    assert [scores[t] for t in (55, HELD + 60, 54, END)] == [4, 4, -4, 0]
    assert np.isneginf(scores[HELD + 64]), "what does not sound cannot be held"
    assert quoted.left is not None
    assert quoted.last is not None
    assert (quoted.left.tolist(), quoted.last.tolist()) == ([30], [True])


def test_a_rest_that_is_quoted_lasts_as_it_did_however_long() -> None:
    limits = free(np.array([[60], [60]]))._replace(silence=np.array([3, 3]))
    quoted = urged(limits, [Quote((), 30), Quote((55,), 30)])
    assert np.asarray(quoted.silence).tolist() == [LONGEST, 3]
    assert np.asarray(limits.silence).tolist() == [3, 3]


def test_between_events_of_what_is_quoted_anything_is_written_until_one_is_due() -> None:
    before, waiting = free(np.array([[60]])), behind_one(Quote(None, 7))
    assert np.array_equal(waiting.scores, before.scores)
    assert waiting.left is not None
    assert (waiting.left.tolist(), waiting.last) == ([7], None)


def test_a_quoted_event_that_may_not_last_as_long_is_no_longer_than_it_may() -> None:
    limits = free(np.array([[60]]))._replace(left=np.array([12]))
    quoted = urged(limits, [Quote((55,), 30)])
    assert quoted.left is not None
    assert (quoted.left.tolist(), quoted.last) == ([12], None)


def test_a_quoted_event_may_last_as_long_as_there_is_room() -> None:
    limits = free(np.array([[60], [60]]))._replace(left=np.array([30, 29]))
    quoted = urged(limits, [Quote((55,), 30)] * 2)
    assert np.asarray(quoted.last).tolist() == [True, False]


def test_what_was_likely_before_is_likelier_still() -> None:
    limits = free(np.array([[60]]))
    limits.scores[0, 67] = 2.0
    assert urged(limits, [Urge(67, 0, 64, 1.5)]).scores[0, 67] == 3.5


def test_each_variant_has_what_its_own_guide_wants() -> None:
    limits = free(np.array([[60], [60], [60]]))
    wanted = urged(limits, [None, Quote((55,), 6), Urge(67, 0, 64, URGED)])
    assert np.array_equal(wanted.scores[0], limits.scores[0])
    assert wanted.last is not None
    assert wanted.last.tolist() == [False, True, False]
    assert urged(limits, [None] * 3) is limits
