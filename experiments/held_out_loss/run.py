"""Train every network of the comparison, and those that choose the regularisation, one by one.

    python -m experiments.held_out_loss.run MUSIC RUNS [comparison|regularisation]

MUSIC: folder with classical/ jazz/ pop/ as data.root; RUNS: where run folders go. A run that is
done is left alone, so that a broken-off call goes on where it stopped. One core.
"""

import argparse
from pathlib import Path

from experiments.training_runs import Run, train

SEEDS = (0, 1, 2)
REPRESENTATIONS = ("pitchwise", "chord")
EPOCHS = 3
# Events that every network of the comparison reads in training: half a minute of one core.
EVENTS = 221_184
WINDOW = 64
# The mean length of the windows of bilstm_attention: 8 to 64 events, any as likely.
MEAN_WINDOW = 36

COMMON = (
    "data=midi",
    "data.exclude=[vgmidi/*,jazz/joplin_kern_NC/*]",
    "trainer.threads=1",
    "callbacks=none",
    "trainer.precision=32-true",
    "trainer.progress=false",
    "optimizer.lr=0.003",
    "optimizer.schedule=cosine",
    "optimizer.warmup=0.05",
    "model.encoder.hidden=128",
    "model.encoder.embedding=128",
)
NETWORKS = {
    "lstm": ("data.batch_size=8",),
    "bilstm_attention": ("data.batch_size=32",),
    "transformer": ("data.batch_size=8", "model.encoder.feedforward=256"),
}
# A quarter of the pieces, so that the small network meets each event several times.
QUARTER = ('data.include=["*[16e].mid"]', "data.batch_size=16", "trainer.epochs=6")
REGULARISATION = {
    "dropout_0.1": ("model.encoder.dropout=0.1",),
    "dropout_0": ("model.encoder.dropout=0",),
    "transpose_12": ("model.encoder.dropout=0.1", "data.transpose=12"),
    "tied": ("model.encoder.dropout=0.1", "model.tied=true"),
    "dropout_0.3": ("model.encoder.dropout=0.3",),
    "weight_decay_0.1": (
        "model.encoder.dropout=0.1", "optimizer=adamw", "optimizer.weight_decay=0.1",
    ),
}  # fmt: skip


def comparison() -> list[Run]:
    """Every network in both representations, all of one seed before the next."""
    return [
        Run(
            f"{network}_{representation}_{seed}",
            (
                f"model={network}",
                f"model.representation={representation}",
                f"seed={seed}",
                f"data.epoch={windows(network)}",
                f"trainer.epochs={EPOCHS}",
                "model.encoder.dropout=0",
                "model.chords=2000",
                *own,
            ),
        )
        for seed in SEEDS
        for network, own in NETWORKS.items()
        for representation in REPRESENTATIONS
    ]


def windows(network: str) -> int:
    """Windows an epoch, so that all networks read EVENTS in EPOCHS."""
    return EVENTS // EPOCHS // (MEAN_WINDOW if network == "bilstm_attention" else WINDOW)


def regularisation() -> list[Run]:
    """The pitchwise lstm with one thing changed at a time."""
    return [
        Run(f"regularisation/{name}", ("model=lstm", "seed=0", *QUARTER, *own))
        for name, own in REGULARISATION.items()
    ]


def main() -> None:
    """Train what is not done yet; a run that fails stops the rest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("music", type=Path)
    parser.add_argument("runs", type=Path)
    parser.add_argument("which", nargs="?", choices=("comparison", "regularisation"))
    asked = parser.parse_args()
    chosen = {"comparison": comparison, "regularisation": regularisation}
    for which, listed in chosen.items():
        if asked.which in (None, which):
            for run in listed():
                data = f"data.root={asked.music}"
                train(Run(run.folder, (data, *COMMON, *run.overrides)), asked.runs)


if __name__ == "__main__":
    main()
