"""Names of real files and pieces, as people type them, pass Hydra and stay what they are."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hydra import compose, initialize_config_dir
from hydra.core.override_parser.overrides_parser import OverridesParser
from hypothesis import given
from hypothesis import strategies as st
from omegaconf import OmegaConf

from mood2music.command.groups import shared_groups
from mood2music.command.overrides import LISTS, TEXTS, as_meant, is_override, literal
from mood2music.command.settings import parse
from mood2music.errors import SettingsError
from mood2music.files import CONFIGS
from mood2music.style.settings import StyleSettings

GENERATE = CONFIGS / "generate"
NAMES = [
    "Zoë.mid", "photo (1).jpg", "it's.mid", "a#1.mid", "R&B.mid", "k=v.mid", "my song.mid",
    "a,b.mid", "[x].mid", "[x]", "{x}.mid", "{a:b}.mid", 'say "hi".mid', "C:\\new\\tune.mid",
    "folder\\", "\\\\server\\(1)\\a.mid", " leading.mid", "trailing.mid ", "$x.mid", "cash${.mid",
    "a\\${b.mid", "日本の歌.mid", "😀.mid", "~", "~a.mid", "null.mid", "1e5", "1_000", "007",
    "true", "-1", "nan", "a:b.mid", "a;b!.mid", "choice(1)", "range(1,3)", "(1)", "*", "-x.mid",
    "@x", "^`|<>?", "two\nlines.mid", "a\tb.mid", "%41", 'both \' and ".mid', "'open.mid",
    'end".mid', "\udceb.mid", "x" * 300, "Waltz No. 2 (\"The Second\"), in C#",
]  # fmt: skip

# Options of words: chosen from a few, so Hydra's own grammar serves.
WORDS = {
    "catalog.calibrate", "catalog.name", "data.name", "benchmark", "benchmark.logger.name",
    "benchmark.name", "trainer.strategy", "trainer.profiler", "face.detector", "face.which",
    "logger.mode", "logger.name", "data.targets", "metric", "mode", "model.classifier",
    "model.heads", "model.loss", "model.representation",
    "expression", "goal", "model.mood", "model.normalise", "pick", "render.score_kind",
    "model.target", "model.task", "optimizer.name", "optimizer.schedule", "parallel.name",
    "render.sound",
    "style.idiom", "style.method", "style.name", "style.rehearsal", "trainer.accelerator",
    "trainer.precision", "verb",
}  # fmt: skip
# Options of numbers, lists or dictionaries that are null until they are given.
VALUES = {
    "callbacks.early_stopping", "trainer.limit_train_batches", "trainer.limit_val_batches",
    "trainer.limit_test_batches",
    "face.longest_side", "hydra.output_subdir", "in_key", "mood", "near", "optimizer.eps",
    "optimizer.foreach", "optimizer.fused", "polyphony", "range", "render.pages",
    "style.checkpoints", "style.layers", "style.mix", "tempo",
    "transcription.tempo", "render.swing", "render.band", "render.pedal", "accompany", "bars",
    "rewrite", "seconds", "sampler.guards", "benchmark.sets",
}  # fmt: skip


def read(*words: str, groups: Path | None = None) -> list[Any]:
    """What Hydra makes of the values of overrides."""
    parsed = OverridesParser.create().parse_overrides(as_meant(words, groups))
    config = OmegaConf.create({str(n): o.value() for n, o in enumerate(parsed)})
    return [config[str(n)] for n in range(len(parsed))]


def swept(word: str) -> list[str]:
    """What Hydra makes of the values of a sweep."""
    _, text = as_meant(["-m", word])
    parsed = OverridesParser.create().parse_override(text)
    if not parsed.is_sweep_override():
        return [parsed.value()]
    return [
        OverridesParser.create().parse_override(f"x={value}").value()
        for value in parsed.sweep_string_iterator()
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_taken_as_it_stands(name: str) -> None:
    assert read(f"midi={name}", f"+midi={name}", f"catalog.csv={name}") == [name] * 3


@pytest.mark.parametrize("name", [name for name in NAMES if name[:1] != "["])
def test_one_path_is_taken_as_it_stands_where_a_list_may_be_given(name: str) -> None:
    assert read(f"data.root={name}", f"photo={name}") == [name] * 2


@pytest.mark.parametrize("option", sorted(TEXTS))
def test_every_option_that_is_a_text_takes_every_name(option: str) -> None:
    assert read(*(f"{option}={name}" for name in NAMES)) == NAMES


@pytest.mark.slow
def test_all_names_pass_the_composing_of_a_config() -> None:
    options = ("audio", "song", "midi", "model", "catalog.root")
    for first in range(0, len(NAMES), len(options)):
        names = [*NAMES[first:], *NAMES][: len(options)]
        given_names = dict(zip(options, names, strict=True))
        words = as_meant([f"{option}={name}" for option, name in given_names.items()], GENERATE)
        with (
            shared_groups("generate", GENERATE),
            initialize_config_dir(str(GENERATE), version_base="1.3"),
        ):
            config = compose("generate", words)
        found = {option: OmegaConf.select(config, option) for option in given_names}
        assert found == given_names


@given(st.text(min_size=1).filter(lambda text: "${" not in text))
def test_any_text_is_taken_as_it_stands(text: str) -> None:
    quoted = text[:1] == text[-1:] and text[0] in "'\""
    if not quoted and text.strip(" \t").lower() != "null" and text != "???":
        assert read(f"song={text}") == [text]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ('photo="photo (1).jpg"', "photo (1).jpg"),
        ("photo='a,b.jpg'", "a,b.jpg"),
        (r"photo='it\'s.jpg'", "it's.jpg"),
        ("photo=null", None),
        ("photo=", ""),
        ("length=40", 40),
        ("mood=[0.5,-0.2]", [0.5, -0.2]),
        ("style.mix={jazz:0.5,classical:0.3}", {"jazz": 0.5, "classical": 0.3}),
        ("face.weights=[a.safetensors,b.safetensors]", ["a.safetensors", "b.safetensors"]),
        ("data.root=['a, b.zip',c.zip]", ["a, b.zip", "c.zip"]),
        ("photo=[a.jpg,/tmp/b.jpg]", ["a.jpg", "/tmp/b.jpg"]),
        ("face.camera=0", 0),
        ("data=midi", "midi"),
    ],
)
def test_what_hydra_reads_rightly_stays(typed: str, meant: object) -> None:
    assert as_meant([typed]) == [typed]
    assert read(typed) == [meant]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("data.root=[faces (1).zip,Zoë.zip]", ["faces (1).zip", "Zoë.zip"]),
        ("photo=[me (1).jpg,Zoë.jpg]", ["me (1).jpg", "Zoë.jpg"]),
        ("photo=[me] 1.jpg", "[me] 1.jpg"),
        ("data.include=[R&B/*,jazz/*]", ["R&B/*", "jazz/*"]),
        ("style.checkpoints={tango:my (1).safetensors}", {"tango": "my (1).safetensors"}),
        ("style.mix={R&B:0.5,jazz:0.25}", '{"R&B": 0.5, "jazz": 0.25}'),
        ("style.checkpoints={R&B:C:\\new\\a.b}", '{"R&B": "C:\\\\new\\\\a.b"}'),
        ("structure=[A,B',A]", ["A", "B'", "A"]),
        ("face.camera=rtsp://me:p&ss@host/1?a=b", "rtsp://me:p&ss@host/1?a=b"),
        ("length=12 (3)", "12 (3)"),
        ("mood=[0.5,0.2", "[0.5,0.2"),
    ],
)
def test_what_hydra_refuses_is_quoted_part_by_part(typed: str, meant: object) -> None:
    assert read(typed) == [meant]


STYLES = [
    "R&B", "it's", "a#1", "Zoë", "drum 'n' bass", "a: b", 'the "blues"', "a,b", "{x}", "日本 (2)",
    "k=v", "C:\\new", "null", "1e5", "!?;^`|<>~",
]  # fmt: skip


@pytest.mark.parametrize("style", STYLES)
def test_a_style_of_any_name_is_mixed(style: str) -> None:
    (value,) = read(f"style.mix={{{json.dumps(style, ensure_ascii=False)}:.5,jazz:0.25}}")
    assert parse(StyleSettings, {"mix": value}).mix == {style: 0.5, "jazz": 0.25}


@pytest.mark.parametrize("style", ["R&B", "it's", "Zoë", "a#1", "!?;^`|<>~", "k=v"])
def test_a_style_of_most_names_needs_no_quotes(style: str) -> None:
    (value,) = read(f"style.mix={{{style}:.5, jazz: 0.25}}")
    assert parse(StyleSettings, {"mix": value}).mix == {style: 0.5, "jazz": 0.25}


def test_a_sweep_over_mixes_keeps_each_whole() -> None:
    assert as_meant(["-m", 'style.mix={"R&B":.5},{jazz:1}'])[1:] == [
        'style.mix="{\\"R&B\\": 0.5}",{jazz:1}'
    ]


def test_interpolations_still_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHERE", "there")
    typed = ["model=${oc.env:WHERE}/best.safetensors", "out=Zoë (1)/${oc.env:WHERE,x}"]
    assert read(*typed) == ["there/best.safetensors", "Zoë (1)/there"]


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("midi=a.mid,b.mid", ["a.mid", "b.mid"]),
        ("midi=Zoë.mid,it's.mid,R&B's.mid", ["Zoë.mid", "it's.mid", "R&B's.mid"]),
        ("midi='a,b.mid',c.mid", ["a,b.mid", "c.mid"]),
        ("midi=photo (1,2).mid,c.mid", ["photo (1,2).mid", "c.mid"]),
        ("song=1812,null", ["1812", "None"]),
        ("midi=a.mid, Zoë (1).mid , b.mid", ["a.mid", "Zoë (1).mid", "b.mid"]),
        ("midi=one (1).mid", ["one (1).mid"]),
        ("model=choice(lstm,own)", ["lstm", "own"]),
        ("data.root=a b.zip,[c.zip,d.zip]", ["a b.zip", "['c.zip', 'd.zip']"]),
    ],
)
def test_a_comma_parts_the_values_of_a_sweep(typed: str, values: list[str]) -> None:
    assert [str(value) for value in swept(typed)] == values


def test_a_choice_of_a_group_is_no_text() -> None:
    # `model` is a path in generate, and the folder configs/model in train.
    assert as_meant(["model=lstm,cnn10"], CONFIGS) == ["model=lstm,cnn10"]
    assert as_meant(["model=lstm,cnn10"], GENERATE) == ['model="lstm,cnn10"']


@pytest.mark.parametrize("value", ["null", "1", "true", "{a:1}", "1e5"])
def test_a_choice_that_is_no_name_is_answered_with_the_names(value: str) -> None:
    with pytest.raises(SettingsError, match=f"sampler={value}: expected one of nucleus, safer"):
        as_meant([f"sampler={value}"], GENERATE)
    with pytest.raises(SettingsError, match="hydra/launcher=null: expected a name"):
        as_meant(["hydra/launcher=null"], GENERATE)


def test_flags_and_what_follows_them_pass_as_they_are() -> None:
    words = ["--config-dir", "my (1)=x", "-c", "job", "-m", "~photo", "seed=0,1"]
    assert as_meant(words) == words


def test_a_word_without_a_name_is_answered_with_an_example() -> None:
    with pytest.raises(SettingsError, match=r"me \(1\)\.jpg: expected name=value, for example"):
        as_meant(["me (1).jpg"])


@pytest.mark.parametrize("name", [*NAMES, "null", '"quoted"', "${x}"])
def test_a_text_is_quoted_whatever_it_holds(name: str) -> None:
    assert read(f"words={literal(name)}") == [name]


def test_the_shape_of_an_option_is_known() -> None:
    assert is_override("++catalog.csv=a=b.csv")
    assert not is_override("Duet for 2 = 1")


def options() -> set[str]:
    """Dotted names of all options in configs/ whose default is null or a word."""

    def leaves(part: dict[str, Any], prefix: str) -> set[str]:
        found = set()
        for key, value in part.items():
            if isinstance(value, dict):
                found |= leaves(value, f"{prefix}{key}.")
            elif key != "defaults" and (value is None or isinstance(value, str)):
                found.add(f"{prefix}{key}")
        return found

    named = set()
    for path in CONFIGS.rglob("*.yaml"):
        group = [part for part in path.relative_to(CONFIGS).parts[:-1] if part != "generate"]
        text = path.read_text(encoding="utf-8")
        if text.startswith("# @package _global_") or path.parent.name == "wandb_sweep":
            continue  # what it sets are other files' options; wandb reads its own
        content = yaml.safe_load(text)
        named |= leaves(content, "".join(f"{part}." for part in group))
    return {name for name in named if name.count(".") < 2 or name.startswith("hydra")}


def test_every_option_is_known_as_a_text_a_list_a_word_or_a_value() -> None:
    assert options() <= TEXTS | LISTS | WORDS | VALUES


def test_a_file_that_is_there_is_meant_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHERE", "there")
    monkeypatch.chdir(tmp_path)
    for name in ("${oc.env:WHERE}.mid", "${x} (1).mid", "a ${oc.env:WHERE}'s.mid"):
        (tmp_path / name).touch()
        for option in ("midi", "photo", "data.root"):
            assert read(f"{option}={name}") == [name]
    assert read("midi=${oc.env:WHERE}.kar", f"song=${{oc.env:WHERE}}{'x' * 300}") == [
        "there.kar",
        f"there{'x' * 300}",
    ]


@pytest.mark.parametrize(
    ("flag", "meant"),
    [
        ("--length=40", "length=40"),
        ("--batch-size=3", "batch_size=3"),
        ("-v", "name=value, for example photo=me.jpg"),
        ("--verbose", "name=value, for example photo=me.jpg"),
        ("-\n", "name=value, for example photo=me.jpg"),
    ],
)
def test_a_flag_that_hydra_has_not_is_refused_in_one_line(flag: str, meant: str) -> None:
    with pytest.raises(SettingsError) as refused:
        as_meant(["mood=happy", flag])
    said = str(refused.value)
    assert said.endswith(f": there is no such flag, expected {meant}; --help lists the names")
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("flag", ["--multi", "--cfg=job", "-chydra", "-sc", "--info", "--"])
def test_a_flag_may_be_begun_alone_or_have_its_value_beside_it(flag: str) -> None:
    assert as_meant([flag]) == [flag]


def test_flags_may_stand_between_options() -> None:
    words = ["length=4", "-m", "seed=0,1", "--cfg", "job", "~render.sound", "--resolve", "n=2"]
    options = ["length=4", "seed=0,1", "~render.sound", "n=2"]
    assert as_meant(words) == ["-m", "--cfg", "job", "--resolve", *options]
    assert as_meant(["-sc", "install=bash"]) == ["-sc", "install=bash"]


@pytest.mark.parametrize("option", ["photo", "midi", "photos", "out", "resume"])
def test_the_home_folder_may_be_written_short(option: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/zoë (1)")
    monkeypatch.setenv("USERPROFILE", "/home/zoë (1)")
    assert read(f"{option}=~/a b.mid") == ["/home/zoë (1)/a b.mid"]
    assert read(f"{option}=a~/b.mid") == ["a~/b.mid"]
