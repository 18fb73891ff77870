from dataclasses import replace

import numpy as np
import pytest

from mood2music.generator.event_batch import PAD
from mood2music.generator.memory.kinds import (
    IN_RHYTHM,
    KINDS,
    MELODY,
    MOTIF,
    MOVED,
    NEW,
    POINTED,
    SAME,
)
from mood2music.generator.memory.past import Past
from mood2music.generator.memory.recollection import Recollection
from mood2music.music.changes import changes_of
from mood2music.music.events import HELD
from mood2music.music.texture import textures_of
from mood2music.store.event_store import Store
from mood2music.store.prepare import MusicSourceSettings, prepare

RECALLED = [SAME, MOVED, MELODY]


@pytest.fixture(scope="module")
def store() -> Store:
    return prepare(MusicSourceSettings(name="corpus", composers=["bach"], limit=6), progress=False)


def test_what_is_recalled_of_a_whole_piece_is_recalled_event_by_event(store: Store) -> None:
    past = Past(store, RECALLED, bars=False)
    met = set()
    for row in store.pieces:
        index = np.arange(row.first, row.first + row.events)[None]
        whole = past.recalled(index, np.ones(index.shape, bool), np.zeros(1, bool))
        assert whole is not None
        recollection, now = Recollection(RECALLED), 0
        for at, event in enumerate(store.piece(row).as_list()):
            recollection.add(event, now)
            now += event[1]
            for kind, (tokens, duration, code) in enumerate(recollection.recalled()):
                told = whole.tokens[0, at, kind]
                assert tuple(told[told != PAD].tolist()) == tokens
                assert int(whole.durations[0, at, kind]) == duration
                assert int(whole.codes[0, at, kind]) == code
                met.add((kind, code))
    assert len(met) > 12


def test_it_is_pointed_only_where_it_is_asked_for(store: Store) -> None:
    past = Past(store, KINDS, bars=True)
    row = max(store.pieces, key=lambda row: row.events)
    index = np.repeat(np.arange(row.first, row.first + row.events - 1)[None], 2, 0)
    told = past.recalled(index, np.ones(index.shape, bool), np.array([True, False]))
    assert told is not None
    at = KINDS.index(POINTED)
    assert int(told.codes[0, :, at].max()) > NEW
    assert not told.codes[1, :, at].any()
    assert (told.tokens[1, :, at] == PAD).all()
    assert past.bars is not None
    assert past.bars.shape == (len(store.durations), 2)


def test_the_form_of_its_pieces_counts_every_bar_but_the_first(store: Store) -> None:
    past = Past(store, [POINTED], bars=False)
    form = past.form(store.pieces)
    counted = sum(sum(does.values()) for age, does in form.bars.does.items() if age.isdigit())
    # Four beats a bar, more or less; chorales return by whole phrases.
    quarters = int(store.durations.sum()) / store.about["grid"]
    assert counted == pytest.approx(quarters / 4, rel=0.2)
    assert form.bars.back


def test_behind_an_event_stands_the_chord_of_the_next(store: Store) -> None:
    past = Past(store, [POINTED], bars=False, harmony=True)
    assert past.harmony is not None
    row = store.pieces[2]
    events = store.piece(row)
    changes = changes_of(events)
    at = 10
    span = int(np.searchsorted(changes.step, events.ends()[at], "right")) - 1
    told = past.harmony[row.first + at].tolist()
    assert told == changes.code[[span, span + 1]].tolist()
    assert past.form(store.pieces).follows() is not None
    assert Past(store, [], bars=True).harmony is None


def test_behind_an_event_stands_how_full_the_bar_of_the_next_is(store: Store) -> None:
    past = Past(store, [], bars=False, texture=True)
    assert past.texture is not None
    for row in store.pieces:
        events = store.piece(row)
        told = past.texture[row.first : row.first + row.events - 1]
        assert (told == textures_of(events).told(events.begins()[1:])).all()
    assert Past(store, [], bars=True).texture is None


def test_pieces_recall_the_same_where_others_of_the_store_are_left_out(store: Store) -> None:
    few = Past(replace(store, pieces=store.pieces[1::2]), KINDS, bars=True)
    whole = Past(store, KINDS, bars=True)
    for row in store.pieces[1::2]:
        index = np.arange(row.first, row.first + row.events)[None]
        told = [
            past.recalled(index, np.ones(index.shape, bool), np.ones(1, bool))
            for past in (few, whole)
        ]
        assert told[0] is not None
        assert told[1] is not None
        for mine, theirs in zip(*told, strict=True):
            assert (mine == theirs).all()


def test_it_is_pointed_to_the_next_note_of_each_motif_that_is_played_again(store: Store) -> None:
    past = Past(store, [POINTED], bars=False)
    met = 0
    for row in store.pieces:
        index = np.arange(row.first, row.first + row.events)[None]
        told = past.recalled(index, np.ones(index.shape, bool), np.ones(1, bool))
        assert told is not None
        codes = told.codes[0, :, 0].numpy()
        events = store.piece(row).as_list()
        ends = store.piece(row).ends()
        for at in np.flatnonzero(codes >= MOTIF).tolist():
            sung = (
                i for i in range(at + 1, len(events)) if events[i][0] and events[i][0][-1] < HELD
            )
            following = next(sung)
            pitches = told.tokens[0, at, 0]
            assert pitches[pitches != PAD].tolist() == [events[following][0][-1]]
            left = int(told.durations[0, at, 0])
            due = ends[following - 1] - ends[at]
            assert left == (due if codes[at] == IN_RHYTHM else 0)
            met += 1
    assert met > 100
    tune = past.form(store.pieces).motifs.tune
    assert 0 < tune["kept"] < tune["begins"] < tune["new"]
