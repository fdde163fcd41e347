import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

if "AUDIT_DEEP" not in os.environ:
    os.environ.setdefault("POLARS_MAX_THREADS", "1")  # each worker of the tests has one core; `make deep` uses them all
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # hundreds of commands are started, and would compile every module again
