"""Makes folders of runs as train and generate leave them."""

import json
from pathlib import Path
from typing import Any


def write_run(
    folder: Path, loss: float | None, curve: tuple[float, ...] = (), **asked: Any
) -> Path:
    """A training with the overrides `asked` (lr, seed); loss None: one that failed."""
    folder.mkdir(parents=True)
    record: dict[str, Any] = {
        "overrides": [f"{name}={value}" for name, value in asked.items()],
        "choices": {"model": asked.get("model", "lstm")},
        "settings": {
            "model": {"name": asked.get("model", "lstm")},
            "lr": asked.get("lr", 0.1),
            "seed": asked.get("seed", 0),
            "metric": "val/loss",
            "mode": "min",
        },
        "status": "failed" if loss is None else "finished",
        "reason": "lr=0: expected above 0" if loss is None else None,
    }
    if loss is not None:
        record |= {
            "metric": {"name": "val/loss", "mode": "min", "value": loss},
            "best": {"val/loss": loss, "epoch": 3},
            "test": {"test/loss": loss + 1},
            "seconds": 2.5,
        }
    (folder / "run.json").write_text(json.dumps(record))
    if curve:
        rows = [f"{epoch},{value}" for epoch, value in enumerate(curve)]
        (folder / "log").mkdir()
        (folder / "log" / "metrics.csv").write_text("\n".join(["epoch,val/loss", *rows]) + "\n")
    return folder


def write_reported(folder: Path, **asked: Any) -> Path:
    """A training of an experiment that sets its figures of the last epoch beside the paper's."""
    write_run(folder, 4.0, **asked)
    record = json.loads((folder / "run.json").read_text())
    record["last"] = {"val/loss": 6.0, "train/loss": 0.5}
    record["settings"]["report"] = {
        "by": ["model.name"],
        "figures": ["last/train/loss", "last/val/ccc"],
        "paper": [
            {"model.name": "lstm", "last/train/loss": 0.088},
            {"model.name": "bilstm", "last/train/loss": 0.0516},
        ],
    }
    (folder / "run.json").write_text(json.dumps(record))
    return folder


def write_sweep(folder: Path) -> Path:
    """Two rates, two seeds each, and a failure of a third rate."""
    losses = {(0.1, 0): 5.0, (0.1, 1): 5.5, (0.01, 0): 4.0, (0.01, 1): 4.25}
    for number, ((lr, seed), loss) in enumerate(losses.items()):
        write_run(folder / str(number), loss, (loss + 1, loss), lr=lr, seed=seed)
    write_run(folder / "10", None, lr=0, seed=0)
    return folder
