"""The third engine: the statements as `audit rules sql --dialect postgres` prints them, on PostgreSQL."""

from contextlib import ExitStack, contextmanager
from functools import partial

import polars as pl
import psycopg

from auditor.rulebook.dialects import transpiled

_TYPES = {pl.String: "text", pl.Boolean: "boolean", pl.Date: "date", pl.Int32: "integer", pl.Int64: "bigint", pl.UInt32: "bigint"}


def _type(dtype):
    if isinstance(dtype, pl.Decimal):
        return f"numeric({dtype.precision}, {dtype.scale})"
    return "text" if isinstance(dtype, pl.Categorical | pl.Enum) else _TYPES[dtype.base_type()]


class PgEngine:
    def __init__(self, connect, books, tables):
        self.connect, self.tables = connect, tables
        self.con = connect()
        self.empty = {}
        for name, frame in {"books": books.collect(), **tables}.items():
            self._put(name, frame)

    def _put(self, name, frame):
        self.empty[name] = frame.clear()
        columns = ", ".join(f'"{column}" {_type(dtype)}' for column, dtype in frame.schema.items())
        with self.con.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {name}; CREATE TABLE {name} ({columns})")
            with cursor.copy(f"COPY {name} FROM STDIN") as copy:
                for row in frame.iter_rows():
                    copy.write_row(row)

    def over(self, books):
        return PgEngine(self.connect, books, self.tables)

    def run(self, queries, found=None):
        for name, frame in (found or {}).items():
            self._put(name, frame)
        return [self._answer(query.sql) for query in queries]

    def _answer(self, sql):
        # PostgreSQL says what the values are; what type of column they are to us, says the statement over no rows.
        schema = pl.SQLContext(self.empty, eager=True).execute(sql).schema
        with self.con.cursor() as cursor:
            cursor.execute(transpiled(sql, "postgres"))
            columns = [column.name for column in cursor.description]
            rows = cursor.fetchall()
        assert columns == schema.names()
        return pl.DataFrame(rows, schema=schema, orient="row")


@contextmanager
def engines(server):
    """What makes an engine for a filing; their connections are closed in the end."""
    with ExitStack() as opened:
        connect = partial(_connection, server, opened)
        yield lambda filing: PgEngine(connect, filing.books, filing.tables)


def _connection(server, opened):
    return opened.enter_context(psycopg.connect(server.dsn(server.database().rpartition("/")[2]), autocommit=True))
