"""A file outside the package adds a choice of its own: the one that docs/plugins.md shows."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from mood2music.music.read import read
from tests.conftest import Run

EXAMPLE = Path(__file__).parents[1] / "examples" / "my_gru.py"


def test_a_users_own_encoder_is_trained_and_writes(
    run: Run, library: Path, song: Path, tmp_path: Path
) -> None:
    shutil.copy(EXAMPLE, tmp_path)
    done = run(
        "train", "plugins=[my_gru]", "model=lstm_tiny", "model.name=gru", "data=midi",
        "data.window=16", "data.batch_size=4", "data.scored=32", "trainer=tiny",
        "trainer.epochs=1", f"data.root={library}",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    best = done.stdout.split()[-1]

    piece = (f"model={best}", f"midi={song}", "length=12", "seed_len=8", "render.score=[]")
    done = run("generate", "plugins=my_gru", *piece, "render.sound=none")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / done.stdout.split()[-1] / "piece.mid").is_file()

    done = run("generate", *piece)  # the checkpoint alone imports nothing
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "model.name=gru: expected one of lstm, bilstm_attention, transformer" in line
    assert line.endswith("where a plug-in has it, name its module: plugins=[module]")


def test_music_of_ones_own_is_read_dealt_and_trained_on(
    run: Run, library: Path, tmp_path: Path
) -> None:
    shutil.copy(EXAMPLE.with_name("my_music.py"), tmp_path)
    listed = sorted(str(path) for path in (library / "fast").glob("*.mid"))
    (tmp_path / "pieces.txt").write_text("\n".join(listed) + "\n", encoding="utf-8")
    data = ("plugins=my_music", "data=midi", "data.name=listed", "+data.table=pieces.txt")
    sizes = ("data.window=16", "data.batch_size=4", "data.scored=32", "trainer.epochs=1")
    done = run("train", *data, *sizes, "model=lstm_tiny", "trainer=tiny")
    assert done.returncode == 0, done.stderr
    record = json.loads((tmp_path / done.stdout.split()[-1]).with_name("run.json").read_text())
    counts = record["data"]
    assert sum(counts[f"{part}_pieces"] for part in ("train", "val", "test")) == len(listed)

    done = run("train", *data[:-1], "+data.table=none.txt", "model=lstm_tiny", "trainer=tiny")
    assert done.returncode == 1
    assert done.stderr.splitlines() == ["error: data.table=none.txt: no such file"]

    done = run("train", *data[:2], "data.name=listet", "model=lstm_tiny", "trainer=tiny")
    assert "data=listet with model=lstm: this network learns from midi or corpus" in done.stderr


def test_a_users_own_judge_measures_pieces_and_is_in_the_help(
    run: Run, song: Path, tmp_path: Path
) -> None:
    shutil.copy(EXAMPLE.with_name("my_judge.py"), tmp_path)
    (tmp_path / "pieces").mkdir()
    shutil.copy(song, tmp_path / "pieces")
    done = run("evaluate", "plugins=my_judge", "pieces=pieces", "hydra.run.dir=out")
    assert done.returncode == 0, done.stderr
    (row,) = json.loads((tmp_path / "out" / "report.json").read_text())["pieces"]
    steps = np.abs(np.diff(read(song).pitch.astype(int)))
    assert row["leap"] == pytest.approx(steps.mean())

    done = run("generate", "--help", "plugins=my_judge")
    assert "statistics, measures, mood, style, leaps\n" in done.stdout


@pytest.mark.parametrize("name", ["my_gru.py", "my_judge.py", "my_guard.py", "my_music.py"])
def test_the_page_shows_the_file_that_is_tested(name: str) -> None:
    page = EXAMPLE.parents[1] / "docs" / "plugins.md"
    assert f'--8<-- "{name}"' in page.read_text(encoding="utf-8")
