"""resume.py: what resume=auto takes for the same run, and where it goes on."""

import json
from pathlib import Path
from typing import Any

import pytest

from mood2music.command.running import Running
from mood2music.errors import SettingsError
from mood2music.learn.resume import LAST, check_data, check_same, find_earlier


def asked(seed: int = 0, epochs: int = 4, **more: Any) -> dict[str, Any]:
    trainer = {"epochs": epochs, "progress": True}
    return {"seed": seed, "resume": "auto", "trainer": trainer, **more}


def left(folder: Path, settings: dict[str, Any], status: str, last: bool = True) -> Path:
    folder.mkdir(parents=True)
    told = {"settings": settings, "status": status, "metric": {"value": 1.5}}
    (folder / "run.json").write_text(json.dumps(told))
    if last:
        (folder / LAST).touch()
    return folder


def single(folder: Path) -> Running:
    return Running("train", folder)


def job(sweep: Path, number: int) -> Running:
    return Running("train", sweep / str(number), sweep=sweep, number=number)


def test_a_finished_run_gives_its_value_however_it_is_watched(tmp_path: Path) -> None:
    left(tmp_path / "out", asked(logger={"name": "csv"}), "finished")
    found = find_earlier(single(tmp_path / "out"), asked(logger={"name": "wandb"}))
    assert (found.value, found.last) == (1.5, None)


@pytest.mark.parametrize("status", ["running", "stopped", "failed"])
def test_a_half_done_run_goes_on_from_its_last_epoch(tmp_path: Path, status: str) -> None:
    out = left(tmp_path / "out", asked(), status)
    found = find_earlier(single(out), asked())
    assert (found.value, found.last) == (None, out / LAST)
    (out / LAST).unlink()
    assert find_earlier(single(out), asked()).last is None


def test_a_run_by_itself_may_be_given_more_epochs(tmp_path: Path) -> None:
    out = left(tmp_path / "out", asked(epochs=4), "finished")
    assert find_earlier(single(out), asked(epochs=6)).last == out / LAST


def test_a_folder_of_another_run_is_refused(tmp_path: Path) -> None:
    out = left(tmp_path / "out", asked(seed=0), "finished")
    with pytest.raises(SettingsError, match=r"holds a run of seed=0, asked for 1: .* out="):
        find_earlier(single(out), asked(seed=1))
    with pytest.raises(SettingsError, match=r"trainer\.epochs=4, asked for 2"):
        find_earlier(single(out), asked(epochs=2))


def test_a_job_finds_its_run_under_another_number_and_takes_no_others_folder(
    tmp_path: Path,
) -> None:
    left(tmp_path / "0", asked(seed=1), "finished")
    left(tmp_path / "1", asked(seed=2), "running")
    assert find_earlier(job(tmp_path, 1), asked(seed=1)).value == 1.5
    assert find_earlier(job(tmp_path, 2), asked(seed=2)).last == tmp_path / "1" / LAST
    new = find_earlier(job(tmp_path, 0), asked(seed=0))
    assert (new.job.folder, new.last, new.value) == (tmp_path / "2", None, None)
    # More epochs are another run there: a sweep may be over them.
    assert find_earlier(job(tmp_path, 5), asked(seed=1, epochs=9)).job.folder == tmp_path / "5"


@pytest.mark.parametrize("first", [0, 1])
def test_two_jobs_that_begin_at_once_do_not_take_one_folder(tmp_path: Path, first: int) -> None:
    left(tmp_path / "0", asked(seed=1), "finished")
    numbers = (first, 1 - first)  # none has written its record when the other looks
    folders = [find_earlier(job(tmp_path, n), asked(seed=5 + n)).job.folder for n in numbers]
    assert sorted(folder.name for folder in folders) == ["1", "2"]


def test_a_job_refused_for_what_is_no_number_finds_its_own_folder(tmp_path: Path) -> None:
    wrong = asked(optimizer={"lr": float("nan")})
    out = left(tmp_path / "0", wrong, "failed", last=False)
    assert "NaN" in (out / "run.json").read_text()
    assert find_earlier(job(tmp_path, 0), asked(optimizer={"lr": float("nan")})).job.folder == out


def test_a_run_that_goes_on_with_another_optimizer_network_seed_or_metric_is_refused(
    tmp_path: Path,
) -> None:
    was = asked(
        metric="val/loss",
        mode="min",
        optimizer={"lr": 0.001},
        model={"hidden": 8},
        data={"batch_size": 4},
    )
    last = left(tmp_path / "out", was, "stopped") / LAST
    check_same(last, {**was, "trainer": {"epochs": 2}, "data": {"batch_size": 8}})
    for other, told in (
        ({"optimizer": {"lr": 0.5}}, r"of optimizer\.lr=0\.001, asked for 0\.5: repeat"),
        ({"model": {"hidden": 16}}, r"of model\.hidden=8, asked for 16"),
        ({"seed": 3}, "of seed=0, asked for 3"),
        # Its best figure is of the metric that it had.
        ({"metric": "val/chord_bits"}, "of metric=val/loss, asked for val/chord_bits"),
        ({"mode": "max"}, "of mode=min, asked for max"),
    ):
        with pytest.raises(SettingsError, match=told):
            check_same(last, {**was, **other})
    (tmp_path / "alone").mkdir()
    check_same(tmp_path / "alone" / LAST, was)


def test_a_run_that_goes_on_with_other_music_is_refused(tmp_path: Path) -> None:
    facts = {"fingerprint": "7a", "val_pieces": 1}
    check_data(tmp_path / LAST, dict(facts), facts)
    check_data(tmp_path / LAST, None, facts)  # nothing is known of that run
    with pytest.raises(SettingsError, match=r"run on other data, fingerprint=7a, found 7b: give"):
        check_data(tmp_path / LAST, facts, {**facts, "fingerprint": "7b"})
    with pytest.raises(SettingsError, match="val_pieces=1, found 2"):  # held out otherwise
        check_data(tmp_path / LAST, facts, {**facts, "val_pieces": 2})
