from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch

from mood2music.errors import SettingsError
from mood2music.generator.moods import (
    FIRST,
    PACES,
    PARTS,
    STEPS,
    Told,
    codes_of,
    labels,
    passages,
    untold,
)
from mood2music.judge.rated_mood import rated_mood
from mood2music.mood import Mood
from mood2music.music.events import join, to_notes
from mood2music.music.notes import make_notes
from mood2music.store.event_store import Store, open_store, write_store
from mood2music.store.piece import to_piece
from mood2music.store.prepare import MusicSourceSettings, prepare


@pytest.fixture
def store(library: Path) -> Store:
    return prepare(MusicSourceSettings(name="midi", root=str(library)), progress=False)


def test_what_nobody_says_is_untold() -> None:
    assert codes_of().tolist() == [0] * PARTS
    assert codes_of(tempo=80.0).tolist() == [0, 0, 5, 0]
    assert codes_of(mode="minor").tolist() == [0, 0, 0, 2]


@pytest.mark.parametrize(
    ("mood", "codes"),
    [
        (Mood(-0.3, -0.45), (1, 1)),
        (Mood(0.0, 0.0), (3, 4)),
        (Mood(0.9, 0.75), (STEPS, STEPS)),
        (Mood(-1.0, 1.0), (1, STEPS)),
        (Mood(1.0, -1.0), (STEPS, 1)),
    ],
)
def test_moods_beyond_what_is_heard_are_the_nearest_that_is(
    mood: Mood, codes: tuple[int, int]
) -> None:
    assert tuple(codes_of(mood)[:2].tolist()) == codes


@pytest.mark.parametrize(("tempo", "code"), [(10, 1), (40, 1), (57, 3), (120, 7), (400, PACES)])
def test_paces_are_quarters_of_an_octave(tempo: float, code: int) -> None:
    assert codes_of(tempo=tempo)[2] == code


def test_codes_of_the_parts_have_rows_of_their_own() -> None:
    assert np.diff(FIRST).tolist() == [STEPS + 1, STEPS + 1, PACES + 1]


def test_a_way_leads_from_its_first_mood_to_its_last() -> None:
    told = Told([Mood(-0.5, -0.4), Mood(0.0, 0.0), Mood(0.5, 0.6)], start=100, stop=300)
    assert [told.mood(step) for step in (0, 100, 150, 200, 250, 300, 900)] == [
        Mood(-0.5, -0.4), Mood(-0.5, -0.4), Mood(-0.25, -0.2), Mood(0.0, 0.0),
        Mood(0.25, 0.3), Mood(0.5, 0.6), Mood(0.5, 0.6),
    ]  # fmt: skip
    assert Told([Mood(0.2, 0.1)], start=5, stop=5).mood(7) == Mood(0.2, 0.1)
    assert Told().mood(3) is None


def test_passages_cover_a_piece_in_order(store: Store) -> None:
    for row in store.pieces:
        parts = list(passages(store, row))
        whole = store.piece(row)
        assert parts[0][0].start == row.first
        assert all(a[0].stop == b[0].start for a, b in pairwise(parts))
        assert join([events for _, events in parts]).as_list() == whole.as_list()


@pytest.mark.parametrize(
    ("bars", "parts"),
    [(3, [3]), (8, [8]), (11, [11]), (12, [8, 4]), (15, [8, 7]), (19, [8, 11]), (20, [8, 8, 4])],
)
@pytest.mark.parametrize("dense", [True, False])
def test_a_last_passage_of_less_than_four_bars_belongs_to_the_one_before_however_full_it_is(
    tmp_path: Path, bars: int, parts: list[int], dense: bool
) -> None:
    # Eight notes in each bar of the first eight, one in each behind them, or the other way round.
    onset = [
        96 * bar + 12 * i for bar in range(bars) for i in range(8 if (bar < 8) is dense else 1)
    ]
    long = np.diff([*onset, 96 * bars])
    notes = make_notes(onset, long, [60 + i % 5 for i in range(len(onset))], [80] * len(onset))
    write_store(tmp_path, [("a.mid", "0" * 64, to_piece(notes, [4, 3]))], 24, [4, 3])
    store = open_store(tmp_path)
    found = [part for _, part in passages(store, store.pieces[0])]
    assert [(int(part.ends()[-1]) - part.start) // 96 for part in found] == parts


def test_behind_an_event_stands_what_the_judge_reads_of_the_next_ones_passage(
    store: Store,
) -> None:
    found = labels(store, "rated")
    row = store.pieces[0]
    tempo = None if row.tempo == 120 else row.tempo
    for here, part in passages(store, row):
        notes = to_notes(part, row.tempo).transposed(-row.shift)
        told = codes_of(rated_mood(notes), tempo, row.key.rpartition(" ")[2])
        assert (found[max(here.start - 1, row.first) : here.stop - 1] == told).all()


def test_what_was_read_once_is_read_from_the_disk(store: Store) -> None:
    first = labels(store, "formula")
    (kept,) = store.folder.glob("moods-formula-*.npy")
    changed = np.zeros_like(first)
    np.save(kept, changed)
    assert (labels(store, "formula") == changed).all()
    kept.unlink()


def test_a_judge_that_nobody_registered_is_refused(store: Store) -> None:
    with pytest.raises(SettingsError, match=r"model.mood=ratd: did you mean rated\?"):
        labels(store, "ratd")


def test_windows_are_left_untold_as_often_as_asked() -> None:
    codes = torch.ones(4000, 3, PARTS, dtype=torch.int64)
    found = untold(codes, 0.2, np.random.default_rng(0))
    assert (found == found[:, :1]).all()  # a window as a whole
    told = found[:, 0].double()
    assert told.mean(0).tolist() == pytest.approx([0.64] * PARTS, abs=0.03)
    assert float((told.sum(1) == 0).double().mean()) == pytest.approx(0.2, abs=0.03)
    assert (untold(codes, 0.0, np.random.default_rng(0)) == codes).all()


def test_a_way_that_has_begun_goes_on_where_it_stands() -> None:
    told = Told([Mood(0.0, 0.0), Mood(0.5, -0.5)], start=100, stop=300)
    later = told.begun(1000, 50)
    assert [later.mood(at) for at in (950, 1000, 1150)] == [
        Mood(0.0, 0.0), Mood(0.125, -0.125), Mood(0.5, -0.5)
    ]  # fmt: skip
    same = Told([Mood(0.2, 0.1)], start=5, stop=9)
    assert same.begun(1000, 50) is same
