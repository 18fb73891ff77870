"""Plays a sound file to the loudspeaker, by whatever this machine plays sound with."""

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from mood2music.errors import PlayError

# Programs that play a WAV file and end with it, by what they are called with.
PROGRAMS: Sequence[Sequence[str]] = (
    ("afplay",),
    ("pw-play",),
    ("paplay",),
    ("aplay", "-q"),
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "error"),
)


def play_wav(path: Path) -> str:
    """Play a WAV file to its end, and say with what.

    Tries sounddevice (the extra `play`), Windows' own player, then the programs on the path.
    Raises PlayError, with what each of them said, when none could.
    """
    refused = []
    for name, player in _players():
        try:
            player(path)
        except (OSError, RuntimeError, subprocess.CalledProcessError) as error:
            said = error.stderr if isinstance(error, subprocess.CalledProcessError) else str(error)
            lines = (said or "").strip().splitlines()
            refused.append(f"{name}: {lines[-1].strip() if lines else 'failed'}")
        else:
            return name
    why = "; ".join(refused) or "neither sounddevice nor a player such as aplay or ffplay"
    raise PlayError(
        f"no sound card to play {path.name} on ({why}): open it on a machine that has one, or "
        "pip install 'mood2music[play]'"
    )


def _players() -> list[tuple[str, Callable[[Path], None]]]:
    """What may be tried on this machine, in order."""
    players: list[tuple[str, Callable[[Path], None]]] = []
    if importlib.util.find_spec("sounddevice") is not None:
        players.append(("sounddevice", _by_sounddevice))
    if sys.platform == "win32":
        players.append(("winsound", _by_winsound))
    for command in PROGRAMS:
        if shutil.which(command[0]):
            players.append((command[0], partial(_by_program, command)))
    return players


def _by_sounddevice(path: Path) -> None:
    import sounddevice
    import soundfile

    samples, rate = soundfile.read(path, dtype="float32")
    try:
        sounddevice.play(samples, rate, blocking=True)
    except sounddevice.PortAudioError as error:
        raise RuntimeError(str(error)) from error


def _by_winsound(path: Path) -> None:
    import winsound

    player: Any = winsound
    player.PlaySound(str(path), player.SND_FILENAME)


def _by_program(command: Sequence[str], path: Path) -> None:
    done = subprocess.run([*command, str(path)], check=True, capture_output=True, text=True)
    # ffplay ends well without a sound card, and complains.
    if done.stderr.strip():
        raise RuntimeError(done.stderr)
