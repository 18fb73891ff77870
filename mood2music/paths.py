"""Where things stand: the configs, the shipped weights, the cache."""

import os
from pathlib import Path

import platformdirs

PACKAGE = Path(__file__).resolve().parent
PRETRAINED = PACKAGE / "pretrained"

# In a wheel the configs lie inside the package; in a checkout, beside it.
CONFIGS = PACKAGE / "configs" if (PACKAGE / "configs").is_dir() else PACKAGE.parent / "configs"


def cache() -> Path:
    """Folder for what can be made again (event stores); MOOD2MUSIC_CACHE moves it."""
    named = os.environ.get("MOOD2MUSIC_CACHE")
    return Path(named) if named else Path(platformdirs.user_cache_dir("mood2music"))
