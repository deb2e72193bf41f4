"""Functions that numba compiles, and loads from its cache at less cost than by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numba import njit
from numba.core.caching import FunctionCache
from numba.core.runtime.nrt import rtsys

if TYPE_CHECKING:
    from collections.abc import Callable


# Of numba's own parts: where a later version has others, kernels load at numba's own cost.
_PARTS = ("_load_overload", "_guard_against_spurious_io_errors")


class _Cache(FunctionCache):
    def load_overload(self: Any, sig: Any, target_context: Any) -> Any:
        """Return what was compiled for a signature, None where nothing was.

        numba would first load all that it knows how to compile, for a fifth of a second. What is
        compiled needs its allocation of memory alone; the compiler loads the rest by itself.
        """
        rtsys.initialize(target_context)
        with self._guard_against_spurious_io_errors():
            return self._load_overload(sig, target_context)


def kernel(function: Callable[..., Any]) -> Any:
    """Compile a function for the types it is called with, once for all later processes."""
    if not all(hasattr(FunctionCache, part) for part in _PARTS):
        return njit(nogil=True, cache=True)(function)
    compiled: Any = njit(nogil=True)(function)
    cache: Any = _Cache
    compiled._cache = cache(function)
    return compiled
