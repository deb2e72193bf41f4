"""Functions that numba compiles: they load at less cost than by itself, and end on Ctrl-C."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any

from numba.core.caching import FunctionCache
from numba.core.registry import CPUDispatcher
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
        # Hundreds of classes are made: looking for garbage among all tables would take longer.
        is_on = gc.isenabled()
        gc.disable()
        try:
            with self._guard_against_spurious_io_errors():
                return self._load_overload(sig, target_context)
        finally:
            if is_on:
                gc.enable()


class _Kernel(CPUDispatcher):
    def __call__(self, *given: Any) -> Any:
        """Call it; what a handler of signals raises meanwhile is raised as it is.

        To return arrays numba calls a function in Python, in which Ctrl-C is heard of, and goes on
        as if nothing were; Python then finds that strange.
        """
        call: Any = super().__call__
        try:
            return call(*given)
        except SystemError as error:
            raised: BaseException = error
            while raised.__cause__:
                raised = raised.__cause__
            if raised is error:
                raise
            raise raised from None


def kernel(function: Callable[..., Any]) -> Any:
    """Compile a function for the types it is called with, once for all later processes."""
    new: Any = _Kernel
    compiled = new(function, targetoptions={"nopython": True, "nogil": True, "boundscheck": None})
    if all(hasattr(FunctionCache, part) for part in _PARTS):
        cache: Any = _Cache
        compiled._cache = cache(function)
    else:
        compiled.enable_caching()
    return compiled
