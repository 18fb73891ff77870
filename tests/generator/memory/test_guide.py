from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from mood2music.generator.memory.bar_counts import FRESH, GO_ON, RETURN, BarCounts
from mood2music.generator.memory.form import Form
from mood2music.generator.memory.guide import Guide, Guiding
from mood2music.generator.memory.kinds import CLOSE, EXACT, IN_RHYTHM, LOOSE, MOTIF, NEW
from mood2music.generator.memory.motif_counts import MotifCounts
from mood2music.generator.memory.moves import SEMITONES
from mood2music.generator.memory.place import Place
from mood2music.generator.memory.urges import URGED, URGED_MOTIF, Quote, Urge
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


def test_bars_that_come_back_are_as_many_whatever_the_song_takes() -> None:
    half = Form(
        BarCounts(
            {name: Counter({FRESH: 1, RETURN: 1, GO_ON: 0}) for name in "01234"},
            Counter(dict.fromkeys(range(20, 60), 1)),
            {str(code): Counter({EXACT: 1}) for code in range(5)},
        )
    )
    for theme in (0.0, 1.0):
        found = after(guide(half, theme, from_list(quarters(30, 64))), 60, 600)
        own = sum(place is not None and not place.in_song for place in found)
        assert own / 600 == pytest.approx(0.5, abs=0.06)


def after(one: Guide, bars: int, more: int, onsets: int = 2) -> list[Place | None]:
    """What bars behind so many new ones come back to, if they play it: None for new ones."""
    played: list[int] = []
    for bar in range(bars + more):
        if bar >= bars:
            one.point(96 * bar)
        place = one.places[bar][0] if bar >= bars else None
        new = place is None or place.in_song
        played.append(bar if new else played[place.bar])  # type: ignore[union-attr]
        play(one, bar, played[-1], onsets)
    return [place for place, _ in one.places[bars:]]


def play(one: Guide, bar: int, kind: int = 0, onsets: int = 2) -> None:
    """A bar of 4/4; those of the same kind are alike."""
    pitches = (36 + kind % 12, 48 + kind // 12 % 12)
    for i in range(onsets):
        one.add(((pitches[i % 2],), 96 // onsets), 96 * bar + 96 // onsets * i)


def bars_of(places: list[Place | None]) -> list[int | None]:
    return [None if place is None else place.bar for place in places]


def returning(by: int, move: int = 0) -> Form:
    """Every bar goes on with the one so many bars back."""
    return Form(
        BarCounts(
            ON_AND_ON,
            Counter({by: 1}),
            {str(code): Counter({EXACT: 10**9}) for code in range(5)},
            moved=Counter({move: 1}),
        )
    )


@pytest.mark.parametrize(
    ("by", "bars"),
    [
        (1, [0, 1, None, 3, 4, None]),  # a bar three times
        (2, [0, 1, None, 3, 4, None]),  # ABAB, something else C, BCBC
        (3, [0, 1, 2, None, 4, 5, 6]),
    ],
)
def test_a_passage_stands_in_a_row_only_as_often_as_in_real_pieces(
    by: int, bars: list[int | None]
) -> None:
    assert bars_of(after(guide(returning(by)), by, len(bars))) == bars


def test_what_was_moved_is_not_moved_again_or_it_would_climb_on_and_on() -> None:
    found = bars_of(after(guide(returning(2, move=5)), 2, 8))
    assert found == [0, 1, None, None, 4, 5, None, None]


def test_a_bar_in_which_nothing_moves_does_not_come_back_behind_another() -> None:
    assert after(guide(returning(2)), 2, 3, onsets=1) == [None] * 3
    assert bars_of(after(guide(returning(2)), 2, 3, onsets=2)) == [0, 1, None]


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


def motif_form(kept: float = 0, by: int = 0) -> Form:
    tune = Counter({"new": 1, "begins": 10**9, "kept": kept, "aligned": 1})
    far, moved, long = Counter(range(2, 9)), Counter({by: 1}), Counter({4: 1})
    return Form(BarCounts({"0": Counter({FRESH: 10**9})}), MotifCounts(tune, far, moved, long))


def sing(one: Guide, pitches: list[int], start: int = 0, length: int = 24) -> int:
    for pitch in pitches:
        one.add(((36, pitch), length), start)
        start += length
    return start


def test_a_motif_is_played_again_note_by_note_at_the_pitch_it_began_on() -> None:
    one = guide(motif_form(by=2))
    now = sing(one, [60, 64, 62, 65, 67, 40, 41, 42, 62])
    heard = []
    for _ in range(4):
        (pitch,), left, code = one.point(now)
        assert (left, code) == (0, MOTIF)
        assert one.urge == Urge(pitch, 0, pitch, URGED_MOTIF, over=False)
        heard.append(pitch)
        one.add(((48, pitch), 6), now)
        now += 6
    assert heard == [66, 64, 67, 69]


def test_between_its_notes_a_motif_waits_for_the_next_in_its_rhythm() -> None:
    one = guide(motif_form(kept=1e12))
    now = sing(one, [60, 64, 62, 65, 67, 40, 41, 42, 60])
    assert one.point(now) == ((64,), 0, IN_RHYTHM)
    one.add(((36, 60 + 128), 6), now - 24)
    assert one.point(now - 18) == ((64,), 18, IN_RHYTHM)
    assert one.urge is None, "its note is not due yet"


def test_a_motif_ends_where_the_tune_leaves_it() -> None:
    one = guide(motif_form())
    now = sing(one, [60, 64, 62, 65, 67, 40, 41, 42, 60])
    assert one.point(now)[2] == MOTIF
    now = sing(one, [90], now)
    assert one.point(now)[2] == NEW


def test_with_a_theme_motifs_are_those_of_the_song() -> None:
    song = from_list([((pitch,), 24) for pitch in (70, 72, 75, 77, 74, 70)])
    one = Guide(Guiding(motif_form(), 1.0, song), (TimeSignature(0, 4, 4),), 24,
                np.random.default_rng(0))  # fmt: skip
    one.add(((70,), 6), 0)
    assert one.point(6) == ((72,), 0, MOTIF)


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
    places = [place for place, _ in one.places]
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
    bars = [place.bar for place, _ in one.places if place is not None]
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


def test_bars_come_back_where_their_chords_are_due() -> None:
    # C, F, G, C and so on; new matter first, then bars come back from anywhere.
    never, always = Counter({FRESH: 10**9}), Counter({RETURN: 10**9})
    does = {"0": always, "0.0": never, "0.1": never, "0.2": never, "1": always}
    anywhere = Form(BarCounts(does, Counter(dict.fromkeys(range(1, 20), 1))))
    due = {C: (F, C), F: (G,), G: (C,)}
    in_order = []
    for lends_all in (True, False):
        guiding = Guiding(anywhere, 0.0, FOUR_BARS, lends_all)
        one = Guide(guiding, (TimeSignature(0, 4, 4),), 24, np.random.default_rng(0))
        play(one, 0)
        told = chords(one, 200)
        in_order.append(np.mean([b in due[a] for a, b in pairwise(told)]))
    assert in_order[0] > 0.95
    assert 0.7 < in_order[1] < in_order[0], "behind a song of another style less"


def test_where_no_bar_stands_on_what_is_due_there_is_new_matter() -> None:
    # C, then F sharp: they have no pitch in common.
    song = from_list([((48, 52, 55), 96), ((54, 58, 61), 96)])
    anywhere = Form(
        BarCounts({str(age): Counter({RETURN: 10**9}) for age in range(5)}, Counter({1: 1, 2: 1}))
    )
    one = guide(anywhere, 0.0, song)
    play(one, 0)
    one.point(96)
    assert one.places[-1] == (None, NEW)


def test_a_theme_stands_on_the_chords_it_has_in_the_song() -> None:
    one = guide(NEVER, 1.0, FOUR_BARS)
    one.add(((90,), 96), 0)
    told = chords(one, 6)
    places = [place.bar for place, _ in one.places[1:] if place is not None]
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
