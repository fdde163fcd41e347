"""The rows behind verdicts: fetched by the rule's own statement, put in order of date and row, with the running total."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from auditor.check.verdicts import Given, Picked, Rows, Verdict
from auditor.model.finding import REGISTER_FACT, Crossing, Line, line_of
from auditor.model.place import Place
from auditor.rulebook.models import Rule
from auditor.rulebook.parts import GIVER, OWN
from auditor.rulebook.sql import OF_REGISTER, Query, RuleSql

FOUND_TYPES = {"contestant_id": pl.String, "subject": pl.String, "variant": pl.Int32, "day": pl.Date}


def table_of(verdicts: Sequence[Verdict]) -> pl.DataFrame:
    """What was found, as the table that the evidence statement is joined to."""
    rows = [(_fund(v), subject, v.variant, v.day) for v in verdicts for subject in _subjects(v)]
    return pl.DataFrame(rows, schema=FOUND_TYPES, orient="row").unique(maintain_order=True)


def evidence_queries(
    compiled: Mapping[str, RuleSql], verdicts: Mapping[str, Sequence[Verdict]]
) -> tuple[dict[str, Query], dict[str, pl.DataFrame]]:
    """For each rule that found something: the statement that fetches its lines, and the table it is joined to."""
    wanted = {code: found for code, found in verdicts.items() if any(_is_fetched(v) for v in found)}
    tables = {f"found_{code.replace('-', '_').lower()}": table_of(found) for code, found in wanted.items()}
    return {code: compiled[code].evidence_of(name) for code, name in zip(wanted, tables, strict=True)}, tables


def _is_fetched(verdict: Verdict) -> bool:
    """Whether the rows are lines of the books."""
    return verdict.rows is not Rows.REGISTER and not isinstance(verdict.rows, Given)


def _fund(verdict: Verdict) -> str:
    """Whose lines they are; those of several funds together stand under nobody."""
    return "" if verdict.members or verdict.contestant_id is None else verdict.contestant_id


def _subjects(verdict: Verdict) -> tuple[str, ...]:
    return verdict.members or (verdict.subject or "",)


class Evidence:
    """The fetched lines of one rule, by contestant, subject and variant."""

    def __init__(self, rule: Rule, lines: pl.DataFrame, files: Sequence[tuple[str, str | None]]) -> None:
        self._files = files
        self._cells, self._of_register = rule.check.cells_told(), rule.check.register_told()
        self._told_if_given = set(rule.check.told_if_given())
        ordered = lines.sort(pl.col("date"), "file", "row", nulls_last=True)
        self._groups = dict(ordered.group_by("contestant_id", "subject", "variant", maintain_order=True))
        self._empty = lines.clear()

    def of(self, verdict: Verdict) -> tuple[list[Line], Crossing | None]:
        """The rows of a finding with their running total, and the row that went over."""
        found = [self._groups.get((_fund(verdict), subject, verdict.variant), self._empty) for subject in _subjects(verdict)]
        group = found[0] if len(found) == 1 else pl.concat(found).sort(pl.col("date"), "file", "row", nulls_last=True)
        if verdict.members and verdict.contestant_id is not None:
            group = group.filter(pl.col("fund") == verdict.contestant_id)
        return self._lines(self._chosen(group, verdict), verdict)

    @staticmethod
    def _chosen(group: pl.DataFrame, verdict: Verdict) -> pl.DataFrame:
        match verdict.rows:
            case Rows.SUM:
                return group.filter(pl.col("effect").is_not_null())
            case Rows.RAISING:
                return group.filter(pl.col("could_raise").is_not_null())
            case Rows.LOWERING:
                return group.filter(pl.col("could_lower").is_not_null())
            case Rows.WITHOUT_AMOUNT:
                return group.filter(pl.col("without_amount").is_not_null())
            case Rows.HITS_AND_BACK:
                return group.filter(pl.col("effect").is_not_null() | pl.col("without_amount").is_not_null())
            case Rows.PEOPLE:
                return group.filter(pl.col("person").is_not_null())
            case Picked(places):
                picked = pl.DataFrame(list(places), schema={"file": pl.Int32, "row": pl.Int64}, orient="row")
                return group.join(picked, on=["file", "row"], how="semi", maintain_order="left")
            case _:
                return group

    def _facts(self, row: Mapping[str, object]) -> tuple[tuple[str, object], ...]:
        """The cells by which the line is a row of this finding, and the facts of the register that they are held against."""
        cells = [(name, row[name]) for name in self._cells if name != GIVER or row[name] == OWN]
        facts = [(name, row[f"{OF_REGISTER}{name}"]) for name in self._of_register]
        told = ((name, value) for name, value in facts if value is not None or name not in self._told_if_given)
        return (*cells, *((f"{REGISTER_FACT}{name}", value) for name, value in told))

    def _lines(self, chosen: pl.DataFrame, verdict: Verdict) -> tuple[list[Line], Crossing | None]:
        lines: list[Line] = []
        crossing: Crossing | None = None
        running = None
        several = verdict.contestant_id is None and "fund" in chosen.columns
        for row in chosen.iter_rows(named=True):
            file, sheet = self._files[row["file"]]
            place = Place("reports", file, sheet, row["row"])
            effect = row["effect"]
            if effect is not None:
                running = effect if running is None else running + effect
            fund = row["fund"] if several else None
            lines.append(line_of(place, row, effect=effect, running=running, fund=fund, facts=self._facts(row)))
            if verdict.crossing and crossing is None and running is not None and verdict.limit is not None and running > verdict.limit:
                crossing = Crossing(place, row["date"])
        return lines, crossing
