"""Says what a user can ask of `generate`: one dataclass that the config becomes, checked."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mood2music.audio.settings import AudioSettings
from mood2music.brief import brief
from mood2music.catalog.open import CatalogSettings, check_names
from mood2music.command.given_files import check_address, check_checkpoint, check_source
from mood2music.command.ranges import at_least, check_seed, one_of, shares, within
from mood2music.command.settings import parse, plain, shown
from mood2music.errors import CheckpointError, SettingsError
from mood2music.face.named import as_moods
from mood2music.face.picture.clip import is_clip
from mood2music.face.reading.reader import ReadSettings
from mood2music.flow.manifest import figures
from mood2music.flow.photo import PhotoSettings
from mood2music.flow.song import SongSettings
from mood2music.flow.writing import WritingSettings
from mood2music.generator.form import check_length, is_learned, parse_structure
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.generator.sampling.constraints import MOST_PITCHES
from mood2music.judge.trained_on import NoveltySettings
from mood2music.learn.settings import LoggerSettings, ReportSettings
from mood2music.music.key import parse_key
from mood2music.render.settings import RenderSettings
from mood2music.style.settings import StyleSettings
from mood2music.style.shipped import locate

# More than a night's work or a machine's memory; a piece of 400 events lasts a minute or two.
MOST_EVENTS = 100_000
MOST_VARIANTS = 1000
MOST_BARS = 2000
MOST_SECONDS = 3600
# Beyond that little but a triad is left.
MOST_HOLD = 10
EXPRESSIONS = ("mood", "song")
PICKS = (None, "mood")
GOALS = ("match", "lift", "calm")


@dataclass(frozen=True)
class SeedSettings:
    """What the seed's stage is asked: so many events, in so many places of the song."""

    length: int
    count: int = 1


@brief
@dataclass
class GenerateSettings:
    """configs/generate/generate.yaml.

    One source of music, the later ones skipping earlier stages: photo, mood (a Mood, valence and
    arousal in any pair, or a word: "happy"; or several, the first to the last on its way), song
    (title or id in the catalog, told to be for `mood` when that is given too), then midi (any file
    of notes: MIDI, MusicXML, kern, ABC, MEI) or audio (a recording, heard as `transcription` says);
    with none a sample portrait. composer: only songs whose composer's name holds this. style:
    StyleSettings, or a style's name.
    model: a shipped network or a checkpoint's path; seed_len, length: events read and written;
    keep_seed: whether the piece opens with the seed; n: variants; seed: of everything random;
    structure: sections, [A,B,A2,C,A3], or learned; tempo: quarter notes a minute; key: the
    signature of the result (key=C keeps C major or A minor). The key is the song's own unless
    given, the tempo that of the mood, or the song's own where no mood is wanted.

    Of what is written, not of a seed that is kept: in_key: only pitches of the key's scale (null:
    when a key is given); range: lowest and highest pitch as MIDI numbers; polyphony: most pitches
    sounding at once; theme: how much of the song comes back: 0 only its key and pace, 1 variations
    on it, of networks that recall; accompany: put chords and a bass under a song that is a tune
    alone (null: under one of the catalog, and in jazz and classical music under the tune of a file
    in another style); bars, seconds: its length instead of `length` events, which are then not
    counted; cadence: whether it ends on its tonic, at a bar line: `length` is then the most that it
    has; hold_mode: how firmly it stays in the song's major or minor, 0 not at all; expression:
    whose tempo, loudness and register it has, the wanted mood's where there is one ("mood"), or the
    song's and the network's ("song"); pick: of n variants only the one whose mood a judge finds
    nearest to the wanted one ("mood"), None for all; goal: whether it stays with the mood ("match")
    or leads from there to a happier ("lift") or calmer one ("calm"); rewrite: first and last bar of
    the music that are written anew, counted from 1, while all others are kept.

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
    style: StyleSettings | str = field(default_factory=StyleSettings)
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
    accompany: bool | None = None
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

    def as_told(self) -> dict[str, Any]:
        """All values for the manifest; of files their names alone, no folder.

        A camera's address or a film's path is left out: it may hold a password.
        """
        told = asdict(self)
        told["style"] = asdict(self.styled)
        told["style"]["from"] = told["style"].pop("from_")
        if self.mood is not None and not isinstance(self.mood, str):
            way = [[mood.valence, mood.arousal] for mood in as_moods(self.mood)]
            told["mood"] = way[0] if len(way) == 1 else way
        if self.range is not None:
            told["range"] = [int(pitch) for pitch in self.range]
        if self.rewrite is not None:
            told["rewrite"] = [int(bar) for bar in self.rewrite]
        for part, names in (
            (told, ("photo", "midi", "audio", "model")),
            (told["catalog"], ("csv", "root", "midi_root")),
            (told["face"], ("weights",)),
            (told["style"], ("name", "checkpoints", "from", "save")),
            (told["novelty"], ("index",)),
            (told["render"], ("soundfont",)),
        ):
            for name in names:
                if part.get(name) is not None:
                    part[name] = _names(part[name])
        if not isinstance(told["face"].get("camera", 0), int):
            told["face"]["camera"] = "given"
        return told

    @property
    def styled(self) -> StyleSettings:
        """The style, also where only its name was given."""
        return StyleSettings(self.style) if isinstance(self.style, str) else self.style

    @property
    def face_settings(self) -> ReadSettings:
        """How faces are read. Raises SettingsError as `parse` does."""
        return parse(ReadSettings, self.face, "face")

    @property
    def reads_photo(self) -> bool:
        """Whether the mood is that of a photo: nothing else was given to start from."""
        return all(v is None for v in (self.mood, self.song, self.midi, self.audio))

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

        No file is looked at; `check_files` does.
        """
        at_least(self, "", seed_len=1)
        within(self, "", 1, MOST_EVENTS, "length")
        within(self, "", 1, MOST_VARIANTS, "n")
        check_seed(self.seed)
        shares(self, "", "theme")
        within(self, "", 0, MOST_HOLD, "hold_mode")
        one_of(self, "", expression=EXPRESSIONS, pick=PICKS, goal=GOALS)
        if self.pick is not None and self.n == 1:
            raise SettingsError(f"pick={self.pick} with n=1: expected more to pick from, n=32")
        self._check_extent()
        if self.tempo is not None and not 10 <= self.tempo <= 400:
            raise SettingsError(f"tempo={self.tempo:g}: expected 10 to 400 quarter notes a minute")
        if self.mood is not None:
            way = as_moods(self.mood)
            if len(way) > 1 and self.goal != "match":
                raise SettingsError(
                    f"goal={self.goal} with {len(way)} moods: the way is given, expected one mood"
                )
        if self.key is not None:
            parse_key(self.key)
        if self.range is not None:
            _check_range(self.range)
        if self.rewrite is not None:
            self._check_rewrite()
        if self.polyphony is not None and not 1 <= self.polyphony <= MOST_PITCHES:
            raise SettingsError(
                f"polyphony={self.polyphony}: expected 1 to {MOST_PITCHES} pitches at once"
            )
        if self.midi is not None and self.audio is not None:
            raise SettingsError(
                f"midi={self.midi} with audio={self.audio}: expected one, each is the music"
            )
        for name in ("midi", "audio"):
            if self.composer is not None and getattr(self, name) is not None:
                raise SettingsError(
                    f"composer={self.composer} with {name}={getattr(self, name)}: no song is "
                    f"looked for, expected one of the two"
                )
        self.transcription.check()
        self._check_photo()
        face = self.face_settings
        if self.reads_photo:
            face.check_detector()
        self.sampler.check()
        self.render.check()
        self.styled.check()
        self.catalog.check()
        self.logger.check()
        self.report.check()
        known = figures()
        if self.metric is not None:
            one_of(self, "", metric=known)
        sections = parse_structure(self.structure)
        if self.bars is not None:
            check_length(self.bars, sections, "bars")
        elif self.seconds is None:
            check_length(self.length, sections)

    def _check_extent(self) -> None:
        """Raise SettingsError for a length in bars or seconds that cannot be written."""
        if self.bars is not None and self.seconds is not None:
            raise SettingsError(
                f"bars={self.bars} with seconds={self.seconds:g}: expected one, each is the length"
            )
        if self.bars is not None:
            within(self, "", 2, MOST_BARS, "bars")
        if self.seconds is not None and not 1 <= self.seconds <= MOST_SECONDS:
            raise SettingsError(f"seconds={self.seconds:g}: expected 1 to {MOST_SECONDS}")

    def _check_rewrite(self) -> None:
        """Raise SettingsError for anything but two bars, or with what only a new piece has."""
        bars = plain(self.rewrite)
        numbers = [plain(bar) for bar in bars] if isinstance(bars, list | tuple) else []
        whole = len(numbers) == 2 and all(type(bar) is int for bar in numbers)
        if not whole or not 2 <= numbers[0] <= numbers[1] <= MOST_BARS:
            raise SettingsError(
                f"rewrite={shown(bars)}: expected the first and the last bar to write anew, from "
                "the second bar on, for example rewrite=[5,8]"
            )
        for name in ("structure", "bars", "seconds"):
            if getattr(self, name) not in (None, []):
                raise SettingsError(
                    f"rewrite={shown(bars)} with {name}={shown(plain(getattr(self, name)))}: "
                    "expected one, the kept bars give the form"
                )

    def check_files(self) -> None:
        """Raise what reading would raise, where a file or a name is not there, before any work.

        The catalog's songs are looked up where they stand in a table; a folder of music is not
        read for that.
        """
        for photo in self.photo if isinstance(self.photo, list | tuple) else [self.photo]:
            if photo != "webcam":
                check_source("photo", photo)
        check_source("midi", self.midi)
        check_source("audio", self.audio)
        check_address("model", self.model)
        self.styled.check_names(str(self.model))
        check_checkpoint("model", locate(str(self.model)))
        for style, own in (self.styled.checkpoints or {}).items():
            check_checkpoint(f"style.checkpoints.{style}", own)
        for style in self.styled.strengths():
            if style.endswith(".safetensors"):
                check_checkpoint("style", style)
        for option, path in (("novelty.index", self.novelty.index), *self._weights()):
            check_address(option, path)
            if path is not None and not Path(path).expanduser().is_file():
                raise CheckpointError(f"{option}={shown(path)}: no such file")
            if path is not None and Path(path).suffix != ".onnx":
                check_checkpoint(option, path)
        if self.explain and find_spec("captum") is None:
            raise SettingsError('explain=true needs captum: pip install "mood2music[explain]"')
        if self.midi is None and self.audio is None:
            for name in ("csv", "root", "midi_root"):
                check_address(f"catalog.{name}", getattr(self.catalog, name))
            self.catalog.check_source()
            check_names(self.catalog, self.song, self.composer)

    def _weights(self) -> list[tuple[str, Any]]:
        given = self.face_settings.weights
        return [("face.weights", path) for path in (given if isinstance(given, list) else [given])]

    def _check_photo(self) -> None:
        """Raise SettingsError for what is no photo, or a picture of the face asked for of none."""
        several = isinstance(self.photo, list | tuple)
        many = self.photo if several else [self.photo]
        if not many or not all(isinstance(p, str | Path | None) for p in many):
            raise SettingsError(
                f"photo={shown(self.photo)}: expected a picture, webcam, or [a.jpg,b.jpg]"
            )
        if several and ("webcam" in many or None in many or any(map(is_clip, many))):
            raise SettingsError(
                f"photo={shown(self.photo)}: expected pictures alone, or one film, or webcam"
            )
        if self.explain and self.photo is not None and (several or is_clip(self.photo)):
            raise SettingsError(
                f"explain=true with photo={shown(self.photo)}: expected one picture to explain"
            )
        asked = [name for name in ("explain", "save_face") if getattr(self, name)]
        given = [
            name for name in ("mood", "song", "midi", "audio") if getattr(self, name) is not None
        ]
        if asked and given:
            raise SettingsError(
                f"{asked[0]}=true with {given[0]}={getattr(self, given[0])}: no photo is read, "
                f"pass photo=me.jpg alone or {asked[0]}=false"
            )


def _names(paths: Any) -> Any:
    """Without folders: a path, a list of them, or the values of a dictionary."""
    if isinstance(paths, Mapping):
        return {key: _names(path) for key, path in paths.items()}
    if isinstance(paths, str | Path):
        return Path(paths).name
    return [_names(path) for path in paths]


def _check_range(pitches: Any) -> None:
    """Raise SettingsError for anything but two MIDI numbers, an octave apart or more."""
    given, pitches = shown(plain(pitches)), plain(pitches)
    numbers = [plain(pitch) for pitch in pitches] if isinstance(pitches, list | tuple) else []
    if len(numbers) != 2 or not all(isinstance(p, int) and 0 <= p < 128 for p in numbers):
        raise SettingsError(
            f"range={given}: expected the lowest and the highest pitch, MIDI numbers 0 to 127, "
            "for example range=[48,84]"
        )
    low, high = numbers
    if high < low:
        raise SettingsError(f"range={given} is upside down: expected range=[{high},{low}]")
    if high - low < 12:
        raise SettingsError(f"range={given} is narrow: expected an octave, 12 semitones, or more")
