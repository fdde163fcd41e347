"""How many times as many random examples as in `make test`; `make deep` asks for forty."""

import os

import pytest

from auditor.languages import LANGUAGES

DEEP = int(os.environ.get("AUDIT_DEEP", "1"))

one_language = pytest.mark.parametrize("lang", LANGUAGES if DEEP > 1 else ("kk",))
"""For what does not depend on the words: `make test` tries it in the language whose letters are the hardest."""

deep_only = pytest.mark.skipif(DEEP == 1, reason="one of several of a sort: `make deep` has them all")
