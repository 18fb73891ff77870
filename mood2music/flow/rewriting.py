"""Writes a few bars of a piece anew and keeps all others, what stands before and what follows.

The network reads forward, behind the bars before. So that what follows fits, several are written
and the one is taken behind which the network holds the kept bars to be likeliest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mood2music.errors import SettingsError
from mood2music.flow.piece import Piece
from mood2music.flow.writing import Progress, allowed, guiding_of
from mood2music.flow.writing_settings import WritingSettings
from mood2music.music.authors import Author
from mood2music.music.events import Events, between, from_list, join, to_notes
from mood2music.music.formats.midi import way_in
from mood2music.music.formats.midi_tracks import is_midi
from mood2music.music.key import Key, octaves_above, result_key
from mood2music.music.lead_sheet import chords_stated, stated_in
from mood2music.music.meter import COMMON, bar_length, bar_lines, places
from mood2music.music.notes import Notes
from mood2music.music.quantize import quantize
from mood2music.music.seed import Passages
from mood2music.music.stated_chords import StatedChord
from mood2music.music.tempo import Tempi

if TYPE_CHECKING:
    from mood2music.style.networks import StyledNetwork

# Passages written for one that is kept, where bars follow; events of these that it is judged by.
TRIES, FOLLOWING = 4, 32


def kept_way(midi: Path | None, song: Notes, asked: WritingSettings) -> Tempi:
    """Give the tempi of bars that a piece of this program is played in, where they are to stay.

    midi: its file, in any format; song: what was read of it. () where a tempo is asked for.
    """
    if midi is None or asked.tempo is not None:
        return ()
    content = midi.read_bytes()
    return way_in(content, midi.name, song) if is_midi(content[:12]) else ()


def around(passages: Passages, bars: tuple[int, int]) -> tuple[Passages, Events]:
    """Split a song at bars to be written anew: what stands before, what follows.

    Bars are counted as they are printed: from 1, and a pickup is 0.

    The first are its passages' one seed, the other events, none where the last bar is the song's
    last or later. Raises SettingsError for a first bar behind the one after the song's last.
    """
    whole = _to_bar_line(passages.events)
    end = int(whole.ends()[-1])
    lines = bar_lines(whole.meter, end, whole.grid)
    lines = lines[int(lines[0] < whole.start) :]
    first, last = bars
    if first > len(lines):
        raise SettingsError(
            f"rewrite=[{first},{last}]: the music has {len(lines) - 1} bars, expected a first bar "
            f"of 2 to {len(lines)}"
        )
    begin = int(lines[first - 1])
    before = between(whole, whole.start, begin)
    follows = between(whole, int(lines[last]), end) if last < len(lines) - 1 else whole[:0]
    cut = replace(passages, events=join([before, follows]), starts=[0], length=len(before))
    return cut, follows


def rewrite_pieces(
    styled: "StyledNetwork",
    passages: Passages,
    follows: Events,
    settings: WritingSettings,
    song: Notes,
    rng: np.random.Generator,
    progress: Progress | None = None,
    lends_all: bool = True,
) -> list[Piece]:
    """Write `settings.rewrite` anew, once a variant, between what `around` gave.

    song: whose tempo and title the pieces have; `progress` hears of each event written, of about
    how many, and at the end of as many as there were; lends_all: as in `write_pieces`.
    """
    from mood2music.generator.encoder import CONTEXT
    from mood2music.generator.sampling.continuation import continue_events, one_thread
    from mood2music.generator.sampling.ending import Ending
    from mood2music.generator.sampling.knowing import Heard
    from mood2music.style.authorship import token_authors

    assert settings.rewrite is not None
    first, last = settings.rewrite
    # What is written goes through the song's own bars, also where they change.
    before = replace(passages.seed(0), meter=passages.events.meter)
    context, start = before[-CONTEXT:], int(before.ends()[-1])
    stop = _line_behind(before, last - first + 1)
    most = stop - start  # no event is shorter than a step
    # All are written side by side, in events about as long as those before.
    likely = max(1, round(most / float(context.durations.mean())))
    key, shift = result_key(passages.key, settings.key)
    # As `find_passages` read it, and in the key of the result.
    played = quantize(song, styled.divisors).transposed(passages.key.to_c).transposed(shift)
    said = chords_stated(song, passages.key.to_c + shift)
    gap = _Gap(before, follows, stop, key, shift, settings.tempo or song.tempo, played, said)
    tries = TRIES if len(follows) else 1
    sampler = settings.sampler
    if len(follows):  # stays where it is
        sampler = replace(sampler, end_of_piece=False)
    mode = passages.key.mode if settings.cadence and not len(follows) else None
    guiding = guiding_of(styled, passages, settings.theme, lends_all)
    own = rng.spawn(1)[0]
    heard = [
        Heard(guide=None if guiding is None else guiding.guide(context, stream))
        for stream in own.spawn(1)[0].spawn(settings.variants * tries)
    ]
    written = 0

    def wrote(events: int) -> None:
        nonlocal written
        written += events
        if progress is not None:
            progress(written, max(written, likely))

    with one_thread():
        every = continue_events(
            styled.network,
            [context] * len(heard),
            most,
            sampler,
            own,
            wrote,
            allowed(settings, passages.key, shift),
            heard,
            Ending(mode, stop),
        )
        if progress is not None:
            progress(written, written)
        every = [replace(events, meter=before.meter) for events in every]
        pieces = []
        for i, stream in enumerate(rng.spawn(settings.variants)):
            tried = every[i * tries : (i + 1) * tries]
            anew = _best(styled, context, tried, follows[:FOLLOWING])
            by_new = token_authors(styled.unstyled, styled.network, context, anew, stream)
            pieces.append(gap.filled(anew, by_new))
    return pieces


@dataclass(frozen=True)
class _Gap:
    """The bars that are written anew, and all that is kept around them.

    before, follows: what stands before and behind, in the network's key; stop: grid step at which
    the bars end; key: the result's; shift: semitones to there from the network's key; played: the
    song in the result's key; said: the chords that it states there.
    """

    before: Events
    follows: Events
    stop: int
    key: Key
    shift: int
    tempo: float
    played: Notes
    said: Sequence[StatedChord]

    def filled(self, anew: Events, written_by: NDArray[np.uint8]) -> Piece:
        """The piece with these events in the gap; written_by: the Author of each token."""
        from mood2music.style.authorship import note_authors

        whole = join([self.before, anew, self.follows])
        notes = to_notes(whole, self.tempo, self.played.title).transposed(self.shift)
        start, end = (int(part.ends()[-1]) for part in (self.before, anew))
        kept = [(whole.start, start)]
        if len(self.follows):
            kept.append((end, int(self.follows.ends()[-1])))
        chords = [c for part in kept for c in stated_in(self.said, *part, whole.origin)]
        notes = replace(notes, chords=tuple(chords))
        first, last = (
            np.full(len(part.tokens), Author.SEED, np.uint8) for part in (self.before, self.follows)
        )
        by_token = np.concatenate([first, written_by, last])
        authors = note_authors(notes, whole, by_token, self.shift)
        return Piece(
            _as_loud(notes, authors, self.played),
            authors,
            self.key,
            start - whole.origin,
            [],
            len(anew),
            end < self.stop,
            octaves_above(self.key, self.shift),
            kept_from=end - whole.origin if len(self.follows) else None,
        )


def _best(styled: "StyledNetwork", before: Events, tried: list[Events], follows: Events) -> Events:
    """Of passages the one behind which the network holds what follows to be likeliest."""
    from mood2music.generator.rereading import token_nats
    from mood2music.generator.sampling.continuation import to_batch
    from mood2music.generator.sampling.knowing import Heard, Knowing

    if len(tried) == 1:
        return tried[0]
    network, nats = styled.network, []
    for events in tried:
        whole = replace(join([before, events, follows]), meter=before.meter)
        piece = to_batch([whole])
        if network.behind is not None:
            piece = Knowing(network.settings.memory, [whole], [Heard()]).of(piece, [whole])
        nats.append(float(token_nats(network, piece, len(before) + len(events)).sum()))
    return tried[int(np.argmin(nats))]


def _line_behind(events: Events, bars: int) -> int:
    """The grid step of the bar line behind so many bars more, each as long as its meter has it."""
    end = int(events.ends()[-1])
    longest = max(bar_length(signature, events.grid) for signature in events.meter or COMMON)
    lines = bar_lines(events.meter, end + bars * longest, events.grid)
    return int(lines[np.searchsorted(lines, end) + bars])


def _to_bar_line(events: Events) -> Events:
    """The same, silent to the end of its last bar."""
    end = int(events.ends()[-1])
    place, length, _ = (int(part[0]) for part in places(events.meter, [end], events.grid))
    return join([events, from_list([((), length - place)], grid=events.grid)]) if place else events


def _as_loud(notes: Notes, authors: NDArray[np.uint8], song: Notes) -> Notes:
    """Give kept notes the velocity that the song, in their key, has at their step and pitch."""
    played = zip(song.onset.tolist(), song.pitch.tolist(), song.velocity.tolist(), strict=True)
    loud = {(onset, pitch): velocity for onset, pitch, velocity in played}
    velocity = notes.velocity.copy()
    for i in np.flatnonzero(authors == Author.SEED):
        velocity[i] = loud.get((int(notes.onset[i]), int(notes.pitch[i])), velocity[i])
    return replace(notes, velocity=velocity)
