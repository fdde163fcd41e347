"""What the tests of documents share."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def classes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the class that starts veraPDF is compiled into, once."""
    return tmp_path_factory.mktemp("classes")
