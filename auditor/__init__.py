"""Campaign finance auditor: checks reports against the law as declarative rules, and says what could not be assessed.

The public names are `load_rulebook`, `load_words`, `Request`, `audit` and `as_json` (README, "From Python"); they are imported when first
asked for, so that `audit --help` answers before Polars would be loaded.
"""

from __future__ import annotations

import os
from decimal import DefaultContext, getcontext
from typing import TYPE_CHECKING, Any

# Sums of amounts with 26 digits before the decimals are exact; Python would round them at 28.
DefaultContext.prec = getcontext().prec = 80

# Polars' allocator (jemalloc, where there is one) gives memory back after half a second. A pass over a large filing is longer: kept for
# four seconds, half of what it would fetch again is still there; with fewer arenas the process is no larger for it. It is read when Polars
# is loaded; what the user has set stands.
os.environ.setdefault("_RJEM_MALLOC_CONF", f"dirty_decay_ms:4000,muzzy_decay_ms:0,narenas:{os.cpu_count() or 1}")

if TYPE_CHECKING:
    from auditor.render.data import as_json
    from auditor.rulebook.load import load as load_rulebook
    from auditor.wording import load as load_words
    from auditor.workflow import Request, audit

_NAMES = {
    "load_rulebook": ("auditor.rulebook.load", "load"),
    "load_words": ("auditor.wording", "load"),
    "Request": ("auditor.workflow", "Request"),
    "audit": ("auditor.workflow", "audit"),
    "as_json": ("auditor.render.data", "as_json"),
}
__all__ = ["Request", "as_json", "audit", "load_rulebook", "load_words"]


def __getattr__(name: str) -> Any:
    if name not in _NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    module, attribute = _NAMES[name]
    return getattr(import_module(module), attribute)
