"""States what is asked of the stage that writes pieces."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from mood2music.generator.form import Section
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.music.idiom import PIANO


@dataclass(frozen=True)
class WritingSettings:
    """What the stage is asked.

    length: events; sections: of the form, none for one; learned: whether they are drawn from real
    pieces' (`with_form`) instead; tempo, key: None for the song's own; in_key: whether only pitches
    of the key's scale (None: when a key is given); range: lowest and highest pitch; compass: those
    where no range is asked for; polyphony: most pitches at once; keep_seed: whether it opens the
    piece; theme: how much of the song comes back, 0 to 1; bars, seconds: how long the piece is
    instead of `length` events, one of the two; cadence: whether it ends on its tonic at a bar line;
    hold_mode: how firmly it stays in major or minor, 0 not at all; rewrite: the first and the last
    bar to be written anew while all others are kept, None for a new piece.
    """

    length: int
    sections: Sequence[Section] = ()
    learned: bool = False
    variants: int = 1
    sampler: SamplerSettings = field(default_factory=SamplerSettings)
    keep_seed: bool = False
    tempo: float | None = None
    key: str | None = None
    in_key: bool | None = None
    range: tuple[int, int] | None = None
    compass: tuple[int, int] = PIANO
    polyphony: int | None = None
    theme: float = 0.5
    bars: int | None = None
    seconds: float | None = None
    cadence: bool = True
    hold_mode: float = 1.0
    rewrite: tuple[int, int] | None = None
