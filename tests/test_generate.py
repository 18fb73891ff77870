import json
from pathlib import Path

import numpy as np
import pytest
import symusic
import torch
from numpy.typing import NDArray
from PIL import Image

from mood2music.face.picture.image import sample_portrait
from mood2music.files import CONFIGS
from mood2music.flow.pipeline import compose, generate
from mood2music.flow.request import GenerateSettings
from mood2music.generator import network as networks
from mood2music.generator.network import NetworkSettings
from mood2music.judge.training_index import FILE, IndexedPiece, make_index, save_index
from mood2music.music.events import to_events
from mood2music.music.key import find_key
from mood2music.music.read import read
from mood2music.render.settings import RenderSettings
from mood2music.style.settings import StyleSettings
from tests.conftest import SILENT, Run
from tests.disk import room_for
from tests.wandb_files import read_runs

pytestmark = pytest.mark.slow

FOLDER = CONFIGS / "generate" / "experiment"
EXPERIMENTS = sorted(
    path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.rglob("*.yaml")
)


@pytest.fixture(scope="session")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small network's checkpoint: what it writes is noise, but it is written for real."""
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("network") / "small.safetensors"
    network = networks.build_network(
        NetworkSettings("lstm", "pitchwise", {"hidden": 16, "embedding": 16})
    )
    data = {"settings": {"grid": 24, "quantize": [4, 3]}}
    networks.save(path, network, {"data": data})
    return path


def walk(folder: Path, **settings: object) -> tuple[Path, list[str]]:
    folder.mkdir()
    said: list[str] = []
    asked = GenerateSettings(**{"render": SILENT, **settings})  # type: ignore[arg-type]
    return generate(asked, folder, said.append), said


def test_a_midi_file_becomes_a_run_folder(untrained: Path, song: Path, tmp_path: Path) -> None:
    piece, said = walk(
        tmp_path / "out",
        midi=str(song),
        model=str(untrained),
        length=60,
        seed_len=20,
        render=RenderSettings(),
    )
    names = sorted(p.name for p in (tmp_path / "out").iterdir())
    assert [name for name in names if "_page" not in name] == [
        "piece.mid", "piece.mp3", "piece.musicxml", "run.json", "score.png",
    ]  # fmt: skip
    manifest = json.loads((tmp_path / "out" / "run.json").read_text())
    assert manifest["seed"]["events"] == 20
    assert manifest["pieces"][0]["files"][0] == "piece.mid"
    assert set(manifest["network"]["sha256"]) == {"small.safetensors"}
    assert [line.split()[0] for line in said] == ["style", "midi", "seed"]
    assert read(piece).tempo == pytest.approx(100)


def test_the_same_command_and_seed_give_the_same_bytes(
    untrained: Path, song: Path, tmp_path: Path
) -> None:
    same = {"midi": str(song), "model": str(untrained), "length": 40}
    first, second, other = (
        walk(tmp_path / name, **same, seed=seed)[0].read_bytes()
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    )
    assert first == second
    assert first != other


def test_variants_differ_and_each_has_its_files(
    untrained: Path, song: Path, tmp_path: Path
) -> None:
    walk(tmp_path / "out", midi=str(song), model=str(untrained), length=30, n=3)
    midi = sorted((tmp_path / "out").glob("*.mid"))
    assert [p.name for p in midi] == ["piece.mid", "piece_2.mid", "piece_3.mid"]
    assert len({p.read_bytes() for p in midi}) == 3
    assert (tmp_path / "out" / "piece_3.musicxml").is_file()


def test_the_kept_seed_opens_the_piece_in_the_songs_own_key(
    untrained: Path, song: Path, tmp_path: Path
) -> None:
    piece, _ = walk(
        tmp_path / "out",
        midi=str(song),
        model=str(untrained),
        length=5,
        seed_len=30,
        keep_seed=True,
    )
    heard, source = read(piece), read(song)
    manifest = json.loads((tmp_path / "out" / "run.json").read_text())
    assert manifest["pieces"][0]["key"] == find_key(source).name
    written_by = manifest["pieces"][0]["written_by"]
    seed_end = manifest["pieces"][0]["seed_end"]
    assert written_by["seed"] == (heard.onset < seed_end).sum() > 12
    assert (written_by["style"], sum(written_by.values())) == (0, len(heard))
    opening = heard.pitch[heard.onset > heard.onset[0]][:12].tolist()
    pitches = source.pitch.tolist()
    assert any(pitches[i : i + 12] == opening for i in range(len(pitches)))


def test_key_c_stays_in_c_major_or_a_minor_and_another_key_moves(
    untrained: Path, song: Path, tmp_path: Path
) -> None:
    common = {"midi": str(song), "model": str(untrained), "length": 40}
    # So that the network may draw the same pitches for both.
    home = read(walk(tmp_path / "c", **common, key="C", range=[36, 96])[0])
    up = read(walk(tmp_path / "g", **common, key="G", tempo=90, range=[31, 91])[0])
    moved = {(o, (p + 7) % 12) for o, p in _onsets(home.onset, home.pitch)}
    assert len(home) > 20
    assert moved <= {(o, p % 12) for o, p in _onsets(up.onset, up.pitch)}
    assert not moved <= {(o, p % 12) for o, p in _onsets(home.onset, home.pitch)}
    assert up.tempo == pytest.approx(90)


def _onsets(onset: NDArray[np.int64], pitch: NDArray[np.int16]) -> list[tuple[int, int]]:
    return list(zip(onset.tolist(), pitch.tolist(), strict=True))


def test_a_section_that_returns_sounds_as_it_did(
    untrained: Path, song: Path, tmp_path: Path
) -> None:
    structure = ["A", "B", "A"]
    piece, _ = walk(
        tmp_path / "out", midi=str(song), model=str(untrained), length=60, structure=structure,
        cadence=False,
    )  # fmt: skip
    manifest = json.loads((tmp_path / "out" / "run.json").read_text())
    sections = manifest["pieces"][0]["sections"]
    assert [name for name, _ in sections] == structure
    (_, first), (_, second), (_, third) = sections
    notes = read(piece)
    inside = (notes.onset > first) & (notes.onset < second)
    again = (notes.onset > third) & (notes.onset < third + second - first)
    assert notes.pitch[inside].tolist() == notes.pitch[again].tolist()
    assert (notes.onset[inside] - first).tolist() == (notes.onset[again] - third).tolist()


def test_a_learned_form_is_drawn_anew_with_each_seed(
    untrained: Path, song: Path, tmp_path: Path
) -> None:
    forms = []
    for seed in range(2):
        common = {"midi": str(song), "model": str(untrained), "bars": 40, "seed": seed}
        _, said = walk(tmp_path / str(seed), **common, structure="learned")
        told = json.loads((tmp_path / str(seed) / "run.json").read_text())
        forms.append([name for name, _ in told["pieces"][0]["sections"]])
        assert f"form   {' '.join(forms[-1])}" in said
    assert [len(form) for form in forms] == [5, 5]
    assert forms[0] != forms[1]


def test_a_style_of_ones_own_is_blended_in(untrained: Path, song: Path, tmp_path: Path) -> None:
    network, header = networks.load(untrained)
    with torch.no_grad():
        network.representation.out.bias += torch.randn(
            257, generator=torch.Generator().manual_seed(0)
        )
    own = tmp_path / "own.safetensors"
    networks.save(own, network, {"data": header["data"]})
    common = {"midi": str(song), "model": str(untrained), "length": 40}
    styles = {"tango": str(own)}
    plain, none, full = (
        walk(tmp_path / name, **common, style=StyleSettings(mix=mix, checkpoints=styles))[
            0
        ].read_bytes()
        for name, mix in (("a", {}), ("b", {"tango": 0.0}), ("c", {"tango": 1.0}))
    )
    assert plain == none
    assert plain != full
    counts = [
        json.loads((tmp_path / name / "run.json").read_text())["pieces"][0]["written_by"]
        for name in ("a", "b", "c")
    ]
    assert [count["style"] > 0 for count in counts] == [False, False, True]


def test_a_style_is_learnt_from_a_folder_and_its_file_is_a_style(
    untrained: Path, library: Path, song: Path, tmp_path: Path
) -> None:
    common = {"midi": str(song), "model": str(untrained), "length": 20}
    learnt = StyleSettings(
        from_=str(library), minutes=1e-6, rehearsal="none", save=str(tmp_path / "mine.safetensors")
    )
    piece, said = walk(tmp_path / "a", **common, style=learnt)
    assert any("learnt in" in line and "from 10 pieces" in line for line in said)
    told = json.loads((tmp_path / "a" / "run.json").read_text())
    assert told["network"]["styles"] == {library.name: 1.0}
    assert told["settings"]["style"]["from"] == library.name
    assert str(library.parent) not in (tmp_path / "a" / "run.json").read_text()
    assert told["trained_on"]["not_indexed"] == 0
    again, _ = walk(tmp_path / "b", **common, style=str(tmp_path / "mine.safetensors"))
    assert read(again).pitch.tolist() == read(piece).pitch.tolist()


def test_files_and_instrument_are_as_asked(untrained: Path, song: Path, tmp_path: Path) -> None:
    render = RenderSettings(score=["pdf"], sound="flac", program="vibraphone", roll=True)
    piece, _ = walk(
        tmp_path / "out", midi=str(song), model=str(untrained), length=20, n=2, render=render
    )
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "pianoroll.png", "pianoroll_2.png", "piece.flac", "piece.mid", "piece.musicxml",
        "piece_2.flac", "piece_2.mid", "piece_2.musicxml", "run.json", "score.pdf", "score_2.pdf",
    ]  # fmt: skip
    assert symusic.Score(piece).tracks[0].program == 11
    assert "<midi-program>12</midi-program>" in (tmp_path / "out" / "piece.musicxml").read_text()
    manifest = json.loads((tmp_path / "out" / "run.json").read_text())
    assert manifest["pieces"][1]["files"][0] == "piece_2.mid"
    assert "score_2.pdf" in manifest["pieces"][1]["files"]


def test_every_variants_longest_run_in_the_training_pieces_is_told(
    untrained: Path, song: Path, tmp_path: Path
) -> None:
    common = {"midi": str(song), "length": 60, "n": 2, "structure": ["A", "B", "A"], "seed": 4}
    walk(tmp_path / "first", **common, model=str(untrained))
    manifest = json.loads((tmp_path / "first" / "run.json").read_text())
    assert manifest["trained_on"]["index"] is None
    assert "does not list what it was trained on" in manifest["trained_on"]["reason"]
    assert [piece["novelty"] for piece in manifest["pieces"]] == [None, None]
    # The same network, now trained (says its header) on what its second variant is to be.
    network, header = networks.load(untrained)
    own = tmp_path / "own" / "best.safetensors"
    networks.save(own, network, {"data": header["data"] | {"train_names": ["0123456789abcdef"]}})
    copied = to_events(read(tmp_path / "first" / "piece_2.mid").transposed(1))
    piece = IndexedPiece("copied.mid", "0123456789abcdef", len(copied))
    save_index(own.with_name(FILE), make_index([(piece, copied)], [4, 3]))
    walk(tmp_path / "second", **common, model=str(own))
    manifest = json.loads((tmp_path / "second" / "run.json").read_text())
    assert manifest["trained_on"]["index"][0]["name"] == FILE
    other, same = (piece["novelty"] for piece in manifest["pieces"])
    assert same["longest_run"] > 0.8 * same["events"]
    assert same["where"]["file"] == "copied.mid"
    assert other["longest_run"] < 10


def test_a_seed_longer_than_the_song_is_shortened_and_said(
    untrained: Path, song: Path, tmp_path: Path
) -> None:
    _, said = walk(tmp_path / "out", midi=str(song), model=str(untrained), length=5, seed_len=999)
    assert "shorter than 999" in said[-1]


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["mood=[2,0]"], "valence 2, expected -1 to 1"),
        (["mood=[0.1]"], "expected valence and arousal"),
        (["midi=none.mid"], "midi=none.mid: no such file"),
        (["style.mix={jaz:0.5}", "mood=[0,0]"], "did you mean jazz"),
        (["model=song.mid", "mood=[0,0]"], "not a mood2music checkpoint"),
        (["key=H"], "key=G"),
        (["catalog=library", "mood=[0,0]"], "catalog.root"),
        (["midi=song.mid", "render.program=pianno"], "did you mean piano"),
        (["midi=song.mid", "render.soundfont=song.mid"], "is no SoundFont 2 file"),
        (["midi=song.mid", "render.sound=aiff"], "expected one of wav, mp3"),
    ],
)
def test_bad_input_ends_in_one_line_and_nothing_half_written(
    settle: Run, song: Path, tmp_path: Path, overrides: list[str], message: str
) -> None:
    done = settle("generate", *overrides)
    assert done.returncode == 1
    lines = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert len(lines) == 1
    assert message in lines[0]
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.glob("outputs/**/*.mid"))


@pytest.mark.parametrize("kind", ["wav", "mp3", "ogg", "flac"])
def test_a_disk_too_small_for_the_sound_gets_no_half_of_a_run(
    untrained: Path, song: Path, tmp_path: Path, kind: str
) -> None:
    composed = compose(
        GenerateSettings(
            midi=str(song),
            model=str(untrained),
            length=5,
            cadence=False,
            render=RenderSettings([], sound=kind),
        )
    )
    with pytest.raises(OSError, match="File too large") as refused, room_for(50_000):
        composed.write(tmp_path / "out")
    assert refused.value.filename == str(tmp_path / "out" / f"piece.{kind}")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("name", ["Zoë (1), it's R&B #1.mid", "two\nlines=[x]\x1b[31m.mid"])
def test_a_file_of_any_name_is_read_and_told(
    run: Run, untrained: Path, song: Path, tmp_path: Path, name: str
) -> None:
    song.rename(tmp_path / name)
    done = run(
        "generate", f"midi={name}", f"model={untrained}", "length=5", "render.score=[]",
        "render.sound=none", "hydra.run.dir=Zoë's (2), {x}",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == str(tmp_path / "Zoë's (2), {x}")
    assert "\x1b" not in done.stdout
    manifest = json.loads((tmp_path / "Zoë's (2), {x}" / "run.json").read_text(encoding="utf-8"))
    assert manifest["settings"]["midi"] == manifest["midi"]["name"] == name
    assert manifest["settings"]["model"] == untrained.name


def test_the_default_command_writes_a_jazz_piece_from_the_sample_portrait(
    run: Run, fresh: Run, user: dict[str, str], tmp_path: Path
) -> None:
    user["PYTHONPROFILEIMPORTTIME"] = "1"
    done = fresh("generate", "style=jazz", "seed_len=35", "length=400", "hydra.run.dir=a")
    assert done.returncode == 0, done.stderr
    # Each takes longer to import than the piece to write.
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "torch" in loaded
    assert not loaded & {"sklearn", "scipy", "pandas", "matplotlib", "torch._dynamo", "lightning"}
    assert done.stdout.splitlines()[-1] == str(tmp_path / "a")
    manifest = json.loads((tmp_path / "a" / "run.json").read_text())
    assert manifest["photo"]["name"] == "astronaut.png"
    assert manifest["network"]["styles"] == {"jazz": 1.0}
    assert len(manifest["songs"]) == 5
    assert manifest["trained_on"]["not_indexed"] == 0
    assert manifest["pieces"][0]["novelty"]["events"] > 300
    assert symusic.Score(tmp_path / "a" / "piece.mid").note_num() > 200
    again = run(
        "generate", "style=jazz", "seed_len=35", "length=400", "hydra.run.dir=b",
        "render.score=[]", "render.sound=none",
    )  # fmt: skip
    assert again.returncode == 0, again.stderr
    assert (tmp_path / "a" / "piece.mid").read_bytes() == (
        tmp_path / "b" / "piece.mid"
    ).read_bytes()


def test_in_a_multirun_only_the_bad_job_fails(run: Run, song: Path, tmp_path: Path) -> None:
    done = run("generate", "-m", "midi=none.mid,song.mid", "length=20", "hydra.sweep.dir=s",
               "render.score=[]", "render.sound=none")  # fmt: skip
    assert done.returncode == 1
    assert [p.parent.name for p in tmp_path.glob("s/*/piece.mid")] == ["1"]


def test_several_pieces_are_counted_as_they_are_written(run: Run, song: Path) -> None:
    done = run(
        "generate",
        "midi=song.mid",
        "length=8",
        "n=3",
        "out=a",
        "render.score=[]",
        "render.sound=none",
    )
    assert done.returncode == 0, done.stderr
    told = [line for line in done.stdout.splitlines() if line.startswith("piece  ")]
    assert told == [
        "piece  1 of 3: piece.mid",
        "piece  2 of 3: piece_2.mid",
        "piece  3 of 3: piece_3.mid",
    ]


def test_a_sweep_gives_its_figures_and_is_logged_with_its_music_but_not_the_photo(
    run: Run, user: dict[str, str], untrained: Path, tmp_path: Path
) -> None:
    for name in ("WANDB_DATA_DIR", "WANDB_CACHE_DIR"):
        user[name] = str(tmp_path / "wandb_data")
    (tmp_path / "private_folder").mkdir()
    with Image.open(sample_portrait()) as portrait:
        portrait.crop((178, 72, 269, 164)).save(tmp_path / "private_folder" / "me.png")
    done = run(
        "generate", "-m", "photo=private_folder/me.png", "face.detector=none", "save_face=true",
        f"model={untrained}", "length=6,12", "n=2", "metric=polyphony", "render.score=[png]",
        "logger=wandb", "logger.mode=offline", "hydra.sweep.dir=sweep",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("polyphony ")]
    runs = read_runs(tmp_path / "sweep")
    for job, logged in enumerate(runs):
        folder = tmp_path / "sweep" / str(job)
        manifest = json.loads((folder / "run.json").read_text())
        mean = np.mean([piece["statistics"]["polyphony"] for piece in manifest["pieces"]])
        assert logged.summary["polyphony"] == manifest["figures"]["polyphony"] == mean
        assert told[job] == f"{mean:.4g}"
        assert (logged.exit_code, logged.job_type) == (0, "generate")
        assert f"length={(6, 12)[job]}" in logged.name
        music = {name: files for name, files in logged.artifacts.items() if name[:5] == "piece"}
        assert sorted(music.values()) == [
            ["piece.mid", "piece.musicxml"], ["piece_2.mid", "piece_2.musicxml"],
        ]  # fmt: skip
        assert {path.split("/")[1] for path in logged.media} == {"audio", "images", "table"}
        (table,) = folder.glob("wandb/offline*/files/media/table/*.json")
        rows = json.loads(table.read_text())
        column = rows["columns"].index("length")
        assert [row[column] for row in rows["data"]] == [(6, 12)[job]] * 2
        assert (folder / "face.png").is_file()
        sent = [path for path in folder.rglob("wandb/**/*") if path.suffix != ".log"]
        face = (folder / "face.png").read_bytes()
        for path in (p for p in [*sent, *(tmp_path / "wandb_data").rglob("*")] if p.is_file()):
            assert path.read_bytes() != face
            assert b"private_folder" not in path.read_bytes()
    assert len(runs) == 2


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_experiment_runs(run: Run, untrained: Path, tmp_path: Path, name: str) -> None:
    done = run(
        "generate", "-m", f"experiment={name}", "length=20", "seed=0", "style=jazz",
        "style.strength=0.5", "render.score=[]", "render.sound=none", "hydra.sweep.dir=sweep",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    manifest = json.loads((tmp_path / "sweep" / "0" / "run.json").read_text())
    assert manifest["settings"]["metric"] is not None
    assert manifest["figures"][manifest["settings"]["metric"]] is not None
    # It ends in the table that the experiment reports.
    report = manifest["settings"]["report"]
    head = next(line.split() for line in done.stdout.splitlines() if " runs " in line)
    assert set(report["figures"]) <= set(head)
    assert len(report["by"]) == head.index("runs") > 0
    assert not (tmp_path / "sweep" / "1").exists()
