"""What can go wrong, as one tree; each error carries one sentence that names the way out.

Mood2MusicError                 catch this one to catch everything below
├── InputError                  what the user handed in cannot be used
│   ├── ImageError              unreadable, empty, truncated or huge picture
│   ├── NoFaceError             a picture without a face
│   ├── MusicFileError          unreadable, empty, drums-only or endless music
│   ├── MoodError               valence or arousal outside [-1, 1]
│   └── UnknownNameError        no song, style, key or network of that name
├── DataError                   a data set or catalog is missing or unusable
├── SettingsError               a setting of a wrong name, type or range
├── CheckpointError             not a checkpoint, or one of another network
├── TrainingError               a run that brought no network
├── PlayError                   a machine that cannot play sound
└── ExportError                 a network that another format cannot hold, or holds wrongly
"""


class Mood2MusicError(Exception):
    """Anything expected to go wrong: its text is one line, shown without a traceback."""


class InputError(Mood2MusicError):
    """What the user handed in cannot be used."""


class ImageError(InputError):
    """A picture that cannot be read, is empty, truncated or too large."""


class NoFaceError(InputError):
    """A picture in which the detector found no face."""


class MusicFileError(InputError):
    """A music file that cannot be read or holds nothing to learn from."""


class MoodError(InputError):
    """A valence or arousal outside [-1, 1]."""


class UnknownNameError(InputError):
    """A song, style, key or network that is not there; the text names near ones."""


class DataError(Mood2MusicError):
    """A data set or catalog that is missing or unusable."""


class SettingsError(Mood2MusicError):
    """A setting of an unknown name, a wrong type or outside its range."""


class CheckpointError(Mood2MusicError):
    """A file that is no checkpoint, or one of another network."""


class TrainingError(Mood2MusicError):
    """A training run that brought no network."""


class PlayError(Mood2MusicError):
    """A machine without a sound card, or without a program that plays."""


class ExportError(Mood2MusicError):
    """A network that another format cannot hold, or that computes something else there."""


def said_by(error: BaseException) -> str:
    """What somebody else's error says, on one line; its name where it says nothing."""
    return " ".join(str(error).split()) or type(error).__name__
