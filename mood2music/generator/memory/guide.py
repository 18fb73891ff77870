"""Decides bar by bar what a piece that is being written comes back to: itself, or its song."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mood2music.arrays import Floats
from mood2music.generator.memory.bar_counts import FRESH, GO_ON, PHRASE, RETURN
from mood2music.generator.memory.choruses import Choruses, SongChords, song_chords
from mood2music.generator.memory.form import Form
from mood2music.generator.memory.fullness import Codes, Fullness
from mood2music.generator.memory.heard_song import HeardSong, Note
from mood2music.generator.memory.kinds import CLOSE, IN_RHYTHM, MOTIF, NEW
from mood2music.generator.memory.motif_counts import Candidates
from mood2music.generator.memory.motifs import INTERVALS
from mood2music.generator.memory.moves import MOVES
from mood2music.generator.memory.pace import Pace
from mood2music.generator.memory.place import Place
from mood2music.generator.memory.recollection import NOTHING, Memory
from mood2music.generator.memory.theme import Theme, closeness_of
from mood2music.generator.memory.urges import URGED, URGED_MOTIF, Quote, Urge
from mood2music.generator.memory.variety import Variety
from mood2music.music.events import HELD, LONGEST, Event, Events, sung
from mood2music.music.meter import Meter, bar_lines, places

# A bar comes back by this power of how alike its chords are to those that are due: a triad where
# its seventh chord is, a tenth as often. And by this one where the song is of another style, which
# its changes in order would hold on to (experiments/style_path).
FITTING, FITTING_ANOTHER = 8.0, 2.0
# Bars that are drawn for one to come back with which the piece gets on.
TRIES = 8


@dataclass
class Motif:
    """A motif that is being played again: the tune it stands in, and its next note there.

    by: semitones that it is moved by; left: notes of it to come; kept: in its rhythm too
    """

    tune: Sequence[Note]
    at: int
    by: int
    left: int
    kept: bool

    @property
    def pitch(self) -> int:
        """Of the next note."""
        return self.tune[self.at][0] + self.by

    def follow(self, pitch: int) -> bool:
        """Take in what is sung; says if the motif goes on."""
        on = pitch == self.pitch and self.left > 1 and self.at + 1 < len(self.tune)
        self.at += 1
        self.left -= 1
        return on and 0 <= self.pitch < HELD


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
    """What each bar of a piece is pointed to.

    Every bar either brings new matter or comes back to one that was heard, as the bars of the
    style do (`Form`); instead of new matter a passage of the song is taken up (`Theme`). In bars
    that come close to none, motifs of the tune come back note by note, as often as they do in the
    style; with probability `theme` the song's.

    Each bar stands on the chords of a bar of the song (`Choruses`).
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
        self._form, self._theme, self._rng = guiding.form, guiding.theme, rng
        self._meter, self._grid = meter, grid
        self._fitting = FITTING if guiding.lends_all else FITTING_ANOTHER
        self._own: dict[int, Event] = {}
        song = self._song = guiding.heard
        closeness = self._form.bars.closeness()
        self._taking = Theme(song, self._theme, closeness, guiding.lends_all, rng)
        self._pace = Pace(song.wait or 0.0)
        chords = guiding.song_chords
        if before is not None and before._choruses is not None:
            self._choruses: Choruses | None = before._choruses.anew()
        else:
            self._choruses = None if chords is None else Choruses(chords, rng)
        self._fullness = None if song.texture is None else Fullness(song.texture, grid)
        self._tune: list[Note] = []
        self._motif: Motif | None = None
        # What the next event is to play of the song or of a motif, None for anything.
        self.urge: Urge | Quote | None = None
        # Whether what it is pointed to has a rhythm that comes back.
        self.again = False
        self._open = False  # whether the last note may begin a motif
        self.lines: list[int] = []  # bar lines of the piece, those without an event left out
        self.places: list[tuple[Place | None, int]] = []
        self._variety = Variety()
        # Bars in a row that came back, and those that would have come back where the song stands.
        self._age = self._owed = 0

    def add(self, event: Event, start: int) -> None:
        """Take in one event of the piece, heard or written, which begins at `start`."""
        self._own[start] = event
        bar = self._bar(start, decide=False)
        if self._fullness is not None:
            self._fullness.add(event, self.lines[bar])
        chord, _ = event
        self._variety.add(event, start - self.lines[bar])
        self._pace.add(event)
        if not sung(chord):
            return
        self._tune.append((chord[-1], start))
        if self._motif is not None and not self._motif.follow(chord[-1]):
            self._motif = None
        self._open = self._motif is None

    def point(self, step: int) -> Memory:
        """What the event that begins at `step` is pointed to."""
        bar = self._bar(step, decide=True)
        place, code = self.places[bar]
        self.urge, self.again = None, False
        alone = place is not None and place.tune
        if code < CLOSE and not alone and (motif := self._played_again()) is not None:
            _, last = self._tune[-1]
            due = last + motif.tune[motif.at][1] - motif.tune[motif.at - 1][1]
            left = min(max(due - step, 0), LONGEST) if motif.kept else 0
            self.again = motif.kept
            if not left:
                self.urge = Urge(motif.pitch, 0, motif.pitch, URGED_MOTIF, over=False)
            return (motif.pitch,), left, IN_RHYTHM if motif.kept else MOTIF
        if place is None:
            return (*NOTHING[:2], NEW)
        if place.tune:
            return self._of_the_tune(place, step - self.lines[bar])
        lines = self._song.lines if place.in_song else self.lines
        there = lines[place.bar] + step - self.lines[bar]
        event = (self._song.events if place.in_song else self._own).get(there)
        if place.in_song:
            self.urge = self._quoted(there, event)
        if event is None:
            return (*NOTHING[:2], code)
        self.again = code >= CLOSE
        moved = [(int(MOVES[place.move, t % HELD]), t // HELD * HELD) for t in event[0]]
        return tuple(pitch + held for pitch, held in moved if pitch >= 0), event[1], code

    @property
    def pace(self) -> Floats:
        """What is added to the logits of how long the next event lasts, (LONGEST + 1,)."""
        return self._pace.logits()

    def chords(self, step: int) -> tuple[int, int]:
        """Codes of the chord at `step` and of the one behind it, 0 for untold ones."""
        if self._choruses is None:
            return 0, 0
        line = self._line(step)
        if not self.lines or self.lines[-1] != line:
            return self._choruses.of_new_bar(step, line, self._bars_to(line))
        place, _ = self.places[-1]
        if place is not None and place.move:
            return 0, 0
        as_in_song = place is not None and place.in_song and not place.tune
        return self._choruses.of_bar(step, line, as_in_song)

    def texture(self, step: int) -> Codes:
        """How full the bar of `step` is to be, 0 for untold (see `Fullness`)."""
        if self._choruses is None or self._fullness is None:
            return 0, 0
        line = self._line(step)
        decided = bool(self.lines) and self.lines[-1] == line
        stands = self._choruses.song_bar
        bar = stands() if decided else stands(line, self._bars_to(line))
        place = self.places[-1][0] if decided else None
        again = None if place is None or place.in_song else self.lines[place.bar]
        return self._fullness.told(line, self._song.lines[bar], again)

    def _line(self, step: int) -> int:
        """The bar line at or before a step."""
        return step - int(places(self._meter, [step], self._grid)[0][0])

    def _bars_to(self, line: int) -> int:
        """How many bars lie from the last bar with an event to the one at `line`."""
        if not self.lines:
            return 1
        lines = bar_lines(self._meter, line + 1, self._grid)
        return max(1, int(((lines > self.lines[-1]) & (lines <= line)).sum()))

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
        stop = self._taking.ends(place)
        if at == len(self._song.tune) or (stop is not None and self._song.tune[at][1] >= stop):
            return (*NOTHING[:2], NEW)
        pitch, due = self._song.tune[at]
        left = min(due - there, LONGEST)
        self.again = True
        self.urge = Urge(pitch, left, self._tune[-1][0] if self._tune else pitch, URGED)
        return (pitch,), left, IN_RHYTHM

    def _played_again(self) -> Motif | None:
        """The motif that the tune plays now; behind each note it is decided if one begins."""
        if self._open:
            self._open = False
            if self._form.motifs.begins(self._rng):
                self._motif = self._begun()
        return self._motif

    def _begun(self) -> Motif | None:
        pitch, step = self._tune[-1]
        ours = not self._song.tune or self._rng.random() >= self._theme
        tune: Sequence[Note] = self._tune if ours else self._song.tune
        count = len(self._tune) - 1 - INTERVALS if ours else len(tune) - INTERVALS
        if count < 1:
            return None
        pitches, steps = np.array(tune[:count]).T
        # The song's stands before the piece.
        back = (len(self._tune) - 1 if ours else len(self._tune) + len(tune)) - np.arange(count)
        aligned = (step - steps) % self._grid == 0
        at = self._form.motifs.motif(Candidates(back, pitch - pitches, aligned), self._rng)
        if at is None:
            return None
        left, kept = self._form.motifs.length(self._rng)
        motif = Motif(tune, at + 1, pitch - int(pitches[at]), left, kept)
        return motif if 0 <= motif.pitch < HELD else None

    def _bar(self, step: int, decide: bool) -> int:
        """Number of the bar that `step` stands in; a new one is decided on where asked."""
        line = self._line(step)
        if not self.lines or line > self.lines[-1]:
            last, _ = self.places[-1] if self.places else (None, NEW)
            self._variety.begin(None if last is None or last.in_song else last.bar)
            bars = self._bars_to(line)
            self.lines.append(line)
            place, code = self._decided(bars) if decide else (None, NEW)
            self.places.append((place, code))
            if self._choruses is not None:
                again, of_song = None, None
                if place is not None and place.in_song:
                    of_song = place.bar
                elif place is not None:
                    again = place.bar
                self._choruses.add(line, again, of_song, bars)
        return len(self.lines) - 1

    def _decided(self, bars: int) -> tuple[Place | None, int]:
        """What comes back in the last bar, which is so many bars behind the one before."""
        bar = len(self.lines) - 1
        before, code = self.places[-1] if self.places else (None, NEW)
        if before is not None and before.in_song:
            if (behind := self._taking.goes_on(before, bars)) is not None:
                returns = self._form.bars.outcome(self._age, bar, PHRASE, self._rng) != FRESH
                self._owed += returns
                self._age = self._age + 1 if returns else 0
                return behind, closeness_of(behind)
            before, self._age = None, 0
        place, code = self._own_bar(bar, bars, before, code)
        if place is None and (begun := self._taking.begins()) is not None:
            self._age = 0
            return begun, closeness_of(begun)
        return place, code

    def _own_bar(
        self, bar: int, bars: int, before: Place | None, code: int
    ) -> tuple[Place | None, int]:
        """New matter, or a bar of the piece that comes back, behind one of `code`."""
        behind = PHRASE if before is None else bar - 1 - before.bar
        does = self._form.bars.outcome(self._age, bar, behind, self._rng)
        if does == FRESH and self._owed:
            self._owed -= 1
            does = RETURN if before is None else GO_ON
        if does == GO_ON and before is not None and before.bar + 1 < bar:
            to = before.bar + 1
            if not self._stuck(to, before.move):
                self._age += 1
                return self._returned(to, before.move, code)
        fits = None
        if does != FRESH and self._choruses is not None:
            fits = (self._choruses.fits(self.lines[bar], bars) ** self._fitting).tolist()
        for _ in range(TRIES if does != FRESH else 0):
            back = self._form.bars.distance(self._variety.onsets[:bar], self._rng, fits)
            if back is None:
                break
            move = self._form.bars.move(self._rng)
            if not self._stuck(bar - back, move):
                self._age = 1
                return self._returned(bar - back, move, code)
        self._age = 0
        return None, NEW

    def _stuck(self, to: int, move: int) -> bool:
        there, _ = self.places[to]
        return self._variety.stuck(to, move, there is not None and there.move != 0)

    def _returned(self, to: int, move: int, before: int) -> tuple[Place, int]:
        """A bar that comes back, behind one of code `before`; a moved one comes back closely."""
        code = self._form.bars.code(
            before, len(self.lines) - 1, self._variety.onsets[to], self._rng
        )
        return Place(False, to, move), max(code, CLOSE) if move else code
