"""Hear a piece: `python -m mood2music.play outputs/generate/...`, a run's folder or any file."""

import argparse
from pathlib import Path

from mood2music.command.entrypoint import answered
from mood2music.version import told


def main() -> None:
    """Play a run folder's first piece, a sound file, or any music file."""
    parser = argparse.ArgumentParser(prog="python -m mood2music.play", description=main.__doc__)
    parser.add_argument("path", type=Path, help="a folder that generate wrote, or a file")
    parser.add_argument("--version", action="version", version=told())
    with answered():
        path = parser.parse_args().path
        from mood2music.render.hearing import play

        play(path)


if __name__ == "__main__":
    main()
