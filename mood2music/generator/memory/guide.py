"""Tells the network event by event what a piece that is being written comes back to."""

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mood2music.arrays import Floats
from mood2music.generator.memory.bar_decisions import BarDecisions
from mood2music.generator.memory.choruses import Choruses, SongChords, song_chords
from mood2music.generator.memory.form import Form
from mood2music.generator.memory.fullness import Codes, Fullness
from mood2music.generator.memory.heard_song import HeardSong
from mood2music.generator.memory.kinds import CLOSE, IN_RHYTHM, MOTIF, NEW
from mood2music.generator.memory.moves import MOVES
from mood2music.generator.memory.pace import Pace
from mood2music.generator.memory.place import Place, own_bar
from mood2music.generator.memory.played_motifs import Motif, PlayedMotifs
from mood2music.generator.memory.recollection import NOTHING, Memory
from mood2music.generator.memory.theme import Theme
from mood2music.generator.memory.urges import URGED, URGED_MOTIF, Quote, Urge
from mood2music.music.events import HELD, LONGEST, Event, Events, sung
from mood2music.music.meter import Meter

# A bar comes back by this power of how alike its chords are to those that are due: a triad where
# its seventh chord is, a tenth as often. And by this one where the song is of another style, which
# its changes in order would hold on to (experiments/style_path).
FITTING, FITTING_ANOTHER = 8.0, 2.0


@dataclass(frozen=True)
class Guiding:
    """What guides are made from; see `Guide`.

    song: in the network's key; lends_all: whether its passages come back whole, else it is their
    tune alone, as of a song in another style; valence: -1 to 1, of what is to be felt, which its
    chords lean to
    """

    form: Form
    theme: float = 0.0
    song: Events | None = None
    lends_all: bool = True
    valence: float = 0.0

    @cached_property
    def heard(self) -> HeardSong:
        """What is read of the song, once for all guides."""
        return HeardSong(self.song)

    @cached_property
    def song_chords(self) -> SongChords | None:
        """The chords that the song stands on, None where it has no bar."""
        if self.song is None or not self.heard.lines:
            return None
        return song_chords(self.song, self.heard.lines, self.form.follows(), self.valence)

    def guide(
        self, context: Events, rng: np.random.Generator, before: "Guide | None" = None
    ) -> "Guide":
        """A guide of one piece that begins with `context`.

        before: of what is written anew in its place, on the same chords; None: nothing is.
        """
        return Guide(self, context.meter, context.grid, rng, before)


class Guide:
    """What each event of a piece is pointed to.

    In a bar that comes back it is the event that stands there (`BarDecisions`). In bars that come
    close to none, motifs of the tune come back note by note (`PlayedMotifs`).

    Each bar stands on the chords of a bar of the song (`Choruses`).

    bars: those so far; urge: what the next event is to play of the song or of a motif, None for
    anything; again: whether what it is pointed to has a rhythm that comes back
    """

    def __init__(
        self,
        guiding: Guiding,
        meter: Meter,
        grid: int,
        rng: np.random.Generator,
        before: "Guide | None" = None,
    ) -> None:
        """guiding: its song is in the network's key; meter, grid: of the piece; before: `guide`."""
        form, song, chords = guiding.form, guiding.heard, guiding.song_chords
        self._song = song
        self._own: dict[int, Event] = {}
        self._theme = Theme(song, guiding.theme, form.bars.closeness(), guiding.lends_all, rng)
        self._pace = Pace(song.wait or 0.0)
        if before is not None and before._choruses is not None:
            self._choruses: Choruses | None = before._choruses.anew()
        else:
            self._choruses = None if chords is None else Choruses(chords, rng)
        self._fullness = None if song.texture is None else Fullness(song.texture, grid)
        fitting = FITTING if guiding.lends_all else FITTING_ANOTHER
        self.bars = BarDecisions(form.bars, self._theme, self._choruses, fitting, meter, grid, rng)
        self._motifs = PlayedMotifs(form.motifs, song.tune, guiding.theme, grid, rng)
        self.urge: Urge | Quote | None = None
        self.again = False

    def add(self, event: Event, start: int) -> None:
        """Take in one event of the piece, heard or written, which begins at `start`."""
        self._own[start] = event
        line = self.bars.add(event, start)
        if self._fullness is not None:
            self._fullness.add(event, line)
        self._pace.add(event)
        chord, _ = event
        if sung(chord):
            self._motifs.add(chord[-1], start)

    def point(self, step: int) -> Memory:
        """What the event that begins at `step` is pointed to."""
        line, place, code = self.bars.decided(step)
        self.urge, self.again = None, False
        alone = place is not None and place.tune
        if code < CLOSE and not alone and (playing := self._motifs.now()) is not None:
            motif, due = playing
            return self._of_a_motif(motif, due - step)
        if place is None:
            return (*NOTHING[:2], NEW)
        if place.tune:
            return self._of_the_tune(place, step - line)
        return self._of_a_bar(place, code, step - line)

    @property
    def pace(self) -> Floats:
        """What is added to the logits of how long the next event lasts, (LONGEST + 1,)."""
        return self._pace.logits()

    def chords(self, step: int) -> tuple[int, int]:
        """Codes of the chord at `step` and of the one behind it, 0 for untold ones."""
        if self._choruses is None:
            return 0, 0
        line = self.bars.line(step)
        if not self.bars.begun(line):
            return self._choruses.of_new_bar(step, line, self.bars.bars_to(line))
        place, _ = self.bars.places[-1]
        if place is not None and place.move:
            return 0, 0
        as_in_song = place is not None and place.in_song and not place.tune
        return self._choruses.of_bar(step, line, as_in_song)

    def texture(self, step: int) -> Codes:
        """How full the bar of `step` is to be, 0 for untold (see `Fullness`)."""
        if self._choruses is None or self._fullness is None:
            return 0, 0
        line = self.bars.line(step)
        if self.bars.begun(line):
            bar, again = self._choruses.song_bar(), own_bar(self.bars.places[-1][0])
        else:
            bar, again = self._choruses.song_bar(line, self.bars.bars_to(line)), None
        came_from = None if again is None else self.bars.lines[again]
        return self._fullness.told(line, self._song.lines[bar], came_from)

    def _of_a_motif(self, motif: Motif, until: int) -> Memory:
        """The next note of a motif that is played again, due in so many grid steps."""
        left = min(max(until, 0), LONGEST) if motif.kept else 0
        self.again = motif.kept
        if not left:
            self.urge = Urge(motif.pitch, 0, motif.pitch, URGED_MOTIF, over=False)
        return (motif.pitch,), left, IN_RHYTHM if motif.kept else MOTIF

    def _of_a_bar(self, place: Place, code: int, into: int) -> Memory:
        """The event that begins so far into a bar which comes back."""
        lines = self._song.lines if place.in_song else self.bars.lines
        there = lines[place.bar] + into
        event = (self._song.events if place.in_song else self._own).get(there)
        if place.in_song:
            self.urge = self._quoted(there, event)
        if event is None:
            return (*NOTHING[:2], code)
        self.again = code >= CLOSE
        moved = [(int(MOVES[place.move, t % HELD]), t // HELD * HELD) for t in event[0]]
        return tuple(pitch + held for pitch, held in moved if pitch >= 0), event[1], code

    def _quoted(self, there: int, event: Event | None) -> Quote | None:
        """What is due at a grid step of the song, None behind its last event."""
        if event is not None:
            return Quote(*event)
        at = bisect_left(self._song.steps, there)
        return Quote(None, self._song.steps[at] - there) if at < len(self._song.steps) else None

    def _of_the_tune(self, place: Place, into: int) -> Memory:
        """The next note of the song's tune from so far into a bar on, to the end of its passage."""
        there = self._song.lines[place.bar] + into
        at = bisect_left(self._song.tune, there, key=lambda note: note[1])
        stop = self._theme.ends(place)
        if at == len(self._song.tune) or (stop is not None and self._song.tune[at][1] >= stop):
            return (*NOTHING[:2], NEW)
        pitch, due = self._song.tune[at]
        left = min(due - there, LONGEST)
        self.again = True
        self.urge = Urge(pitch, left, self._motifs.last[0] if self._motifs.last else pitch, URGED)
        return (pitch,), left, IN_RHYTHM
