"""Make an event store ahead of training: `python -m mood2music.prepare data=midi data.root=...`"""

from omegaconf import DictConfig

from mood2music.entrypoint import entrypoint


@entrypoint("prepare")
def main(config: DictConfig) -> None:
    """Read all pieces once, print what was found and the store's folder."""
    from mood2music.settings import parse
    from mood2music.store.parallel import ParallelSettings
    from mood2music.store.prepare import MusicSourceSettings, prepare
    from mood2music.store.summary import summarize

    own = MusicSourceSettings.__dataclass_fields__
    source = {name: config.data[name] for name in own if name in config.data}
    store = prepare(
        parse(MusicSourceSettings, source, "data"),
        parallel=parse(ParallelSettings, config.parallel, "parallel"),
    )
    for name, value in summarize(store):
        print(f"{name:20} {value}")
    print(store.folder)


if __name__ == "__main__":
    main()
