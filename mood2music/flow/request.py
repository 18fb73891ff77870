"""Says what a user can ask of `generate`: one dataclass that the config becomes, checked."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from mood2music.audio.settings import AudioSettings
from mood2music.brief import brief
from mood2music.catalog.open import CatalogSettings
from mood2music.command.settings import name_of, parse
from mood2music.face.reading.settings import ReadSettings
from mood2music.flow.photo import PhotoSettings
from mood2music.flow.request_checks import check_request
from mood2music.flow.song import SongSettings
from mood2music.flow.writing_settings import WritingSettings
from mood2music.generator.form import is_learned, parse_structure
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.judge.trained_on import NoveltySettings
from mood2music.learn.settings import LoggerSettings, ReportSettings
from mood2music.render.settings import RenderSettings
from mood2music.style.settings import StyleSettings


@brief
@dataclass
class GenerateSettings:
    """configs/generate/generate.yaml.

    One source of music, the later ones skipping earlier stages: photo, mood (a Mood, valence and
    arousal in any pair, or a word: "happy"; or several, the first to the last on its way), song
    (title or id in the catalog, told to be for `mood` when that is given too), then midi (any file
    of notes: MIDI, MusicXML, kern, ABC, MEI) or audio (a recording, heard as `transcription` says);
    with none a sample portrait. composer: only songs whose composer's name holds this. style:
    StyleSettings, a style's name, or strengths by name, {"jazz": 0.5}, which is their mix.
    model: a shipped network or a checkpoint's path; seed_len, length: events read and written;
    keep_seed: whether the piece opens with the seed; n: variants; seed: of everything random;
    structure: sections, [A,B,A2,C,A3], or learned; tempo: quarter notes a minute; key: the
    signature of the result (key=C keeps C major or A minor). The key is the song's own unless
    given, the tempo that of the mood, from bar to bar where several are wanted, or the song's own
    where none is.

    Of what is written, not of a seed that is kept: in_key: only pitches of the key's scale (null:
    when a key is given); range: lowest and highest pitch as MIDI numbers; polyphony: most pitches
    sounding at once; theme: how much of the song comes back: 0 only its key and pace, .5 passages
    as they are, 1 variations, of networks that recall; accompany: put chords and a bass under a
    song that is a tune alone (null: under one of the catalog, and under the tune of a file in
    another style), as the style does, or in a pattern by its name, throughout the piece; bars,
    seconds: its length instead of `length` events, which are then not counted; cadence: whether it
    ends on its tonic, at a bar line: `length` is then the most that it has; hold_mode: how firmly
    it stays in the song's major or minor, 0 not at all; expression: whose tempo, loudness and
    register it has, the wanted mood's where there is one ("mood"), or the song's and the network's
    ("song"); pick: of n variants only the one whose mood a judge finds nearest to the wanted one
    ("mood"), None for all; goal: whether it stays with the mood ("match") or leads from there to a
    happier ("lift") or calmer one ("calm"); rewrite: first and last bar of the music that are
    written anew, counted from 1, while all others are kept.

    photo may be `webcam`: one frame of face.camera, never written; or several pictures of one
    person, or a film, of which face.frames are read: the mean mood is taken. save_face: write
    face.png, the pixels that the networks saw of each face read; without it no picture of a face is
    written.
    explain: draw what the networks looked at in the photo's largest face, with the face itself
    beneath only when save_face allows pictures of it.

    repeats: play the repeats of midi or of the song, where its format has them.
    play: hear the first piece when it is written, where there is a sound card.
    plugins: modules that register choices of their own.
    metric: which of the manifest's figures a sweep is to look at; report: what the table of an
    experiment's runs shows; logger: where the run is told of.
    """

    photo: Any = None
    mood: Any = None
    song: str | None = None
    composer: str | None = None
    midi: str | Path | None = None
    repeats: bool = False
    audio: str | Path | None = None
    transcription: AudioSettings = field(default_factory=AudioSettings)
    face: dict[str, Any] = field(default_factory=dict)
    catalog: CatalogSettings = field(default_factory=CatalogSettings)
    model: str | Path = "lstm"
    style: StyleSettings | str | dict[str, float] = field(default_factory=StyleSettings)
    sampler: SamplerSettings = field(default_factory=SamplerSettings)
    novelty: NoveltySettings = field(default_factory=NoveltySettings)
    render: RenderSettings = field(default_factory=RenderSettings)
    structure: Sequence[str] = field(default_factory=list)
    seed_len: int = 35
    length: int = 400
    keep_seed: bool = False
    n: int = 1
    seed: int = 0
    tempo: float | None = None
    key: str | None = None
    in_key: bool | None = None
    range: Any = None
    polyphony: int | None = None
    theme: float = 0.5
    accompany: bool | str | None = None
    bars: int | None = None
    seconds: float | None = None
    cadence: bool = True
    hold_mode: float = 1.0
    expression: str = "mood"
    pick: str | None = None
    goal: str = "match"
    rewrite: Any = None
    explain: bool = False
    save_face: bool = False
    play: bool = False
    plugins: list[str] = field(default_factory=list)
    metric: str | None = None
    report: ReportSettings = field(default_factory=ReportSettings)
    logger: LoggerSettings = field(default_factory=LoggerSettings)

    def __post_init__(self) -> None:
        """Take strengths by name as a mix of styles."""
        known = map(name_of, fields(StyleSettings))
        if isinstance(self.style, dict) and not any(name in self.style for name in known):
            self.style = StyleSettings(mix=self.style)

    @property
    def styled(self) -> StyleSettings:
        """The style, also where only its name was given."""
        style = {"name": self.style} if isinstance(self.style, str) else self.style
        return style if isinstance(style, StyleSettings) else parse(StyleSettings, style, "style")

    @property
    def face_settings(self) -> ReadSettings:
        """How faces are read. Raises SettingsError as `parse` does."""
        return parse(ReadSettings, self.face, "face")

    @property
    def reads_photo(self) -> bool:
        """Whether the mood is that of a photo: nothing else was given to start from."""
        return all(v is None for v in (self.mood, self.song, self.midi, self.audio))

    @property
    def unused(self) -> list[str]:
        """What was given to start from and has no part, the music that is given being later."""
        music = self.midi is not None or self.audio is not None
        skipped = {"photo": not self.reads_photo, "mood": music, "song": music}
        return [name for name in skipped if skipped[name] and getattr(self, name) is not None]

    @property
    def mood_asked(self) -> Any:
        """The mood that a song is looked for, or told to be for; None where music was given."""
        return self.mood if self.midi is None and self.audio is None else None

    @property
    def photo_settings(self) -> PhotoSettings:
        """What is asked of the photo's stage."""
        return PhotoSettings(self.photo, self.face_settings, self.explain, self.save_face)

    @property
    def song_settings(self) -> SongSettings:
        """What is asked of the song's stage."""
        return SongSettings(
            self.song,
            self.composer,
            None if self.midi is None else Path(self.midi),
            None if self.audio is None else Path(self.audio),
            self.repeats,
            self.transcription,
            self.catalog,
        )

    @property
    def writing_settings(self) -> WritingSettings:
        """What is asked of the stage that writes events."""
        return WritingSettings(
            length=self.length,
            learned=is_learned(self.structure),
            sections=parse_structure(self.structure),
            variants=self.n,
            sampler=self.sampler,
            keep_seed=self.keep_seed,
            tempo=self.tempo,
            key=self.key,
            in_key=self.in_key,
            range=None if self.range is None else (int(self.range[0]), int(self.range[1])),
            polyphony=self.polyphony,
            theme=self.theme,
            bars=self.bars,
            seconds=self.seconds,
            cadence=self.cadence,
            hold_mode=self.hold_mode,
            rewrite=None if self.rewrite is None else (int(self.rewrite[0]), int(self.rewrite[1])),
        )

    def check(self) -> None:
        """Raise SettingsError, MoodError or UnknownNameError for a value that cannot be used.

        No file is looked at; `request_files.check_files` does.
        """
        check_request(self)
