from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given

from experiments.preparing.mutate import mutated
from mood2music.isolate import Isolated
from mood2music.music.write import write_midi
from tests.conftest import tune
from tests.store import readers
from tests.store.midi_files import midi_files, variable_length

NOTE = b"\0\x90\x3c\x50\x18\x80\x3c\x00"
END = b"\0\xff\x2f\0"


@pytest.fixture(scope="module")
def child() -> Iterator[Isolated]:
    with Isolated() as started:
        yield started


def file(*tracks: bytes, division: bytes = b"\0\x18") -> bytes:
    chunks = b"".join(b"MTrk" + len(t).to_bytes(4, "big") + t for t in tracks)
    return b"MThd\0\0\0\6\0\1" + len(tracks).to_bytes(2, "big") + division + chunks


@given(midi_files())
@example(file(NOTE + END, division=b"\xe7\x28"))
@example(file(*[NOTE + END] * 32))
@example(file(b"\0\x90\x3c\x50\0\x3c\0" + NOTE + END))
@example(file(b"\0\xff\x51\3\0\0\0" * 5000 + NOTE + END))
@example(file(b""))
@pytest.mark.slow
def test_any_midi_file_keeps_its_notes_through_events_and_files_or_is_refused(
    child: Isolated, tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.mid"
    path.write_bytes(data)
    said = child.call(readers.round_trip, path, timeout=30.0)
    assert said == "kept" or said.startswith("refused: any.mid ")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (file(NOTE + END), "kept"),
        (file(NOTE), "kept"),
        (file(b"\0\x90\x3c\x50\x18\x3c\0" + END), "kept"),
        (file(*[NOTE + END] * 32), "kept"),
        (file(NOTE + END, division=b"\xe7\x28"), "refused: any.mid counts time in frames (SMPTE)"),
        (file(NOTE + END, division=b"\0\0"), "refused: any.mid "),
        (file(b"\0\x90\x3c\x50\0\x80\x3c\0" + END), "kept"),
        (file(b""), "refused: any.mid holds no notes"),
        (file(b"\0\x99\x24\x50\x18\x89\x24\0" + END), "refused: any.mid holds drums only"),
        (file(variable_length((1 << 28) - 1) + NOTE[1:] + END), "refused: any.mid lasts "),
        (file(NOTE + END)[:-3], "refused: any.mid is truncated: 3 bytes are missing"),
    ],
)
def test_each_strangeness_is_kept_or_named(
    child: Isolated, tmp_path: Path, data: bytes, said: str
) -> None:
    path = tmp_path / "any.mid"
    path.write_bytes(data)
    assert child.call(readers.round_trip, path).startswith(said)


@pytest.mark.slow
def test_mutated_files_are_kept_or_refused_and_crash_nothing(
    child: Isolated, tmp_path: Path
) -> None:
    rng = np.random.default_rng(0)
    path = tmp_path / "any.mid"
    found: Counter[str] = Counter()
    for i in range(400):
        write_midi(tune(i % 20, 20), path)
        path.write_bytes(mutated(path.read_bytes(), rng))
        found[child.call(readers.round_trip, path, timeout=30.0).split(":")[0]] += 1
    assert set(found) == {"kept", "refused"}
    assert min(found.values()) > 40
