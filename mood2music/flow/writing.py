"""Lets a network write behind a song's seed, in the key, at the tempo and in the form asked for."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from mood2music.flow.extent import extent_of
from mood2music.flow.piece import Piece, Result
from mood2music.flow.writing_settings import WritingSettings
from mood2music.mood import Mood
from mood2music.music.authors import Author
from mood2music.music.events import Events
from mood2music.music.expression import mean_of
from mood2music.music.key import Key, result_key
from mood2music.music.lead_sheet import chords_stated
from mood2music.music.notes import Notes
from mood2music.music.seed import Passages, to_bar_line

if TYPE_CHECKING:
    from mood2music.generator.memory.guide import Guiding
    from mood2music.generator.sampling.constraints import Constraints
    from mood2music.style.networks import StyledNetwork

# Events written, of how many.
Progress = Callable[[int, int], None]
# Hears behind each event of what gives, when called, the variants as far as they are written.
Watch = Callable[[Callable[[], list[Piece]]], object]


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
    extent = extent_of(settings, seed, passages.key, tempo)
    length = extent.length
    counted = extent.bars is None  # in events, as the length is
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
    chords = chords_stated(song, passages.key.to_c + shift)
    opening = seed if settings.keep_seed else None
    result = Result(key, shift, tempo, named, extent, chords, opening)

    with one_thread():
        structured = write_sections(
            styled.network,
            Plan(length, settings.sections, settings.variants, extent.bars),
            lambda i: passages.seed(i) if i else seed,
            settings.sampler,
            rng.spawn(1)[0],
            wrote,
            allowed(settings, key, shift),
            guiding_of(styled, passages, settings.theme, lends_all, moods),
            extent.ending,
            told,
            None if watch is None else partial(_watched, watch, result),
        )
        streams = rng.spawn(settings.variants)
        written_by = [
            token_authors(styled.unstyled, styled.network, seed, events, stream, told)
            for events, stream in zip(structured.variants, streams, strict=True)
        ]
    return [
        result.piece(events, starts if settings.sections else [], authors)
        for events, starts, authors in zip(
            structured.variants, structured.starts, written_by, strict=True
        )
    ]


def _watched(watch: Watch, result: Result, new: Callable[[], list[Events]]) -> None:
    """Let who watches hear of the variants as far as they are written, all notes by the base."""

    def unfinished() -> list[Piece]:
        return [
            result.piece(events, [], np.full(len(events.tokens), Author.BASE, np.uint8))
            for events in new()
        ]

    watch(unfinished)


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


def allowed(settings: WritingSettings, key: Key, shift: int) -> "Constraints":
    """What may be written, in the network's key; `shift`: semitones from there to the result's."""
    from mood2music.generator.sampling.constraints import FREE, SCALES, Constraints, leaning

    low, high = (pitch - shift for pitch in settings.range or settings.compass)
    in_key = settings.key is not None if settings.in_key is None else settings.in_key
    return Constraints(
        low,
        high,
        SCALES[key.mode] if in_key else None,
        settings.polyphony or FREE.polyphony,
        leaning(key.mode, settings.hold_mode),
    )
