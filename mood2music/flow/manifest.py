"""Tells of a run: what went in, what each stage made of it, what the pieces measure (run.json)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from mood2music.brief import brief
from mood2music.errors import SettingsError
from mood2music.flow.matching import Picked
from mood2music.judge import judges
from mood2music.judge.reasons import Reason
from mood2music.mood import Mood
from mood2music.registry import names
from mood2music.version import __version__

# What each piece measures besides what its judges do, by the name that `metric` takes.
OWN_FIGURES = {
    "novelty": "1 - share of the piece that its longest run of events in the training pieces takes",
    "longest_run": "events of that run",
    "song_share": "share of the notes in bars that stand in the song",
    "song_run": "events of the longest run that the piece takes from its song",
    "mood_distance": "of the piece's own mood, by the judge of moods, from the mood that was "
    "looked for; without one from that of the music it starts from, by the same judge",
    "style_share": "share of the notes that blending the styles changed",
}


def figures() -> tuple[str, ...]:
    """Name what `metric` takes. Raises SettingsError for a judge that takes a name of another's."""
    of_judges = judges.figures()
    taken = [name for name in of_judges if name in OWN_FIGURES]
    taken += [name for name in names("judge") if name in PieceTold.__dataclass_fields__]
    if taken:
        raise SettingsError(f"a judge of a plug-in tells {taken[0]}, which run.json has already")
    return (*OWN_FIGURES, *of_judges)


@dataclass(frozen=True)
class SeedTold:
    """Where the seeds stand: first event of each, events of one, and how many `of` the song has."""

    key: str
    starts: list[int]
    events: int
    of: int


@dataclass(frozen=True)
class NetworkTold:
    """What wrote: the base's file, strengths of the styles, SHA-256 by file name.

    idiom: the style whose idiom it is played in, "" for none.
    """

    base: str
    styles: dict[str, float]
    sha256: dict[str, str]
    idiom: str


@brief
@dataclass(frozen=True)
class PieceTold:
    """A piece: `Piece`'s own words and what it measures; files: their names, the MIDI file first.

    seconds: to the last release, as it is played; tempi: the first and the last on a way of moods,
    none where the one tempo holds, which is the mean over the way.

    written_by: notes by author; reasons: what adds to its mood, the strongest first; judged: by a
    judge's name what it measures, a dataclass each; of_song: what of it stands in the song, as
    judge.of_song tells it; novelty: as judge.novelty does, None without an index of the training
    pieces.
    """

    key: str
    tempo: float
    seconds: float
    tempi: list[float]
    grid: int
    seed_end: int
    sections: list[tuple[str, int]]
    events: int
    ended: bool
    written_by: dict[str, int]
    mood_distance: float
    reasons: list[Reason]
    judged: Mapping[str, Any]
    of_song: dict[str, Any]
    novelty: dict[str, Any] | None
    files: tuple[str, ...] = ()

    @property
    def mood(self) -> Mood:
        """The piece's own mood."""
        mood: Mood = self.judged["mood"]
        return mood

    def figures(self) -> dict[str, float]:
        """Give all that `figures` names, but for what this piece is too short to have.

        What needs an index only where there was one.
        """
        known = figures()
        told = judges.flat(self.judged)
        found: dict[str, float] = {
            "mood_distance": self.mood_distance,
            "song_share": self.of_song["share"],
            "style_share": self.written_by.get("style", 0) / max(sum(self.written_by.values()), 1),
            **{name: float(told[name]) for name in known if told.get(name) is not None},
        }
        if self.novelty is not None:
            found |= {
                "novelty": 1 - self.novelty["share"],
                "longest_run": self.novelty["longest_run"],
                "song_run": self.novelty["song"]["longest_run"],
            }
        return {name: found[name] for name in known if name in found}


@brief
@dataclass(frozen=True)
class Manifest:
    """All that is told of a run.

    settings: as `request_told.as_told` has them; source: where the music came from, by what it is
    (photo, mood, songs, song, midi, audio); trained_on: index of the training pieces, or why there
    is none; soundfont: its name and SHA-256, None without sound; picked: which variant was kept,
    None where all were; source has the song's own mood, as the judge measures the pieces', too.
    """

    settings: dict[str, Any]
    source: dict[str, Any]
    seed: SeedTold
    network: NetworkTold
    trained_on: dict[str, Any]
    soundfont: dict[str, str] | None
    pieces: list[PieceTold]
    picked: Picked | None = None

    def with_files(self, names: Sequence[Sequence[str]]) -> "Manifest":
        """The same, with the names of each piece's files."""
        told = [
            replace(piece, files=tuple(own)) for piece, own in zip(self.pieces, names, strict=True)
        ]
        return replace(self, pieces=told)

    def figures(self) -> dict[str, float]:
        """Mean of each figure over the pieces that have it."""
        own = [piece.figures() for piece in self.pieces]
        found = {name: [one[name] for one in own if name in one] for name in figures()}
        return {name: sum(values) / len(values) for name, values in found.items() if values}

    def as_dict(self) -> dict[str, Any]:
        """Give what run.json holds."""
        told = {name: value for name, value in asdict(self).items() if name != "source"}
        if self.picked is None:
            del told["picked"]
        pieces = [_in_order(piece) for piece in told.pop("pieces")]
        start: dict[str, Any] = {
            "mood2music": __version__,
            "settings": told.pop("settings"),
            **self.source,
        }
        return {**start, **told, "figures": self.figures(), "pieces": pieces}


def _in_order(piece: dict[str, Any]) -> dict[str, Any]:
    """A piece with what each judge told under the judge's own name."""
    told: dict[str, Any] = {}
    for name, value in piece.items():
        told |= value if name == "judged" else {name: value}
    return told
