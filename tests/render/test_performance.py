from dataclasses import replace

import numpy as np
import pytest
import symusic

from mood2music.music.formats.midi import parse_midi
from mood2music.music.key import Key, key_of
from mood2music.music.meter import from_text
from mood2music.music.notes import Notes, make_notes
from mood2music.music.stated_chords import NO_CHORD, StatedChord
from mood2music.render.loudness import LOUDNESS, PEAK, loudness, true_peaks
from mood2music.render.performance import pedalled, perform
from mood2music.render.settings import RenderSettings
from mood2music.render.sound import RATE, TAIL, render_sound
from tests.conftest import tune

EXACT = RenderSettings(human=0, swing=1, pedal=False, band="none")
C = Key(0, "major")


def eighths(bars: int = 2) -> Notes:
    """Eighths over a chord and a bass a bar, all equally loud."""
    rows = [(12 * i, 12, 72 + (0, 4, 7)[i % 3]) for i in range(8 * bars)]
    for bar in range(bars):
        rows += [(96 * bar, 96, pitch) for pitch in (40, 55, 60)]
    onset, duration, pitch = zip(*rows, strict=True)
    return make_notes(onset, duration, pitch, [70] * len(rows), meter=from_text("0:4/4"))


def test_with_all_of_it_off_the_file_is_what_is_written() -> None:
    notes = replace(tune(1), meter=from_text("0:4/4"))
    played = perform(notes, C, EXACT, "jazz")
    (part,) = played.parts
    assert (part.notes.onset == notes.onset * 20).all()
    assert (part.notes.velocity == notes.velocity).all()
    assert played.seconds == pytest.approx(notes.seconds)
    assert perform(notes, C, EXACT, "jazz", closes=True).midi() == played.midi()
    assert len(symusic.Score.from_midi(played.midi()).tempos) == 1


@pytest.mark.parametrize("style", ["jazz", "pop", "classical", ""])
def test_what_is_played_reads_back_as_what_is_written(style: str) -> None:
    notes = eighths(4)
    played = perform(notes, C, RenderSettings(), style, seed=3)
    back = parse_midi(played.midi(), "a.mid")
    for field in ("onset", "duration", "pitch"):
        assert getattr(back, field).tolist() == getattr(notes, field).tolist(), field


def test_a_piece_that_closes_slows_down_in_file_and_sound_and_reads_back() -> None:
    notes = eighths(4)
    alone = RenderSettings(room=0)
    strict, slowed = (perform(notes, C, alone, seed=3, closes=closes) for closes in (False, True))
    files = [symusic.Score.from_midi(played.midi()) for played in (strict, slowed)]
    # Only tempi are added: every note has the tick that it had.
    assert files[0].tracks[0].notes.numpy()["time"].tolist() == (
        files[1].tracks[0].notes.numpy()["time"].tolist()
    )
    in_seconds = [file.to("second").tracks[0].notes.numpy()["time"].max() for file in files]
    ends = [played.seconds for played in (strict, slowed)]
    assert in_seconds[1] > in_seconds[0] + 0.3
    assert ends[1] == pytest.approx(float(files[1].to("second").end()), abs=1e-3)
    back = parse_midi(slowed.midi(), "a.mid")
    assert (back.tempo, back.onset.tolist()) == (notes.tempo, notes.onset.tolist())
    # The last onset is heard: there is more sound behind it than before.
    samples = render_sound(slowed, room=0)
    assert len(samples) == round((slowed.seconds + TAIL) * RATE)
    before, behind = (
        np.square(samples[round((in_seconds[1] + place) * RATE) :][: RATE // 20]).mean()
        for place in (-0.06, 0.01)
    )
    assert behind > 1.5 * before


def test_jazz_that_is_straight_swings_and_other_music_does_not() -> None:
    notes = eighths()
    settings = replace(EXACT, swing=None)
    jazz = perform(notes, C, settings, "jazz")
    assert jazz.swing == 1.5
    assert {int(on) % 480 for on in jazz.parts[0].notes.onset} == {0, 288}
    assert perform(notes, C, settings, "pop").swing == 1.0
    assert perform(notes, C, replace(EXACT, swing=2.0), "pop").swing == 2.0
    threes = replace(notes, meter=from_text("0:6/8"))
    assert perform(threes, C, replace(EXACT, swing=2.0), "jazz").swing == 1.0
    late = replace(notes, onset=np.where(notes.onset % 24 == 12, notes.onset + 4, notes.onset))
    assert perform(late, C, settings, "jazz").swing == 1.0


def test_players_stray_by_the_seed_and_no_farther_than_half_a_step() -> None:
    notes = eighths(8)
    settings = replace(EXACT, human=1.0)
    first, again, other = (
        perform(notes, C, settings, seed=seed).parts[0].notes for seed in (1, 1, 2)
    )
    assert first.onset.tolist() == again.onset.tolist()
    assert first.onset.tolist() != other.onset.tolist()
    off = (first.onset + 10) % 20 - 10
    assert 1 < off.std() < 8
    assert abs(off).max() <= 8


def test_the_tune_and_first_beats_come_out_where_all_is_equally_loud() -> None:
    notes = eighths(8)
    played = perform(notes, C, replace(EXACT, human=1.0)).parts[0].notes
    velocity = played.velocity.astype(float)
    beat = np.rint(played.onset / 240).astype(int) % 8
    tune = played.pitch >= 72
    assert velocity[tune].mean() > velocity[~tune].mean() + 8
    assert velocity[tune & (beat == 0)].mean() > velocity[tune & (beat % 2 == 1)].mean() + 4
    own = replace(notes, velocity=np.where(notes.pitch >= 72, 60, 90).astype(np.uint8))
    kept = perform(own, C, replace(EXACT, human=1.0)).parts[0].notes
    assert abs(kept.velocity - np.where(kept.pitch >= 72, 60.0, 90.0)).max() < 9


def test_the_pedal_is_pressed_over_a_clear_chord_alone() -> None:
    chord = make_notes([0, 0, 0, 48, 72], [96] * 3 + [24] * 2, [48, 52, 55, 60, 64], [80] * 5,
                       meter=from_text("0:4/4"))  # fmt: skip
    assert pedalled(chord) == [(3.0, 48.0), (51.0, 96.0)]
    blurred = make_notes([0, 0, 0, *range(0, 48, 12)], [48] * 3 + [12] * 4,
                         [48, 52, 55, 62, 65, 66, 69], [80] * 7,
                         meter=from_text("0:4/4"))  # fmt: skip
    assert pedalled(blurred) == []
    on = symusic.Score.from_midi(perform(chord, C, replace(EXACT, pedal=True)).midi())
    pressed = [(c.time, c.value) for c in on.tracks[0].controls if c.number == 64]
    assert sorted(pressed) == [(60, 127), (960, 0), (1020, 127), (1920, 0)]


def test_the_pedal_is_pressed_over_every_chord_that_a_file_states() -> None:
    sixth = StatedChord(0, 5, (0, 4, 7, 9), 5)
    notes = make_notes([0] * 4 + [96] * 4, [96] * 8, [53, 57, 60, 62] * 2, [80] * 8,
                       meter=from_text("0:4/4"))  # fmt: skip
    stated = replace(notes, chords=(sixth, NO_CHORD._replace(step=96)))
    assert pedalled(stated) == [(3.0, 48.0), (51.0, 96.0)]


def test_the_file_has_key_meter_and_a_track_a_part() -> None:
    played = perform(eighths(), Key(2, "minor"), RenderSettings(), "jazz")
    score = symusic.Score.from_midi(played.midi())
    assert (score.key_signatures[0].key, score.key_signatures[0].tonality) == (-1, 1)
    assert score.time_signatures[0].numerator == 4
    assert [(t.name, t.program, t.is_drum) for t in score.tracks] == [
        ("Melody", 0, False), ("Chords", 0, False), ("Bass", 32, False), ("Drums", 40, True),
    ]  # fmt: skip


def test_a_band_sounds_as_loud_as_a_piano_and_does_not_clip() -> None:
    samples = render_sound(perform(eighths(1), C, RenderSettings(), "pop"))
    assert loudness(samples, RATE) == pytest.approx(LOUDNESS, abs=0.5)
    assert true_peaks(samples).max() <= PEAK * 1.0001


def test_a_piece_of_rests_has_one_silent_track() -> None:
    played = perform(make_notes([], [], [], []), C, RenderSettings(), "jazz")
    assert [len(part.notes) for part in played.parts] == [0]
    assert played.midi()[:4] == b"MThd"


@pytest.mark.parametrize("tonic", range(12))
def test_a_piece_that_is_played_reads_back_in_its_key(tonic: int) -> None:
    major = [60, 64, 67, 65, 69, 67, 71, 62, 67, 64, 60, 48]
    minor = [57, 60, 64, 62, 65, 64, 68, 59, 64, 60, 57, 45]
    for mode, pitches in (("major", major), ("minor", minor)):
        key = Key(tonic, mode)
        notes = make_notes(range(0, 288, 24), [24] * 12, pitches, [80] * 12)
        played = perform(notes.transposed(-key.to_c), key, EXACT)
        assert key_of(parse_midi(played.midi(), "a.mid")) == key
