"""Turn a face into music: photo -> mood -> song -> a new piece in the style you like.

    from mood2music import GenerateSettings, compose

    composed = compose(GenerateSettings(photo="me.jpg", length=200))
    composed.start.mood, str(composed.start.song), composed.pieces[0].notes.pitch
    composed.write(Path("my_piece"))

The names below are imported when they are first used: `import mood2music` alone costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from mood2music.version import __version__

if TYPE_CHECKING:
    from mood2music.audio.settings import AudioSettings
    from mood2music.catalog.open import CatalogSettings
    from mood2music.errors import Mood2MusicError
    from mood2music.flow.composed import Composed, Written
    from mood2music.flow.manifest import Manifest
    from mood2music.flow.piece import Piece
    from mood2music.flow.pipeline import compose
    from mood2music.flow.request import GenerateSettings
    from mood2music.generator.sampling.choice import SamplerSettings
    from mood2music.mood import Mood
    from mood2music.render.settings import RenderSettings
    from mood2music.style.settings import StyleSettings

__all__ = [
    "AudioSettings",
    "CatalogSettings",
    "Composed",
    "GenerateSettings",
    "Manifest",
    "Mood",
    "Mood2MusicError",
    "Piece",
    "RenderSettings",
    "SamplerSettings",
    "StyleSettings",
    "Written",
    "__version__",
    "compose",
]

_ROOMS = {
    "AudioSettings": "audio.settings",
    "CatalogSettings": "catalog.open",
    "Composed": "flow.composed",
    "GenerateSettings": "flow.request",
    "Manifest": "flow.manifest",
    "Mood": "mood",
    "Mood2MusicError": "errors",
    "Piece": "flow.piece",
    "RenderSettings": "render.settings",
    "SamplerSettings": "generator.sampling.choice",
    "StyleSettings": "style.settings",
    "Written": "flow.composed",
    "compose": "flow.pipeline",
}


def __getattr__(name: str) -> Any:
    """Import a public name from its room (PEP 562)."""
    if name not in _ROOMS:
        raise AttributeError(f"mood2music has no {name}: expected one of {', '.join(__all__)}")
    return getattr(import_module(f"mood2music.{_ROOMS[name]}"), name)
