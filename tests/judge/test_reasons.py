"""Each thing that is heard adds what taking it away loses, and is named by the right word."""

from mood2music.judge.cues import CUES
from mood2music.judge.rated_mood import rated_mood
from mood2music.judge.reasons import GROUPS, Reason, reasons
from mood2music.music.notes import Notes, make_notes
from tests.judge.test_rated_mood import MAJOR, MINOR, tune


def by_name(notes: Notes) -> dict[str, Reason]:
    return {reason.name: reason for reason in reasons(notes)}


def test_every_cue_belongs_to_one_group() -> None:
    members = [cue for group, _, _ in GROUPS.values() for cue in group]
    assert sorted(members) == sorted(CUES)


def test_mode_and_tempo_are_named_and_weigh_as_they_should() -> None:
    bright, dark = by_name(tune(MAJOR, 170)), by_name(tune(MINOR, 60))
    assert (bright["mode"].word, bright["tempo"].word) == ("major", "fast")
    assert (dark["mode"].word, dark["tempo"].word) == ("minor", "slow")
    assert bright["mode"].valence > 0 > dark["mode"].valence
    assert bright["tempo"].arousal > 0 > dark["tempo"].arousal


def test_what_differs_by_one_thing_differs_by_its_reason() -> None:
    slow, fast = tune(MAJOR, 80), tune(MAJOR, 160)
    gained = rated_mood(fast).arousal - rated_mood(slow).arousal
    told = sum(r.arousal for r in reasons(fast)) - sum(r.arousal for r in reasons(slow))
    assert gained > 0.1
    assert told > 0.1
    order = [abs(r.valence) ** 2 + abs(r.arousal) ** 2 for r in reasons(fast)]
    assert order == sorted(order, reverse=True)


def test_silence_has_no_reasons() -> None:
    assert reasons(make_notes([], [], [], [])) == []
