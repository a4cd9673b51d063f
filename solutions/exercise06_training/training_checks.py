"""What both files of exercise06's suite use: losses to feed, numbers to tell, states to compare."""

import functools
import math

from dlgrade.suite import Draw, check

NAN = math.nan
WORKED = [1.0, 0.8, 0.9, 0.85, 0.7, 0.75, 0.72, 0.71, 0.74]


def told(values) -> str:
    """Numbers, for a sentence."""
    return "[" + ", ".join(f"{value:.6g}" for value in values) + "]"


def losses(draw: Draw, count: int = 14) -> list[float]:
    """Draw losses, some equal, 0 or less, or NaN; multiples of 1/8, so that equal is equal in any formula."""
    low, high = draw.choice([(2, 12), (-4, 8), (0, 4)])
    nans = draw.choice([0, 0, 5])
    return [NAN if draw.integer(1, 20) <= nans else draw.integer(low, high) / 8 for _ in range(count)]


def check_state(got, want, name: str, atol: float) -> None:
    """Check what a state_dict holds."""
    check.keys(got, *want)
    for key, right in want.items():
        close = functools.partial(check.close, got[key], name=f'{name}["{key}"]', rtol=0.0, atol=atol)
        close(right.item() if right.dim() == 0 else right.double().numpy())
