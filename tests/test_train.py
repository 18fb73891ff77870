import csv
import json
import signal
import time
from pathlib import Path

import pytest
import torch
from PIL import Image

from mood2music.face.network import stored
from mood2music.generator import network as networks
from mood2music.judge.training_index import FILE, load_index
from tests.conftest import Run
from tests.wandb_files import read_runs
from tests.warm import Warm

TINY_MUSIC = ["data=midi", "data.window=16", "data.batch_size=4", "data.scored=32", "trainer=tiny"]


@pytest.mark.parametrize(
    ("model", "representation"),
    [("lstm_tiny", "pitchwise"), ("bilstm_attention_tiny", "chord")],
)
def test_a_music_network_trains_learns_and_loads(
    run: Run, library: Path, tmp_path: Path, model: str, representation: str
) -> None:
    done = run(
        "train", f"model={model}", f"model.representation={representation}", *TINY_MUSIC,
        f"data.root={library}", "trainer.epochs=3", "trainer.limit_train_batches=20",
        "optimizer.lr=0.01", "hydra.run.dir=out",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    best = tmp_path / "out" / "best.safetensors"
    assert done.stdout.splitlines()[-1].endswith("best.safetensors")
    network, header = networks.load(best)
    assert network.settings.representation == representation
    assert len(header["data"]["train_names"]) == header["data"]["train_pieces"]
    indexed = load_index(best.with_name(FILE)).names()
    assert indexed == {*header["data"]["train_names"], *header["data"]["val_names"]}
    losses = _losses(tmp_path / "out")
    assert len(losses) == 3
    assert losses[-1] < losses[0]
    assert header["metrics"]["val/loss"] == pytest.approx(min(losses))
    told = json.loads((tmp_path / "out" / "run.json").read_text())
    assert told["status"] == "finished"
    assert told["overrides"][0] == f"model={model}"
    assert told["settings"]["model"]["representation"] == representation
    assert told["data"]["fingerprint"] == header["data"]["fingerprint"]
    assert told["metric"] == {
        "name": "val/loss", "mode": "min", "value": pytest.approx(min(losses))
    }  # fmt: skip
    assert told["best"]["epoch"] == losses.index(min(losses))
    assert told["best"]["train/loss"] < losses[0]
    assert told["test"]["test/loss"] > 0
    assert told["device"] == "cpu"


def test_the_metric_chooses_the_best_epoch_and_is_what_a_sweep_gets(
    run: Run, tmp_path: Path
) -> None:
    done = run(
        "train", "model=cnn10_tiny", "data=drawn_tiny", "trainer=tiny", "trainer.epochs=3",
        "metric=val/valence_ccc", "mode=max", "trainer.keep_last=false", "out=out",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads((tmp_path / "out" / "run.json").read_text())
    with (tmp_path / "out" / "log" / "metrics.csv").open() as file:
        ccc = [float(row["val/valence_ccc"]) for row in csv.DictReader(file) if row["val/loss"]]
    assert told["metric"]["value"] == pytest.approx(max(ccc))
    assert told["best"]["epoch"] == ccc.index(max(ccc))
    assert -1 <= told["test"]["test/valence_ccc"] <= 1
    assert f"best val/valence_ccc {max(ccc):.4f}" in done.stdout
    assert not (tmp_path / "out" / "last.ckpt").exists()


def test_a_metric_that_nothing_logs_is_refused_with_those_there_are(
    run: Run, tmp_path: Path
) -> None:
    done = run(
        "train", "model=cnn10_tiny", "data=drawn_tiny", "trainer=tiny", "metric=val/ccc", "out=out"
    )
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: metric=val/ccc: expected one of val/arousal_ccc, ")
    told = json.loads((tmp_path / "out" / "run.json").read_text())
    assert (told["status"], told["reason"]) == ("failed", line.removeprefix("error: "))


def test_a_run_goes_on_where_it_stopped(run: Run, library: Path, tmp_path: Path) -> None:
    base = ["train", "model=lstm_tiny", *TINY_MUSIC, f"data.root={library}"]
    first = run(*base, "trainer.epochs=1", "hydra.run.dir=one")
    assert first.returncode == 0, first.stderr
    second = run(*base, "trainer.epochs=3", "resume=one/last.ckpt", "hydra.run.dir=two")
    assert second.returncode == 0, second.stderr
    with (tmp_path / "two" / "log" / "metrics.csv").open() as file:
        epochs = [int(row["epoch"]) for row in csv.DictReader(file) if row["val/loss"]]
    assert epochs == [1, 2]


def test_a_resume_file_of_another_network_or_of_nothing_is_refused_in_one_line(
    run: Run, library: Path, tmp_path: Path
) -> None:
    (tmp_path / "junk.ckpt").write_text("junk")
    done = run("train", "model=lstm_tiny", *TINY_MUSIC, f"data.root={library}", "resume=junk.ckpt")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "error: resume=junk.ckpt: not a run's last.ckpt"


def test_a_face_network_trains_on_drawn_faces(run: Run, tmp_path: Path) -> None:
    done = run("train", "model=cnn10_tiny", "data=drawn_tiny", "trainer=tiny", "hydra.run.dir=out")
    assert done.returncode == 0, done.stderr
    assert stored.load(tmp_path / "out" / "best.safetensors").outputs == ["valence", "arousal"]


def test_wandb_gets_a_picture_of_faces_only_when_asked(run: Run, tmp_path: Path) -> None:
    done = run(
        "train", "-m", "model=cnn10_tiny", "data=drawn_tiny", "trainer=tiny", "trainer.epochs=1",
        "logger=wandb", "logger.log_images=false,true", "hydra.sweep.dir=sweep",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    pictures = {job: list(tmp_path.glob(f"sweep/{job}/wandb/**/*.png")) for job in (0, 1)}
    assert pictures[0] == []
    (shown,) = pictures[1]
    with Image.open(shown) as picture:
        assert picture.size == (8 * 49, 2 * 49)  # the batch has sixteen


def test_pictures_without_wandb_are_refused(settle: Run) -> None:
    done = settle("train", "model=cnn10_tiny", "data=drawn_tiny", "+logger.log_images=true")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("error: logger.log_images: only logger=wandb")


def test_a_sweep_runs_every_job_and_a_bad_one_fails_alone(
    run: Run, library: Path, tmp_path: Path
) -> None:
    done = run(
        "train", "-m", "model=lstm_tiny", *TINY_MUSIC, f"data.root={library}",
        "trainer.epochs=1", "optimizer=adam,rmsprop", "optimizer.schedule=square,constant",
        "logger=wandb", "hydra.sweep.dir=sweep",
    )  # fmt: skip
    assert done.returncode == 1
    assert "optimizer.schedule=square" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Error executing" not in done.stderr
    made = sorted(path.parent.name for path in tmp_path.glob("sweep/*/best.safetensors"))
    assert made == ["1", "3"]
    jobs = [run for job in (1, 3) for run in read_runs(tmp_path / "sweep" / str(job))]
    assert [logged.exit_code for logged in jobs] == [0, 0]


def test_wandb_hears_of_every_way_to_fail_and_sums_up_the_best_epoch(
    run: Run, user: dict[str, str], tmp_path: Path
) -> None:
    user |= {"WANDB_MODE": "offline", "WANDB_SILENT": "false"}
    done = run(
        "train", "-m", "model=cnn10_tiny", "data=faces,drawn_tiny", "trainer=tiny",
        "trainer.epochs=4", "optimizer.lr=1e30,0.3", "logger=wandb", "hydra.sweep.dir=sweep",
    )  # fmt: skip
    assert done.returncode == 1
    assert "deprecated" not in done.stderr
    jobs = [run for job in range(4) for run in read_runs(tmp_path / "sweep" / str(job))]
    no_data, _, no_number, good = jobs
    assert (no_data.exit_code, no_number.exit_code, good.exit_code) == (1, 1, 0)
    losses = _losses(tmp_path / "sweep" / "3")
    assert min(losses) < losses[-1]
    assert good.summary["val/loss"] == pytest.approx(min(losses))


# trainer=ddp is below, with two processes.
@pytest.mark.parametrize("trainer", ["default", "tiny", "gpu"])
def test_every_trainer_trains_one_batch_or_says_what_is_missing(
    run: Run, tmp_path: Path, trainer: str
) -> None:
    done = run(
        "train", "model=cnn10_tiny", "data.batch_size=8", f"trainer={trainer}", "debug=fast",
        "trainer.threads=1", "hydra.run.dir=out",
    )  # fmt: skip
    if trainer == "gpu" and not torch.cuda.is_available():
        assert done.returncode == 1
        (line,) = done.stderr.splitlines()
        assert line.startswith("error: trainer: ")
        return
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1:] == [str(tmp_path / "out" / "best.safetensors")]


@pytest.mark.slow
@pytest.mark.parametrize("task", ["music", "faces"])
def test_two_processes_learn_what_one_does_into_one_folder(
    run: Run, library: Path, tmp_path: Path, task: str
) -> None:
    asked = {
        "music": ["model=lstm_tiny", *TINY_MUSIC, f"data.root={library}",
                  "model.encoder.dropout=0"],
        "faces": ["model=cnn10_tiny", "data.batch_size=8", "++model.loss=ccc",
                  "++model.augment={flip:0,shift:0,scale:0,rotation:0,brightness:0,contrast:0,blur:0}"],
    }[task]  # fmt: skip
    alone, together = {
        "music": ([], ["trainer.devices=2", "trainer.strategy=ddp"]),
        "faces": (["trainer=tiny"], [
            "trainer=ddp", "trainer.epochs=2", "trainer.limit_train_batches=4",
            "trainer.accelerator=cpu", "trainer.precision=32-true", "trainer.threads=1",
            "trainer.progress=false",
        ]),
    }[task]  # fmt: skip
    one = run("train", *asked, *alone, "hydra.run.dir=one")
    assert one.returncode == 0, one.stderr
    # The second process is started by Lightning, with the command line that it finds.
    two = run("train", *asked, *together, "hydra.run.dir=two")
    assert two.returncode == 0, two.stderr
    assert two.stdout.count("best.safetensors") == 1
    assert len(list((tmp_path / "two").rglob("best.safetensors"))) == 1
    assert len(list((tmp_path / "two").rglob("metrics.csv"))) == 1
    assert not (tmp_path / "outputs").exists()
    # Batch normalisation of faces is of each process's own rows.
    off = 1e-3 if task == "music" else 1e-2
    assert _losses(tmp_path / "two") == pytest.approx(_losses(tmp_path / "one"), rel=off)


def test_processes_of_a_sweep_are_refused(settle: Run) -> None:
    done = settle(
        "train", "-m", "model=cnn10_tiny", "trainer=ddp", "trainer.accelerator=cpu", "seed=0"
    )
    assert done.returncode == 1
    assert "trainer.devices with -m" in done.stderr


@pytest.mark.parametrize(("model", "enough"), [("cnn10_tiny", 0.1), ("lstm_tiny", 2.0)])
def test_overfit_learns_a_few_batches_by_heart(
    run: Run, library: Path, tmp_path: Path, model: str, enough: float
) -> None:
    wide = ["model.encoder.hidden=64", "model.encoder.embedding=32"]  # learns in fewer epochs
    music = [*TINY_MUSIC[:-1], f"data.root={library}", *wide] if model == "lstm_tiny" else []
    done = run(
        "train", f"model={model}", *music, "debug=overfit", "trainer.accelerator=cpu",
        "trainer.threads=1", "trainer.progress=false", "optimizer.lr=0.02", "hydra.run.dir=out",
        f"callbacks.early_stopping.stopping_threshold={enough}",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    losses = _losses(tmp_path / "out")
    assert losses[-1] < enough < losses[0]


def test_profile_writes_a_table_of_where_the_time_went(run: Run, tmp_path: Path) -> None:
    done = run(
        "train", "model=cnn10_tiny", "debug=profile", "trainer.profiler=simple",
        "trainer.threads=1", "hydra.run.dir=out",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    tables = sorted((tmp_path / "out" / "profile").glob("*.txt"))
    assert [path.name for path in tables] == ["fit-time.txt", "test-time.txt"]
    assert "run_training_batch" in tables[0].read_text()


def test_the_best_network_is_tested_once_and_the_log_has_it(run: Run, tmp_path: Path) -> None:
    done = run("train", "model=cnn10_tiny", "trainer=tiny", "hydra.run.dir=out")
    assert done.returncode == 0, done.stderr
    with (tmp_path / "out" / "log" / "metrics.csv").open() as file:
        tested = [row for row in csv.DictReader(file) if row["test/loss"]]
    (row,) = tested
    assert float(row["test/valence_rmse"]) > 0
    found = stored.load(tmp_path / "out" / "best.safetensors")
    assert not [name for name in found.header["metrics"] if name.startswith("test/")]


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_training_leaves_what_generate_needs_and_says_where(
    warm: Warm, library: Path, tmp_path: Path, user: dict[str, str], by: signal.Signals
) -> None:
    endless = ["trainer.epochs=100000", "callbacks=none", "hydra.run.dir=out", "logger=wandb"]
    command = ["model=lstm_tiny", *TINY_MUSIC, f"data.root={library}", *endless]
    env = {**user, "WANDB_MODE": "offline"}
    out, err = tmp_path / "said.out", tmp_path / "said.err"
    process = warm.start("mood2music.train", command, tmp_path, env, out, err)
    until = time.monotonic() + 300
    while not (tmp_path / "out" / "last.ckpt").exists():
        assert process.runs(), err.read_text()
        assert time.monotonic() < until
        time.sleep(0.1)
    process.kill(by)  # as a terminal does it, wandb's own process too
    assert process.wait(timeout=300) == 128 + by
    (line,) = err.read_text().splitlines()
    best = tmp_path / "out" / "best.safetensors"
    assert f" is {best};" in line
    assert line.endswith(f"resume={tmp_path / 'out' / 'last.ckpt'}")
    _, header = networks.load(best)
    assert load_index(best.with_name(FILE)).names() >= set(header["data"]["train_names"])
    (logged,) = read_runs(tmp_path)
    assert logged.exit_code == 255
    told = json.loads(best.with_name("run.json").read_text())
    assert (told["status"], told["wandb"]) == ("stopped", logged.id)
    assert told["reason"] == line.removeprefix("error: ")


def test_a_sweep_that_was_killed_goes_on_where_it_stopped_and_ends_in_one_table(
    warm: Warm, run: Run, library: Path, tmp_path: Path, user: dict[str, str]
) -> None:
    words = [
        "-m", "model=lstm_tiny", *TINY_MUSIC, f"data.root={library}", "trainer.epochs=16",
        "trainer.limit_train_batches=2", "callbacks=none", "seed=0,1,2", "resume=auto",
    ]  # fmt: skip
    out, err = tmp_path / "said.out", tmp_path / "said.err"
    process = warm.start("mood2music.train", words, tmp_path, user, out, err)
    until = time.monotonic() + 300
    while not (begun := list(tmp_path.glob("outputs/sweeps/*/*/1/last.ckpt"))):
        assert process.runs(), err.read_text()
        assert time.monotonic() < until
        time.sleep(0.02)
    process.kill(signal.SIGKILL)
    process.wait(timeout=300)
    sweep = begun[0].parents[1]
    whole, killed = (json.loads((sweep / n / "run.json").read_text()) for n in "01")
    assert (whole["status"], killed["status"]) == ("finished", "running")
    done = run("train", *words)
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.glob("outputs/sweeps/*/*")) == [sweep]
    again = [json.loads((sweep / n / "run.json").read_text()) for n in "012"]
    assert again[0] == whole
    assert [told["status"] for told in again] == ["finished"] * 3
    assert [told["epochs"] for told in again] == [16] * 3
    assert again[1]["resumed"] == str(begun[0])
    assert f"{sweep / '0'} has ended already" in done.stdout
    heads, row, path = done.stdout.splitlines()[-3:]
    assert heads.split()[:2] == ["runs", "val/loss"]
    mean = sum(told["metric"]["value"] for told in again) / 3
    assert row.split()[:2] == ["3", f"{mean:.4g}"]
    assert path == f"outputs/sweeps/{sweep.parent.name}/{sweep.name}/table.csv"


def _losses(folder: Path) -> list[float]:
    with (folder / "log" / "metrics.csv").open() as file:
        return [float(row["val/loss"]) for row in csv.DictReader(file) if row["val/loss"]]
