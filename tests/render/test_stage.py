from dataclasses import replace

import numpy as np
import pytest

from mood2music.music.notes import Notes, make_notes
from mood2music.music.write import Part
from mood2music.render.loudness import LOUDNESS, PEAK, loudness, true_peaks
from mood2music.render.performance import Performance
from mood2music.render.sound import RATE, render_sound, synthesized
from mood2music.render.stage import spread, staged
from tests.render.test_performance import C


def scale(first: int = 36, count: int = 13, step: int = 4) -> Notes:
    at = np.arange(count)
    return make_notes(at * 24, [24] * count, first + step * at, [80] * count, tempo=120)


BAND = [
    Part("Melody", 0, scale(60, 12, 2)),
    Part("Bass", 32, scale(36, 12, 1)),
    Part(
        "Drums", 40, make_notes(np.arange(12) * 24, [6] * 12, [38] * 12, [60] * 12), True, 122, 76
    ),
]


def in_one_channel(samples: np.ndarray) -> float:
    return float(10 * np.log10((samples.mean(1) ** 2).sum() / ((samples**2).sum() / 2)))


def test_the_loudest_part_is_as_loud_as_it_can_be_and_the_others_as_much_below_it() -> None:
    assert [part.level for part in staged(BAND, 0)] == [104, 104, 127]
    played = {part.name: part for part in staged(BAND, 0)}
    assert played["Drums"].pan == 76
    assert played["Drums"].reverb is None
    # The gain goes with the square of the volume: 122 is 3.5 dB above 100.
    loud, soft = (
        loudness(synthesized([replace(BAND[2], level=level)], None), RATE) for level in (122, 100)
    )
    assert loud - soft == pytest.approx(40 * np.log10(1.22), abs=0.3)


def test_a_row_of_keys_is_as_wide_as_the_room_and_no_note_is_lost() -> None:
    part = Part("a", 0, scale(), pan=64, pedal=[(0, 100)])
    pieces = spread(part, 40)
    assert [piece.pan for piece in pieces] == [24, 44, 64, 84, 104]
    assert all(piece.pedal == part.pedal for piece in pieces)
    dealt = np.concatenate([[piece.notes.onset, piece.notes.pitch] for piece in pieces], axis=1)
    assert dealt[:, np.argsort(dealt[0])].tolist() == [[*part.notes.onset], [*part.notes.pitch]]
    assert max(pieces[0].notes.pitch) < 42 <= min(pieces[1].notes.pitch)
    assert [piece.pan for piece in spread(replace(part, pan=110), 40)][-1] == 127
    for point in (replace(part, program=73), replace(part, drums=True)):
        assert spread(point, 40) == [point]


def test_in_a_room_every_part_is_dry_and_the_low_keys_sound_left() -> None:
    assert {part.reverb for part in staged(BAND, 0.5)} == {0}
    low, high = (
        synthesized(staged([Part("a", 0, scale(first, 8, 1))], 1.0), None) for first in (30, 80)
    )
    assert np.std(low[:, 0]) > 2 * np.std(low[:, 1])
    assert np.std(high[:, 1]) > 2 * np.std(high[:, 0])


def test_a_vibraphone_in_the_place_of_the_piano_is_as_loud() -> None:
    def beside_bass(program: int, balance: bool = True) -> float:
        tune, bass = staged([replace(BAND[0], program=program), BAND[1]], 0, balance)
        levels = [loudness(synthesized([part], None), RATE) for part in (tune, bass)]
        return levels[0] - levels[1]

    assert beside_bass(11) == pytest.approx(beside_bass(0), abs=1.5)
    assert beside_bass(11, balance=False) > beside_bass(0) + 5


def test_a_room_makes_it_wide_and_keeps_loudness_peak_and_one_channel() -> None:
    played = Performance(BAND, C)
    narrow, wide, widest = (render_sound(played, room=room) for room in (0, 0.5, 1))
    found = [float(np.corrcoef(*samples.T)[0, 1]) for samples in (narrow, wide, widest)]
    assert found[0] > 0.85 > found[1] > found[2]
    for samples in (narrow, wide, widest):
        assert loudness(samples, RATE) == pytest.approx(LOUDNESS, abs=0.5)
        assert true_peaks(samples).max() <= PEAK * 1.0001
    assert len(wide) == len(narrow)
    assert in_one_channel(wide) > -1.2
    assert (render_sound(played, room=0.5) == wide).all()
    assert not (wide == narrow).all()
