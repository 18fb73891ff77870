"""Settings and a machine give the precision of a training's numbers."""

import logging
from pathlib import Path

import torch

from mood2music.learn.settings import TrainerSettings

log = logging.getLogger(__name__)

SINGLE, MIXED = "32-true", "bf16-mixed"


def chosen(trainer: TrainerSettings, fast_in_bf16: bool) -> str:
    """Give the precision as Lightning names it; `auto` becomes the faster of two.

    fast_in_bf16: whether the network has products large enough for 16 bits to pay on a processor
    (experiments/training_precision). Weights, their steps and losses stay float32 in both.
    """
    if trainer.precision != "auto":
        return trainer.precision
    on_gpu = trainer.accelerator in ("gpu", "cuda") or (
        trainer.accelerator == "auto" and torch.cuda.is_available()
    )
    if on_gpu:
        mixed = torch.cuda.is_available() and torch.cuda.is_bf16_supported(False)
    else:
        mixed = fast_in_bf16 and trainer.accelerator in ("auto", "cpu") and has_amx()
    found = MIXED if mixed else SINGLE
    log.info("trainer.precision=auto: %s", found)
    return found


def has_amx() -> bool:
    """Whether the processor multiplies matrices of bf16 by itself; without, bf16 is slower."""
    told = Path("/proc/cpuinfo")  # Linux alone says it, and there alone torch uses it
    return told.is_file() and "amx_bf16" in told.read_text(encoding="utf-8", errors="replace")
