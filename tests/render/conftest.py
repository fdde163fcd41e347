from pathlib import Path

import pytest
from test_hostile import KK, everywhere, listening

from auditor.render import pdf


@pytest.fixture(scope="session")
def classes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the class that starts veraPDF is compiled into, once."""
    return tmp_path_factory.mktemp("classes")


@pytest.fixture(scope="session")
def hostile_report() -> tuple[bytes, int, list[object]]:
    """The PDF of an audit with every hostile name in every field, the port it was to reach, and the connections that were made while it was drawn."""
    with listening() as (port, heard):
        return pdf.write(everywhere(port), KK), port, heard
