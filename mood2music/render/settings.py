"""States what a user can ask of a run's files: the score's formats, the sound's, its instrument."""

from dataclasses import dataclass, field

from mood2music.errors import SettingsError

SCORES = ("svg", "png", "pdf")
SOUNDS = ("wav", "mp3", "ogg", "flac", "none")


@dataclass
class RenderSettings:
    """configs/generate/generate.yaml, `render`.

    score: formats of the engraved score, of svg, png and pdf; empty for none
    pages: pages of it as SVG and PNG at most, null for all; a PDF has all
    sound: wav, mp3, ogg, flac or none
    soundfont: an .sf2 file; null for TimGM6mb, which pretty_midi's package carries
    program: the instrument, a General MIDI name, part of one, or its number from 0
    """

    score: list[str] = field(default_factory=lambda: ["svg", "png"])
    pages: int | None = None
    sound: str = "wav"
    soundfont: str | None = None
    program: str = "piano"

    def check(self) -> None:
        """Raise SettingsError, UnknownNameError or MusicFileError for what cannot be rendered."""
        unknown = [name for name in self.score if name not in SCORES]
        if unknown:
            raise SettingsError(
                f"render.score has {unknown[0]}: expected some of {', '.join(SCORES)}, "
                "for example render.score=[svg,pdf]"
            )
        if self.pages is not None and self.pages < 1:
            raise SettingsError(f"render.pages={self.pages}: expected 1 or more, or null for all")
        if self.sound not in SOUNDS:
            raise SettingsError(f"render.sound={self.sound}: expected {', '.join(SOUNDS)}")
        from mood2music.render.programs import program_number
        from mood2music.render.score import check_pdf
        from mood2music.render.soundfont import find_soundfont

        program_number(self.program)
        if "pdf" in self.score:
            check_pdf()
        if self.sound != "none":
            find_soundfont(self.soundfont)
