import os

import postgres
import pytest

LACKS = "PostgreSQL is not installed (apt-get install postgresql); the register is tested on SQLite only"


@pytest.fixture(scope="session")
def server():
    made = postgres.server()
    if made is None:
        if os.environ.get("CI"):
            pytest.fail(LACKS)
        pytest.skip(LACKS)
    return made


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """The address of an empty database: of the register's own file, and of a PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'register.sqlite3'}"
    return request.getfixturevalue("server").database()
