"""How a sounding Whisper codes time, and finds the first marker after a time: see `sounding_whisper`.

A frame's key holds the cell of 2 s that it is in, and cosines and sines of its time with a period of 6.4 s
and its overtones: as many as an attention head has room for beside the loudness of a marker. Cells tell
frames apart that the period confuses.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.floating[Any]]

PERIOD_S = 6.4
OVERTONES = 24
CELL_S = 2.0
CELLS = 15
TIMES = 2 * OVERTONES + CELLS

# The search for the next marker, in nats of attention: see _ahead.
AHEAD_S = 0.26
HORIZON_S = 4.0
"""Longer pauses end the text: a transcriber cuts its windows there anyway."""
BEHIND_S = 0.1
LOSS_PER_S = 10.0
LOSS_BEHIND = 90.0
LOSS_OTHER_CELL = 100.0
GAIN_OF_MARKER = 54.0
LAST_SEARCH_S = 29.55
"""After this a window has nothing to look at."""


def _angles(seconds: Values) -> Values:
    """Of each overtone, shape (n, OVERTONES)."""
    overtones = np.arange(1, OVERTONES + 1)
    # With these phases (Schroeder's) the overtones never peak together, which would unbalance the stream.
    phases = np.pi * overtones**2 / OVERTONES
    angles: Values = np.outer(seconds, 2 * np.pi / PERIOD_S * overtones) + phases
    return angles


def waves(seconds: Values, overtones: int = OVERTONES) -> Values:
    """Cosines and sines of a time, shape (n, 2 * overtones)."""
    angles = _angles(seconds)[:, :overtones]
    return np.concatenate([np.cos(angles), np.sin(angles)], axis=1)


def cells(seconds: Values) -> Values:
    """1 for the cell that a time is in, else 0, shape (n, CELLS)."""
    inside: Values = np.equal.outer(seconds // CELL_S, np.arange(CELLS)).astype(np.float64)
    return inside


def _ahead() -> tuple[Values, Values]:
    """Gains of the overtones' cosines and sines for the search.

    Together they make a function of how far a frame is ahead of the last word, of period PERIOD_S: from
    AHEAD_S on it falls slowly until HORIZON_S, so that the first marker wins; and it is far below that
    around 0, so that the last word's own marker loses against a frame where nothing sounds.
    """
    near = np.linspace(AHEAD_S, HORIZON_S, 400)
    far = np.linspace(HORIZON_S + 0.3, PERIOD_S + BEHIND_S, 250)
    wanted = np.concatenate([-LOSS_PER_S * (near - AHEAD_S), np.full(len(far), -LOSS_BEHIND)])
    angles = np.outer(np.concatenate([near, far]), 2 * np.pi / PERIOD_S * np.arange(1, OVERTONES + 1))
    columns = np.concatenate([np.cos(angles), np.sin(angles), np.ones((len(angles), 1))], axis=1)
    # Ahead, every ripple counts; behind, only the depth does.
    weights = np.concatenate([np.full(len(near), 2.0), np.ones(len(far))])
    gains = np.linalg.lstsq(columns * weights[:, None], wanted * weights, rcond=None)[0]
    return gains[:OVERTONES], gains[OVERTONES : 2 * OVERTONES]


def queries(seconds: Values) -> Values:
    """Queries, each value within -1..1, for the first marker after a time, shape (n, TIMES + 1)."""
    cosine_gains, sine_gains = _ahead()
    phases = np.arctan2(sine_gains, cosine_gains)
    angles = _angles(seconds) + phases
    starts = CELL_S * np.arange(CELLS) - seconds[:, None]
    near = (starts > -CELL_S) & (starts < HORIZON_S)
    # One cell counts for LOSS_OTHER_CELL more than the other, and all of them sum up to about 0.
    places = np.where(near, 0.8, -0.2)
    marker = np.where(seconds < LAST_SEARCH_S, 1.0, -1.0)[:, None]
    return np.concatenate([np.cos(angles), np.sin(angles), places, marker], axis=1)


def query_gains() -> Values:
    """What each value of a query counts, in nats, shape (TIMES + 1,)."""
    amplitudes = np.hypot(*_ahead())
    return np.concatenate([amplitudes, amplitudes, np.full(CELLS, LOSS_OTHER_CELL), [GAIN_OF_MARKER]])
