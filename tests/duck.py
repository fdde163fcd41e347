"""The second engine: the same statements, word for word, on DuckDB."""

import duckdb
import polars as pl


class DuckEngine:
    def __init__(self, books, tables):
        self.tables = tables
        self.con = duckdb.connect()
        self.con.execute("SET threads = 2")
        self.con.register("books", books.collect().to_arrow())
        for name, frame in tables.items():
            self.con.register(name, frame.to_arrow())

    def over(self, books):
        return DuckEngine(books, self.tables)

    def run(self, queries, found=None):
        for name, frame in (found or {}).items():
            self.con.register(name, frame.to_arrow())
        return [pl.from_arrow(self.con.sql(query.sql).to_arrow_table()) for query in queries]


def make(filing):
    return DuckEngine(filing.books, filing.tables)
