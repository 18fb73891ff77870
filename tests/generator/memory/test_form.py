import json
from collections import Counter

import numpy as np
import pytest

from mood2music.errors import CheckpointError
from mood2music.generator.memory.bar_counts import FRESH, RETURN, BarCounts
from mood2music.generator.memory.form import Form, blended
from mood2music.generator.memory.motifs import motifs_of
from mood2music.music.changes import Changes
from tests.generator.memory.test_bar_counts import bars


def test_it_goes_into_a_checkpoint_and_back() -> None:
    tune = motifs_of(np.array([60, 62, 64, 65, 67] * 2), np.arange(10) * 12)
    form = Form.learn([bars(-1, 0, 1, -1, 2), bars(-1, 0, move=3)], [(tune, np.ones(10, bool))])
    assert Form.from_dict(json.loads(json.dumps(form.as_dict()))) == form


def test_it_counts_which_chord_follows_which() -> None:
    changes = Changes(np.arange(5) * 48, np.array([1, 1, 37, 1, 37], np.uint8))
    form = Form.learn([], changes=[changes])
    assert form.chords == {"1": Counter({37: 2, 1: 1}), "37": Counter({1: 1})}
    follows = form.follows()
    assert follows is not None
    assert follows.sum(1) == pytest.approx(np.ones(len(follows)))
    assert follows[0, 36] == pytest.approx(2 / 3, abs=0.1)
    assert follows[5, 36] > follows[5, 40], "behind one never met, what is common"
    assert Form().follows() is None
    assert Form.from_dict(json.loads(json.dumps(form.as_dict()))) == form


def test_chords_of_two_styles_are_mixed_by_their_weights() -> None:
    one, other = (
        Form.learn([bars(-1, -1)], changes=[Changes(np.arange(9), np.array([1, to] * 4, np.uint8))])
        for to in (37, 43)
    )
    mixed = blended([(one, 0.25), (other, 0.75)])
    assert mixed.chords["1"][43] == pytest.approx(3 * mixed.chords["1"][37])


def test_a_form_that_was_counted_without_motifs_begins_none() -> None:
    told = Form.learn([bars(-1, 0, 1)]).as_dict()
    old = Form.from_dict({name: told[name] for name in ("does", "back", "closely")})
    rng = np.random.default_rng(0)
    assert not any(old.motifs.begins(rng) for _ in range(100))
    assert old.bars.move(rng) == 0


@pytest.mark.parametrize("told", [{}, {"does": 3, "back": {}, "closely": {}}, []])
def test_what_is_no_form_is_refused(told: object) -> None:
    with pytest.raises(CheckpointError, match="a form that is none"):
        Form.from_dict(told)  # type: ignore[arg-type]


def test_a_blend_weighs_styles_alike_however_many_bars_they_have() -> None:
    often = Form(BarCounts({"0": Counter({RETURN: 10})}, Counter({1: 10})))
    never = Form(BarCounts({"0": Counter({FRESH: 1000})}))
    mixed = blended([(often, 0.5), (never, 0.5)]).bars.does["0"]
    assert mixed[RETURN] == pytest.approx(mixed[FRESH])
