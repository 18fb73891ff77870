"""Runs told by the index against runs counted event by event."""

from dataclasses import replace

import numpy as np
import pytest

from mood2music.judge.novelty import SHORTEST, longest_run, novelty, written_events
from mood2music.judge.shingles import SHINGLE
from mood2music.music.events import HELD, Event, Events, from_list, join, to_events
from mood2music.music.notes import Notes
from tests.conftest import tune
from tests.judge.random_pieces import GRID, index_of, moved, random_events


def counted(query: Events, pieces: list[Events]) -> int:
    """The longest run by trying every pair of places, its pitches counted from its first one."""
    best = 0
    for piece in pieces:
        one, other = query.as_list(), piece.as_list()
        for i in (i for i in range(len(one)) if one[i][0]):
            for j in range(len(other)):
                while (
                    i + best < len(one)
                    and j + best < len(other)
                    and relative(one[i : i + best + 1]) == relative(other[j : j + best + 1])
                ):
                    best += 1
    return best


def relative(events: list[Event]) -> list[tuple[list[tuple[int, bool]], int]]:
    pitches = [token % HELD for tokens, _ in events for token in tokens]
    first = pitches[0] if pitches else 0
    return [
        ([(token % HELD - first, token >= HELD) for token in tokens], duration)
        for tokens, duration in events
    ]


def test_a_planted_passage_is_told_with_length_file_and_place_in_any_transposition() -> None:
    pieces = [random_events(seed, 300) for seed in range(4)]
    index = index_of(*pieces)
    for semitones in range(-12, 13):
        passage = moved(pieces[2][70:101], semitones)
        written = join([random_events(98, 50), passage, random_events(99, 40)])
        run = longest_run(written, index)
        assert run is not None
        assert (run.events, run.event, run.file, run.file_event) == (31, 50, "folder/2.mid", 70)
        assert (run.name, run.places) == (f"{2:016x}", 1)
        assert run.share == round(31 / 121, 4)
        # 120 shingles by 1,200 places, of 30 shingles in a row with 1024 values each.
        assert run.by_chance == pytest.approx(120 * 1200 / 1024**30, rel=0.05, abs=0)
        quarter = pieces[2].durations[:70].sum() / GRID
        assert run.file_quarter == pytest.approx(quarter, abs=2)


def test_the_longest_run_is_that_of_a_search_event_by_event() -> None:
    few: list[Event] = [((60,), 12), ((60, 64 + HELD), 12), ((62,), 12), ((), 12), ((65, 69), 6)]
    pieces = []
    for seed, kinds in enumerate([5, 3, 3, 5, 5, 4, 3, 3, 3]):
        drawn = np.random.default_rng(seed).integers(kinds, size=50)
        pieces.append(moved(from_list([few[i] for i in drawn]), seed))
    index = index_of(*pieces[:3])
    found = set()
    for piece in [*pieces[3:], random_events(5, 50)]:
        run = longest_run(piece, index)
        best = counted(piece, pieces[:3])
        assert (0 if run is None else run.events) == (best if best >= SHORTEST else 0)
        found.add(best)
    assert min(found) < SHORTEST < max(found)  # both kinds were asked for


@pytest.mark.parametrize("count", [SHORTEST - 1, SHORTEST, 20])
def test_a_run_is_told_from_four_events_on(count: int) -> None:
    piece = random_events(0, 100)
    written = join([random_events(1, 10), piece[40 : 40 + count], random_events(2, 10)])
    run = longest_run(written, index_of(piece))
    assert (None if run is None else run.events) == (count if count >= SHORTEST else None)
    assert SHORTEST == 4


@pytest.mark.parametrize("change", ["pitch", "duration", "held", "rest"])
def test_one_event_that_differs_ends_the_run(change: str) -> None:
    piece = from_list([((60 + i % 7, 72 + i % 5), 6 + 6 * (i % 3)) for i in range(60)])
    listed = piece[10:30].as_list()
    (low, high), duration = listed[12]
    listed[12] = {
        "pitch": ((low, high + 1), duration),
        "duration": ((low, high), duration + 1),
        "held": ((low, high + HELD), duration),
        "rest": ((), duration),
    }[change]
    run = longest_run(from_list(listed), index_of(piece))
    assert run is not None
    assert (run.events, run.event, run.file_event) == (12, 0, 10)


def test_a_run_does_not_go_on_from_one_piece_into_the_next() -> None:
    whole = random_events(0, 60, least=1)
    run = longest_run(whole, index_of(whole[:25], whole[25:]))
    assert run is not None
    assert (run.events, run.event, run.file, run.file_event) == (35, 25, "folder/1.mid", 0)


def test_dynamics_do_not_matter() -> None:
    piece = random_events(0, 60)
    louder = replace(piece, levels=np.full_like(piece.levels, 7))
    run = longest_run(louder, index_of(piece))
    assert run is not None
    assert run.events == 60


def test_of_equal_runs_the_first_is_told_and_the_places_are_counted() -> None:
    piece = random_events(0, 30)
    index = index_of(random_events(1, 40), piece, join([piece, random_events(2, 9), piece]))
    run = longest_run(moved(piece[5:20], 3), index)
    assert run is not None
    assert (run.events, run.file, run.file_event, run.places) == (15, "folder/1.mid", 5, 3)


def test_music_that_repeats_one_event_is_told_at_once() -> None:
    drone = from_list([((60,), 12)] * 3000)
    run = longest_run(drone[:400], index_of(random_events(0, 50), drone))
    assert run is not None
    assert (run.events, run.file, run.places) == (400, "folder/1.mid", 2601)


def test_shuffled_events_have_no_run() -> None:
    songs = [to_events(tune(seed, 200)) for seed in range(20)]
    listed = [event for song in songs for event in song.as_list()]
    index = index_of(*songs)
    for seed in range(10):
        rng = np.random.default_rng(seed)
        run = longest_run(from_list([listed[i] for i in rng.permutation(len(listed))[:400]]), index)
        assert run is None or run.events < 9  # of so few different events, some by chance


def test_rests_alone_are_no_run_and_a_run_starts_with_a_pitch() -> None:
    quiet = from_list([((), 192)] * 20)
    assert longest_run(quiet, index_of(quiet)) is None
    tail = join([quiet[:5], random_events(7, 30)])
    run = longest_run(join([quiet[:9], tail]), index_of(tail))
    assert run is not None
    first = int(np.flatnonzero(tail.counts())[0])
    assert (run.events, run.file_event) == (35 - first, first)


def test_a_rest_does_not_hide_another_interval() -> None:
    low = [((60,), 12), ((62,), 6), ((64,), 12), ((), 24)]
    high = [((70,), 12), ((72,), 6), ((74,), 12), ((70,), 24)]
    higher = [(tuple(p + 1 for p in tokens), duration) for tokens, duration in high]
    run = longest_run(from_list(low + higher), index_of(from_list(low + high)))
    assert run is not None
    assert run.events == 4


@pytest.mark.parametrize("count", [0, 1, SHINGLE - 1, SHINGLE, SHORTEST - 1])
def test_short_pieces_are_indexed_and_asked_for_without_harm(count: int) -> None:
    piece = random_events(0, 40)
    assert longest_run(piece[:count], index_of(piece)) is None
    run = longest_run(piece, index_of(piece[:count], piece))
    assert run is not None
    assert (run.events, run.file) == (40, "folder/1.mid")


def test_only_what_was_written_behind_the_seed_is_judged() -> None:
    notes = tune(3)
    events = to_events(notes)
    begins = events.ends() - events.durations
    written = written_events(notes, int(begins[40]))
    assert written.as_list() == events[40:].as_list()
    between = written_events(notes, int(begins[40]), int(begins[50]))
    assert between.as_list() == events[40:50].as_list()
    assert len(written_events(silent())) == 0


def silent() -> Notes:
    from mood2music.music.notes import make_notes

    return make_notes([], [], [], [])


def test_a_run_that_the_song_itself_has_is_marked_so() -> None:
    song, other = random_events(0, 120), random_events(1, 120)
    notes = tune(1)
    piece = to_events(notes)
    continued = novelty(notes, 0, piece, index_of(other, piece))
    assert (continued["longest_run"], continued["share"]) == (len(piece), 1.0)
    assert continued["where"]["of_song"]
    assert continued["song"]["longest_run"] == len(piece)
    assert continued["song"]["where"] == {"event": 0, "song_event": 0}
    copied = novelty(notes, 0, song, index_of(other, piece))
    assert (copied["longest_run"], copied["where"]["file"]) == (len(piece), "folder/1.mid")
    assert not copied["where"]["of_song"]
    assert copied["song"] == {
        "longest_run": 3, "share": round(3 / len(piece), 4), "where": None
    }  # fmt: skip
    new = novelty(notes, 0, song, index_of(other))
    assert (new["longest_run"], new["where"]) == (SHORTEST - 1, None)
