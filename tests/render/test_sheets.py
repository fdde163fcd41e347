"""A workbook that is never finished leaves nothing behind."""

import gc
import tempfile
import warnings
from datetime import date

from auditor.render.sheets import SheetColumn, Sheets


def test_rows_that_went_to_disk_go_with_a_workbook_that_is_not_finished(tmp_path, monkeypatch):
    """In them stand whole ids; Ctrl-C comes in the middle of a large one."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    sheets = Sheets("x", date(2023, 4, 15))
    sheets.table("a", [SheetColumn("b")], [["900101300017"]])
    assert [*tmp_path.rglob("*")]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # nobody closes its files, as nobody would then
        del sheets
        gc.collect()
    assert not [*tmp_path.rglob("*")]
    whole = Sheets("x", date(2023, 4, 15))
    whole.table("a", [SheetColumn("b")], [["900101300017"]])
    assert whole.finished().startswith(b"PK") and not [*tmp_path.rglob("*")]
