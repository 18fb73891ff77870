"""Finds the longest run of a written piece that stands in the training data, and where."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mood2music.judge.shingles import BREAK, SHINGLE, shingles
from mood2music.judge.training_index import IndexedPiece, TrainingIndex, make_index
from mood2music.music.events import Events, to_events
from mood2music.music.notes import Notes

# Shingles that have to agree in a row for a run to be told: 30 bits, from 4 events on.
LEAST = 3
SHORTEST = LEAST + SHINGLE - 1


@dataclass(frozen=True)
class Run:
    """Events that stand in a training piece, all moved by one interval, the first no rest.

    events: how many; event: the first one's number in what was written, from 0; share: of it;
    file, name: the training piece, by its path and the first digits of its SHA-256;
    file_event, file_quarter: where the run starts there, the quarter note to about a bar;
    places: how many places of the training data hold a run of so many of the written events;
    by_chance: how many runs of that length are to be expected where there is none, since shingles
        are short hashes: of 400 events in a million places 0.4 of 4 events, 0.0004 of 5.
    """

    events: int
    event: int
    share: float
    file: str
    name: str
    file_event: int
    file_quarter: float
    places: int
    by_chance: float


def longest_run(events: Events, index: TrainingIndex) -> Run | None:
    """Find the longest run of `events` that stands in an indexed piece, from SHORTEST on.

    Pitches (struck or held alike) and durations have to agree, moved by one interval; dynamics are
    left out. Of several runs the one that comes first in the index is told. Shingles are hashes
    of 10 bits: one run in 500 is told with an event too many.
    """
    query = shingles(events)
    starts = np.flatnonzero(events.counts()[:-1] > 0)
    length, start, place, places = _longest_common(query, index.hashes, starts)
    if length < LEAST:
        return None
    piece, at, quarter = index.place(place)
    count = length + SHINGLE - 1
    return Run(
        events=count,
        event=start,
        share=round(count / len(events), 4),
        file=piece.file,
        name=piece.name,
        file_event=at,
        file_quarter=round(quarter, 1),
        places=places,
        by_chance=float(f"{len(query) * len(index.hashes) / BREAK**length:.1e}"),
    )


def novelty(
    notes: Notes, seed_end: int, song: Events, index: TrainingIndex, kept_from: int | None = None
) -> dict[str, Any]:
    """Tell how new a piece is, for the manifest: its longest run, and the one it takes from `song`.

    notes: the piece; what begins before the grid step `seed_end` is the song's seed and not judged,
    nor are the bars of the song that stand from step `kept_from` on;
    song: all of the song that the seed was taken from.
    Gives, for each of the two, "longest_run" (events), its "share" of the piece and "where" it
    stands. "where" is null where no run has SHORTEST events: then "longest_run" is the most that it
    can be, one less. "of_song" says whether the run, from whatever file, stands in the song as
    well: then the song, or a near copy, was trained on and is being continued as it is.

    {"events": 398, "longest_run": 7, "share": 0.0176, "where": {"event": 120, "file": "a.mid", ...,
    "of_song": false}, "song": {"longest_run": 3, "share": 0.0075, "where": null}}
    """
    written = written_events(notes, seed_end, kept_from)
    own = make_index([(IndexedPiece("", "", len(song)), song)], index.divisors)
    run, from_song = longest_run(written, index), longest_run(written, own)
    said = {"events": len(written), **_told(run, written), "song": _told(from_song, written)}
    if run is not None:
        same = longest_run(written[run.event : run.event + run.events], own)
        said["where"]["of_song"] = same is not None and same.events == run.events
    if from_song is not None:
        where = {"event": from_song.event, "song_event": from_song.file_event}
        said["song"]["where"] = where
    return said


def _told(run: Run | None, written: Events) -> dict[str, Any]:
    most = min(SHORTEST - 1, len(written)) if run is None else run.events
    said = {"longest_run": most, "share": round(most / max(len(written), 1), 4), "where": None}
    if run is None:
        return said
    return {**said, "where": {k: v for k, v in asdict(run).items() if k not in ("events", "share")}}


def written_events(notes: Notes, seed_end: int = 0, kept_from: int | None = None) -> Events:
    """Cut a piece as training pieces are; of that what begins from `seed_end` to `kept_from`.

    Grid steps; kept_from: None for all to the end.
    """
    if not len(notes):
        return to_events(notes)
    events = to_events(notes)
    begins = events.ends() - events.durations
    first = max(seed_end, int(notes.onset.min()))
    last = len(events) if kept_from is None else int(np.searchsorted(begins, kept_from))
    return events[int(np.searchsorted(begins, first)) : last]


def _longest_common(
    query: NDArray[np.uint16], index: NDArray[np.uint16], starts: NDArray[np.int64]
) -> tuple[int, int, int, int]:
    """Length of the longest run of `query` in `index`, where it starts in each, and how often.

    starts: places of `query` where a run may start. BREAK equals nothing. Runs of n + 1 values are
    told apart by the rank of their first n and the value behind: exact, in time that falls with
    every step, for ever fewer places are left. Runs shorter than LEAST are not looked for.

    [7, 1, 2, 3] in [1, 2, 9, 1, 2, 3] from [0, 1, 2, 3] -> (3, 1, 3, 1)
    """
    known = np.zeros(BREAK + 1, bool)
    known[query] = True
    known[BREAK] = False
    hit = known[index]
    places = np.flatnonzero(
        np.logical_and.reduce([hit[i : max(len(hit) - LEAST + 1 + i, 0)] for i in range(LEAST)])
    )
    rank, index_rank = np.zeros(len(starts), np.int64), np.zeros(len(places), np.int64)
    best, length = (0, 0, 0, 0), 0
    while True:
        starts, rank = _within(starts, rank, length, query)
        places, index_rank = _within(places, index_rank, length, index)
        if not len(starts) or not len(places):
            return best
        wanted, rank = np.unique(rank * BREAK + query[starts + length], return_inverse=True)
        keys = index_rank * BREAK + index[places + length]
        index_rank = np.minimum(np.searchsorted(wanted, keys), len(wanted) - 1)
        same = wanted[index_rank] == keys
        places, index_rank = places[same], index_rank[same]
        if not len(places):
            return best
        length += 1
        first = int(starts[np.argmax(rank == index_rank[0])])
        best = (length, first, int(places[0]), len(places))


def _within(
    at: NDArray[np.int64], rank: NDArray[np.int64], length: int, values: NDArray[np.uint16]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Those places behind which, `length` values on, there is a value that is no BREAK."""
    inside = at + length < len(values)
    at, rank = at[inside], rank[inside]
    real = values[at + length] != BREAK
    return at[real], rank[real]
