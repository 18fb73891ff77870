"""Manifests below a folder, those that tell of pieces and others."""

import json
from pathlib import Path

from mood2music.judge.runs import MANIFEST, files_of, manifests, other_forms


def write_run(folder: Path, **told: object) -> None:
    folder.mkdir(parents=True)
    piece = {"files": ["piece.mid", "piece.musicxml"], "seed_end": 0, "grid": 24}
    (folder / "run.json").write_text(json.dumps({"pieces": [piece], **told}))


def test_runs_are_found_at_any_depth_and_others_passed_over(tmp_path: Path) -> None:
    write_run(tmp_path / "b" / "1", song={"music": "corpus:x"})
    write_run(tmp_path / "a")
    for name, text in (("torn", "{"), ("list", "[]"), ("train", '{"best": 1}')):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.json").write_text(text)
    found = dict(manifests(tmp_path))
    assert list(found) == [tmp_path / "a", tmp_path / "b" / "1"]
    assert found[tmp_path / "b" / "1"]["song"] == {"music": "corpus:x"}


def test_the_first_file_of_a_piece_is_the_piece(tmp_path: Path) -> None:
    write_run(tmp_path / "a")
    assert other_forms(tmp_path) == {tmp_path / "a" / "piece.musicxml"}


def test_the_files_of_a_run_are_those_it_names_beside_it(tmp_path: Path) -> None:
    told = {
        "mood": {"pictures": ["face.png"]},
        "pieces": [
            {"grid": 24, "files": ["piece.mid", "score.png"]},
            {"grid": 24, "files": ["piece_2.mid", "../else.mid", "/etc/passwd"]},
        ],
    }
    for name in ("face.png", "piece.mid", "piece_2.mid", "other.mid"):
        (tmp_path / name).touch()
    assert files_of(tmp_path) == set()
    (tmp_path / MANIFEST).write_text(json.dumps(told), encoding="utf-8")
    assert files_of(tmp_path) == {"face.png", "piece.mid", "piece_2.mid"}
    (tmp_path / MANIFEST).write_text(json.dumps({**told, "mood": None}), encoding="utf-8")
    assert "piece.mid" in files_of(tmp_path)
