"""Lists published nats a frame on the same test splits, each with its source."""

from typing import NamedTuple


class Published(NamedTuple):
    """A row of the literature.

    chord: how a frame's pitches are modelled, "independent" or "one by one"; jsb, nottingham,
    piano_midi, musedata: nats a frame, lower is better, None where the source has none.
    """

    model: str
    chord: str
    jsb: float
    nottingham: float
    piano_midi: float | None
    musedata: float | None
    source: str


BAI = "Bai et al. 2018, arXiv 1803.01271, table 1"
TABLE = (
    Published("LSTM", "independent", 8.45, 3.29, None, None, BAI),
    Published("TCN", "independent", 8.10, 3.07, None, None, BAI),
    Published(
        "RRU", "independent", 7.72, 2.92, None, None, "Zakovskis et al. 2021, arXiv 2108.00527"
    ),
    Published(
        "RNN-NADE", "one by one", 5.56, 2.31, 7.05, 5.60,
        "Boulanger-Lewandowski et al. 2012, arXiv 1206.6392, table 1",
    ),
)  # fmt: skip
