"""How many times as many random examples as in `make test`; `make deep` asks for forty."""

import os

DEEP = int(os.environ.get("AUDIT_DEEP", "1"))
