import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import symusic
import torch

from mood2music.errors import SettingsError
from mood2music.flow.piece import Piece
from mood2music.flow.pipeline import compose, generate
from mood2music.flow.request import GenerateSettings
from mood2music.generator import network as networks
from mood2music.generator.event_batch import END_OF_PIECE
from mood2music.generator.network import NetworkSettings
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.music.authors import Author
from mood2music.music.events import END, to_events, to_notes
from mood2music.music.meter import TimeSignature
from mood2music.music.notes import make_notes
from mood2music.music.quantize import quantize
from mood2music.music.read import read
from mood2music.music.write import Part, parts_bytes, write_midi
from mood2music.style.settings import StyleSettings
from tests.conftest import SILENT, tune
from tests.music.test_key import waltz
from tests.music.test_modulation import song as pumped_up

pytestmark = pytest.mark.slow

G_MAJOR = {7, 9, 11, 0, 2, 4, 6}


@pytest.fixture(scope="module")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small network's checkpoint whose pieces end now and then, where they may."""
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("network") / "small.safetensors"
    network = networks.build_network(
        NetworkSettings("lstm", "pitchwise", {"hidden": 16, "embedding": 16})
    )
    with torch.no_grad():
        network.representation.out.bias[END] += 2
        network.representation.duration.out.bias[END_OF_PIECE] += 6
    data = {"settings": {"grid": 24, "quantize": [4, 3]}}
    networks.save(path, network, {"data": data})
    return path


def walk(folder: Path, **settings: object) -> Path:
    folder.mkdir()
    asked = GenerateSettings(**settings, render=SILENT)  # type: ignore[arg-type]
    return generate(asked, folder, lambda _: None)


def test_the_piece_keeps_to_key_range_and_polyphony(
    untrained: Path, song: Path, tmp_path: Path
) -> None:
    settings = {"midi": str(song), "model": str(untrained), "length": 80, "key": "G"}
    for structure in ([], ["A", "B", "A3"]):
        folder = tmp_path / "".join(["out", *structure])
        notes = read(walk(folder, **settings, range=[48, 84], polyphony=2, structure=structure))
        assert notes.pitch.min() >= 48
        assert notes.pitch.max() <= 84
        assert set((notes.pitch % 12).tolist()) <= G_MAJOR
        assert to_events(notes).counts().max() <= 2
    free = read(walk(tmp_path / "free", **settings, in_key=False))
    assert not set((free.pitch % 12).tolist()) <= G_MAJOR
    assert free.pitch.max() > 84
    assert to_events(free).counts().max() > 2


def test_a_piece_goes_on_in_the_bars_of_its_song(untrained: Path, tmp_path: Path) -> None:
    song = replace(tune(1), meter=(TimeSignature(-24, 3, 4),))
    write_midi(song, tmp_path / "song.mid")
    settings = {"midi": str(tmp_path / "song.mid"), "model": str(untrained), "length": 20}
    path = walk(tmp_path / "out", **settings, keep_seed=True, seed_len=8)
    told = json.loads((tmp_path / "out" / "run.json").read_text())
    events = to_events(quantize(song))
    seed = to_notes(events[told["seed"]["starts"][0] :][:8])
    notes = read(path)
    assert notes.meter == seed.meter
    assert notes.onset[: len(seed) - 2].tolist() == seed.onset[:-2].tolist()


def test_a_song_that_ends_a_step_higher_is_taken_in_one_key_but_where_it_is_heard(
    untrained: Path, tmp_path: Path
) -> None:
    write_midi(pumped_up(0, 0, 2), tmp_path / "song.mid")
    common = {"midi": tmp_path / "song.mid", "model": untrained, "length": 5, "render": SILENT}
    taken = compose(GenerateSettings(**common))  # type: ignore[arg-type]
    assert sorted(taken.start.notes.pitch) == sorted(pumped_up(0, 0, 0).pitch)
    heard = compose(GenerateSettings(**common, keep_seed=True))  # type: ignore[arg-type]
    assert sorted(heard.start.notes.pitch) == sorted(pumped_up(0, 0, 2).pitch)


def test_a_kept_seed_has_the_chords_that_its_file_states(untrained: Path, tmp_path: Path) -> None:
    path = tmp_path / "lead.abc"
    path.write_text('X:1\nM:4/4\nL:1/4\nK:C\n"C6"cege|"F/A"f2a2|"G7"gdBd|"C"c4|\n')
    asked = GenerateSettings(
        midi=path, model=untrained, key="D", seed_len=99, length=5, accompany=True, keep_seed=True,
        render=SILENT,
    )  # fmt: skip
    piece = compose(asked).pieces[0]
    told = [(chord.step, chord.root, chord.bass) for chord in piece.notes.chords if chord.pitches]
    assert told == [(0, 2, 2), (96, 7, 11), (192, 9, 9), (288, 2, 2)]
    assert not piece.notes.chords[-1].pitches
    assert piece.notes.chords[-1].step == piece.seed_end
    assert compose(replace(asked, keep_seed=False)).pieces[0].notes.chords == ()


def test_a_file_stays_in_the_key_that_it_states_unless_its_notes_are_in_another(
    untrained: Path, tmp_path: Path
) -> None:
    path = tmp_path / "waltz.mid"
    common = {"midi": path, "model": untrained, "length": 5, "render": SILENT}
    for sharps, asked, key, said in (
        (1, None, "G major", []),
        (1, "D", "D major", []),
        (-4, None, "A minor",
         ["key    A minor by the notes: the file states the signature of Ab major"]),
    ):  # fmt: skip
        path.write_bytes(parts_bytes([Part("", 0, waltz())], (sharps, "major")))
        lines: list[str] = []
        made = compose(GenerateSettings(**common, key=asked), lines.append)  # type: ignore[arg-type]
        assert made.pieces[0].key.name == key
        assert [line for line in lines if line.startswith("key ")] == said


def test_a_style_of_ones_own_is_accompanied_and_played_in_the_idiom_that_is_asked(
    untrained: Path, song: Path
) -> None:
    own = StyleSettings("mine", checkpoints={"mine": str(untrained)})
    common = {"midi": song, "model": untrained, "length": 20, "render": SILENT}
    plain = compose(GenerateSettings(**common, style=own))  # type: ignore[arg-type]
    jazz = compose(GenerateSettings(**common, style=replace(own, idiom="jazz")))  # type: ignore[arg-type]
    told = [made.manifest.network.idiom for made in (plain, jazz)]
    assert told == ["", "jazz"]
    assert [made.start.how.get("accompaniment") for made in (plain, jazz)] == [None, "held"]
    assert [[part.name for part in made.played().parts] for made in (plain, jazz)] == [
        [plain.pieces[0].notes.title],
        ["Melody", "Chords", "Bass", "Drums"],
    ]
    assert [made.rendered()[0].chords for made in (plain, jazz)] == [False, True]


def test_a_pattern_that_is_asked_for_is_under_all_new_bars(untrained: Path, song: Path) -> None:
    seen: list[Piece] = []
    made = compose(
        GenerateSettings(midi=song, model=untrained, bars=8, accompany="stride", render=SILENT),
        watch=lambda pieces: seen.extend(pieces()),
    )
    for piece in (seen[-1], made.pieces[0]):
        laid = piece.notes.onset[piece.authors == Author.ACCOMPANIMENT]
        bars = {int(onset) // (4 * piece.notes.grid) for onset in laid}
        assert set(range(6)) <= bars
    assert made.manifest.pieces[0].written_by["accompaniment"] > 8


def test_new_music_keeps_to_the_compass_of_its_style(untrained: Path, song: Path) -> None:
    own = StyleSettings("mine", checkpoints={"mine": str(untrained)})
    common = {"midi": song, "model": untrained, "length": 40, "render": SILENT, "key": "F#"}
    for idiom, lowest in ((None, 21), ("jazz", 36), ("pop", 31)):
        made = compose(GenerateSettings(**common, style=replace(own, idiom=idiom)))  # type: ignore[arg-type]
        pitch = made.pieces[0].notes.pitch
        assert lowest <= pitch.min() < 50
        assert pitch.max() <= 108


def test_a_style_in_a_file_has_the_idiom_of_the_files_name(
    untrained: Path, song: Path, tmp_path: Path
) -> None:
    file = tmp_path / "jazz.safetensors"
    file.write_bytes(untrained.read_bytes())
    common = {"midi": song, "model": untrained, "length": 5, "render": SILENT}
    made = compose(GenerateSettings(**common, style=str(file)))  # type: ignore[arg-type]
    assert made.manifest.network.idiom == "jazz"
    assert made.start.how["accompaniment"] == "held"


def test_bars_that_are_kept_keep_what_is_under_their_tune_whatever_is_asked(
    untrained: Path, tmp_path: Path
) -> None:
    # A tune over chords of its own, a bar each.
    onsets = [24 * i for i in range(32)] + [96 * bar for bar in range(8) for _ in range(3)]
    lengths = [24] * 32 + [96] * 24
    pitches = [72 + i % 5 for i in range(32)] + [48, 52, 55] * 8
    file = tmp_path / "kept.mid"
    file.write_bytes(parts_bytes([Part("", 0, make_notes(onsets, lengths, pitches, [80] * 56))]))
    asked = GenerateSettings(midi=file, model=untrained, rewrite=[4, 5], render=SILENT)
    told: list[str] = []
    kept = [
        {
            (onset / notes.grid, pitch)
            for onset, pitch in zip(notes.onset.tolist(), notes.pitch.tolist(), strict=True)
            if not 12 <= onset / notes.grid < 20
        }
        for notes in (
            read(file),
            *(
                compose(replace(asked, accompany=pattern), told.append).pieces[0].notes
                for pattern in (None, "walking")
            ),
        )
    ]
    assert kept[0] == kept[1] == kept[2]
    assert [line for line in told if "chords" in line] == ["chords under the new bars, walking"]


def test_a_mood_that_has_no_part_behind_a_file_is_said(untrained: Path, song: Path) -> None:
    told: list[str] = []
    common = {"midi": song, "model": untrained, "length": 3, "render": SILENT}
    compose(GenerateSettings(**common, mood=np.array([0.1, 0.2])), told.append)  # type: ignore[arg-type]
    assert told[0] == "mood not used: the piece starts from midi="


def test_composed_pieces_are_played_and_printed_otherwise_without_another_note(
    untrained: Path, song: Path, tmp_path: Path
) -> None:
    asked = GenerateSettings(midi=str(song), model=str(untrained), length=60, render=SILENT)
    composed = compose(asked)
    flute = replace(asked, render=replace(SILENT, program="flute"))
    other = composed.rendered_as(flute)
    assert other.pieces == composed.pieces
    assert other.played().parts[0].program == 73
    told = json.loads((other.write(tmp_path).folder / "run.json").read_text())
    assert told["settings"]["render"]["program"] == "flute"
    assert composed.manifest.settings["render"]["program"] == "piano"


def test_a_piece_that_the_network_ends_says_where_in_the_manifest(
    untrained: Path, song: Path, tmp_path: Path
) -> None:
    common = {"midi": str(song), "model": str(untrained), "length": 50, "n": 3, "cadence": False}
    for name, ending in (("fixed", False), ("ending", True)):
        walk(tmp_path / name, **common, sampler=SamplerSettings(end_of_piece=ending))
        pieces = json.loads((tmp_path / name / "run.json").read_text())["pieces"]
        assert all(piece["ended"] == (piece["events"] < 50) for piece in pieces)
        assert any(piece["ended"] for piece in pieces) == ending


@pytest.mark.parametrize("asked", [{"bars": 6}, {"seconds": 12}, {"bars": 6, "keep_seed": True},
                                   {"bars": 7, "structure": ["A", "B", "A2"]}])  # fmt: skip
def test_a_piece_in_bars_has_ended_where_it_has_fewer(
    untrained: Path, song: Path, asked: dict[str, object]
) -> None:
    common = {"midi": str(song), "model": str(untrained), "n": 3, "render": SILENT}
    for ending in (False, True):
        sampler = SamplerSettings(end_of_piece=ending)
        settings = GenerateSettings(**common, **asked, sampler=sampler)  # type: ignore[arg-type]
        told = [piece.ended for piece in compose(settings).pieces]
        # No piece ends in a section that returns.
        assert any(told) == (ending and "structure" not in asked)


def test_a_piece_that_misses_its_mood_by_far_says_so(untrained: Path) -> None:
    def told(mood: tuple[float, float], **settings: object) -> list[str]:
        lines: list[str] = []
        asked = GenerateSettings(
            model=str(untrained), length=40, mood=mood, expression="song",
            **settings,  # type: ignore[arg-type]
        )  # fmt: skip
        composed = compose(asked, lines.append)
        near = min(piece.mood_distance for piece in composed.manifest.pieces)
        said = [line for line in lines if line.startswith("heard")]
        assert bool(said) is (near > 0.5)
        return said

    found = told((-1.0, 1.0)) + told((1.0, -1.0))
    assert found, "it cannot be near both"
    assert all("n=8 pick=mood" in line for line in found)
    assert not [line for line in told((-1.0, 1.0), pick="mood", n=2) if "n=8" in line]


def test_a_run_replaces_the_one_before_and_nothing_else(
    untrained: Path, song: Path, tmp_path: Path
) -> None:
    asked = GenerateSettings(midi=str(song), model=str(untrained), length=20, n=3, render=SILENT)
    generate(asked, tmp_path, lambda _: None)
    (tmp_path / "mine.mid").write_bytes(b"mine")
    assert {"piece_2.mid", "piece_3.mid"} <= {file.name for file in tmp_path.iterdir()}
    generate(replace(asked, n=2), tmp_path, lambda _: None)
    names = {file.name for file in tmp_path.iterdir()}
    assert {"run.json", "piece.mid", "piece_2.mid", "mine.mid"} <= names
    assert not {name for name in names if name.startswith("piece_3")}


def test_a_metric_that_nothing_measures_is_refused_before_a_note_is_written(
    untrained: Path, song: Path, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match=r"metric=novelty has nothing .*small.safetensors does"):
        walk(tmp_path / "out", midi=str(song), model=str(untrained), metric="novelty")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_piece_that_leads_to_another_mood_changes_its_tempo_and_says_how_long_it_is(
    untrained: Path, song: Path, tmp_path: Path
) -> None:
    common = {"midi": str(song), "model": str(untrained), "bars": 24}
    path = walk(tmp_path / "lifted", **common, goal="lift")
    told = json.loads((path.parent / "run.json").read_text())["pieces"][0]
    played = symusic.Score.from_midi(path.read_bytes())
    first, last = told["tempi"]
    assert first < told["tempo"] < last
    tempi = [round(tempo.qpm, 1) for tempo in played.tempos]
    assert tempi[0] == pytest.approx(first, abs=0.1)
    assert max(tempi) == pytest.approx(last, rel=0.05)  # from there on it slows down
    assert max(np.diff(np.log(tempi))) < np.log(1.0401)
    assert told["seconds"] == pytest.approx(float(played.to("second").end()), abs=0.05)
    assert told["seconds"] > told["statistics"]["seconds"]  # of the one tempo, without its end
    assert read(path).tempo == told["tempo"]
    strict = walk(tmp_path / "strict", **common, goal="lift", tempo=90, cadence=False)
    assert [t.qpm for t in symusic.Score.from_midi(strict.read_bytes()).tempos] == [
        pytest.approx(90, abs=0.01)
    ]
    told = json.loads((strict.parent / "run.json").read_text())["pieces"][0]
    assert told["tempi"] == []
    assert told["seconds"] == pytest.approx(read(strict).seconds, abs=0.05)
