"""Names the arrays that most signatures have, by what they hold; shapes stand in the docstrings."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
# Of networks and of sound, and of all other reckoning.
Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
