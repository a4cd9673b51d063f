"""Random inputs, drawn in two ways by one generator of cases.

A generator is a function of a `Draw`. In a passing run NumPy draws, since that takes
microseconds; when a case fails, Hypothesis draws from the same generator and shrinks.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

T = TypeVar("T")
_ENTRY_BY_ENTRY = 8


class Draw(Protocol):
    """What a generator of cases may draw."""

    def integer(self, low: int, high: int) -> int:
        """Draw an integer, both ends included."""
        ...

    def real(self, low: float, high: float) -> float:
        """Draw a float."""
        ...

    def choice(self, options: Sequence[T]) -> T:
        """Draw one of the options; simpler ones first, for shrinking goes there."""
        ...

    def array(self, shape: int | Sequence[int], low: float = -3.0, high: float = 3.0) -> NDArray[np.float64]:
        """Draw an array of float64."""
        ...

    def integers(
        self, shape: int | Sequence[int], low: int, high: int, dtype: DTypeLike = np.int64
    ) -> NDArray[Any]:
        """Draw an array of integers, both ends included."""
        ...

    def sizes(self, count: int, low: int, high: int) -> tuple[int, ...]:
        """Draw sizes that all differ, so that a swapped axis shows."""
        ...


class RandomDraw:
    """Draws with a NumPy generator."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._decks: dict[tuple[object, int, int], list[int]] = {}

    def integer(self, low: int, high: int) -> int:
        """Draw an integer, both ends included."""
        return int(self._rng.integers(low, high, endpoint=True))

    def real(self, low: float, high: float) -> float:
        """Draw a float."""
        return float(self._rng.uniform(low, high))

    def choice(self, options: Sequence[T]) -> T:
        """Draw one of the options; where it is asked again, each comes up before any comes twice."""
        caller = sys._getframe(1)
        deck = self._decks.setdefault((caller.f_code, caller.f_lasti, len(options)), [])
        if not deck:
            deck.extend(self._rng.permutation(len(options)).tolist())
        return options[deck.pop()]

    def array(self, shape: int | Sequence[int], low: float = -3.0, high: float = 3.0) -> NDArray[np.float64]:
        """Draw an array of float64."""
        return self._rng.uniform(low, high, size=shape)

    def integers(
        self, shape: int | Sequence[int], low: int, high: int, dtype: DTypeLike = np.int64
    ) -> NDArray[Any]:
        """Draw an array of integers, both ends included."""
        return self._rng.integers(low, high, size=shape, endpoint=True).astype(dtype)

    def sizes(self, count: int, low: int, high: int) -> tuple[int, ...]:
        """Draw sizes that all differ."""
        return tuple(int(n) for n in self._rng.choice(np.arange(low, high + 1), size=count, replace=False))


class HypothesisDraw:
    """Draws through Hypothesis, which then knows how to make a case smaller."""

    def __init__(self, draw: Any) -> None:
        from hypothesis import strategies

        self._draw = draw
        self._st = strategies

    def integer(self, low: int, high: int) -> int:
        """Draw an integer, both ends included."""
        return int(self._draw(self._st.integers(low, high)))

    def real(self, low: float, high: float) -> float:
        """Draw a float of few digits: what shrinks well also reads well."""
        whole = self._st.integers(int(np.ceil(low)), int(np.floor(high)))
        fine = self._st.floats(low, high, allow_subnormal=False)
        return float(self._draw(whole | fine if high - low >= 1 else fine))

    def choice(self, options: Sequence[T]) -> T:
        """Draw one of the options; shrinks to the first."""
        return options[self.integer(0, len(options) - 1)]

    def array(self, shape: int | Sequence[int], low: float = -3.0, high: float = 3.0) -> NDArray[np.float64]:
        """Draw an array of float64, entry by entry once it is small."""
        count = int(np.prod(shape))
        if count > _ENTRY_BY_ENTRY:
            return np.clip(np.round(self._rng().uniform(low, high, size=shape), 1), low, high)
        return np.array([self.real(low, high) for _ in range(count)], dtype=np.float64).reshape(shape)

    def integers(
        self, shape: int | Sequence[int], low: int, high: int, dtype: DTypeLike = np.int64
    ) -> NDArray[Any]:
        """Draw an array of integers, both ends included."""
        count = int(np.prod(shape))
        if count > _ENTRY_BY_ENTRY:
            return self._rng().integers(low, high, size=shape, endpoint=True).astype(dtype)
        return np.array([self.integer(low, high) for _ in range(count)], dtype=dtype).reshape(shape)

    def _rng(self) -> np.random.Generator:
        """Draw one number for a whole array: a hundred would cost Hypothesis seconds to make smaller."""
        return np.random.default_rng(self.integer(0, 2**16))

    def sizes(self, count: int, low: int, high: int) -> tuple[int, ...]:
        """Draw sizes that all differ."""
        return tuple(
            self._draw(
                self._st.lists(self._st.integers(low, high), min_size=count, max_size=count, unique=True)
            )
        )
