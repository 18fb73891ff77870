"""Describes one song of a catalog: what it is called, its mood, and where its music is."""

from dataclasses import dataclass, field
from pathlib import Path

from mood2music.brief import brief
from mood2music.command.text import one_line
from mood2music.mood import Mood

# Of Song.music: a piece of music21's own corpus, named behind it.
CORPUS = "corpus:"
# Mean voices from which a song is more than a bare tune. In the shipped table those that
# `music.tune.is_bare` calls so have 1.19 at most, and the others 1.51 at least.
TWO_VOICES = 1.35


@brief
@dataclass(frozen=True)
class Song:
    """A row of the catalog's table.

    id: unique in its catalog; artist: composer or performer; style: for example "folk";
    mood: the song's place on the plane that a face's mood is looked up in;
    va_source: what the mood comes from ("rated", "deezer", a network's name);
    key: for example "C major", "" when unknown; tempo: quarter notes a minute, 0 when unknown;
    voices: pitches that sound at once, in the mean of the sounding time, 0 when unknown;
    music: "corpus:<name>" for a piece of music21's own corpus, else the path of a file, and ""
    when there is none;
    raw: (valence, arousal) before the catalog's axes were calibrated.
    """

    id: str
    title: str
    artist: str
    style: str
    mood: Mood
    va_source: str
    key: str = ""
    tempo: float = 0.0
    music: str = ""
    raw: tuple[float, float] = field(default=(0.0, 0.0))
    voices: float = 0.0

    def __post_init__(self) -> None:
        """Take out of the names, which files say, what no terminal should get."""
        for name in ("id", "title", "artist", "style", "va_source", "key"):
            object.__setattr__(self, name, one_line(getattr(self, name)))

    @property
    def valence(self) -> float:
        """-1 unpleasant to 1 pleasant."""
        return self.mood.valence

    @property
    def arousal(self) -> float:
        """-1 calm to 1 excited."""
        return self.mood.arousal

    @property
    def bare(self) -> bool:
        """Whether the song is known to be a tune of one voice."""
        return 0 < self.voices < TWO_VOICES

    @property
    def playable(self) -> bool:
        """Whether the song has music."""
        return bool(self.music)

    @property
    def music_name(self) -> str:
        """Where the music is, for a manifest: of a file only the name, folders tell of people."""
        return self.music if self.music.startswith(CORPUS) else Path(self.music).name

    def __str__(self) -> str:
        """Title and artist as a person reads them."""
        return f"{self.title} · {self.artist}" if self.artist else self.title
