"""Writes behind many songs at once, in one batch, and lets the judges tell of what came of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import numpy as np

from mood2music.arrays import Floats
from mood2music.flow.accompanying import lends_passages, with_accompaniment
from mood2music.flow.matching import expressed, with_tempo_of
from mood2music.flow.photo import silent
from mood2music.flow.piece import Piece
from mood2music.flow.song import SongSettings, Start, find_song
from mood2music.flow.writing import allowed
from mood2music.flow.writing_settings import WritingSettings
from mood2music.generator.event_batch import NO_LEVEL, PAD
from mood2music.generator.memory.form import Form
from mood2music.generator.memory.guide import Guiding
from mood2music.generator.moods import Told
from mood2music.generator.network import EventNetwork
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.generator.sampling.continuation import Writer, continue_events, one_thread, ready
from mood2music.generator.sampling.drawing import DRAWS, Drawer, Drawn, DrawnChords
from mood2music.generator.sampling.ending import Ending
from mood2music.generator.sampling.knowing import Heard
from mood2music.generator.sampling.limits import Limits
from mood2music.generator.sampling.next_events import NextEvents
from mood2music.generator.sampling.scoring import Scorer
from mood2music.judge.measures import measure
from mood2music.judge.rated_mood import rated_mood
from mood2music.judge.style_judge import STYLES, style_of
from mood2music.mood import Mood
from mood2music.music.events import Events, to_notes
from mood2music.music.idiom import strongest
from mood2music.music.key import find_key, key_of
from mood2music.music.notes import Notes
from mood2music.music.read import read
from mood2music.music.seed import Passages, find_passages
from mood2music.store.event_store import PieceRow
from mood2music.style.networks import StyledNetwork

READINGS = ("", "harmony_", "rhythm_")
# What is said of a piece: the probability of each style by each reading, and the rest of `judged`.
FIGURES = (
    *(f"{reading}{style}" for reading in READINGS for style in STYLES),
    *("drift", "valence", "arousal", "motif", "likeness"),
)
SEED = 35
# What a network becomes when it is told a mood and made ready.
Made = Callable[["Song"], Writer]


def steered(network: EventNetwork) -> Writer:
    """Make a network ready to write, steered by moods as `generate` does, and by no chords.

    A song's chords would hold on to the style of the song.
    """
    return ready(network, SamplerSettings().guidance, harmony=0.0)


@dataclass(frozen=True)
class Song:
    """A song to write behind.

    mood: what the piece is told; played: whether it is played as that mood has it, as pieces are
    for which a mood is wanted; lends_all: whether its passages may come back whole, as `generate`
    decides it.
    """

    notes: Notes
    passages: Passages
    mood: Mood
    played: bool = False
    lends_all: bool = False

    @property
    def tempo(self) -> float:
        """Of the piece, as it is written."""
        ways = [self.mood] if self.played else []
        return with_tempo_of(WritingSettings(1), ways, self.notes).tempo or self.notes.tempo

    @property
    def told(self) -> Told:
        """As `generate` tells it."""
        return Told([self.mood], self.tempo, self.passages.key.mode)


def drawn(
    kinds: Sequence[Sequence[PieceRow]], pieces: int, rng: np.random.Generator
) -> list[PieceRow]:
    """Draw as many pieces of each kind, so that they are `pieces` in all or some more."""
    count = -(-pieces // len(kinds))
    return [rows[i] for rows in kinds for i in rng.permutation(len(rows))[:count]]


def songs_of(
    files: Sequence[Path],
    divisors: Sequence[int],
    wanted: Sequence[Mood] = (),
    styled: StyledNetwork | None = None,
) -> list[Song]:
    """Read files as `generate midi=` does.

    wanted: the mood that each is told, if not its own; styled: what is to write behind them, whose
    styles may put chords of their own under their tunes.
    """
    found = []
    for i, file in enumerate(files):
        notes = read(file)
        rng = np.random.default_rng(i)
        key, mood = key_of(notes), wanted[i] if wanted else rated_mood(notes)
        lends = False
        if styled is not None:
            style = strongest(styled.strengths())
            start = with_accompaniment(Start(notes, "", {}), None, style, silent)
            lends, notes = lends_passages(start, notes, style), start.notes
        passages = find_passages(notes, SEED, 1, divisors, rng, key)
        if passages.length == SEED:
            found.append(Song(notes, passages, mood, lends_all=lends))
    return found


def songs_for(moods: Sequence[Mood], styled: StyledNetwork) -> list[Song]:
    """Find songs of the catalog for moods, with chords under bare tunes as `generate` has them."""
    found = []
    for i, mood in enumerate(moods):
        rng = np.random.default_rng(i)
        start = find_song(SongSettings(), mood, styled.grid, rng, silent)
        own, key = start.notes, find_key(start.notes)
        style = strongest(styled.strengths())
        start = with_accompaniment(start, None, style, silent)
        lends = lends_passages(start, own, style)
        passages = find_passages(start.notes, SEED, 1, styled.divisors, rng, key)
        if passages.length == SEED:
            found.append(Song(start.notes, passages, mood, played=True, lends_all=lends))
    return found


def write(
    writer: Writer | Made,
    form: Form,
    songs: Sequence[Song],
    length: int,
    seed: int = 0,
    hold_mode: float = 1.0,
) -> list[Notes]:
    """A piece of `length` events behind each song, as `generate` writes it; the seed left out.

    writer: or what makes one for a song, where what a network is told is in its weights;
    hold_mode: as generate has it.
    """
    sampler, settings = SamplerSettings(), WritingSettings(length, hold_mode=hold_mode)
    found: dict[int, Notes] = {}

    def batch(song: Song) -> tuple[object, ...]:
        key = song.passages.key.mode
        return (key, *song.told.codes(0).tolist()) if not isinstance(writer, Writer) else (key,)

    order = sorted(range(len(songs)), key=lambda i: batch(songs[i]))
    with one_thread():
        for (mode, *_), group in groupby(order, key=lambda i: batch(songs[i])):
            rows = list(group)
            own = [songs[i] for i in rows]
            contexts = [song.passages.seed(0) for song in own]
            streams = [np.random.default_rng([seed, i]) for i in rows]
            heard = [
                Heard(
                    guide=Guiding(
                        form,
                        settings.theme,
                        song.passages.events,
                        song.lends_all,
                        song.mood.valence,
                    ).guide(context, rng),
                    told=song.told,
                )
                for song, context, rng in zip(own, contexts, streams, strict=True)
            ]
            written = continue_events(
                writer if isinstance(writer, Writer) else writer(own[0]),
                contexts,
                length,
                sampler,
                np.random.default_rng([seed, rows[0]]),
                constraints=allowed(settings, own[0].passages.key, 0),
                heard=heard,
                ending=Ending(str(mode)),
            )
            for i, song, context, events in zip(rows, own, contexts, written, strict=True):
                found[i] = _notes(song, context, events)
    return [found[i] for i in range(len(songs))]


def _notes(song: Song, context: Events, events: Events) -> Notes:
    whole = replace(events, meter=context.meter)
    notes = to_notes(whole, song.tempo, song.notes.title)
    if not song.played:
        return notes
    key, authors = song.passages.key, np.zeros(len(notes), np.uint8)
    piece = Piece(notes.transposed(-key.to_c), authors, key, 0, [], len(events), False)
    return expressed(piece, [song.mood], WritingSettings(1)).notes


def judged(songs: Sequence[Song], pieces: Sequence[Notes]) -> list[dict[str, float | None]]:
    """What the judges say of each piece: all styles by each reading, drift of the mood, form."""
    found = []
    for song, notes in zip(songs, pieces, strict=True):
        styles, mood, form = style_of(notes), rated_mood(notes), measure(notes)
        row: dict[str, float | None] = {
            f"{reading}{style}": float(getattr(styles, f"{reading}{style}"))
            for reading in READINGS
            for style in STYLES
        }
        found.append(
            row
            | {
                "drift": mood.distance(rated_mood(song.notes)),
                "valence": mood.valence,
                "arousal": mood.arousal,
                "motif": form.motif_return,
                "likeness": form.bar_likeness,
            }
        )
    return found


class Either(Drawer):
    """Draws each event from one of two networks, the second with probability `share`.

    What is drawn so has the mean of the two networks' probabilities of whole events.
    """

    def __init__(
        self, first: Drawer, second: Drawer, share: float, scorers: "EitherScorer | None"
    ) -> None:
        """The first's contexts stand before the second's; scorers: of their shortcuts."""
        self._pair, self._share, self._scorers = (first, second), share, scorers
        self._cut = len(first.weight)

    def draw(
        self, context: Floats, limits: Limits, sampler: SamplerSettings, u: np.ndarray
    ) -> Drawn:
        """As of one network."""
        scores = (0, 0) if self._scorers is None else self._scorers.found
        one, two = (
            drawer.draw(cut, limits._replace(scores=limits.scores + own), sampler, u)
            for drawer, cut, own in zip(self._pair, _cut(context, self._cut), scores, strict=True)
        )
        second = u[:, DRAWS - 1] < self._share
        width = max(one.tokens.shape[1], two.tokens.shape[1])
        wide = [(_wide(d.tokens, width, PAD), _wide(d.levels, width, NO_LEVEL)) for d in (one, two)]
        return Drawn(
            np.where(second[:, None], wide[1][0], wide[0][0]),
            np.where(second, two.durations, one.durations),
            np.where(second[:, None], wide[1][1], wide[0][1]),
        )

    def chords(self, *of: object) -> DrawnChords:
        """It has no chords of its own."""
        raise NotImplementedError


class EitherScorer:
    """Scores of both networks' shortcuts, which each one's draw adds for itself."""

    def __init__(self, first: Scorer, second: Scorer, cut: int) -> None:
        """The first's contexts, `cut` wide, stand before the second's."""
        self._pair, self._cut = (first, second), cut
        self.found: list[Floats] = []

    def __call__(self, context: Floats, anchors: np.ndarray, before: NextEvents) -> Floats:
        """Keep both, and add nothing for all."""
        parts = zip(self._pair, _cut(context, self._cut), strict=True)
        self.found = [scorer(part, anchors, before) for scorer, part in parts]
        return np.zeros_like(self.found[0])


def _cut(context: Floats, at: int) -> tuple[Floats, Floats]:
    return np.ascontiguousarray(context[:, :at]), np.ascontiguousarray(context[:, at:])


def _wide(rows: np.ndarray, width: int, fill: int) -> np.ndarray:
    return np.pad(rows, ((0, 0), (0, width - rows.shape[1])), constant_values=fill)


def either(joint: EventNetwork, first: EventNetwork, second: EventNetwork, share: float) -> Writer:
    """A Writer of the mean of probabilities; joint: both networks side by side (`units.joined`)."""
    own = steered(joint)
    drawers = [network.representation.drawer() for network in (first, second)]
    scorer = None
    if first.shortcuts is not None and second.shortcuts is not None:
        pair = Scorer(first.shortcuts), Scorer(second.shortcuts)
        scorer = EitherScorer(*pair, len(drawers[0].weight))
    return Writer(own.reader, Either(*drawers, share, scorer), own.memory, own.behind, scorer)
