"""The same filing as a small one and as a large one."""

from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from auditor.check import engine, leads, likeness, narrowing, slips
from auditor.normalise import prepared, report_file
from auditor.read import delimited


@contextmanager
def as_large(held):
    """As a large filing is read and checked: streamed, typed from the plain form, on disk, each rule on the lines that it cannot do
    without, of which so many are held in memory."""
    small = (
        (delimited, "STREAM_FROM_BYTES", 0), (report_file, "_MOST_ODD_SHARE", 2.0), (prepared, "HELD_ROWS", -1), (engine, "_SMALL", -1),
        (likeness, "_FEW_LINES", -1), (slips, "_FEW_DONORS", -1), (narrowing, "_MOST_HELD", held),
        (leads, "_FEW_IDS", -1),
    )  # fmt: skip
    with ExitStack() as patches:
        for module, name, value in small:
            patches.enter_context(patch.object(module, name, value))
        yield
