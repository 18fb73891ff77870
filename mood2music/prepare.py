"""Make an event store ahead of training: `python -m mood2music.prepare data=midi data.root=...`"""

from collections import Counter

from omegaconf import DictConfig

from mood2music.entrypoint import entrypoint


@entrypoint("prepare")
def main(config: DictConfig) -> None:
    """Read all pieces once, print what was found and the store's folder."""
    from mood2music.music.prepare import MusicSourceSettings, prepare
    from mood2music.settings import parse

    own = MusicSourceSettings.__dataclass_fields__
    source = {name: config.data[name] for name in own if name in config.data}
    store = prepare(parse(MusicSourceSettings, source, "data"))
    minutes = sum(
        float(store.durations[row.first : row.first + row.events].sum(dtype="int64"))
        / store.about["grid"]
        / row.tempo
        for row in store.pieces
    )
    for name, value in (
        ("pieces", len(store.pieces)),
        ("left out", len(store.faults)),
        ("events", len(store.durations)),
        ("notes", sum(row.notes for row in store.pieces)),
        ("minutes", round(minutes)),
        ("near copies", len(store.pieces) - len({row.group for row in store.pieces})),
    ):
        print(f"{name:12} {value:>10,}")
    keys = Counter(row.key for row in store.pieces).most_common(6)
    print(f"{'keys':12} {', '.join(f'{key} {count}' for key, count in keys)}")
    for file, reason in store.faults:
        print(f"left out     {file}: {reason}")
    print(store.folder)


if __name__ == "__main__":
    main()
