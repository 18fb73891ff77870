"""record.py: run.json is there from the first moment, and says how the run ended."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from mood2music.command.interrupt import Interrupted
from mood2music.command.running import Running
from mood2music.errors import DataError
from mood2music.learn import record
from mood2music.learn.record import RECORD, read_record, recorded, wandb_id


def job(folder: Path) -> Running:
    return Running("train", folder, ["seed=1"], {"model": "lstm"}, Path("sweep"), 3)


def told(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / RECORD).read_text())
    return found


def test_a_run_is_running_then_finished(tmp_path: Path) -> None:
    with recorded(job(tmp_path), {"seed": 1}) as run:
        begun = told(tmp_path)
        run.tell(best={"val/loss": 0.5})
        assert told(tmp_path)["best"] == {"val/loss": 0.5}
    ended = told(tmp_path)
    assert (begun["status"], ended["status"]) == ("running", "finished")
    assert begun["command"] == "python -m mood2music.train seed=1"
    assert (begun["sweep"], begun["number"], begun["settings"]) == ("sweep", 3, {"seed": 1})
    assert ended["seconds"] >= 0
    assert [path.name for path in tmp_path.iterdir()] == [RECORD]


@pytest.mark.parametrize(
    ("error", "status", "reason"),
    [
        (DataError("no data at x"), "failed", "no data at x"),
        (Interrupted("stopped by Ctrl-C", 2), "stopped", "stopped by Ctrl-C"),
        (KeyboardInterrupt(), "stopped", "ended by Ctrl-C"),
        (FileNotFoundError(2, "No such file", "a.mid"), "failed", "a.mid: No such file"),
    ],
)
def test_what_ends_a_run_is_its_status_and_reason(
    tmp_path: Path, error: BaseException, status: str, reason: str
) -> None:
    with pytest.raises(type(error)), recorded(job(tmp_path), {}):
        raise error
    assert (told(tmp_path)["status"], told(tmp_path)["reason"]) == (status, reason)


def test_a_file_that_is_no_record_is_none(tmp_path: Path) -> None:
    assert read_record(tmp_path) is None
    for text in ("", "[1]", "{"):
        (tmp_path / RECORD).write_text(text)
        assert read_record(tmp_path) is None
    (tmp_path / RECORD).write_text('{"wandb": "abc"}')
    assert wandb_id(tmp_path) == "abc"


def test_the_commit_and_whether_files_are_changed(tmp_path: Path) -> None:
    assert record.code(tmp_path / "nothing") is None
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run([*git, "init", "-q"], check=True)
    (tmp_path / "a").write_text("1")
    subprocess.run([*git, "add", "a"], check=True)
    subprocess.run([*git, "commit", "-qm", "A"], check=True)
    record.code.cache_clear()
    clean = record.code(tmp_path)
    assert clean is not None
    assert (len(clean["commit"]), clean["dirty"]) == (40, False)
    (tmp_path / "a").write_text("2")
    record.code.cache_clear()
    assert record.code(tmp_path) == {**clean, "dirty": True}


def test_only_the_first_of_distributed_processes_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOCAL_RANK", "1")
    with recorded(job(tmp_path), {}):
        pass
    assert not (tmp_path / RECORD).exists()
