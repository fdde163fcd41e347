"""The tables: those of the program, renewed once, refused where they are of another version, and append-only where they must be."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect, text
from sqlalchemy.exc import DBAPIError

from auditor.errors import BadUsage
from auditor.register import database
from auditor.register.home import make, open_
from auditor.register.schema import APPEND_ONLY, metadata


def test_the_migrations_make_the_tables_of_the_schema(home):
    with home.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata) == []
        looked = inspect(connection)
        for table in metadata.sorted_tables:
            wanted = {str(each.name) for each in table.constraints if isinstance(each, CheckConstraint)}
            assert {each["name"] for each in looked.get_check_constraints(table.name)} == wanted, table.name


def test_upgrade_twice_is_upgrade_once(place, run):
    status, said, _ = run("db", "upgrade", *place.options)
    assert (status, "– → " in said) == (0, True)
    status, again, _ = run("db", "upgrade", *place.options)
    assert status == 0
    assert f"{database.newest()} → {database.newest()}" in again
    assert run("db", "check", *place.options)[0] == 0


def test_no_tables_are_refused_in_one_line(place, run):
    make(place.folder, place.url).engine.dispose()
    status, said, error = run("db", "check", *place.options)
    assert (status, said, error.count("\n")) == (2, "", 1)
    assert "audit db upgrade" in error


def test_no_register_is_refused_and_none_is_made(place, run):
    status, _, error = run("db", "check", *place.options)
    assert (status, error.count("\n")) == (2, 1)
    assert not place.folder.exists()


@pytest.mark.parametrize("command", [("db", "check"), ("db", "upgrade"), ("review", "list"), ("db", "log")])
def test_tables_of_a_later_program_are_refused_in_one_line(register, home, run, command):
    with home.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    status, said, error = run(*command, *register.options)
    assert (status, said, error.count("\n")) == (2, "", 1)
    assert "9999" in error
    with pytest.raises(BadUsage):
        open_(register.folder, register.url)


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_what_is_append_only_is_neither_changed_nor_removed(home, table, rows):
    rows(home)
    column = next(iter(metadata.tables[table].c)).name
    with home.engine.connect() as connection:
        before = connection.execute(metadata.tables[table].select()).all()
        connection.rollback()
        assert before
        statements = [f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"]
        statements += [f"TRUNCATE {table} CASCADE"] if database.is_postgresql(home.engine) else []
        for statement in statements:
            with pytest.raises(DBAPIError, match="neither changed nor removed"):
                connection.execute(text(statement))
            connection.rollback()
        assert connection.execute(metadata.tables[table].select()).all() == before


def test_everything_that_has_to_be_kept_is_append_only():
    assert {"log", "decision", "original", "run", "result", "finding_change"} == set(APPEND_ONLY)
