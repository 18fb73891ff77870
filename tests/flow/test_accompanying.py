from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from mood2music.catalog.song import Song
from mood2music.flow.accompanying import (
    as_tune,
    in_pattern,
    lends_passages,
    likeliest_style,
    with_accompaniment,
)
from mood2music.flow.photo import silent
from mood2music.flow.piece import Piece
from mood2music.flow.song import Start
from mood2music.flow.writing_settings import WritingSettings
from mood2music.mood import Mood
from mood2music.music.accompaniment import accompanied
from mood2music.music.authors import Author
from mood2music.music.events import to_events
from mood2music.music.idiom import strongest
from mood2music.music.key import Key
from mood2music.music.meter import TimeSignature
from mood2music.music.notes import Notes, make_notes
from mood2music.music.patterns import PLAYERS
from mood2music.music.stated_chords import UNSAID, StatedChord
from mood2music.music.tune import tune_of


@pytest.mark.parametrize(
    ("style", "asked", "kept", "pattern"),
    [
        ("jazz", None, False, "held"),
        ("jazz", None, True, None),
        ("jazz", True, True, "held"),
        ("jazz", "comp", False, "comp"),
        ("jazz", False, False, None),
        ("tango", None, False, None),
        (strongest({"jazz": 0.0}), None, False, None),
        ("classical", None, False, "broken"),
        ("classical", True, False, None),
        (strongest({"jazz": 0.3, "pop": 0.8}), None, False, None),  # it is pop itself
        ("pop", "block", False, "block"),
        ("", "stride", False, "stride"),
        ("", None, False, None),
    ],
)
def test_a_style_takes_the_tune_alone_of_a_file_of_another_style(
    style: str, asked: bool | str | None, kept: bool, pattern: str | None
) -> None:
    def song(chords: list[tuple[int, ...]]) -> Start:
        rows = [(48 * i, 48, 60 + p) for i, chord in enumerate(chords) for p in (-12, *chord)]
        onset, duration, pitch = (np.array(part) for part in zip(*rows, strict=True))
        return Start(make_notes(onset, duration, pitch, np.full(len(rows), 70)), "", {})

    plain = song([(0, 4, 7), (5, 9, 12), (7, 11, 14), (0, 4, 7)] * 4)
    start = with_accompaniment(plain, asked, style, silent, kept)
    assert start.how == ({} if pattern is None else {"accompaniment": pattern})
    assert (start is plain) is (pattern is None)
    sevenths = song([(10, 14, 17, 21), (7, 11, 14, 17), (0, 4, 7, 11), (9, 13, 16, 19)] * 8)
    if pattern is not None:
        early = {int(24 - onset % 24) for onset in start.notes.onset if onset % 24 > 12}
        assert (6 in early) == (style == "pop")
    if style == "jazz" and asked is None:
        assert with_accompaniment(sevenths, None, style, silent) is sevenths


def test_classical_music_takes_the_tune_alone_of_a_song_in_another_style() -> None:
    catalog = Song("a/1", "A", "traditional", "folk", Mood(0.1, 0.2), "rated")
    swing = chords_of([(10, 14, 17, 21), (7, 11, 14, 17), (0, 4, 7, 11), (9, 13, 16, 19)] * 8)
    swing = replace(swing, song=catalog)
    assert likeliest_style(swing.notes) == "jazz"
    taken = with_accompaniment(swing, None, "classical", silent)
    assert taken.how == {"accompaniment": "broken"}
    assert tune_of(taken.notes).pitch.tolist() == tune_of(swing.notes).pitch.tolist()
    assert with_accompaniment(swing, None, "", silent) is swing, "without a style it stays"


def test_a_bare_tune_that_opens_the_piece_gets_chords_under_its_own_notes() -> None:
    notes = make_notes(np.arange(32) * 24, [24] * 32, [72 + i % 5 for i in range(32)], [80] * 32)
    for style in ("jazz", "pop", "classical"):
        start = with_accompaniment(Start(notes, "", {}), None, style, silent, kept=True)
        assert "accompaniment" in start.how
        top = start.notes.pitch >= 72
        assert start.notes.onset[top].tolist() == notes.onset.tolist(), "as it is written"
        assert len(start.notes) > len(notes)
    assert with_accompaniment(Start(notes, "", {}), None, "", silent, kept=True).notes is notes


def test_a_tune_too_low_for_chords_says_so() -> None:
    notes = make_notes(np.arange(16) * 24, [24] * 16, [33 + i % 5 for i in range(16)], [80] * 16)
    low = Start(notes, "", {})
    told: list[str] = []
    start = with_accompaniment(low, True, "", told.append)
    assert told == ["no chords: the tune is too low"]
    assert start.how == {}
    assert start.notes.pitch.tolist() == notes.pitch.tolist()


def chords_of(pitches: list[tuple[int, ...]]) -> Start:
    rows = [(48 * i, 48, 60 + p) for i, chord in enumerate(pitches) for p in (-12, *chord)]
    onset, duration, pitch = (np.array(part) for part in zip(*rows, strict=True))
    return Start(make_notes(onset, duration, pitch, np.full(len(rows), 70)), "", {})


def test_a_song_in_another_style_than_is_asked_lends_its_tune_alone() -> None:
    start = chords_of([(10, 14, 17, 21), (7, 11, 14, 17), (0, 4, 7, 11), (9, 13, 16, 19)] * 8)
    own = likeliest_style(start.notes)
    other = "pop" if own != "pop" else "jazz"
    assert lends_passages(start, start.notes, strongest({own: 1.0, other: 0.5}))
    assert not lends_passages(start, start.notes, strongest({own: 0.5, other: 1.0}))
    assert lends_passages(start, start.notes, strongest({}))
    assert lends_passages(start, start.notes, strongest({other: 0.0})), "no style is asked"


def test_a_file_of_which_the_tune_was_taken_lends_no_accompaniment() -> None:
    plain = chords_of([(0, 4, 7), (5, 9, 12), (7, 11, 14), (0, 4, 7)] * 8)
    taken = replace(plain, notes=accompanied(tune_of(plain.notes), "held"))
    assert likeliest_style(taken.notes) == "jazz" != likeliest_style(plain.notes)
    assert not lends_passages(taken, plain.notes, "jazz")
    bare = tune_of(plain.notes)
    assert lends_passages(taken, bare, "jazz"), "a bare tune is heard with its chords"


def test_a_bare_file_gets_chords_whatever_style_its_tune_alone_seems_to_be_in() -> None:
    onset = np.arange(96) * 6
    pitch = 62 + np.array([0, 7, 4, 7, 9, 7, 4, 2] * 12)
    reel = make_notes(onset, [6] * 96, pitch, [80] * 96, 90, meter=(TimeSignature(0, 2, 4),))
    told: list[str] = []
    start = with_accompaniment(Start(reel, "", {}), None, "jazz", told.append)
    assert start.how == {"accompaniment": "held", "note_values": "twice"}
    assert start.notes.tempo == 180
    assert start.notes.meter[0][1:] == (4, 4)
    assert told[-1] == ("tune in notes twice as long: the song's 90 quarter notes a minute are 180")
    asked = Start(reel, "", {})
    assert with_accompaniment(asked, False, "jazz", silent) is asked


def test_a_piece_of_one_voice_starts_from_the_tune_alone_as_its_style_phrases_it() -> None:
    plain = chords_of([(0, 4, 7), (5, 9, 12), (7, 11, 14), (0, 4, 7)] * 8)
    told: list[str] = []
    taken = as_tune(plain, "", told.append)
    assert taken.notes.pitch.tolist() == [67, 72, 74, 67] * 8
    assert told == ["the tune alone"]
    assert "accompaniment" not in taken.how
    early = as_tune(plain, "jazz", silent).notes
    assert early.pitch.tolist() == taken.notes.pitch.tolist()
    assert (early.onset != as_tune(plain, "jazz", silent).notes.onset).sum() == 0
    assert set(early.onset % 24) == {0, 12}, "some come an eighth early"
    silence = replace(plain, notes=make_notes([], [], [], []))
    assert as_tune(silence, "jazz", silent) is silence


def test_a_song_with_chords_keeps_them_and_says_so_where_no_pattern_is_named() -> None:
    plain = chords_of([(0, 4, 7), (5, 9, 12), (7, 11, 14), (0, 4, 7)] * 8)
    told: list[str] = []
    assert with_accompaniment(plain, True, "", told.append) is plain
    assert told == ["the song has chords of its own, which stay; accompany=block replaces them"]


@pytest.mark.parametrize(("bars", "whose"), [(1, "its file's chords"), (5, "chords")])
def test_whose_chords_are_under_the_tune_is_told(bars: int, whose: str) -> None:
    onset = np.arange(4 * bars) * 24
    notes = make_notes(onset, [24] * len(onset), [76] * len(onset), [80] * len(onset),
                       meter=(TimeSignature(0, 4, 4),))  # fmt: skip
    notes = replace(notes, chords=(StatedChord(0, 9, (0, 3, 7), 9),))
    said: list[str] = []
    with_accompaniment(Start(notes, "", {}), "block", "", said.append)
    assert said == [f"{whose} under the tune, block"]


def written(bars: int = 8) -> Piece:
    """A tune in quarters over held seventh chords, a chord a bar, and C major at the end."""
    tune = [76, 79, 81, 79, 77, 74, 77, 81, 79, 77, 74, 71] * bars
    rows = [(24 * i, 24, pitch) for i, pitch in enumerate(tune[: 4 * bars - 4])]
    held = [(48, 52, 55, 59), (50, 53, 57, 60), (43, 53, 59, 62)]
    rows += [(96 * bar, 96, p) for bar in range(bars - 1) for p in held[bar % 3]]
    rows += [(96 * (bars - 1), 96, pitch) for pitch in (48, 55, 64, 72)]
    notes = make_notes(*zip(*rows, strict=True), [80] * len(rows), meter=(TimeSignature(0, 4, 4),))  # type: ignore[arg-type]
    authors = np.where(notes.pitch >= 70, Author.STYLE, Author.BASE).astype(np.uint8)
    return Piece(notes, authors, Key(0, "major"), 0, [], 40, False)


def rows(notes: Notes, mine: NDArray[np.bool_]) -> set[tuple[int, ...]]:
    part = notes.only(mine)
    return set(zip(part.onset.tolist(), part.duration.tolist(), part.pitch.tolist(), strict=True))


def test_a_pattern_is_played_under_all_that_was_written_but_the_last_bar() -> None:
    piece = written()
    walks = in_pattern(piece, "walking", WritingSettings(40))
    under = walks.authors == Author.ACCOMPANIMENT
    notes, last = walks.notes, walks.notes.onset >= 7 * 96
    tune = piece.notes.pitch >= 70
    assert rows(notes, ~under & ~last) == rows(piece.notes, tune & (piece.notes.onset < 7 * 96))
    assert set(walks.authors[~under & ~last]) == {Author.STYLE}, (
        "the tune's notes are whose they were"
    )
    assert rows(notes, last) == rows(piece.notes, piece.notes.onset >= 7 * 96)
    bass = notes.only(under & (notes.duration == 24))
    assert bass.onset.tolist() == list(range(0, 7 * 96, 24)), "a note a beat, to the end"
    first = [int(bass.pitch[bass.onset == 96 * bar].min()) % 12 for bar in range(7)]
    assert first == [0, 2, 7] * 2 + [0]
    assert [(c.step // 96, c.root, c.pitches) for c in notes.chords[:2]] == [
        (0, 0, (0, 4, 7, 11)), (1, 2, (0, 3, 7, 10)),
    ]  # fmt: skip
    assert notes.chords[-1] == UNSAID._replace(step=7 * 96)


def test_a_pattern_leaves_what_is_kept_alone() -> None:
    piece = replace(written(), seed_end=2 * 96, kept_from=5 * 96)
    for pattern in PLAYERS:
        laid = in_pattern(piece, pattern, WritingSettings(40))
        new = (laid.notes.onset >= 2 * 96) & (laid.notes.onset < 5 * 96)
        old = (piece.notes.onset >= 2 * 96) & (piece.notes.onset < 5 * 96)
        assert rows(laid.notes, ~new) == rows(piece.notes, ~old)
        under = laid.authors == Author.ACCOMPANIMENT
        assert (under & new).any()
        assert not (under & ~new).any()
        ends = laid.notes.onset + laid.notes.duration
        assert ends[under].max() <= 5 * 96
    silence = replace(piece, notes=make_notes([], [], [], []), authors=np.zeros(0, np.uint8))
    assert in_pattern(silence, "comp", WritingSettings(40)) is silence


def test_a_pattern_keeps_to_the_range_and_to_how_many_may_sound() -> None:
    asked = WritingSettings(40, range=(45, 90), polyphony=3)
    laid = in_pattern(written(), "comp", asked)
    under = laid.authors == Author.ACCOMPANIMENT
    assert laid.notes.pitch[under].min() >= 45
    before_last = laid.notes.only(laid.notes.onset < 7 * 96)
    sounding = to_events(before_last).counts()
    assert sounding.max() == 3
    free = in_pattern(written(), "comp", WritingSettings(40))
    assert free.notes.pitch.min() < 45
    assert to_events(free.notes).counts().max() > 3


def test_what_is_read_is_in_the_styles_own_pattern_where_it_is_not_heard() -> None:
    onset = np.arange(32) * 24
    notes = make_notes(onset, [24] * 32, [72 + i % 5 for i in range(32)], [80] * 32)
    read = with_accompaniment(Start(notes, "", {}), "walking", "jazz", silent)
    own = with_accompaniment(Start(notes, "", {}), "held", "jazz", silent)
    assert read.how == {"accompaniment": "walking"}
    assert read.notes.onset.tolist() == own.notes.onset.tolist()
    heard = with_accompaniment(Start(notes, "", {}), "walking", "jazz", silent, kept=True)
    assert len(heard.notes) > len(own.notes)


@pytest.mark.parametrize(("style", "middle"), [("pop", 74), ("classical", 74), ("jazz", 50)])
def test_a_low_tune_is_read_in_the_register_of_its_style_but_stays_where_it_is_heard(
    style: str, middle: int
) -> None:
    onset = np.arange(64) * 24
    pitch = [48 + step for step in (0, 2, 4, 2)] * 16
    notes = make_notes(onset, [24] * 64, pitch, [80] * 64, meter=(TimeSignature(0, 4, 4),))
    read = with_accompaniment(Start(notes, "", {}), True, style, silent)
    assert np.median(tune_of(read.notes).pitch) == middle
    heard = with_accompaniment(Start(notes, "", {}), True, style, silent, kept=True)
    assert set(notes.pitch.tolist()) <= set(heard.notes.pitch.tolist())
    assert np.median(tune_of(heard.notes).pitch) == 50
