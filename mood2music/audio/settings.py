"""States how a recording is turned into notes: thresholds, cleaning, tempo."""

from dataclasses import dataclass

from mood2music.errors import SettingsError


@dataclass
class AudioSettings:
    """`transcription` in configs/generate/generate.yaml.

    Likelihoods are the network's, 0 to 1. onset: least likelihood of a note's start; frame: least
    likelihood that a note still sounds; shortest: seconds, shorter notes are no notes; rest: least
    likelihood of a note that sounds though no start was heard (1: none are taken).

    clean: take away what is probably not played: an overtone weaker than `ghost` times the note
    that it belongs to, notes weaker than `weak`, a pitch struck again within `again` seconds,
    notes more than `far` semitones from all others near them. tempo: quarter notes a minute, null:
    found in the music.
    """

    onset: float = 0.65
    frame: float = 0.25
    rest: float = 0.7
    shortest: float = 0.12
    clean: bool = True
    ghost: float = 0.5
    weak: float = 0.4
    again: float = 0.1
    far: int = 24
    tempo: float | None = None

    def check(self) -> None:
        """Raise SettingsError for a value outside its range."""
        for name in ("onset", "frame", "rest", "weak"):
            if not 0.0 < getattr(self, name) <= 1.0:
                raise SettingsError(
                    f"transcription.{name}={getattr(self, name):g}: expected a likelihood, "
                    "above 0 and at most 1"
                )
        for name in ("shortest", "ghost", "again", "far"):
            if getattr(self, name) < 0:
                raise SettingsError(
                    f"transcription.{name}={getattr(self, name):g}: expected 0 or more"
                )
        if self.tempo is not None and not 30 <= self.tempo <= 300:
            raise SettingsError(
                f"transcription.tempo={self.tempo:g}: expected 30 to 300 quarter notes a minute"
            )
