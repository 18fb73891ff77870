"""Hears in sound how likely each piano key starts, and sounds, in each frame: posteriorgrams.

The network is Basic Pitch (Bittner, Bosch, Rubinstein, Meseguer-Brocal & Ewert 2022, "A
lightweight instrument-agnostic model for polyphonic note transcription and multipitch
estimation", ICASSP), in Spotify's own ONNX file: see pretrained/basic_pitch.md.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mood2music.audio.sound import INSTALL, RATE, Sound
from mood2music.errors import SettingsError
from mood2music.files import PRETRAINED

WEIGHTS = PRETRAINED / "basic_pitch.onnx"
# Samples from frame to frame, and what the network takes at once: 172 frames, 2 seconds less a hop.
HOP = 256
WINDOW = 2 * RATE - HOP
FRAMES = WINDOW // HOP + 1
# Frames thrown away at each side of a window, where it sees half of what sounds.
MARGIN = 15
KEPT = FRAMES - 2 * MARGIN
SECONDS = HOP / RATE
LOWEST_KEY = 21  # A0, the first of the network's 88 rows
# Windows computed at once.
TOGETHER = 8
# The network evens out loudness, so it hears notes in the noise of a pause: frames this much below
# the loudest (60 dB) count as silence.
FLOOR = 1e-3
_INPUT = "serving_default_input_2:0"
_FRAME, _ONSET = "StatefulPartitionedCall:1", "StatefulPartitionedCall:2"


@dataclass(frozen=True)
class Posteriors:
    """Likelihoods (n, 88) float32 in [0, 1], rows SECONDS apart from the first sample on.

    onset: that a note starts there; frame: that it sounds.
    """

    onset: NDArray[np.float32]
    frame: NDArray[np.float32]


def hear(sound: Sound) -> Posteriors:
    """Run the network over a recording at RATE, any length.

    Windows start a whole number of frames (KEPT) apart, so that row i is the frame around sample
    i x HOP throughout. (Basic Pitch's own windows start 141.3 frames apart and keep 142 of each; it
    mends the drift afterwards.) Raises SettingsError when onnxruntime is not installed.
    """
    session = _session()
    count = -(-len(sound) // (KEPT * HOP))
    padded = np.zeros((count - 1) * KEPT * HOP + WINDOW, np.float32)
    padded[MARGIN * HOP :][: len(sound)] = sound[: len(padded) - MARGIN * HOP]
    starts = np.arange(count) * KEPT * HOP
    frames, onsets = [], []
    for first in range(0, count, TOGETHER):
        batch = np.stack([padded[s : s + WINDOW] for s in starts[first : first + TOGETHER]])
        frame, onset = session.run([_FRAME, _ONSET], {_INPUT: batch[..., None]})
        frames.append(frame[:, MARGIN:-MARGIN].reshape(-1, frame.shape[-1]))
        onsets.append(onset[:, MARGIN:-MARGIN].reshape(-1, onset.shape[-1]))
    rows = -(-len(sound) // HOP)
    audible = _level(sound, rows) > FLOOR * np.abs(sound).max()
    return Posteriors(
        *(np.concatenate(part)[:rows] * audible[:, None] for part in (onsets, frames))
    )


def _level(sound: Sound, rows: int) -> NDArray[np.float32]:
    """Peak of each frame and its two neighbours, (rows,)."""
    peaks = np.zeros(rows * HOP, np.float32)
    peaks[: len(sound)] = np.abs(sound)
    level = np.pad(peaks.reshape(rows, HOP).max(axis=1), 1)
    return np.asarray(np.maximum(np.maximum(level[:-2], level[1:-1]), level[2:]), np.float32)


def _session() -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise SettingsError(f"audio= needs onnxruntime: {INSTALL}") from error
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # of warnings about its own graph nobody has a use
    return onnxruntime.InferenceSession(str(WEIGHTS), options, providers=["CPUExecutionProvider"])
