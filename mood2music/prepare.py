"""Read data ahead of training: `python -m mood2music.prepare data=midi|faces|... data.root=...`"""

from pathlib import Path

from omegaconf import DictConfig

from mood2music.command.entrypoint import entrypoint
from mood2music.command.text import visible
from mood2music.files import cache_folder


@entrypoint("prepare")
def main(config: DictConfig) -> None:
    """Read all pieces, or all pictures, once; print what was found and the folder it is in."""
    from mood2music.command.settings import parse
    from mood2music.generator.data_settings import MusicDataSettings
    from mood2music.train_request import PrepareSettings

    settings = parse(PrepareSettings, config)
    settings.check_files()
    music = isinstance(settings.source(), MusicDataSettings)
    lines, folder = prepare_music(config) if music else prepare_faces(config)
    for name, value in lines:
        print(f"{name:28} {visible(value)}")
    print(folder)


def prepare_faces(config: DictConfig) -> tuple[list[tuple[str, str]], Path]:
    """Decode, crop and reduce every picture, and split them as `train` with this seed does."""
    from mood2music.face.dataset import data
    from mood2music.face.dataset.summary import summarize

    faces, _ = data.build_data(config.data, config.seed)
    return summarize(faces), cache_folder() / "faces"


def prepare_music(config: DictConfig) -> tuple[list[tuple[str, str]], Path]:
    """Make an event store of every piece."""
    from mood2music.command.settings import parse
    from mood2music.generator.data_settings import MusicDataSettings
    from mood2music.store.parallel import ParallelSettings
    from mood2music.store.prepare import prepare
    from mood2music.store.summary import summarize

    store = prepare(
        parse(MusicDataSettings, config.data, "data"),
        parallel=parse(ParallelSettings, config.parallel, "parallel"),
    )
    return summarize(store), store.folder


if __name__ == "__main__":
    main()
