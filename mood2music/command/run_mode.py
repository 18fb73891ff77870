"""Spares a command line the composition that Hydra makes only to read hydra.mode.

Hydra composes all settings twice: once to see whether they say that this is a multirun, and once
to run. No YAML of this package says it, so where no word can either, the first is left out: a
refusal comes in two thirds of the time.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

# What a word begins with that sets hydra.mode, or brings in YAML files that may.
SETTING = (
    "hydra.mode", "+hydra.mode", "++hydra.mode", "hydra.searchpath", "+hydra.searchpath",
    "++hydra.searchpath", "hydra=", "+hydra=", "++hydra=", "--config-dir", "-cd", "--config-path",
    "-cp", "--config-name", "-cn",
)  # fmt: skip


@contextmanager
def composed_once(words: Sequence[str]) -> Iterator[None]:
    """Let Hydra, within, not compose the settings before it runs them, if `words` allow it."""
    from hydra._internal.hydra import Hydra

    ask = getattr(Hydra, "get_mode", None)
    if ask is None or any(word.startswith(SETTING) for word in words):
        yield
        return
    # What it answers for settings that say nothing: -m decides.
    Hydra.get_mode = lambda *_, **__: None  # type: ignore[method-assign]
    try:
        yield
    finally:
        Hydra.get_mode = ask  # type: ignore[method-assign]
