from dataclasses import replace
from pathlib import Path

from mood2music.errors import MusicFileError
from mood2music.music.meter import TimeSignature
from mood2music.music.meter_finder import find_meter, with_meter
from mood2music.store.event_store import open_store
from mood2music.store.summary import SHOWN, summarize
from tests.conftest import tune, write_notes


def test_a_summary_counts_what_is_in_a_store_and_what_is_not(tmp_path: Path) -> None:
    pieces = [
        ("jazz/a.mid", "1", replace(tune(1), drums=30, meter=(TimeSignature(-24, 3, 4),))),
        ("jazz/set/b.mid", "1", tune(1)),
        ("pop/c.mid", "2", with_meter(tune(2))),
        ("d.mid", "3", replace(tune(3), drums=5)),
        *((f"bad/{i:02}.mid", "", MusicFileError(f"why {i}")) for i in range(SHOWN + 3)),
    ]
    write_notes(tmp_path / "store", pieces, 24, (4, 3))
    store = open_store(tmp_path / "store")
    lines = summarize(store)
    said = dict(lines[:-SHOWN])
    assert said["pieces"] == "4"
    assert said["events"] == f"{len(store.durations)}"
    assert said["notes"] == f"{sum(row.notes for row in store.pieces)}"
    seconds = sum(tune(seed).seconds for seed in (1, 1, 2, 3))
    assert abs(float(said["minutes"]) - seconds / 60) < 1
    assert said["near copies"] == "1"
    assert said["drum notes left out"] == "35"
    assert said["pieces with drums"] == "2"
    assert said["files left out"] == f"{SHOWN + 3}"
    assert said["styles"] == "jazz 2, pop 1, (none) 1"
    (found,) = find_meter(tune(2))
    assert said["meters found from the notes"] == "1"
    assert said["meters"] == "(none) 2, 3/4 1, " + f"{found.beats}/{found.unit} 1"
    assert said["keys"] == "F major 4"
    assert lines[-SHOWN - 1] == ("left out", "bad/00.mid: why 0")
    assert lines[-1][1].startswith("3 more, see ")
