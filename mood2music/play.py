"""Hear a piece: `python -m mood2music.play outputs/generate/...`, a run's folder or any file."""

import argparse
import sys
from pathlib import Path

from mood2music.errors import Mood2MusicError


def main() -> None:
    """Play a run folder's first piece, a sound file, or any music file."""
    from mood2music.render.hearing import play

    parser = argparse.ArgumentParser(prog="python -m mood2music.play", description=main.__doc__)
    parser.add_argument("path", type=Path, help="a folder that generate wrote, or a file")
    try:
        play(parser.parse_args().path)
    except Mood2MusicError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
