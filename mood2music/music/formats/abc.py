"""Reads ABC with abc2midi, the reader that the format's players grew up with; symusic carries it.

abc2midi plays: it trills, breaks chords, swings hornpipes and takes repeats. So it is given the
text that `abc_text` leaves of a tune, and another one in which bars, tempi and chord symbols are
marked, to tell where these stand.
Source: The abc music standard 2.1 (Walshaw 2011).
"""

import codecs
import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from mood2music.errors import MusicFileError
from mood2music.music.formats.abc_text import CHORD, TEMPO, marked, plain
from mood2music.music.formats.midi_tracks import Track, read_tracks, time_signatures
from mood2music.music.notes import GRID, Notes
from mood2music.music.performed import as_written
from mood2music.music.stated_chords import StatedChord, chords_at
from mood2music.music.stated_key import StatedKey, of_tonic
from mood2music.music.tempo import mean_tempo

# abc2midi's ticks a quarter note. It begins every note one tick late.
_TICKS = 480
_LATE = 1
_SECONDS = 30.0
# What abc2midi calls errors and reads all the same: ties that a slur is written as, keys with more
# behind them, repeats without an end.
_HARMLESS = re.compile(
    r"Could not find note to|Cannot find note before|Missing :|Cannot find :|Not a valid mic"
)


def read_abc(
    content: bytes, name: str, grid: int = GRID, repeats: bool = False, number: int | None = None
) -> Notes:
    """Read a tune of an ABC file: the first, or the one whose X: field has `number`.

    repeats: play repeat signs, endings and the order of P: fields. Raises MusicFileError, one line
    with the place in the file, for what abc2midi cannot read.
    """
    tune = _tune(decode(content), name, number)
    tune_text = plain(tune, repeats)
    if overlaid := re.search(r"(?m)^(?![A-Z]:|%).*& *&.*", tune_text):
        raise MusicFileError(
            f"{name} cannot be read: an overlay of several bars (&&): {overlaid[0][:80]}"
        )
    midi, log = _play(tune_text, name)
    for line, reason in re.findall(r"Error in line-char (\d+)-\d+ *: *(.*)", log):
        if not _HARMLESS.match(reason):
            read = tune_text.splitlines()[int(line) - 1 : int(line)]
            raise MusicFileError(f"{name} cannot be read: {reason.strip()}: {' '.join(read)[:80]}")
    if midi is None:
        raise MusicFileError(f"{name} holds no pitched notes")
    said: list[StatedChord] = []
    marked_text = marked(tune, repeats, said)
    _, tracks = read_tracks(_play(marked_text, name)[0] or b"", name)
    bars = time_signatures(tracks) if "[M:" in marked_text else []
    title = re.search(r"(?m)^T: *(.*?)(?:, (The|An?))? *$", tune)
    named = " ".join(filter(None, (title[2], title[1]))) if title else ""
    notes = as_written(midi, name, _TICKS, grid, named, late=_LATE, bars=bars)
    tempi = ((tick / _TICKS, number / 16) for tick, number in _numbers(tracks, TEMPO))
    tempo = mean_tempo(tempi, notes.end / grid)
    chords = chords_at(
        said[number]._replace(step=round((tick - _LATE) / _TICKS * grid))
        for tick, number in _numbers(tracks, CHORD)
    )
    return replace(notes, tempo=tempo, stated_key=_key(tune_text), chords=chords)


def decode(content: bytes) -> str:
    """Decode text as UTF-16 where it begins so, UTF-8 where it is, else Latin-1, as old files."""
    wide = content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _tune(text: str, name: str, number: int | None) -> str:
    """One tune, with the fields of the file's header before its own."""
    tunes = re.split(r"(?m)^(?=X:)", text)
    head, tunes = (tunes[0], tunes[1:]) if len(tunes) > 1 else ("", [f"X:1\n{text.lstrip()}"])
    if number is not None:
        tunes = [tune for tune in tunes if re.match(rf"X: *0*{number}\b", tune)]
        if not tunes:
            raise MusicFileError(f"{name} has no tune of the number {number}")
    if not re.search(r"(?m)^K:", tunes[0]):
        raise MusicFileError(f"{name} cannot be read: its tune has no key (K:), so it is no ABC")
    common = re.findall(r"(?m)^(?:[ILMU]:.*|%%.*)$", head)
    first, _, rest = tunes[0].partition("\n")
    return "\n".join([first, *common, rest])


def _numbers(tracks: Sequence[Track], by: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """Tick and number of all that two controllers carried, in any voice."""
    high = 0
    # The first of several tracks has no notes, and the first voice's controllers all at once.
    controls = (track.controls for track in tracks[1:] or tracks)
    for tick, controller, value in chain.from_iterable(controls):
        if controller == by[0]:
            high = value
        elif controller == by[1]:
            yield tick, high << 7 | value


def _key(tune: str) -> StatedKey | None:
    """The key of a tune's head, K:; None for bagpipes, no key, and a tune that is transposed."""
    found = re.search(r"(?m)^K: *([A-G][#b]?) *((?:m(?![a-z])|[A-Za-z]{3})?)", tune)
    return of_tonic(found[1], found[2]) if found and "transpose" not in tune else None


def _play(tune: str, name: str) -> tuple[bytes | None, str]:
    """Run abc2midi: the MIDI file, None where nothing sounds, and what it said."""
    import symusic  # noqa: F401  # says in the environment where its abc2midi is

    program = os.environ["SYMUSIC_ABC2MIDI"]
    with TemporaryDirectory() as folder:
        source, target = Path(folder, "tune.abc"), Path(folder, "tune.mid")
        source.write_text(tune, encoding="latin-1", errors="replace")
        try:
            done = subprocess.run(
                [program, str(source), "1", "-o", str(target), "-quiet"],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise MusicFileError(f"{name} took abc2midi longer than {_SECONDS:g} s") from error
        if done.returncode < 0:
            raise MusicFileError(f"{name} cannot be read: abc2midi crashed on it")
        log = done.stdout.decode("latin-1")
        return (target.read_bytes() if target.is_file() else None), log
