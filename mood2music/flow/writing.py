"""Lets a network write behind a song's seed, in the key, at the tempo and in the form asked for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mood2music.brief import brief
from mood2music.errors import SettingsError
from mood2music.generator.form import Section
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.mood import Mood
from mood2music.music.authors import Author
from mood2music.music.events import Events
from mood2music.music.expression import mean_of
from mood2music.music.key import Key, octaves_above, result_key
from mood2music.music.lead_sheet import is_lead_sheet, stated_in
from mood2music.music.notes import Notes
from mood2music.music.seed import Passages, to_bar_line
from mood2music.music.stated_chords import StatedChord
from mood2music.music.tempo import Tempi

if TYPE_CHECKING:
    from mood2music.generator.memory.guide import Guiding
    from mood2music.generator.sampling.constraints import Constraints
    from mood2music.generator.sampling.ending import Ending
    from mood2music.style.networks import StyledNetwork

# Events written, of how many.
Progress = Callable[[int, int], None]
# Hears behind each event of what gives, when called, the variants as far as they are written.
Watch = Callable[[Callable[[], "list[Piece]"]], object]


@dataclass(frozen=True)
class WritingSettings:
    """What the stage is asked.

    length: events; sections: of the form, none for one; learned: whether they are drawn from real
    pieces' (`with_form`) instead; tempo, key: None for the song's own;
    in_key: whether only pitches of the key's scale (None: when a key is given); range: lowest and
    highest pitch; polyphony: most pitches at once; keep_seed: whether it opens the
    piece; theme: how much of the song comes back, 0 to 1; bars, seconds: how long the piece is
    instead of `length` events, one of the two; cadence: whether it ends on its tonic at a bar line;
    hold_mode: how firmly it stays in major or minor, 0 not at all; rewrite: the first and the last
    bar to be written anew while all others are kept, None for a new piece.
    """

    length: int
    sections: Sequence[Section] = ()
    learned: bool = False
    variants: int = 1
    sampler: SamplerSettings = field(default_factory=SamplerSettings)
    keep_seed: bool = False
    tempo: float | None = None
    key: str | None = None
    in_key: bool | None = None
    range: tuple[int, int] | None = None
    polyphony: int | None = None
    theme: float = 0.5
    bars: int | None = None
    seconds: float | None = None
    cadence: bool = True
    hold_mode: float = 1.0
    rewrite: tuple[int, int] | None = None


def with_form(
    settings: WritingSettings,
    styles: Mapping[str, float],
    song: Notes,
    rng: np.random.Generator,
) -> WritingSettings:
    """Draw the sections of a form that is to be learned, as many as the length has room for.

    styles: strength of each. A length in events counts as many bars as so many of the song's have.
    """
    from mood2music.generator.sections import BARS, mixed
    from mood2music.music.events import to_events
    from mood2music.music.meter import bar_length, bar_lines

    if not settings.learned:
        return settings
    bars: float
    if settings.bars is not None:
        bars = settings.bars
    elif settings.seconds is not None:
        bar = bar_length(song.meter[-1], song.grid) if song.meter else 4 * song.grid
        bars = settings.seconds * (settings.tempo or song.tempo) / 60 * song.grid / bar
    else:
        events = max(1, len(to_events(song)))
        lines = bar_lines(song.meter, song.end, song.grid)
        # A line at the very end begins no bar.
        bars = settings.length * int((lines < song.end).sum()) / events
    sections = mixed(styles).draw(max(1, round(bars / BARS)), rng)
    return replace(settings, sections=sections)


@brief
@dataclass(frozen=True)
class Piece:
    """A piece as written, in its key; seed_end and sections in grid steps.

    authors: (n,) uint8, an Author a note; events: those behind the seed, of sections that return
    too; ended: whether they end before as many events, or bars, as were asked for; octaves: how
    many it lies above where its key is nearest to C major or A minor; kept_from: the grid step from
    which on the song's bars are kept again, None where none are; way: the tempi that it goes
    through, () where its notes' one holds; closes: whether it is to end on its tonic at a bar line,
    and does.
    """

    notes: Notes
    authors: NDArray[np.uint8]
    key: Key
    seed_end: int
    sections: list[tuple[str, int]]
    events: int
    ended: bool
    octaves: int = 0
    kept_from: int | None = None
    way: Tempi = ()
    closes: bool = False


def write_pieces(
    styled: "StyledNetwork",
    passages: Passages,
    settings: WritingSettings,
    song: Notes,
    title: str,
    rng: np.random.Generator,
    progress: Progress | None = None,
    moods: Sequence[Mood] = (),
    watch: Watch | None = None,
    lends_all: bool = True,
) -> list[Piece]:
    """Let the network write what is allowed, and bring each variant to its key and tempo.

    song, title: what the seed is of; `progress` hears of each event written; moods: what the pieces
    are to have, the first to the last on their way, which ends with the piece; () for none. What
    `watch` hears of has all new notes by the base: whose they are is known at the end. lends_all:
    whether the song's passages may come back whole, else it is their tune alone.
    """
    from mood2music.generator.form import Plan
    from mood2music.generator.moods import Told
    from mood2music.generator.sampling.continuation import one_thread
    from mood2music.generator.structure import write_sections
    from mood2music.style.authorship import token_authors

    key, shift = result_key(passages.key, settings.key)
    # What opens the piece is kept as it is; else the piece begins with a bar.
    seed = passages.seed(0) if settings.keep_seed else to_bar_line(passages.seed(0))
    tempo = settings.tempo or song.tempo
    length, bars, ending = _extent(settings, seed, passages.key, tempo)
    counted = bars is None  # in events, as the length is
    start = len(seed) if counted else int(seed.ends()[-1])
    told = Told(moods, tempo, passages.key.mode, start, start + length, counted)
    written = 0

    def wrote(events: int) -> None:
        nonlocal written
        written += events
        if progress is not None:
            progress(written, length)

    styles = " and ".join(name for name, (_, strength) in styled.styles.items() if strength)
    named = f"{styles.capitalize() or 'Piece'} after {title}"
    chords = song.transposed(passages.key.to_c + shift).chords if is_lead_sheet(song) else ()
    result = _Result(key, shift, tempo, named, length, bars, chords)

    def unfinished(new: Callable[[], list[Events]]) -> list[Piece]:
        return [
            _finish(settings, seed, e, [], np.full(len(e.tokens), Author.BASE, np.uint8), result)
            for e in new()
        ]

    def watched(new: Callable[[], list[Events]]) -> None:
        if watch is not None:
            watch(lambda: unfinished(new))

    with one_thread():
        structured = write_sections(
            styled.network,
            Plan(length, settings.sections, settings.variants, bars),
            lambda i: passages.seed(i) if i else seed,
            settings.sampler,
            rng.spawn(1)[0],
            wrote,
            allowed(settings, key, shift),
            guiding_of(styled, passages, settings.theme, lends_all, moods),
            ending,
            told,
            None if watch is None else watched,
        )
        streams = rng.spawn(settings.variants)
        written_by = [
            token_authors(styled.unstyled, styled.network, seed, events, stream, told)
            for events, stream in zip(structured.variants, streams, strict=True)
        ]
    return [
        _finish(settings, seed, events, starts, authors, result)
        for events, starts, authors in zip(
            structured.variants, structured.starts, written_by, strict=True
        )
    ]


def guiding_of(
    styled: "StyledNetwork",
    passages: Passages,
    theme: float,
    lends_all: bool,
    moods: Sequence[Mood] = (),
) -> "Guiding | None":
    """What decides what a piece comes back to; None of a network that recalls nothing.

    moods: as in `write_pieces`; the song's chords lean to their mean valence.
    """
    from mood2music.generator.memory.guide import Guiding

    if styled.form is None:
        return None
    valence = mean_of(moods).valence if moods else 0.0
    return Guiding(styled.form, theme, passages.events, lends_all, valence)


def _extent(
    settings: WritingSettings, seed: Events, key: Key, tempo: float
) -> tuple[int, int | None, "Ending | None"]:
    """How many events are written at most, how many bars where that is asked, and how it ends.

    Raises SettingsError for seconds that leave a section without a bar: only the song tells how
    long one is.
    """
    from mood2music.generator.sampling.ending import Ending, bars_in, stop_after

    ending = Ending(key.mode if settings.cadence else None)
    bars = settings.bars
    if settings.seconds is not None:
        bars = bars_in(seed, settings.seconds, tempo)
        if bars < (sections := len(settings.sections)):
            longer = count(int(settings.seconds) + 1)
            least = next(s for s in longer if bars_in(seed, s, tempo) >= sections)
            raise SettingsError(
                f"seconds={settings.seconds:g} is too short for {sections} sections: {bars} bars "
                f"of this song at {tempo:g} quarter notes a minute, expected seconds={least} or "
                "more, one bar each"
            )
    if bars is not None:
        # No bar has more events than grid steps.
        return stop_after(seed, bars) - int(seed.ends()[-1]), bars, ending
    return settings.length, None, ending if settings.cadence else None


@dataclass(frozen=True)
class _Result:
    """What all variants become.

    shift: semitones from the network's key; length, bars: as of `_extent`.
    """

    key: Key
    shift: int
    tempo: float
    title: str
    length: int
    bars: int | None
    chords: tuple[StatedChord, ...]


def _finish(
    settings: WritingSettings,
    seed: Events,
    events: Events,
    starts: Sequence[tuple[str, int]],
    written_by: NDArray[np.uint8],
    result: _Result,
) -> Piece:
    """Bring a variant to its key and tempo, behind the seed where that is kept.

    starts: the event at which each section starts; written_by: the Author of each token.
    """
    from mood2music.music.events import join, to_notes
    from mood2music.style.authorship import note_authors

    opening = seed if settings.keep_seed else events[:0]
    # Steps are those of the notes.
    whole = replace(join([opening, events]), meter=events.meter)
    steps = np.concatenate([[whole.start], whole.ends()]) - whole.origin
    notes = to_notes(whole, result.tempo, result.title).transposed(result.shift)
    if settings.keep_seed:
        end = int(opening.ends()[-1])
        notes = replace(notes, chords=stated_in(result.chords, whole.start, end, whole.origin))
    by_token = np.concatenate([np.full(len(opening.tokens), Author.SEED, np.uint8), written_by])
    return Piece(
        notes,
        note_authors(notes, whole, by_token, result.shift),
        result.key,
        int(steps[len(opening)]) if settings.keep_seed else 0,
        [(name, int(steps[len(opening) + at])) for name, at in starts if settings.sections],
        len(events),
        len(events) < result.length if result.bars is None else _whole_bars(events) < result.bars,
        octaves_above(result.key, result.shift),
    )


def _whole_bars(events: Events) -> int:
    """How many whole bars there are in events."""
    from mood2music.music.meter import bar_lines

    lines = bar_lines(events.meter, int(events.ends()[-1]), events.grid)
    return max(int((lines >= events.start).sum()) - 1, 0)


def allowed(settings: WritingSettings, key: Key, shift: int) -> "Constraints":
    """What may be written, in the network's key; `shift`: semitones from there to the result's."""
    from mood2music.generator.sampling.constraints import FREE, SCALES, Constraints, leaning

    low, high = FREE.low, FREE.high
    if settings.range is not None:
        low, high = (pitch - shift for pitch in settings.range)
    in_key = settings.key is not None if settings.in_key is None else settings.in_key
    return Constraints(
        low,
        high,
        SCALES[key.mode] if in_key else None,
        settings.polyphony or FREE.polyphony,
        leaning(key.mode, settings.hold_mode),
    )
