"""What a user asks of `generate`: one dataclass that the config becomes, its values checked."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from mood2music.audio.settings import AudioSettings
from mood2music.catalog.open import CatalogSettings
from mood2music.errors import MoodError, SettingsError
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.generator.sampling.constraints import MOST_PITCHES
from mood2music.judge.trained_on import NoveltySettings
from mood2music.mood import is_pair
from mood2music.music.key import parse_key
from mood2music.render.settings import RenderSettings
from mood2music.style.blend import StyleSettings


@dataclass
class GenerateSettings:
    """configs/generate/generate.yaml.

    One source of music, the later ones skipping earlier stages: photo, mood (valence and arousal),
    song (title or id in the catalog, told to be for `mood` when that is given too), then midi (any
    file of notes: MIDI, MusicXML, kern, ABC, MEI) or audio (a recording, heard as `transcription`
    says); with none a sample portrait.
    model: a shipped network or a checkpoint's path; seed_len, length: events read and written;
    keep_seed: whether the piece opens with the seed; n: variants; seed: of everything random;
    structure: sections, [A,B,A2,C,A3]; tempo: quarter notes a minute; key: the signature of the
    result (key=C keeps C major or A minor). Tempo and key are the song's own unless given.

    Of what is written, not of a seed that is kept: in_key: only pitches of the key's scale (null:
    when a key is given); range: lowest and highest pitch as MIDI numbers; polyphony: most pitches
    sounding at once.

    photo may be `webcam`: one frame of face.camera, never written. save_face: write face.png, the
    pixels that the networks saw of each face read; without it no picture of a face is written.
    explain: draw what the networks looked at in the photo's largest face, with the face itself
    beneath only when save_face allows pictures of it.

    play: hear the first piece when it is written, where there is a sound card.
    """

    photo: str | None = None
    mood: Any = None
    song: str | None = None
    midi: str | None = None
    audio: str | None = None
    transcription: AudioSettings = field(default_factory=AudioSettings)
    face: dict[str, Any] = field(default_factory=dict)
    catalog: CatalogSettings = field(default_factory=CatalogSettings)
    model: str = "lstm"
    style: StyleSettings = field(default_factory=StyleSettings)
    sampler: SamplerSettings = field(default_factory=SamplerSettings)
    novelty: NoveltySettings = field(default_factory=NoveltySettings)
    render: RenderSettings = field(default_factory=RenderSettings)
    structure: list[str] = field(default_factory=list)
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
    explain: bool = False
    save_face: bool = False
    play: bool = False

    def as_told(self) -> dict[str, Any]:
        """All values for the manifest; of photo, music and catalog names alone, no folder.

        A camera's address or a film's path is left out: it may hold a password.
        """
        told = asdict(self)
        for part, names in (
            (told, ("photo", "midi", "audio")),
            (told["catalog"], ("csv", "root", "midi_root")),
        ):
            for name in names:
                part[name] = None if part[name] is None else Path(part[name]).name
        face = dict(self.face)
        if not isinstance(face.get("camera", 0), int):
            face["camera"] = "given"
        return {**told, "face": face}

    def check(self) -> None:
        """Raise SettingsError, or MoodError, for a value outside its range."""
        for name, least in (("seed_len", 1), ("length", 1), ("n", 1), ("seed", 0)):
            if getattr(self, name) < least:
                raise SettingsError(f"{name}={getattr(self, name)}: expected {least} or more")
        if self.tempo is not None and not 10 <= self.tempo <= 400:
            raise SettingsError(f"tempo={self.tempo:g}: expected 10 to 400 quarter notes a minute")
        if self.mood is not None and not is_pair(self.mood):
            raise MoodError(f"mood={self.mood}: expected valence and arousal, mood=[0.4,-0.2]")
        if self.key is not None:
            parse_key(self.key)
        if self.range is not None:
            _check_range(self.range)
        if self.polyphony is not None and not 1 <= self.polyphony <= MOST_PITCHES:
            raise SettingsError(
                f"polyphony={self.polyphony}: expected 1 to {MOST_PITCHES} pitches at once"
            )
        if self.midi is not None and self.audio is not None:
            raise SettingsError(
                f"midi={self.midi} with audio={self.audio}: expected one, each is the music"
            )
        self.transcription.check()
        self._check_photo()
        self.sampler.check()
        self.render.check()
        if self.structure:
            from mood2music.generator.structure import parse_structure

            parse_structure(self.structure)

    def _check_photo(self) -> None:
        """Raise SettingsError when a picture of the face is asked for and no photo is read."""
        asked = [name for name in ("explain", "save_face") if getattr(self, name)]
        given = [
            name for name in ("mood", "song", "midi", "audio") if getattr(self, name) is not None
        ]
        if asked and given:
            raise SettingsError(
                f"{asked[0]}=true with {given[0]}={getattr(self, given[0])}: no photo is read, "
                f"pass photo=me.jpg alone or {asked[0]}=false"
            )


def _check_range(pitches: Any) -> None:
    """Raise SettingsError for anything but two MIDI numbers, an octave apart or more."""
    given = str(pitches).replace(" ", "")
    numbers = pitches if isinstance(pitches, list) else []
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
