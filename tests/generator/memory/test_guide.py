from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from mood2music.generator.memory.bar_counts import FRESH, GO_ON, RETURN, BarCounts
from mood2music.generator.memory.form import Form
from mood2music.generator.memory.guide import Guide, Guiding
from mood2music.generator.memory.kinds import CLOSE, EXACT, IN_RHYTHM, LOOSE, NEW
from mood2music.generator.memory.moves import SEMITONES
from mood2music.generator.memory.urges import URGED, Quote, Urge
from mood2music.music.changes import Changes
from mood2music.music.events import Event, Events, from_list
from mood2music.music.meter import TimeSignature

NEVER = Form(BarCounts({"0": Counter({FRESH: 1e9})}))  # type: ignore[dict-item]
ON_AND_ON = {
    "0": Counter({RETURN: 10**9}),
    **{str(age): Counter({GO_ON: 10**9}) for age in range(1, 5)},
}
ALWAYS_FOUR_BACK = Form(
    BarCounts(
        ON_AND_ON,
        Counter({4: 1}),
        {str(code): Counter({EXACT: 10**9}) for code in range(5)},
    )
)


def quarters(first: int, count: int) -> list[Event]:
    return [((first + i,), 24) for i in range(count)]


def guide(form: Form, theme: float = 0.0, song: Events | None = None, beats: int = 4) -> Guide:
    meter = (TimeSignature(0, beats, 4),)
    return Guide(Guiding(form, theme, song), meter, 24, np.random.default_rng(0))


def test_new_matter_is_pointed_to_nothing() -> None:
    one = guide(NEVER)
    for i, event in enumerate(quarters(40, 12)):
        one.add(event, 24 * i)
    assert one.point(24 * 12) == ((), 0, NEW)


def test_a_bar_returns_to_that_four_bars_back_event_by_event() -> None:
    one = guide(ALWAYS_FOUR_BACK)
    for i, event in enumerate(quarters(40, 16)):
        one.add(event, 24 * i)
    for i in range(16):
        assert one.point(24 * (16 + i)) == ((40 + i,), 24, EXACT)
        one.add(((90,), 24), 24 * (16 + i))
    assert one.point(24 * 16 + 12) == ((), 0, EXACT), "no event begins there"


def test_bars_are_those_of_the_meter() -> None:
    one = guide(ALWAYS_FOUR_BACK, beats=3)
    for i, event in enumerate(quarters(40, 12)):
        one.add(event, 24 * i)
    assert one.point(24 * 13) == ((41,), 24, EXACT)


def test_a_theme_is_taken_up_in_the_song_and_gone_on_with() -> None:
    song = from_list(quarters(30, 32))
    one = guide(NEVER, 1.0, song)
    one.add(((90,), 24), 0)
    told = [one.point(24 * (4 + i)) for i in range(64)]
    pitches = [chord[0] for chord, _, _ in told]
    assert all(
        30 <= pitch < 62 and code > NEW for pitch, (_, _, code) in zip(pitches, told, strict=True)
    )
    # Within a bar the song goes on as it does; so do most bars.
    assert all(pitches[i + j] == pitches[i] + j for i in range(0, 64, 4) for j in range(4))
    assert sum(b == a + 4 for a, b in zip(pitches[:-4:4], pitches[4::4], strict=True)) >= 8


def test_no_theme_of_strength_none_and_none_without_a_song() -> None:
    song = from_list(quarters(30, 32))
    for one in (guide(NEVER, 0.0, song), guide(NEVER, 1.0, None)):
        one.add(((90,), 24), 0)
        assert {one.point(24 * i)[2] for i in range(4, 60)} == {NEW}


def test_a_weaker_theme_is_followed_less_closely() -> None:
    song = from_list(quarters(30, 64))
    loose = {str(NEW): Counter({LOOSE: 1, EXACT: 9})}
    one = guide(Form(BarCounts(NEVER.bars.does, closely=loose)), 0.2, song)
    one.add(((90,), 24), 0)
    codes = Counter(one.point(96 * i)[2] for i in range(1, 400))
    assert codes[NEW] > codes[IN_RHYTHM] > codes[CLOSE] > 0, "the tune alone, and all of it"


def play(one: Guide, bar: int, kind: int = 0, onsets: int = 2) -> None:
    """A bar of 4/4; those of the same kind are alike."""
    pitches = (36 + kind % 12, 48 + kind // 12 % 12)
    for i in range(onsets):
        one.add(((pitches[i % 2],), 96 // onsets), 96 * bar + 96 // onsets * i)


def test_what_moves_quicker_than_its_song_is_slowed_and_what_moves_slower_is_not() -> None:
    longer = []
    for length in (12, 24, 48):
        one = guide(NEVER, 0.0, from_list(quarters(30, 8)))
        for i in range(60):
            one.add(((60,), length), length * i)
        longer.append(one.pace[48] - one.pace[12])
    assert longer[0] == pytest.approx(-longer[2])
    assert longer[0] > 0
    assert longer[1] == pytest.approx(0)
    assert not guide(NEVER).pace.any(), "no song"


def test_guides_begin_where_their_context_does() -> None:
    context = from_list(quarters(50, 8))
    one = Guiding(ALWAYS_FOUR_BACK).guide(context, np.random.default_rng(0))
    for i, event in enumerate(context.as_list()):
        one.add(event, 24 * i)
    assert one.point(24 * 8) == ((), 0, NEW), "four bars back there is nothing yet"


def test_a_bar_that_returns_moved_is_pointed_to_at_other_pitches() -> None:
    form = Form(
        BarCounts(
            ON_AND_ON,
            Counter({2: 1}),
            {str(code): Counter({LOOSE: 10**9}) for code in range(5)},
            Counter({1 + SEMITONES.index(5): 1}),
        )
    )
    one = guide(form)
    for i, event in enumerate(quarters(40, 8)):
        one.add(event, 24 * i)
    # Both bars, the second going on with the first by the same move, and closely.
    for i in range(8):
        assert one.point(24 * (8 + i)) == ((45 + i,), 24, CLOSE)
        one.add(((90,), 24), 24 * (8 + i))


def test_where_bars_come_back_loosely_the_tune_of_the_song_comes_back_alone() -> None:
    # A bass below a tune of half notes: only the tune is pointed to, until its next note is due.
    song = from_list(
        (chord, 24) for i in range(8) for chord in ((40, 60 + i), (41, 188 + i))
    )  # fmt: skip
    loose = Form(BarCounts(NEVER.bars.does, closely={str(NEW): Counter({LOOSE: 10**9})}))
    one = guide(loose, 1.0, song)
    one.add(((90,), 24), 0)
    told = [one.point(step) for step in range(96, 192, 12)]
    assert {code for *_, code in told} == {IN_RHYTHM}
    assert [left for _, left, _ in told] == [0, 36, 24, 12, 0, 36, 24, 12][: len(told)]
    first = told[0][0][0]
    assert one.urge == Urge(first + 2, 12, 90, URGED)
    assert [chord for chord, *_ in told] == [(first,), *[(first + 1,)] * 4, *[(first + 2,)] * 3]


def test_a_passage_that_comes_back_whole_is_quoted_event_by_event() -> None:
    song = from_list([((40 + i, 60 + i), 24) for i in range(16)])
    one = Guide(Guiding(NEVER, 0.5, song), (TimeSignature(0, 4, 4),), 24,
                np.random.default_rng(1))  # fmt: skip
    one.add(((90,), 24), 0)
    wanted = {}
    for step in range(96, 96 * 6, 12):
        one.point(step)
        wanted[step] = one.urge
    places = [place for place, _ in one.bars.places]
    bar = next(i for i, place in enumerate(places) if place is not None)
    place = places[bar]
    assert place is not None
    assert not place.tune
    assert [wanted[96 * bar + 12 * i] for i in range(3)] == [
        Quote((40 + 4 * place.bar, 60 + 4 * place.bar), 24),
        Quote(None, 12),
        Quote((41 + 4 * place.bar, 61 + 4 * place.bar), 24),
    ]
    assert {type(wanted[96 * b]) for b, p in enumerate(places) if p is None and b} <= {type(None)}


def test_a_note_of_two_bars_is_quoted_as_long_and_what_follows_stands_where_it_stood() -> None:
    bar = [((60 + i,), 24) for i in range(4)]
    song = from_list([*bar, ((67,), 192), *bar, *bar, *bar, *bar])
    one = Guide(Guiding(NEVER, 0.5, song), (TimeSignature(0, 4, 4),), 24,
                np.random.default_rng(1))  # fmt: skip
    one.add(((90,), 96), 0)
    step, heard = 96, []
    for _ in range(40):
        one.point(step)
        wanted = one.urge if isinstance(one.urge, Quote) else None
        event = (wanted.tokens or (90,), wanted.duration) if wanted else ((90,), 96)
        heard.append(event)
        one.add(event, step)
        step += event[1]
    at = heard.index(((67,), 192))
    assert heard[at + 1 : at + 5] == bar, "the song's second bar goes on in it"


def test_new_matter_behind_a_note_of_two_bars_stands_two_bars_on() -> None:
    one = guide(NEVER, 0.0, FOUR_BARS)
    one.add(((90,), 192), 0)
    assert one.chords(192)[0] == G
    one.add(((90,), 96), 192)
    assert chords(one, 3, first=3) == [C, C, F]
    one.add(((90,), 288), 96 * 6)
    assert one.chords(96 * 9)[0] == F, "over the end of the song too"


def test_a_theme_is_a_phrase_of_the_song() -> None:
    bar, close = [((60,), 24)] * 4, [((62,), 24), ((63,), 72)]
    song = from_list([*bar, *bar, *close, *bar, *close, *bar, *bar, *close])
    one = guide(NEVER, 1.0, song)
    one.add(((90,), 24), 0)
    for i in range(1, 40):
        one.point(96 * i)
    bars = [place.bar for place, _ in one.bars.places if place is not None]
    assert all(b == a + 1 for a, b in pairwise(bars) if b not in (0, 3, 5))


# C, F, G and C, a bar each.
FOUR_BARS = from_list(
    [((48, 52, 55), 96), ((53, 57, 60), 96), ((55, 59, 62), 96), ((48, 52, 55), 96)]
)
C, F, G = 1, 31, 43


def chords(one: Guide, bars: int, first: int = 1) -> list[int]:
    """The chord that each bar is told, behind a first one that is heard."""
    told = []
    for bar in range(first, first + bars):
        one.point(96 * bar)
        told.append(one.chords(96 * bar)[0])
        play(one, bar, bar)
    return told


def test_new_matter_stands_on_the_chords_of_the_song_round_and_round() -> None:
    one = guide(NEVER, 0.0, FOUR_BARS)
    one.add(((90,), 96), 0)
    assert one.chords(48) == (C, F), "in the bar that is heard"
    assert chords(one, 8) == [F, G, C, C, F, G, C, C]


def test_a_bar_that_comes_back_stands_on_its_own_chord() -> None:
    never, always = Counter({FRESH: 10**9}), Counter({RETURN: 10**9})
    does = {"0.0": never, "0.1": never, "0.2": always, "1": never}
    back_two = Form(BarCounts(does, Counter({2: 1})))
    one = guide(back_two, 0.0, FOUR_BARS)
    play(one, 0)
    assert chords(one, 5) == [F, G, C, G, C], "bar 4 is bar 2 again, then comes what follows there"


def test_a_theme_stands_on_the_chords_it_has_in_the_song() -> None:
    one = guide(NEVER, 1.0, FOUR_BARS)
    one.add(((90,), 96), 0)
    told = chords(one, 6)
    places = [place.bar for place, _ in one.bars.places[1:] if place is not None]
    assert len(places) == 6
    assert told == [[C, F, G, C][bar] for bar in places]


def test_without_a_song_no_chord_is_told() -> None:
    assert guide(NEVER).chords(0) == (0, 0)


def test_where_the_style_is_known_each_chorus_has_its_own_chords() -> None:
    codes = np.array([C, F, G, C, 13, 49, F, G, 55, 13] * 4, np.uint8)
    form = Form.learn([], changes=[Changes(np.arange(len(codes)) * 96, codes)])
    form.bars.does = {"0": Counter({FRESH: 10**9})}
    one = guide(form, 0.0, FOUR_BARS)
    one.add(((90,), 96), 0)
    told = chords(one, 40, 1)
    choruses = {tuple(told[i : i + 4]) for i in range(3, 39, 4)}
    assert len(choruses) > 1
