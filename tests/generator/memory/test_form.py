from collections import Counter

import numpy as np
import pytest

from mood2music.errors import CheckpointError
from mood2music.generator.memory.form import FRESH, GO_ON, RETURN, Form, blended
from mood2music.generator.memory.kinds import CLOSE, EXACT, NEW
from mood2music.generator.memory.returns import Bars


def bars(*sources: int, code: int = EXACT) -> Bars:
    source = np.array(sources)
    codes = np.where(source < 0, NEW, code).astype(np.uint8)
    return Bars(np.arange(len(source)) * 96, source, codes)


def test_it_counts_what_bars_do_and_how_far_back_they_go() -> None:
    form = Form.learn([bars(-1, -1, -1, -1, 0, 1, 0, -1)])
    assert form.does == {
        "0": Counter({FRESH: 3, RETURN: 1}),
        "1": Counter({GO_ON: 1, FRESH: 1}),
        "2": Counter({RETURN: 1}),
    }
    assert form.back == Counter({4: 1, 6: 1})
    assert form.closely == {str(NEW): Counter({EXACT: 1}), str(EXACT): Counter({EXACT: 2})}


def test_it_draws_in_the_proportions_that_it_met() -> None:
    rng = np.random.default_rng(0)
    form = Form({"0": Counter({FRESH: 300, RETURN: 100})}, Counter({4: 30, 8: 10}))
    drawn = Counter(form.outcome(0, rng) for _ in range(2000))
    assert drawn[RETURN] / 2000 == pytest.approx(0.25, abs=0.04)
    far = Counter(form.distance(16, rng) for _ in range(2000))
    assert far[4] / 2000 == pytest.approx(0.75, abs=0.04)
    assert {form.distance(7, rng) for _ in range(50)} == {4}
    assert form.distance(3, rng) is None


def test_what_was_never_met_can_still_be_drawn() -> None:
    rng = np.random.default_rng(0)
    assert {Form().outcome(1, rng) for _ in range(100)} == {FRESH, GO_ON, RETURN}


def test_it_goes_into_a_checkpoint_and_back() -> None:
    form = Form.learn([bars(-1, 0, 1, -1, 2), bars(-1, 0, code=CLOSE)])
    assert Form.from_dict(form.as_dict()) == form


@pytest.mark.parametrize("told", [{}, {"does": 3, "back": {}, "closely": {}}, []])
def test_what_is_no_form_is_refused(told: object) -> None:
    with pytest.raises(CheckpointError, match="a form that is none"):
        Form.from_dict(told)  # type: ignore[arg-type]


def test_a_blend_weighs_styles_alike_however_many_bars_they_have() -> None:
    often = Form({"0": Counter({RETURN: 10})}, Counter({1: 10}))
    never = Form({"0": Counter({FRESH: 1000})})
    mixed = blended([(often, 0.5), (never, 0.5)]).does["0"]
    assert mixed[RETURN] == pytest.approx(mixed[FRESH])
