"""Says which version of this program runs."""

__version__ = "0.1.0"


def told() -> str:
    """The line of `--version`."""
    return f"mood2music {__version__}"
