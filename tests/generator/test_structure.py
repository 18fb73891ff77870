from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from mood2music.errors import SettingsError
from mood2music.generator.event_batch import END_OF_PIECE
from mood2music.generator.form import Plan, parse_structure
from mood2music.generator.moods import Told
from mood2music.generator.network import EventNetwork
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.generator.sampling.ending import Ending
from mood2music.generator.structure import Structured, write_sections
from mood2music.mood import Mood
from mood2music.music.events import END, HELD, Events, from_list, to_events, to_notes
from mood2music.music.meter import TimeSignature, places
from tests.conftest import tune
from tests.generator.sampling.test_knowing import network
from tests.generator.test_network import small


def write(
    names: list[str],
    length: int,
    n: int = 1,
    sampler: SamplerSettings | None = None,
    network: EventNetwork | None = None,
) -> Structured:
    song = to_events(tune(4))
    return write_sections(
        network or small(),
        Plan(length, parse_structure(names), n),
        lambda i: song[10 * i : 10 * i + 12],
        sampler or SamplerSettings(),
        np.random.default_rng(0),
    )


def sections(piece: Structured, variant: int = 0) -> list[Events]:
    """The events of each section of a variant."""
    events = piece.variants[variant]
    edges = [at for _, at in piece.starts[variant]] + [len(events)]
    return [events[low:high] for low, high in pairwise(edges)]


def strikes(events: Events) -> set[tuple[int, int]]:
    """(grid step from the section's own beginning, pitch) of what is struck."""
    return {
        (int(begin) - events.start, token)
        for i, begin in enumerate(events.begins())
        for token in events.chord(i)
        if token < HELD
    }


def in_bar(events: Events, step: int) -> int:
    return int(places(events.meter, [step], events.grid)[0][0])


def test_a_letter_returns_as_it_was_and_its_number_varies_it_more_and_more() -> None:
    piece = write(["A", "B", "A", "A2", "A4"], 5 * 240)
    assert [name for name, _ in piece.starts[0]] == ["A", "B", "A", "A2", "A4"]
    first, other, *again = (strikes(section) for section in sections(piece))

    # What A began with behind its seed, within a bar, does not come again.
    begin = 96 - in_bar(piece.variants[0], piece.variants[0].start)
    first = {(step - begin, pitch) for step, pitch in first if step >= begin}

    def same(found: set[tuple[int, int]]) -> float:
        return len(found & first) / len(found | first)

    assert same(again[0]) > 0.98, "what its first event holds is struck"
    assert same(other) < 0.2
    assert same(again[0]) > same(again[1]) > same(again[2])
    # A2 keeps three quarters of its phrases, A4 one.
    assert same(again[1]) > 0.4 > same(again[2])


def test_sections_begin_and_end_at_bar_lines_and_keep_their_bars() -> None:
    piece = write(["A", "B", "A2", "A3"], 600, n=2)
    for variant, events in enumerate(piece.variants):
        a, b, a2, a3 = sections(piece, variant)
        assert all(in_bar(events, part.start) == 0 for part in (b, a2, a3))
        assert in_bar(events, int(events.ends()[-1])) == 0
        lengths = [int(part.ends()[-1]) - part.start for part in (a, a2, a3)]
        # The first one begins behind its seed, within a bar: of that bar they play nothing again.
        assert lengths[0] - 96 < lengths[1] == lengths[2] <= lengths[0]


def test_a_piece_of_so_many_bars_has_them_in_its_sections() -> None:
    song = from_list([((60 + i % 7,), 24) for i in range(64)], meter=(TimeSignature(0, 3, 4),))
    piece = write_sections(
        small(), Plan(4000, parse_structure(["A", "B", "A"]), bars=12), lambda i: song[:12],
        SamplerSettings(), np.random.default_rng(0), ending=Ending("major"),
    )  # fmt: skip
    events = piece.variants[0]
    assert [int(part.ends()[-1]) - part.start for part in sections(piece)] == [4 * 72] * 3
    assert events.chord(len(events) - 1)[0] % 12 == 0, "A closes where it ends the piece"
    assert len(events.meter) == 1


def test_a_section_goes_on_in_the_bars_of_its_own_seed() -> None:
    meter = (TimeSignature(0, 4, 4), TimeSignature(8 * 96, 3, 4))
    song = from_list([((60 + i % 7,), 24) for i in range(64)], meter=meter)

    def seed_of(i: int) -> Events:
        seed = song[40:54] if i else song[:14]
        return replace(seed, meter=tuple(s for s in meter if s.step <= seed.ends()[-1]))

    plan = Plan(300, parse_structure(["A", "B", "A"]))
    piece = write_sections(small(), plan, seed_of, SamplerSettings(), np.random.default_rng(0))
    (events,) = piece.variants
    _, b, _ = sections(piece)
    assert [s[1:] for s in events.meter] == [(4, 4), (3, 4), (4, 4)]
    assert [s.step for s in events.meter[1:]] == [b.start, int(b.ends()[-1])]


def test_every_variant_has_about_the_length_asked_for() -> None:
    piece = write(["A", "B", "A2"], 300, n=3)
    assert all(200 < len(variant) <= 400 for variant in piece.variants)
    assert piece.variants[0].as_list() != piece.variants[1].as_list()


def test_no_structure_is_one_section() -> None:
    assert len(write([], 30).variants[0]) == 30


def test_fewer_events_than_sections_are_refused() -> None:
    with pytest.raises(SettingsError, match="too short for 3 sections"):
        write(["A", "B", "C"], 2)


def test_a_variant_is_the_same_however_many_are_written_beside_it() -> None:
    alone, several = write(["A", "B", "A3"], 60), write(["A", "B", "A3"], 60, n=4)
    assert alone.variants[0].as_list() == several.variants[0].as_list()


def test_sections_start_with_strikes() -> None:
    piece = write(["A", "B", "A"], 90, n=3)
    for variant, starts in zip(piece.variants, piece.starts, strict=True):
        assert all(token < HELD for _, at in starts[1:] for token in variant.chord(at))


def test_no_hold_reaches_across_a_seam() -> None:
    network = small()
    with torch.no_grad():
        network.representation.out.bias[HELD:END] += 6
    piece = write(["A", "B", "A2", "A4"], 160, 2, SamplerSettings(longest_hold=2.0), network)
    for variant in piece.variants:
        # Where a section runs out of events its last one is lengthened to the bar line.
        assert to_notes(variant).duration.max() < 48 + 96


@pytest.mark.parametrize(("names", "ends"), [([], True), (["A", "B"], True), (["A", "A2"], False)])
def test_a_piece_may_end_in_its_last_section_where_that_is_new(
    names: list[str], ends: bool
) -> None:
    network = small()
    with torch.no_grad():
        network.representation.duration.out.bias[END_OF_PIECE] += 8
        network.representation.out.bias[END] += 3
    piece = write(names, 60, 4, SamplerSettings(end_of_piece=True), network)
    lengths = [len(variant) for variant in piece.variants]
    if not ends:
        for variant in range(4):
            first, again = sections(piece, variant)
            lasts = [int(part.ends()[-1]) - part.start for part in (first, again)]
            assert 0 <= lasts[0] - lasts[1] < 96, "as long as it was, from its first bar line on"
        return
    assert min(lengths) < 60
    if names:
        assert min(lengths) > min(at for starts in piece.starts for _, at in starts[1:])


@pytest.mark.parametrize("counted", [False, True])
@pytest.mark.parametrize("names", [["A"], ["A", "B", "A3", "C"]])
def test_a_way_of_moods_leads_through_all_sections_to_its_end(
    counted: bool, names: list[str]
) -> None:
    told: list[float] = []

    class Listening(Told):
        def codes(self, at: int) -> NDArray[np.int64]:
            mood = self.mood(at)
            assert mood is not None
            told.append(mood.valence)
            return super().codes(at)

    song = from_list([((60 + i % 7,), 24) for i in range(64)], meter=(TimeSignature(0, 4, 4),))
    start, length = (12, 200) if counted else (288, 16 * 96)
    moods = Mood(-0.6, 0), Mood(0.6, 0)
    way = Listening(moods, 100.0, "major", start, start + length, counted)
    plan = Plan(200 if counted else 4000, parse_structure(names), bars=None if counted else 16)
    write_sections(
        network(), plan, lambda i: song[10 * i : 10 * i + 12], SamplerSettings(),
        np.random.default_rng(0), ending=Ending("major"), told=way,
    )  # fmt: skip
    # Before each section its seed is read, which lies before.
    begins = np.flatnonzero(np.diff(told, prepend=1) < 0)
    ends = [told[at - 1] for at in begins[1:]] + [told[-1]]
    assert ends[0] == pytest.approx(-0.6 + 1.2 / len(names), abs=0.1)
    assert told[-1] == pytest.approx(0.6, abs=0.15)
    assert ends == sorted(ends)


def test_progress_counts_an_event_of_all_variants_once() -> None:
    song = to_events(tune(4))
    for names in (["A"], ["A", "B", "A", "A2"]):
        ticks: list[int] = []
        plan = Plan(200, parse_structure(names), 4)
        write_sections(
            small(), plan, lambda i: song[10 * i : 10 * i + 12], SamplerSettings(),
            np.random.default_rng(0), ticks.append,
        )  # fmt: skip
        assert sum(ticks) == pytest.approx(200, rel=0.15)


def test_who_watches_sees_all_sections_grow_to_what_is_given() -> None:
    seen: list[list[Events]] = []
    song = to_events(tune(4))
    written = write_sections(
        small(),
        Plan(24, parse_structure(["A", "B"]), 2),
        lambda i: song[10 * i : 10 * i + 12],
        SamplerSettings(),
        np.random.default_rng(0),
        watch=lambda new: seen.append(new()),
    )
    for events, *before in zip(written.variants, *seen, strict=True):
        counts = [len(part) for part in before]
        assert counts[0] == 1
        assert counts[-1] == len(events)
        # One that has ended waits for the others.
        assert {b - a for a, b in pairwise(counts)} <= {0, 1}
        assert all(part.chord(i) == events.chord(i) for part in before for i in range(len(part)))
    assert written.variants[0].tokens.tolist() == seen[-1][0].tokens.tolist()
