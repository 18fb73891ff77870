"""States what a user can ask of a run's files: the score's formats, the sound's, its instrument."""

from dataclasses import dataclass, field

from mood2music.errors import SettingsError
from mood2music.music.swing import WIDEST
from mood2music.registry import find

# What render.score_kind may be.
KINDS = ("piano", "lead")


@dataclass
class RenderSettings:
    """configs/generate/generate.yaml, `render`.

    score: formats of the engraved score: svg, png, pdf, another that is registered; empty: none
    pages: pages of it as SVG and PNG at most, null for all; a PDF has all
    roll: whether to draw a piano roll
    sound: wav, mp3, ogg, flac or another that is registered, or none
    soundfont: an .sf2 file, or the name of one that the system has (FluidR3_GM); null for TimGM6mb,
      which pretty_midi's package carries
    room: how large and loud a room the sound is in, and how wide instruments with keys are: 0 for
      none, as the synthesizer plays, to 1, a hall that rings for 1.6 s
    band: who plays MIDI file and sound: auto for the style's band, if it has one, none for one
      instrument, or the name of a band
    swing: how many times as long the first eighth of a beat is as the second; null: as the style
    human: how far timing and loudness are a player's, and how far a close slows down, 0 for exactly
      as written, at most 2
    pedal: whether the sustain pedal is used; null: as the style
    program: the instrument, a General MIDI name, part of one, or its number from 0
    video: whether to film the piano roll with the sound, by ffmpeg
    score_kind: piano for two staves, lead for the tune with chord symbols on one
    """

    score: list[str] = field(default_factory=lambda: ["png"])
    pages: int | None = None
    roll: bool = False
    video: bool = False
    sound: str = "mp3"
    soundfont: str | None = None
    room: float = 0.5
    band: str = "auto"
    swing: float | None = None
    human: float = 1.0
    pedal: bool | None = None
    program: str = "piano"
    score_kind: str = "piano"

    def check(self) -> None:
        """Raise SettingsError, UnknownNameError or MusicFileError for what cannot be rendered."""
        for name in self.score:
            find("score", name, "render.score", ", for example render.score=[svg,pdf]")
        if self.score_kind not in KINDS:
            raise SettingsError(
                f"render.score_kind={self.score_kind}: expected {' or '.join(KINDS)}"
            )
        if self.pages is not None and self.pages < 1:
            raise SettingsError(f"render.pages={self.pages}: expected 1 or more, or null for all")
        if self.sound != "none":
            find("sound", self.sound, "render.sound", " or none")
        if self.swing is not None and not 1 <= self.swing <= WIDEST:
            raise SettingsError(
                f"render.swing={self.swing:g}: expected 1 (straight) to {WIDEST:g}, or null"
            )
        if not 0 <= self.room <= 1:
            raise SettingsError(f"render.room={self.room:g}: expected 0 (none) to 1 (a hall)")
        if not 0 <= self.human <= 2:
            raise SettingsError(f"render.human={self.human:g}: expected 0 (as written) to 2")
        from mood2music.render.band import band_of
        from mood2music.render.programs import program_number
        from mood2music.render.soundfont import find_soundfont

        band_of(self.band, "")
        program_number(self.program)
        for name in self.score:
            find("score", name, "render.score").settings.check()
        if self.sound != "none" or self.video:
            find_soundfont(self.soundfont)
        if self.video:
            from mood2music.render.video import check_video

            check_video()
