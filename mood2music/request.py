"""What a user asks of `generate`: one dataclass that the config becomes, its values checked."""

from dataclasses import dataclass, field
from typing import Any

from mood2music.catalog.open import CatalogSettings
from mood2music.errors import MoodError, SettingsError
from mood2music.generator.choice import SamplerSettings
from mood2music.music.key import parse_key
from mood2music.style.blend import StyleSettings


@dataclass
class GenerateSettings:
    """configs/generate/generate.yaml.

    One source of music, the later ones skipping earlier stages: photo, mood (valence and arousal),
    song (title or id in the catalog), midi (any music file); with none a sample portrait.
    model: a shipped network or a checkpoint's path; seed_len, length: events read and written;
    keep_seed: whether the piece opens with the seed; n: variants; seed: of everything random;
    structure: sections, [A,B,A2,C,A3]; tempo: quarter notes a minute; key: the signature of the
    result (key=C keeps C major or A minor). Tempo and key are the song's own unless given.
    """

    photo: str | None = None
    mood: Any = None
    song: str | None = None
    midi: str | None = None
    face: dict[str, Any] = field(default_factory=dict)
    catalog: CatalogSettings = field(default_factory=CatalogSettings)
    model: str = "lstm"
    style: StyleSettings = field(default_factory=StyleSettings)
    sampler: SamplerSettings = field(default_factory=SamplerSettings)
    structure: list[str] = field(default_factory=list)
    seed_len: int = 35
    length: int = 400
    keep_seed: bool = False
    n: int = 1
    seed: int = 0
    tempo: float | None = None
    key: str | None = None

    def check(self) -> None:
        """Raise SettingsError, or MoodError, for a value outside its range."""
        for name, least in (("seed_len", 1), ("length", 1), ("n", 1), ("seed", 0)):
            if getattr(self, name) < least:
                raise SettingsError(f"{name}={getattr(self, name)}: expected {least} or more")
        if self.tempo is not None and not 10 <= self.tempo <= 400:
            raise SettingsError(f"tempo={self.tempo:g}: expected 10 to 400 quarter notes a minute")
        if self.mood is not None and not _is_pair(self.mood):
            raise MoodError(f"mood={self.mood}: expected valence and arousal, mood=[0.4,-0.2]")
        if self.key is not None:
            parse_key(self.key)
        self.sampler.check()
        if self.structure:
            from mood2music.generator.structure import parse_structure

            parse_structure(self.structure)


def _is_pair(value: Any) -> bool:
    """Whether a config's value is a list of two numbers."""
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(isinstance(number, int | float) for number in value)
    )
