"""Says which version of this program runs."""

import mood2music


def told() -> str:
    """The line of `--version`."""
    return f"mood2music {mood2music.__version__}"
