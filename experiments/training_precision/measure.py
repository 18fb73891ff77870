"""Training steps in bf16 are timed beside those in float32, network by network.

    python -m experiments.training_precision.measure

Real batches, forward, backward and optimizer step, both precisions by turns in one process on one
thread; medians of processor time.
"""

import csv
import time
from pathlib import Path
from statistics import median
from typing import Any

import torch
from hydra import compose, initialize_config_dir

from mood2music import train
from mood2music.command.settings import parse
from mood2music.files import CONFIGS
from mood2music.learn.optimizer_settings import OptimizerSettings

MUSIC = ("data.composers=[bach]", "data.limit=12", "data.window=64")
LARGE = ("model.encoder.hidden=512", "model.encoder.embedding=512")
NETWORKS = {
    "lstm_tiny": ("model=lstm_tiny",),
    "lstm 2 x 256, 16 windows": ("model=lstm", *MUSIC),
    "lstm 2 x 256, 64 windows": ("model=lstm", "data.batch_size=64", *MUSIC),
    "lstm 2 x 512, 16 windows": ("model=lstm", *LARGE, *MUSIC),
    "lstm 2 x 512, 64 windows": ("model=lstm", *LARGE, "data.batch_size=64", *MUSIC),
    "bilstm_attention": ("model=bilstm_attention", *MUSIC),
    "transformer": ("model=transformer", *MUSIC),
    "cnn10_tiny": ("model=cnn10_tiny", "data.count=256"),
    "cnn10, 49 pixels": ("model=cnn10", "data.count=256"),
    "alexnet, 80 pixels": ("model=alexnet", "data.count=256"),
    "alexnet, 112 pixels": ("model=alexnet", "model.input_size=112", "data.count=256"),
}
ROUNDS = 9


def steps(overrides: tuple[str, ...]) -> dict[str, float]:
    """Median milliseconds of a training step in each precision."""
    with initialize_config_dir(str(CONFIGS), version_base="1.3"):
        config = compose("train", list(overrides))
    asked = parse(OptimizerSettings, config.optimizer, "optimizer")
    task, data, _ = train._build(config, asked)
    task.log = task.log_dict = lambda *_, **__: None
    batches: list[Any] = list(data.train_dataloader())
    batches = [b for b in batches if len(b[0] if isinstance(b, tuple) else b.faces) > 1]
    optimizer = torch.optim.Adam(task.parameters(), lr=1e-4)
    took: dict[str, list[float]] = {"32-true": [], "bf16-mixed": []}
    for turn in range(ROUNDS + 1):
        batch = batches[turn % len(batches)]
        for precision, times in took.items():
            start = time.process_time()
            with torch.autocast("cpu", torch.bfloat16, enabled=precision != "32-true"):
                loss = task.training_step(batch, 1)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            if turn:  # the first is warming up
                times.append(1000 * (time.process_time() - start))
    return {precision: median(times) for precision, times in took.items()}


def main() -> None:
    """Print the table and write result.csv."""
    torch.set_num_threads(1)
    with (Path(__file__).parent / "result.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["network", "float32 ms", "bf16 ms", "times as fast"])
        for name, overrides in NETWORKS.items():
            found = steps(overrides)
            single, mixed = found["32-true"], found["bf16-mixed"]
            table.writerow([name, f"{single:.1f}", f"{mixed:.1f}", f"{single / mixed:.2f}"])
            file.flush()
            print(f"{name:28} {single:8.1f} {mixed:8.1f} {single / mixed:6.2f}", flush=True)


if __name__ == "__main__":
    main()
