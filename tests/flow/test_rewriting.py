"""Bars written anew between bars that are kept."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mood2music.errors import SettingsError
from mood2music.flow.composed import Composed
from mood2music.flow.network import load_network
from mood2music.flow.piece import Piece
from mood2music.flow.pipeline import compose
from mood2music.flow.request import GenerateSettings
from mood2music.flow.rewriting import _best, around
from mood2music.flow.writing import Progress
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.generator.sampling.continuation import one_thread
from mood2music.judge.of_song import of_song
from mood2music.music.authors import Author
from mood2music.music.events import between, to_events
from mood2music.music.key import Key
from mood2music.music.meter import TimeSignature
from mood2music.music.notes import Notes, make_notes
from mood2music.music.seed import find_passages
from mood2music.music.write import write_midi
from mood2music.render.performance import perform
from mood2music.render.settings import RenderSettings
from mood2music.style.settings import StyleSettings
from tests.conftest import SILENT, tune

# Twelve bars of 4/4 and the beginning of a thirteenth; grid steps of one.
SONG, BAR = tune(3), 96


def rows(notes: Notes, keep: object = slice(None)) -> set[tuple[int, ...]]:
    columns = (notes.onset, notes.duration, notes.pitch, notes.velocity)
    return set(zip(*(column[keep].tolist() for column in columns), strict=True))  # type: ignore[index]


def composed(
    tmp_path: Path, bars: list[int], song: Notes = SONG, progress: Progress | None = None,
    **settings: object,
) -> Composed:  # fmt: skip
    write_midi(song, tmp_path / "song.mid")
    asked = GenerateSettings(
        midi=tmp_path / "song.mid",
        rewrite=bars,
        render=SILENT,
        **settings,  # type: ignore[arg-type]
    )
    return compose(asked, progress=progress)


def rewritten(tmp_path: Path, bars: list[int], **settings: object) -> tuple[Notes, list[Piece]]:
    made = composed(tmp_path, bars, **settings)  # type: ignore[arg-type]
    return made.start.notes, made.pieces


def test_all_bars_but_those_asked_for_stay_to_the_note(tmp_path: Path) -> None:
    song, pieces = rewritten(tmp_path, [5, 6], n=2, style="jazz")
    for piece in pieces:
        notes, new = piece.notes, piece.authors != Author.SEED
        assert new.any()
        assert notes.tempo == song.tempo
        assert notes.onset[new].min() >= 4 * BAR == piece.seed_end
        assert notes.onset[new].max() < 6 * BAR
        # What neither begins in these bars nor sounds into them.
        far = (song.onset + song.duration < 4 * BAR) | (song.onset >= 6 * BAR)
        assert rows(song, far) <= rows(notes, ~new)
    assert rows(pieces[0].notes) != rows(pieces[1].notes)


def test_bars_that_stay_have_the_chords_that_their_file_states(tmp_path: Path) -> None:
    path = tmp_path / "lead.abc"
    path.write_text('X:1\nM:4/4\nL:1/4\nK:C\n"C"cege|"F"f2a2|"G7"gdBd|"Am"c2A2|"F"fafc|"C"c4|\n')
    made = compose(GenerateSettings(midi=path, rewrite=[3, 4], render=SILENT, accompany=True))
    told = [(chord.step // BAR, chord.root) for chord in made.pieces[0].notes.chords]
    nothing = (2, 0)
    assert told == [(0, 0), (1, 5), nothing, (4, 5), (5, 0), (6, 0)]
    assert [len(chord.pitches) for chord in made.pieces[0].notes.chords] == [3, 3, 0, 3, 3, 0]


def test_bars_that_stay_are_played_in_the_tempi_that_they_had(tmp_path: Path) -> None:
    way = [(BAR * bar, 90.0 + 2 * bar) for bar in range(12)]
    key = Key(0, "major")
    lifted = perform(SONG, key, RenderSettings(), way=way, closes=True)
    path = tmp_path / "piece.mid"
    path.write_bytes(lifted.midi())
    common = {"midi": path, "rewrite": [5, 6], "render": SILENT}
    (piece,) = compose(GenerateSettings(**common)).pieces  # type: ignore[arg-type]
    # From the bar before the last onset on it slowed down, and does so again where it closes.
    assert list(piece.way) == way[:11]
    assert piece.notes.tempo == SONG.tempo
    (strict,) = compose(GenerateSettings(**common, tempo=80)).pieces  # type: ignore[arg-type]
    assert strict.way == ()
    path.write_bytes(perform(SONG, key, RenderSettings(), closes=True).midi())
    (plain,) = compose(GenerateSettings(**common)).pieces  # type: ignore[arg-type]
    assert plain.way == ()


def changing() -> Notes:
    """Six bars of 4/4, the second cut off behind a quarter, and eight of 3/4: two voices."""
    meter = (TimeSignature(0, 4, 4), TimeSignature(120, 4, 4), TimeSignature(504, 3, 4))
    high, low = np.arange(0, 504 + 8 * 72, 12), np.arange(0, 504 + 8 * 72, 24)
    pitch = np.array([72, 76, 79, 81, 79, 77, 76, 74])[np.arange(len(high)) % 8]
    onset = np.concatenate([high, low])
    duration = np.repeat([12, 24], [len(high), len(low)])
    pitches = np.concatenate([pitch, np.full(len(low), 48)])
    return make_notes(onset, duration, pitches, np.full(len(onset), 80), meter=meter)


@pytest.mark.parametrize(("bars", "begin", "end"), [([2, 4], 96, 312), ([5, 8], 312, 648)])
def test_bars_behind_a_change_of_meter_stay_where_they_are(
    tmp_path: Path, bars: list[int], begin: int, end: int
) -> None:
    song = changing()
    sampler = SamplerSettings(end_of_piece=True)  # not before what follows
    (piece,) = composed(tmp_path, bars, song, sampler=sampler).pieces
    notes, new = piece.notes, piece.authors != Author.SEED
    assert (piece.seed_end, piece.kept_from) == (begin, end)
    assert notes.meter == song.meter
    assert begin <= notes.onset[new].min() <= notes.onset[new].max() < end
    far = (song.onset + song.duration < begin) | (song.onset >= end)
    assert rows(song, far) <= rows(notes, ~new)


def test_the_last_bars_of_a_song_are_as_long_as_its_meter_has_them(tmp_path: Path) -> None:
    song = changing()
    (piece,) = composed(tmp_path, [6, 16], song).pieces
    assert (piece.kept_from, piece.notes.end) == (None, song.end + 2 * 72)


def test_kept_notes_stay_as_loud_in_another_key_and_off_the_networks_grid(tmp_path: Path) -> None:
    loud = (np.arange(len(SONG)) * 7 % 90 + 20).astype(np.uint8)
    song = replace(SONG, velocity=loud, onset=SONG.onset + (SONG.onset == 11 * BAR))
    (piece,) = composed(tmp_path, [5, 6], song, key="D").pieces
    kept = piece.authors == Author.SEED
    far = (song.onset < 4 * BAR) | (song.onset >= 6 * BAR)
    assert set((piece.notes.pitch[kept] - song.pitch[far]).tolist()) == {-3}  # it is in F
    assert piece.notes.velocity[kept].tolist() == loud[far].tolist()


def test_progress_is_told_of_about_as_many_events_as_are_written(tmp_path: Path) -> None:
    heard: list[tuple[int, int]] = []
    composed(tmp_path, [5, 8], progress=lambda done, of: heard.append((done, of)), n=2)
    written, of = zip(*heard, strict=True)
    assert list(written[:-1]) == list(range(1, len(written)))
    assert written[-1] == of[-1] == written[-2]
    assert max(of) / 2 < of[0] < 2 * of[-1]


def test_only_the_bars_that_are_new_are_told_to_stand_in_the_song(tmp_path: Path) -> None:
    made = composed(tmp_path, [5, 6])
    (piece,), (told,) = made.pieces, made.manifest.pieces
    assert piece.kept_from == 6 * BAR
    assert {bar for bar, _, _ in told.of_song["bars"]} <= {5, 6}
    assert told.novelty is not None
    assert 0 < told.novelty["events"] < len(to_events(piece.notes)) / 3
    # Both are numbered as they are in the whole song.
    whole = of_song(piece.notes, 0, made.start.notes)["bars"]
    assert told.of_song["bars"] == [bar for bar in whole if bar[0] in (5, 6)]
    assert len(whole) >= 10


def test_behind_its_last_bar_a_piece_goes_on_and_closes(tmp_path: Path) -> None:
    song, (piece,) = rewritten(tmp_path, [14, 15])
    new = piece.authors != Author.SEED
    assert piece.notes.onset[new].min() >= 13 * BAR
    assert piece.notes.end == 15 * BAR
    assert len(rows(song) - rows(piece.notes)) <= 3  # those that still sounded may last longer


def test_the_passage_that_leads_to_what_follows_is_taken() -> None:
    passages = find_passages(SONG, 99, 1, [1, 2, 3, 4, 6, 8], np.random.default_rng(0))
    cut, follows = around(passages, (5, 6))
    whole, before = passages.events, cut.seed(0)
    own = between(whole, 4 * BAR, 6 * BAR)
    strange = replace(own, tokens=np.sort(own.tokens % 128 // 2 + 1).astype(np.uint8))
    styled = load_network("lstm", StyleSettings(), lambda _: None)
    with one_thread():
        for tried in ([own, strange], [strange, own]):
            assert _best(styled, before, tried, follows[:32]) is own


def test_bars_that_the_music_does_not_have_are_named() -> None:
    passages = find_passages(SONG, 99, 1, [1, 2, 3, 4, 6, 8], np.random.default_rng(0))
    before, follows = around(passages, (14, 20))
    assert (before.seed(0).ends()[-1], len(follows)) == (13 * BAR, 0)
    with pytest.raises(SettingsError, match=r"has 13 bars, expected a first bar of 2 to 14"):
        around(passages, (15, 20))


@pytest.mark.parametrize("bars", [[1, 4], [5, 4], [5], 5, "5-8", [2.5, 4], [True, 4], None])
def test_bars_are_two_numbers_from_the_second_on(bars: object) -> None:
    if bars is None:
        with pytest.raises(SettingsError, match=r"rewrite=\[5,8\] with bars=16: expected one"):
            GenerateSettings(midi="a.mid", rewrite=[5, 8], bars=16).check()
        return
    with pytest.raises(SettingsError, match=r"rewrite=.*for example rewrite=\[5,8\]"):
        GenerateSettings(midi="a.mid", rewrite=bars).check()


def test_bars_are_counted_as_they_are_printed_behind_a_pickup() -> None:
    notes = replace(SONG, meter=(TimeSignature(-BAR // 4, 4, 4),))
    passages = find_passages(notes, 99, 1, [1, 2, 3, 4, 6, 8], np.random.default_rng(0))
    before, follows = around(passages, (5, 6))
    # The first printed bar begins behind three quarters.
    assert before.seed(0).ends()[-1] == 3 * BAR // 4 + 4 * BAR
    assert follows.start == 3 * BAR // 4 + 6 * BAR
