"""What the tests of documents share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pdf_validation.verapdf import Validator


@pytest.fixture(scope="session")
def verapdf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Validator]:
    """veraPDF, started when it is first asked."""
    made = Validator(tmp_path_factory.mktemp("verapdf"))
    yield made
    made.close()
