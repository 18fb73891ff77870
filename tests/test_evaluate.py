import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.numpy import save_file

from mood2music import evaluate
from mood2music.errors import CheckpointError, DataError, SettingsError, UnknownNameError
from mood2music.face.network.backbone import build_networks
from mood2music.face.network.settings import FaceSettings, outputs
from mood2music.learn import checkpoint
from mood2music.music.notes import make_notes
from mood2music.music.write import write_midi
from mood2music.render.report import Table
from tests.conftest import Run
from tests.judge.test_quadrants import made
from tests.wandb_files import read_runs

LABELS = {"a.png": (0.5, -0.25), "b.png": (-0.5, 0.75), "c.png": (0.0, 0.5)}


@pytest.fixture(scope="module")
def face_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A face network as training writes it, its weights drawn at random."""
    from dataclasses import asdict

    torch.manual_seed(0)
    settings = FaceSettings(
        name="cnn10", heads="joint", input_size=49, pretrained=False, hidden=16, width=4
    )
    header = {"settings": asdict(settings), "outputs": outputs(settings)}
    path = tmp_path_factory.mktemp("face") / "tiny.safetensors"
    checkpoint.save(path, build_networks(settings).state_dict(), "face", header)
    return path


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for name in LABELS:
        Image.fromarray(rng.integers(0, 256, (60, 60), np.uint8)).save(folder / name)
    (folder / "broken.png").write_bytes(b"not a picture")
    return folder


@pytest.fixture
def pieces(tmp_path: Path) -> Path:
    folder = tmp_path / "pieces"
    (folder / "deep").mkdir(parents=True)
    notes = make_notes([0, 24, 48, 72], [24] * 4, [60, 64, 67, 60], [80] * 4, tempo=60.0)
    write_midi(notes, folder / "arpeggio.mid")
    write_midi(notes.with_tempo(120.0), folder / "deep" / "faster.mid")
    (folder / "empty.mid").write_bytes(b"")
    return folder


def write_labels(folder: Path) -> None:
    lines = [f"{name},{v},{a}" for name, (v, a) in LABELS.items()]
    (folder / "labels.csv").write_text("path,valence,arousal\n" + "\n".join(lines) + "\n")


def face(weights: Path) -> dict[str, Any]:
    return {"detector": "none", "weights": str(weights)}


def by_name(tables: list[Any]) -> dict[str, list[Any]]:
    return {table.name: list(table.rows) for table in tables}


def test_each_picture_has_a_row_and_a_broken_one_its_reason(
    photos: Path, face_weights: Path
) -> None:
    tables = by_name(evaluate.measure_photos(photos, face(face_weights)))
    rows = {row["path"]: row for row in tables["photos"]}
    assert list(rows) == ["a.png", "b.png", "broken.png", "c.png"]
    assert rows["a.png"]["found"]
    assert -1 <= rows["a.png"]["valence"] <= 1
    assert not rows["broken.png"]["found"]
    assert "broken.png" in rows["broken.png"]["error"]
    assert tables["photos_counted"] == [
        {"photos": 4, "faces": 3, "labelled": 0, "labels_left_out": 0}
    ]
    assert "photos_measured" not in tables


def test_labels_beside_the_photos_are_measured_against_and_the_constant_stands_beside(
    photos: Path, face_weights: Path
) -> None:
    write_labels(photos)
    tables = by_name(evaluate.measure_photos(photos, face(face_weights)))
    assert tables["photos_counted"] == [
        {"photos": 4, "faces": 3, "labelled": 3, "labels_left_out": 0}
    ]
    measured = {(row["axis"], row["predictor"]): row for row in tables["photos_measured"]}
    assert len(measured) == 4
    # The constant says the labels' mean: valence 0, so that its error is their spread.
    assert measured["valence", "constant"]["rmse"] == pytest.approx((0.5 / 3) ** 0.5)
    assert measured["arousal", "constant"]["ccc"] == 0.0
    read = {row["path"]: row["valence"] for row in tables["photos"] if row["found"]}
    errors = [(read[name] - LABELS[name][0]) ** 2 for name in LABELS]
    assert measured["valence", "network"]["rmse"] == pytest.approx(np.mean(errors) ** 0.5)


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
    (table,) = evaluate.measure_network(str(path), data, 50, 0)
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
    _, contexts = evaluate.measure_network(str(path), data, 64, 0, [32, 8, 100])
    assert [row["context"] for row in contexts.rows] == [8, 32]
    assert {row["events"] for row in contexts.rows} == {
        row["events_place"] for row in contexts.rows
    }
    assert {row["events"] for row in contexts.rows} == {4}
    assert all(5 < row["low"] <= row["bits"] <= row["high"] for row in contexts.rows)
    with pytest.raises(SettingsError, match=r"contexts=\[0\]: expected 1 or more"):
        evaluate.EvaluateSettings(network="lstm", contexts=[0]).check()


@pytest.mark.usefixtures("cache")
def test_patterns_choose_among_the_pieces_that_are_scored(
    trained: tuple[Path, dict[str, Any]],
) -> None:
    path, data = trained
    counts = []
    for chosen in ({"include": ["calm/*"]}, {"exclude": ["calm/*"]}, {}):
        (table,) = evaluate.measure_network(str(path), {**data, **chosen}, 50, 0)
        counts.append(table.rows[0]["pieces"])
    assert counts[0] + counts[1] == counts[2]


def test_an_unknown_network_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="lstn"):
        evaluate.measure_network("lstn", {"name": "midi"}, 10, 0)


def test_a_face_network_is_no_music_network(face_weights: Path) -> None:
    with pytest.raises(CheckpointError, match="face network, expected music"):
        evaluate.measure_network(str(face_weights), {"name": "midi"}, 10, 0)


def test_pieces_are_measured_with_their_mean_and_the_unread_listed(pieces: Path) -> None:
    tables = by_name(evaluate.measure_pieces(pieces))
    rows = {row["path"]: row for row in tables["pieces"]}
    assert list(rows) == ["arpeggio.mid", "deep/faster.mid"]
    assert rows["arpeggio.mid"]["notes"] == 4
    assert rows["arpeggio.mid"]["pitch_class_entropy"] == pytest.approx(1.5)
    assert rows["arpeggio.mid"]["onsets_per_second"] == pytest.approx(1.0)
    (mean,) = tables["pieces_mean"]
    assert mean["pieces"] == 2
    assert mean["onsets_per_second"] == pytest.approx(1.5)
    assert "key" not in mean
    assert [row["path"] for row in tables["pieces_unread"]] == ["empty.mid"]


def test_a_judges_file_adds_the_probabilities_of_four_quadrants(
    pieces: Path, tmp_path: Path
) -> None:
    file = tmp_path / "judge.safetensors"
    save_file({name: value.astype(np.float32) for name, value in made().items()}, file)
    tables = by_name(evaluate.measure_pieces(pieces, str(file)))
    for row in tables["pieces"]:
        assert row["happy"] + row["tense"] + row["sad"] + row["calm"] == pytest.approx(1)
    with pytest.raises(SettingsError, match="without pieces"):
        evaluate.EvaluateSettings(photos="x", quadrants="y").check()


def test_what_pieces_measure_beside_real_ones_is_in_the_report(
    run: Run, pieces: Path, tmp_path: Path
) -> None:
    done = run("evaluate", f"pieces={pieces}", f"beside={pieces}", "passage=4", "hydra.run.dir=out")
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    rows = {row["measure"]: row for row in report["beside"]}
    assert rows["one_voice"]["pieces"] == rows["one_voice"]["real_pieces"] == 2
    assert rows["one_voice"]["mean"] == rows["one_voice"]["real_mean"] == 1
    assert rows["bar_likeness"]["mean"] is None
    assert [row["path"] for row in report["beside_unread"]] == ["empty.mid", "beside: empty.mid"]


def test_beside_needs_pieces_and_a_folder(run: Run, pieces: Path) -> None:
    done = run("evaluate", f"beside={pieces}", "network=lstm")
    assert done.returncode == 1
    assert "without pieces: pass pieces=folder too" in done.stderr
    done = run("evaluate", f"pieces={pieces}", f"beside={pieces / 'arpeggio.mid'}")
    assert done.returncode == 1
    assert "beside=" in done.stderr
    assert "expected a folder of music, not a file" in done.stderr


def test_a_folder_without_one_readable_piece_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "empty.mid").write_bytes(b"")
    with pytest.raises(DataError, match=r"none of 1 files .*empty\.mid"):
        evaluate.measure_pieces(tmp_path)


def test_a_misspelt_face_setting_is_refused(photos: Path) -> None:
    with pytest.raises(SettingsError, match="detektor"):
        evaluate.measure_photos(photos, {"detektor": "none"})


def test_several_measures_go_into_one_report(
    run: Run, tmp_path: Path, photos: Path, pieces: Path, face_weights: Path
) -> None:
    write_labels(photos)
    done = run(
        "evaluate",
        "photos=photos",
        "pieces=pieces",
        "face.detector=none",
        f"face.weights={face_weights}",
        "hydra.run.dir=out",
    )
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert report["settings"]["photos"] == "photos"
    assert len(report["photos"]) == 4
    assert len(report["pieces"]) == 2
    with (tmp_path / "out" / "report.csv").open(newline="") as file:
        counts = [row["table"] for row in csv.DictReader(file)]
    assert counts.count("photos") == 4
    assert counts.count("photos_measured") == 4
    assert "longest_repeat" in done.stdout
    assert done.stdout.splitlines()[-1].endswith("report.json")


def test_asking_for_nothing_names_the_four(run: Run) -> None:
    done = run("evaluate")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    (line,) = done.stderr.strip().splitlines()
    assert all(word in line for word in ("photos=", "pieces=", "network=", "benchmark="))


def test_an_experiment_without_its_data_says_what_to_pass(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"JSB_Chorales\.mat and Nottingham\.mat: pass data\.root="):
        evaluate.measure_benchmark({"name": "polymusic"}, None, tmp_path)


def test_an_unknown_experiment_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"benchmark\.name=mnist: expected polymusic"):
        evaluate.measure_benchmark({"name": "mnist"}, None, tmp_path)


def test_a_failed_measure_leaves_no_report(run: Run, tmp_path: Path) -> None:
    done = run("evaluate", "pieces=nowhere", "hydra.run.dir=out")
    assert done.returncode == 1
    assert "nowhere" in done.stderr
    assert not list((tmp_path / "out").glob("report*"))


def test_a_sweep_ends_in_one_table_of_its_figures(run: Run, pieces: Path, tmp_path: Path) -> None:
    done = run("evaluate", "-m", f"pieces={pieces},{pieces / 'deep'}", "hydra.sweep.dir=sweep")
    assert done.returncode == 0, done.stderr
    head, *rows = done.stdout.splitlines()[-4:-1]
    assert head.split()[:4] == ["pieces", "runs", "pieces_mean/pieces", "pieces_mean/notes"]
    assert [row.split()[1:4] for row in rows] == [["1", "2", "4"], ["1", "1", "4"]]
    table = (tmp_path / "sweep" / "table.csv").read_text().splitlines()
    assert len(table) == 3
    record = json.loads((tmp_path / "sweep" / "0" / "run.json").read_text())
    assert (record["status"], record["figures"]["pieces_mean/tempo"]) == ("finished", 90)


def test_figures_are_named_after_their_table_and_row() -> None:
    of_several = Table("network", [{"model": "lstm", "bits": 7.5}, {"model": "trigram", "bits": 9}])
    tables = [of_several, Table("count", [{"faces": 2, "ok": True}]), Table("p", [{"path": "a"}])]
    assert evaluate.figures_of(tables) == {
        "network/lstm/bits": 7.5, "network/trigram/bits": 9, "count/faces": 2,
    }  # fmt: skip


def test_the_tables_are_logged(run: Run, pieces: Path, tmp_path: Path) -> None:
    done = run(
        "evaluate", f"pieces={pieces}", "logger=wandb", "logger.mode=offline", "hydra.run.dir=out"
    )
    assert done.returncode == 0, done.stderr
    (logged,) = read_runs(tmp_path)
    assert (logged.exit_code, logged.job_type) == (0, "evaluate")
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    (mean,) = report["pieces_mean"]
    assert logged.summary["pieces_mean/notes"] == mean["notes"] == 4
    shown = {Path(name).name.rpartition("_")[0].rpartition("_")[0] for name in logged.media}
    assert shown == {"pieces", "pieces_mean", "pieces_unread"}
