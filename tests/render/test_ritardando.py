"""A piece slows into its last chord, by the published curve, where its players do."""

from dataclasses import replace

import pytest

from mood2music.music.meter import from_text
from mood2music.music.notes import Notes, make_notes
from mood2music.render.ritardando import ritardando, tempi_of
from mood2music.render.settings import RenderSettings

ALONE = RenderSettings(band="none")


def closing(meter: str = "0:4/4", bars: int = 6, length: int = 96, tempo: float = 100.0) -> Notes:
    """Quarters, and a last chord at the beginning of the last bar."""
    last = (bars - 1) * length
    onset = [*range(0, last, 24), last, last]
    notes = make_notes(onset, [24] * (len(onset) - 2) + [length] * 2,
                       [72] * (len(onset) - 1) + [48], [80] * len(onset), tempo)  # fmt: skip
    return replace(notes, meter=from_text(meter))


def test_the_tempo_is_the_models_from_a_bar_before_the_last_onset() -> None:
    tempi = dict(tempi_of(closing(), ALONE, closes=True))
    assert tempi[0] == 100
    assert [step for step in tempi if step] == list(range(384, 481, 6))
    # Friberg & Sundberg 1999, q = 3 and w = .6: v(x) = (1 - .784 x)^(1/3), x in each step's middle.
    assert tempi[384] == pytest.approx(100 * (1 - 0.784 / 32) ** (1 / 3), abs=0.01)
    assert tempi[432] == pytest.approx(100 * (1 - 0.784 * 17 / 32) ** (1 / 3), abs=0.01)
    assert tempi[480] == 60
    assert list(tempi.values()) == sorted(tempi.values(), reverse=True)


def test_it_grows_with_how_human_the_players_are_and_none_stray_at_0() -> None:
    last = {
        human: tempi_of(closing(), replace(ALONE, human=human), closes=True)[-1][1]
        for human in (0.0, 0.5, 1.0, 2.0)
    }
    assert last == {0.0: 100, 0.5: 77.46, 1.0: 60, 2.0: 36}
    assert tempi_of(closing(), ALONE) == ((0, 100.0),)


@pytest.mark.parametrize(
    ("notes", "bars"),
    [
        (closing(tempo=100), 1),
        (closing(tempo=140), 2),  # one of 1.7 s
        (closing("0:3/4", length=72, tempo=100), 2),
        (closing("0:6/8", length=72, tempo=60), 1),
    ],
)
def test_it_is_one_bar_long_or_two_where_that_is_short(notes: Notes, bars: int) -> None:
    length = 96 if notes.meter[0].unit == 4 and notes.meter[0].beats == 4 else 72
    last = int(notes.onset.max())
    assert ritardando(notes, ALONE) == (last - bars * length, last)


def test_it_begins_at_a_bar_line_and_a_short_piece_has_none() -> None:
    notes = closing()
    late = replace(notes, onset=notes.onset.clip(max=456))
    assert ritardando(late, ALONE) == (288, 456)
    assert ritardando(closing(bars=2), ALONE) is None
    assert ritardando(notes.only(notes.onset < 0), ALONE) is None
    assert tempi_of(notes.only(notes.onset < 0), ALONE, closes=True) == ((0, 100.0),)


@pytest.mark.parametrize("style", ["jazz", "pop"])
def test_with_a_drummer_the_beat_is_kept_up_to_the_last_bar(style: str) -> None:
    assert tempi_of(closing(), RenderSettings(), style, closes=True) == ((0, 100.0),)
    notes = closing()
    late = replace(notes, onset=notes.onset.clip(max=456))
    (_, before), (begin, _), *_, (end, last) = tempi_of(late, RenderSettings(), style, closes=True)
    assert (before, begin, end, last) == (100, 384, 456, 80)
    assert tempi_of(closing(), ALONE, style, closes=True)[-1] == (480, 60)


def test_it_slows_the_tempi_of_a_way() -> None:
    way = [(96 * bar, 100.0 + 2 * bar) for bar in range(6)]
    tempi = tempi_of(closing(), ALONE, way=way, closes=True)
    assert tempi[:4] == tuple(way[:4])
    assert tempi[4][0] == 384
    assert tempi[-1] == (480, 66)
