"""How many times as many random examples as in `make test`; `make deep` asks for forty."""

import os

import pytest

DEEP = int(os.environ.get("AUDIT_DEEP", "1"))

deep_only = pytest.mark.skipif(DEEP == 1, reason="one of several of a sort: `make deep` has them all")
