"""What a mood sets in how pieces are played, what the user keeps, and which variant is kept."""

from dataclasses import replace

import numpy as np
import pytest

from mood2music.flow.matching import (
    closing,
    distance,
    expressed,
    nearest_to,
    towards,
    with_tempo_of,
)
from mood2music.flow.piece import Piece
from mood2music.flow.request import GenerateSettings
from mood2music.flow.writing_settings import WritingSettings
from mood2music.judge.rated_mood import rated_mood
from mood2music.mood import Mood
from mood2music.music.expression import mean_of, tempo_of
from mood2music.music.key import Key
from mood2music.music.notes import Notes, make_notes
from tests.judge.test_rated_mood import MAJOR, MINOR, tune

EXCITED, CALM = Mood(0.2, 0.8), Mood(-0.2, -0.8)


def asked(**settings: object) -> WritingSettings:
    return GenerateSettings(**settings).writing_settings  # type: ignore[arg-type]


def piece(notes: Notes) -> Piece:
    return Piece(notes, np.ones(len(notes), np.uint8), Key(0, "major"), 0, [], 9, True)


def test_the_tempo_is_the_moods_unless_it_was_asked_for() -> None:
    song = tune(MAJOR)
    assert with_tempo_of(asked(), [EXCITED], song).tempo == pytest.approx(
        tempo_of(EXCITED, song), abs=0.01
    )
    assert with_tempo_of(asked(tempo=77), [EXCITED], song).tempo == 77
    assert with_tempo_of(asked(), [], song).tempo is None


def test_a_piece_gets_the_moods_loudness_and_a_tempo_near_that_of_its_song() -> None:
    written = piece(tune(MAJOR).with_tempo(100))
    loud, soft = expressed(written, [EXCITED], asked()), expressed(written, [CALM], asked())
    assert loud.notes.velocity.mean() > soft.notes.velocity.mean() + 30
    assert loud.notes.tempo == pytest.approx(min(130, tempo_of(EXCITED, written.notes)), abs=0.01)
    assert soft.notes.tempo >= 76
    assert np.array_equal(loud.notes.onset, written.notes.onset)
    assert np.array_equal(loud.authors, written.authors)


def test_what_the_user_asked_for_stays() -> None:
    deep = piece(tune(MAJOR).transposed(-24).with_tempo(100))
    high = expressed(deep, [Mood(0.9, -0.3)], asked())
    assert high.notes.pitch.mean() == deep.notes.pitch.mean() + 12
    for settings in (asked(key="C"), asked(range=[20, 90])):
        kept = expressed(deep, [Mood(0.9, -0.3)], settings)
        assert np.array_equal(kept.notes.pitch, deep.notes.pitch)
    assert expressed(deep, [EXCITED], asked(tempo=100)).notes.tempo == 100
    assert expressed(deep, [EXCITED], asked(seconds=60)).notes.tempo == 100
    assert expressed(deep, [], asked()) is deep


def test_the_variant_nearest_to_the_mood_is_found_and_of_equals_the_first() -> None:
    variants = [piece(tune(MAJOR)), piece(tune(MINOR)), piece(tune(MINOR))]
    target = rated_mood(variants[1].notes)
    picked = nearest_to([replace(target, valence=target.valence - 0.1)], variants)
    assert (picked.variant, picked.of) == (1, 3)
    assert picked.distances[1] == pytest.approx(0.1)
    assert picked.distances[0] > 0.15


def test_a_goal_leads_from_the_mood_and_leaves_what_is_there_already() -> None:
    assert towards([CALM], "match") == [CALM]
    assert towards([CALM], "lift") == [CALM, Mood(0.6, 0.2)]
    assert towards([EXCITED], "calm") == [EXCITED, Mood(0.3, -0.5)]
    assert towards([Mood(0.9, -0.9)], "calm")[1] == Mood(0.9, -0.9)


def test_a_way_has_its_middle_and_each_of_its_parts() -> None:
    middle = mean_of([CALM, EXCITED])
    assert (middle.valence, middle.arousal) == pytest.approx((0, 0), abs=1e-9)
    assert mean_of([CALM]) == CALM
    rising = tune(MAJOR, bars=40)
    loud = expressed(piece(rising), [CALM, EXCITED], asked()).notes.velocity
    assert loud[-20:].mean() > loud[:20].mean() + 30


def test_a_piece_goes_through_the_tempi_of_its_way_unless_one_was_asked_for() -> None:
    rising = piece(tune(MAJOR, bars=40).with_tempo(100))
    played = expressed(rising, [CALM, EXCITED], asked())
    slow, fast = played.way[0][1], played.way[-1][1]
    assert slow < played.notes.tempo < fast
    assert fast / slow == pytest.approx(2, abs=0.01)
    assert expressed(rising, [EXCITED, CALM], asked()).way[0][1] > 100
    assert expressed(rising, [CALM, EXCITED], asked(seconds=60)).way[0][1] < 100
    assert expressed(rising, [CALM, EXCITED], asked(tempo=100)).way == ()
    assert expressed(rising, [CALM], asked()).way == ()
    # What is written so far is played as the beginning of the whole piece will be.
    begun = expressed(rising, [CALM, EXCITED], asked(), whole=False)
    assert begun.way == ()
    assert begun.notes.tempo == pytest.approx(slow, rel=0.03)
    loud = [one.notes.velocity[:20].mean() for one in (played, begun)]
    assert loud[1] == pytest.approx(loud[0], abs=8)


def test_a_piece_closes_on_its_tonic_at_a_bar_line_where_that_was_asked_for() -> None:
    notes = make_notes([0, 24, 48, 72, 96, 96], [24] * 4 + [96] * 2,
                       [67, 71, 62, 65, 60, 48], [80] * 6)  # fmt: skip
    assert closing(piece(notes), asked()).closes
    assert not closing(piece(notes), asked(cadence=False)).closes
    assert not closing(piece(notes.only(notes.onset < 96)), asked()).closes
    assert not closing(piece(notes.only(notes.onset < 0)), asked()).closes


def test_a_way_is_held_against_the_windows_in_their_order() -> None:
    bright, dark = tune(MAJOR, bars=24), tune(MINOR, bars=24)
    both = make_notes(
        np.concatenate([dark.onset, bright.onset + 24 * 96]),
        np.concatenate([dark.duration, bright.duration]),
        np.concatenate([dark.pitch, bright.pitch]),
        np.concatenate([dark.velocity, bright.velocity]),
        dark.tempo,
    )
    low, high = rated_mood(dark), rated_mood(bright)
    assert distance([low, high], both) < distance([high, low], both) - 0.1


def test_a_window_is_held_against_the_part_of_the_way_where_it_stands() -> None:
    bright = tune(MAJOR, bars=24)
    late = replace(bright, onset=bright.onset + 24 * 96)  # behind as many silent bars
    end = rated_mood(bright)
    far = Mood(-end.valence, -end.arousal)
    # Half of the way is over before the first note.
    assert distance([far, end], late) < distance([far, end], bright) - 0.1
    assert distance([far, far, end, end, end], late) < 0.1
