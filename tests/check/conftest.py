"""An audit of tables that are written out in a test."""

from datetime import date

import pytest
from answers import LAW, WORDS

from auditor.normalise.scope import Scope
from auditor.render.data import document
from auditor.workflow import Request, audit


@pytest.fixture
def told(tmp_path):
    def of(tables, *rules, scope=None, overrides=None):
        for name, lines in tables.items():
            (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        request = Request([str(tmp_path)], date(2023, 4, 15), select=rules, scope=scope or Scope())
        return document(audit(request, LAW.with_overrides(overrides or {}), WORDS))

    return of
