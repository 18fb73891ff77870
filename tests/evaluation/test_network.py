from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mood2music.errors import CheckpointError, UnknownNameError
from mood2music.evaluation.network import measure_network
from mood2music.learn import checkpoint
from mood2music.music.notes import make_notes
from mood2music.music.write import write_midi


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A network's checkpoint, as training writes it, and the data it was made for."""
    from mood2music.generator.task import build_music_task
    from mood2music.learn.optimizer_settings import OptimizerSettings

    folder = tmp_path_factory.mktemp("music")
    rng = np.random.default_rng(0)
    for i in range(12):
        part = folder / ("calm" if i % 2 else "wild") / f"{i}.mid"
        part.parent.mkdir(exist_ok=True)
        write_midi(
            make_notes(np.arange(60) * 12, [12] * 60, rng.integers(48, 84, 60), [80] * 60), part
        )
    data = {"name": "midi", "root": str(folder)}
    model = {"name": "lstm", "encoder": {"hidden": 8, "layers": 1, "embedding": 8}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOOD2MUSIC_CACHE", str(folder / "cache"))
        _, _, save = build_music_task(model, {**data, "held_out": 0.25}, OptimizerSettings(), 0)
    save(folder / "net.safetensors", {})
    return folder / "net.safetensors", data


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOOD2MUSIC_CACHE", str(tmp_path / "cache"))


@pytest.mark.usefixtures("cache")
def test_a_network_is_scored_on_unseen_pieces_beside_n_grams(
    trained: tuple[Path, dict[str, Any]],
) -> None:
    path, data = trained
    (table,) = measure_network(str(path), data, 50, 0)
    network, five_gram, bigram = table.rows
    header = checkpoint.read_header(path)["data"]
    unseen = 12 - len(header["train_names"]) - len(header["val_names"])
    assert 0 < unseen < 12
    assert network["pieces"] == bigram["pieces"] == unseen
    assert [row["model"] for row in table.rows] == ["lstm pitchwise", "5-gram", "bigram"]
    assert network["events"] == min(50, unseen * (60 - 32))
    # One note an event here; an untrained network knows less than counts do.
    assert network["bits_note"] == pytest.approx(network["bits_event"])
    assert network["bits_event"] > bigram["bits_event"] > 5
    assert network["bits_event"] > five_gram["bits_event"] > 5


@pytest.mark.usefixtures("cache")
def test_a_network_is_scored_after_more_and_fewer_events(
    trained: tuple[Path, dict[str, Any]],
) -> None:
    path, data = trained
    _, contexts = measure_network(str(path), data, 64, 0, [32, 8, 100])
    assert [row["context"] for row in contexts.rows] == [8, 32]
    assert {row["events"] for row in contexts.rows} == {
        row["events_place"] for row in contexts.rows
    }
    assert {row["events"] for row in contexts.rows} == {4}
    assert all(5 < row["low"] <= row["bits"] <= row["high"] for row in contexts.rows)


@pytest.mark.usefixtures("cache")
def test_patterns_choose_among_the_pieces_that_are_scored(
    trained: tuple[Path, dict[str, Any]],
) -> None:
    path, data = trained
    counts = []
    for chosen in ({"include": ["calm/*"]}, {"exclude": ["calm/*"]}, {}):
        (table,) = measure_network(str(path), {**data, **chosen}, 50, 0)
        counts.append(table.rows[0]["pieces"])
    assert counts[0] + counts[1] == counts[2]


def test_an_unknown_network_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="lstn"):
        measure_network("lstn", {"name": "midi"}, 10, 0)


def test_a_face_network_is_no_music_network(face_weights: Path) -> None:
    with pytest.raises(CheckpointError, match="face network, expected music"):
        measure_network(str(face_weights), {"name": "midi"}, 10, 0)
