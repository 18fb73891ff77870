import json
from collections import Counter

import numpy as np
import pytest

from mood2music.errors import CheckpointError
from mood2music.generator.memory.form import (
    ALIGNED,
    FRESH,
    GO_ON,
    RETURN,
    Candidates,
    Form,
    blended,
)
from mood2music.generator.memory.kinds import CLOSE, EXACT, LOOSE, NEW
from mood2music.generator.memory.motifs import motifs_of
from mood2music.generator.memory.returns import Bars
from mood2music.music.changes import Changes


def bars(*sources: int, code: int = EXACT, move: int = 0) -> Bars:
    source = np.array(sources)
    codes = np.where(source < 0, NEW, code).astype(np.uint8)
    onsets = np.arange(len(source)) + 1
    return Bars(np.arange(len(source)) * 96, source, codes, np.where(source < 0, 0, move), onsets)


def test_it_counts_what_bars_do_and_how_far_back_they_go() -> None:
    form = Form.learn([bars(-1, -1, -1, -1, 0, 1, 0, -1)])
    plain = {age: met for age, met in form.does.items() if age.isdigit()}
    assert plain == {
        "0": Counter({FRESH: 3, RETURN: 1}),
        "1": Counter({GO_ON: 1, FRESH: 1}),
        "2": Counter({RETURN: 1}),
    }
    late = {age: met for age, met in form.does.items() if not age.isdigit()}
    assert late == {
        "0.0": Counter({FRESH: 1}),
        "0.1": Counter({FRESH: 2}),
        "0.2": Counter({RETURN: 1}),
        # Runs that came from four bars back, and from six.
        "1/4": Counter({GO_ON: 1}),
        "1/4.2": Counter({GO_ON: 1}),
        "1/2": Counter({FRESH: 1}),
        "1/2.2": Counter({FRESH: 1}),
        "2/4": Counter({RETURN: 1}),
        "2/4.2": Counter({RETURN: 1}),
    }
    assert form.back == Counter({4: 1, 6: 1})
    closely = {code: met for code, met in form.closely.items() if code.isdigit()}
    assert closely == {str(NEW): Counter({EXACT: 1}), str(EXACT): Counter({EXACT: 2})}
    assert form.full[str(EXACT)] == Counter({1: 2, 2: 1}), "of the bars that came back"
    assert form.full[str(NEW)] == Counter(range(1, 9)), "of all"


def test_it_draws_in_the_proportions_that_it_met() -> None:
    rng = np.random.default_rng(0)
    form = Form({"0": Counter({FRESH: 300, RETURN: 100})}, Counter({4: 30, 8: 10}))
    drawn = Counter(form.outcome(0, 9, 1, rng) for _ in range(2000))
    assert drawn[RETURN] / 2000 == pytest.approx(0.25, abs=0.04)
    form.does["0.3"] = Counter({FRESH: 1, RETURN: 999})
    late, early = (Counter(form.outcome(0, at, 1, rng) for _ in range(2000)) for at in (9, 7))
    assert late[RETURN] / 2000 == pytest.approx(0.98, abs=0.02), "behind 8 to 15"
    assert early[RETURN] / 2000 == pytest.approx(0.25, abs=0.04)
    far = Counter(form.distance([9] * 16, rng) for _ in range(2000))
    assert far[4] / 2000 == pytest.approx(0.75, abs=0.04)
    assert {form.distance([9] * 7, rng) for _ in range(50)} == {4}
    assert form.distance([9] * 3, rng) is None


def test_a_run_from_a_phrase_back_goes_on_as_runs_like_it_did() -> None:
    rng = np.random.default_rng(0)
    form = Form({"2": Counter({GO_ON: 500, FRESH: 500})})
    form.does["2/4"] = Counter({GO_ON: 900, FRESH: 100})
    form.does["2/1"] = Counter({GO_ON: 100, FRESH: 900})
    on = {
        back: np.mean([form.outcome(2, 20, back, rng) == GO_ON for _ in range(1000)])
        for back in (8, 4, 7)
    }
    assert on[8] == pytest.approx(0.9, abs=0.04)
    assert on[4] == pytest.approx(0.9, abs=0.04)
    assert on[7] == pytest.approx(0.1, abs=0.04)
    # What an older file does not tell apart goes by what it does tell.
    old = Form({"4": Counter({GO_ON: 900, FRESH: 100})})
    drawn = np.mean([old.outcome(9, 20, 4, rng) == GO_ON for _ in range(1000)])
    assert drawn == pytest.approx(0.9, abs=0.04)


def test_bars_come_back_from_whole_phrases_more_and_as_often_as_they_fit() -> None:
    rng = np.random.default_rng(0)
    form = Form(back=Counter({3: 100, 4: 100}))
    far = Counter(form.distance([9] * 8, rng) for _ in range(2000))
    assert far[4] / far[3] == pytest.approx(ALIGNED, abs=0.5)
    fits = [1.0] * 4 + [0.0] + [1.0] * 3  # the bar four bars back stands on other chords
    assert {form.distance([9] * 8, rng, fits) for _ in range(50)} == {3}
    assert form.distance([9] * 8, rng, [0.0] * 8) is None, "none fits"


def test_bars_come_back_as_often_and_as_closely_as_bars_as_full_do() -> None:
    rng = np.random.default_rng(0)
    form = Form(
        back=Counter({4: 1, 8: 1}),
        closely={str(NEW): Counter({LOOSE: 500, EXACT: 500})},
        full={
            str(NEW): Counter({3: 500, 9: 4500}),
            str(LOOSE): Counter({9: 500}),
            str(EXACT): Counter({3: 500}),
        },
    )
    codes = Counter(form.code(NEW, 9, 3, rng) for _ in range(1000))
    assert codes[EXACT] > 900, "a bar of three onsets"
    codes = Counter(form.code(NEW, 9, 9, rng) for _ in range(1000))
    assert codes[LOOSE] > 900, "of nine"
    # The bar of three onsets, eight bars back, comes back about nine times as often.
    backs = Counter(form.distance([3, 9, 9, 9, 9, 9, 9, 9], rng) for _ in range(1000))
    assert backs[8] > 7 * backs[4]
    form.closely[f"{NEW}.3"] = Counter({CLOSE: 10**6})
    assert {form.code(NEW, 9, 9, rng) for _ in range(50)} == {CLOSE}, "behind 8 to 15 bars"


def test_what_was_never_met_can_still_be_drawn() -> None:
    rng = np.random.default_rng(0)
    assert {Form().outcome(1, 3, 1, rng) for _ in range(100)} == {FRESH, GO_ON, RETURN}


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
    assert not any(old.begins(rng) for _ in range(100))
    assert old.move(rng) == 0


def test_it_counts_which_motifs_come_back_from_where() -> None:
    # Five notes, two others, then the five again a third higher and slower, and one that is new.
    pitch = np.array([60, 62, 64, 65, 67, 50, 55, 64, 66, 68, 69, 71, 40])
    onset = np.array([12 * i for i in range(7)] + [96 + 24 * i for i in range(6)])
    form = Form.learn([], [(motifs_of(pitch, onset), np.ones(13, bool))], grid=24)
    assert form.tune == {"new": 9, "begins": 1, "kept": 0, "aligned": 1}
    assert (form.far, form.by, form.long) == ({2: 1}, {4: 1}, {4: 1})


def test_a_motif_is_drawn_from_where_motifs_come_back() -> None:
    rng = np.random.default_rng(0)
    tune = Counter({"new": 40, "begins": 10, "kept": 5, "aligned": 10})
    form = Form(
        tune=tune, far=Counter({3: 4}), by=Counter({0: 9, 5: 1}), long=Counter({4: 3, 6: 1})
    )
    assert sum(form.begins(rng) for _ in range(2000)) / 2000 == pytest.approx(0.25, abs=0.04)
    back, moved = np.array([40, 9, 10, 11]), np.array([0, 0, 5, 1])
    candidates = Candidates(back, moved, np.ones(4, bool))
    drawn = Counter(form.motif(candidates, rng) for _ in range(1000))
    assert set(drawn) == {1, 2}, "neither that far back nor moved by a semitone"
    assert drawn[1] / 1000 == pytest.approx(0.9, abs=0.04)
    assert form.motif(Candidates(back[:1], moved[:1], np.ones(1, bool)), rng) is None
    lengths = Counter(form.length(rng) for _ in range(1000))
    assert {(4, True), (4, False), (6, True), (6, False)} == set(lengths)


@pytest.mark.parametrize("told", [{}, {"does": 3, "back": {}, "closely": {}}, []])
def test_what_is_no_form_is_refused(told: object) -> None:
    with pytest.raises(CheckpointError, match="a form that is none"):
        Form.from_dict(told)  # type: ignore[arg-type]


def test_a_blend_weighs_styles_alike_however_many_bars_they_have() -> None:
    often = Form({"0": Counter({RETURN: 10})}, Counter({1: 10}))
    never = Form({"0": Counter({FRESH: 1000})})
    mixed = blended([(often, 0.5), (never, 0.5)]).does["0"]
    assert mixed[RETURN] == pytest.approx(mixed[FRESH])


def test_closer_returns_are_asked_one_step_more_loosely_as_often_as_it_says() -> None:
    form = Form.learn([bars(-1, -1, -1, -1, 0, 1, 2, 3, code=EXACT)] * 50)
    for looser, codes in ((0.0, {EXACT}), (1.0, {CLOSE}), (0.5, {EXACT, CLOSE})):
        form.looser = looser
        rng = np.random.default_rng(0)
        drawn = Counter(form.code(EXACT, 5, 5, rng) for _ in range(400))
        assert {code for code, times in drawn.items() if times > 40} == codes
    loose = Form.learn([bars(-1, -1, -1, -1, 0, 1, 2, 3, code=LOOSE)] * 50)
    loose.looser = 1.0
    assert min(loose.code(LOOSE, 5, 5, np.random.default_rng(i)) for i in range(50)) == LOOSE
