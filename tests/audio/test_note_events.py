"""Note events of posteriorgrams drawn by hand."""

import numpy as np

from mood2music.audio.network import LOWEST_KEY, SECONDS, Posteriors
from mood2music.audio.note_events import TOLERANCE, NoteEvents, find_events
from mood2music.audio.settings import AudioSettings

SETTINGS = AudioSettings(onset=0.5, frame=0.3, rest=0.6, shortest=0.08)


def empty(frames: int = 200) -> Posteriors:
    return Posteriors(np.zeros((frames, 88), np.float32), np.zeros((frames, 88), np.float32))


def in_frames(events: NoteEvents) -> list[tuple[int, int, int]]:
    start, end = (np.rint(t / SECONDS).astype(int).tolist() for t in (events.start, events.end))
    return list(zip(start, end, (events.pitch - LOWEST_KEY).tolist(), strict=True))


def test_a_struck_key_sounds_until_it_fades() -> None:
    heard = empty()
    heard.onset[10, 40] = 0.9
    heard.frame[10:60, 40] = 0.8
    events = find_events(heard, SETTINGS)
    assert in_frames(events) == [(10, 60, 40)]
    assert events.strength.round(3).tolist() == [0.8]
    assert events.attack.round(3).tolist() == [0.9]


def test_a_short_dip_is_bridged_and_a_long_one_ends_the_note() -> None:
    for dip, end in ((TOLERANCE - 1, 100), (TOLERANCE + 1, 50)):
        heard = empty()
        heard.onset[10, 40] = 0.9
        heard.frame[10:50, 40] = heard.frame[50 + dip : 100, 40] = 0.5
        assert in_frames(find_events(heard, SETTINGS)) == [(10, end, 40)]


def test_a_key_struck_again_ends_the_note_before() -> None:
    heard = empty()
    heard.onset[[10, 50], 40] = 0.9
    heard.frame[10:90, 40] = 0.8
    assert in_frames(find_events(heard, SETTINGS)) == [(10, 50, 40), (50, 90, 40)]


def test_what_sounds_without_a_start_is_a_note_when_it_is_likely_enough() -> None:
    heard = empty()
    heard.frame[10:60, 40] = 0.7
    heard.frame[10:60, 60] = 0.5
    events = find_events(heard, SETTINGS)
    assert in_frames(events) == [(10, 60, 40)]
    assert events.attack.tolist() == [0.0]


def test_the_keys_beside_a_note_are_its_smear() -> None:
    heard = empty()
    heard.onset[10, 40] = 0.9
    heard.frame[10:60, 39:42] = 0.8
    assert in_frames(find_events(heard, SETTINGS)) == [(10, 60, 40)]


def test_short_flashes_and_unlikely_starts_are_no_notes() -> None:
    heard = empty()
    heard.onset[10, 40] = 0.9
    heard.frame[10:14, 40] = 0.9
    heard.onset[10, 60] = 0.4
    heard.frame[10:60, 60] = 0.4
    events = find_events(heard, SETTINGS)
    assert len(events) == 0
    assert events.pitch.dtype == np.int64
