"""Words as people type them: other names, spellings and lists; the unknown names the nearest."""

import sys
from contextlib import suppress
from pathlib import Path

import pytest

from mood2music.command.wishes import granted
from mood2music.errors import SettingsError
from tests.conftest import Run
from tests.test_configs import FOLDERS
from tests.warm import HEAVY


def typed(*words: str, command: str = "generate") -> list[str]:
    return granted(words, command, FOLDERS[command])


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("style=Jazz", "style=jazz"),
        ("style={jazz:0.5,pop:0.2}", "style.mix={jazz:0.5,pop:0.2}"),
        ("sampler=SAFER", "sampler=safer"),
        ("catalog=Library", "catalog=library"),
        ("mood=0.5,0.2", "mood=[0.5,0.2]"),
        ("mood=-0.5, 0.2", "mood=[-0.5, 0.2]"),
        ("mood=(0.5,0.2)", "mood=[0.5,0.2]"),
        ("range=48,84", "range=[48,84]"),
        ("structure=A,B,A2", "structure=[A,B,A2]"),
        ("structure=AABA", "structure=[A,A,B,A]"),
        ("structure=aba2c", "structure=[a,b,a2,c]"),
        ("key=E flat", "key=Eb"),
        ("key=e-flat major", "key=eb major"),
        ("key=F sharp minor", "key=F# minor"),
        ("key=Bflat", "key=Bb"),
        ("render.score=svg,pdf", "render.score=[svg,pdf]"),
        ("instrument=flute", "render.program=flute"),
        ("program=flute", "render.program=flute"),
        ("out=my folder", "hydra.run.dir=my folder"),
        ("style=my/tango 2.safetensors", 'style.name="my/tango 2.safetensors"'),
    ],
)
def test_a_wish_becomes_the_option_that_there_is(word: str, meant: str) -> None:
    assert typed(word) == [meant]


@pytest.mark.parametrize(
    "word",
    ["mood=[0.5,0.2]", "mood=happy", "photo=a,b.jpg", "style=jazz", "style=null", "-m", "--help",
     "song=Hello, World", "style.mix={jazz:0.5,pop:0.5}", "length=40",
     "structure=learned", "structure=LEARNED", "structure=learnd", "structure=A", "structure=A2",
     "key=F# minor", "key=Es", "~style", "seed=range(1,3)"],
)  # fmt: skip
def test_what_is_right_already_stays(word: str) -> None:
    assert typed(word) == [word]


def test_a_sweep_over_choices_may_set_what_all_of_them_have() -> None:
    both = ["-m", "model=cnn10_tiny,residual"]
    assert typed(*both, "model.heads=joint", command="train")[2] == "++model.heads=joint"
    # None of both has it, the one that is taken else has it, and without a sweep nothing is added.
    assert typed(*both, "model.freeze=true", command="train")[2] == "model.freeze=true"
    music = ["-m", "model=lstm,transformer", "model.mood=rated"]
    assert typed(*music, command="train") == music
    single = ["model=residual", "model.heads=joint"]
    assert typed(*single, command="train") == single


def test_what_trains_in_evaluate_is_known_by_its_old_name() -> None:
    words = ["experiment=polymusic", "experiment.sets=jsb,nottingham"]
    assert typed(*words, command="evaluate") == [
        "benchmark=polymusic",
        "benchmark.sets=[jsb,nottingham]",
    ]


def test_in_a_sweep_commas_stay_and_out_is_the_folder_of_all() -> None:
    words = ["-m", "mood=happy,sad", "style=Jazz,POP", "seed=0,1", "out=a"]
    assert typed(*words) == [
        "-m", "mood=happy,sad", "style=jazz,pop", "seed=0,1", "hydra.sweep.dir=a",
    ]  # fmt: skip


@pytest.mark.parametrize("command", ["catalog", "export"])
def test_an_out_of_the_commands_own_stays(command: str) -> None:
    assert typed("out=a", command=command) == ["out=a"]


@pytest.mark.parametrize("command", ["train", "evaluate", "prepare", "app"])
def test_every_other_command_takes_out(command: str) -> None:
    assert typed("out=~/a", command=command) == [f"hydra.run.dir={Path.home() / 'a'}"]


def test_a_style_of_ones_own_is_chosen_by_its_name() -> None:
    own = "style.checkpoints={tango:t.safetensors}"
    assert typed("style=tango", own) == ["style.name=tango", own]


@pytest.mark.parametrize(
    ("word", "said"),
    [
        (
            "style=jaz",
            "style=jaz: did you mean jazz? expected one of classical, jazz, none, pop",
        ),
        ("style=tango", "style.from=folder; a network: style=path.safetensors"),
        ("style=jazz,pop", "style.mix={jazz:0.5,pop:0.5} mixes them"),
        ("style=jazz+pop", "style.mix={jazz:0.5,pop:0.5} mixes them"),
        ("style=", "style=: expected one of classical, jazz, none, pop"),
        ("out=", "out=: expected a folder"),
        ("instrument=", "instrument=: expected an instrument"),
        ("sampler=bold", "sampler=bold: expected nucleus, safer"),
        ("length=1,2", "length=1,2: expected one value; -m in front runs one after the other"),
    ],
)
def test_a_choice_that_is_not_there_names_those_that_are(word: str, said: str) -> None:
    with pytest.raises(SettingsError) as refused:
        typed(word)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("command", "word", "said"),
    [
        ("generate", "lenght=3", "lenght: There is no such setting, did you mean length?"),
        ("generate", "temperature=1", "did you mean sampler.temperature?"),
        ("generate", "transpose=2", "transpose: There is no such setting, did you mean key?"),
        ("generate", "meter=3/4", "meter: There is no such setting: a piece has the meter of its"),
        ("generate", "midi=a.mscz", "midi=a.mscz: that is MuseScore's own format: export MusicXML"),
        ("generate", "bpm=90", "did you mean tempo?"),
        ("generate", "sampler.temprature=1", "did you mean sampler.temperature?"),
        ("generate", "qqqq=1", "qqqq: There is no such setting: --help lists all"),
        ("generate", "+nonsense=3", "nonsense: there is no such setting"),
        ("train", "experiment=polymusic", "experiment=polymusic: expected face_comparisons/"),
        (
            "train",
            "data.root=mine",
            "data.root: There is no such setting here, data=affectnet or faces or "
            "ferplus_diffusionfer or midi has it",
        ),
        ("train", "model=alexnett", "model=alexnett: did you mean alexnet?"),
        ("evaluate", "network=lstmm", "did you mean lstm?"),
        ("evaluate", "network=bilstm", "did you mean bilstm_attention or lstm?"),
        ("generate", "composer=Bahc", "composer=Bahc: did you mean Bach? this catalog has"),
        ("generate", "--length=40", "--length=40: there is no such flag, expected length=40"),
        ("train", "epochs=3", "did you mean trainer.epochs"),
        ("train", "trainer.devices=0", "trainer.devices=0: expected 1 or more, or -1 for all"),
        ("train", "trainer.patience=3", "did you mean callbacks.early_stopping.patience"),
        ("train", "data.window=0", "data.window=0: expected 1 or more"),
        ("train", "+nonsense=3", "nonsense: there is no such setting"),
        ("train", "data=faces", "data=faces with model=lstm: this network learns from midi or"),
        ("prepare", "+nonsense=3", "nonsense: there is no such setting"),
        ("evaluate", "+nonsense=3", "nonsense: there is no such setting"),
        ("export", "+nonsense=3", "nonsense: there is no such setting"),
        ("app", "+nonsense=3", "nonsense: there is no such setting"),
        ("generate", "face.which=banana", "face.which=banana: expected largest or all"),
        ("generate", "tempo=slow", "tempo=slow: expected a number"),
        ("generate", "mood=hapy", "mood=hapy: did you mean happy"),
        ("generate", "photo=.", "photo=.: that is a folder: pass one picture"),
        ("generate", "midi=.", "midi=.: that is a folder: pass one file"),
        ("generate", "audio=.", "audio=.: that is a folder"),
        ("generate", "photo=https://a.org/b.jpg", "that is an address: download it first"),
        ("generate", "midi=http://a.org/b.mid", "that is an address: download it first"),
        ("generate", "composer=Qwertz", "composer=Qwertz: this catalog has"),
        ("generate", "song=moonlihgt", 'no song "moonlihgt"'),
        ("generate", "style.name=jaz", "style=jaz: did you mean jazz?"),
        ("generate", "length=2m", "length=2m: expected a whole number"),
        ("generate", "photo=none.jpg", "photo=none.jpg: no such file"),
        ("generate", "model=ltsm", "did you mean lstm?"),
        ("train", "model.encoder.heads=3", "model.encoder.heads: there is no such setting"),
        ("evaluate", "network=ltsm", "did you mean lstm?"),
        ("export", "weights=none", "no checkpoint at none"),
        ("app", "app.port=-1", "app.port=-1: expected 1 to 65535"),
    ],
)
def test_it_is_refused_in_one_line_before_anything_heavy_is_imported(
    settle: Run, tmp_path: Path, command: str, word: str, said: str
) -> None:
    for name in HEAVY:
        (tmp_path / f"{name}.py").write_text(f"raise RuntimeError('{name} is imported')")
    mark = "+" if word.startswith("model.encoder.heads") else ""
    done = settle(command, f"{mark}{word}")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ")
    assert said in line


@pytest.mark.parametrize(
    "command",
    ["generate", "train", "evaluate", "prepare", "export", "app", "catalog", "play", ""],
)
def test_every_command_tells_this_programs_version(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    import importlib

    import mood2music

    name = {"": "mood2music.__main__", "catalog": "mood2music.catalog.__main__"}
    monkeypatch.setattr(sys, "argv", ["mood2music", "--version"])
    with suppress(SystemExit):  # argparse's way to end
        importlib.import_module(name.get(command, f"mood2music.{command}")).main()
    assert capsys.readouterr().out == f"mood2music {mood2music.__version__}\n"
