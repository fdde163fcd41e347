"""Reports and their lines, without the files that they stand in."""

from datetime import date
from decimal import Decimal

from auditor.normalise.reports import Filed, Group
from auditor.normalise.settling import settle

PERIOD = (date(2023, 2, 18), date(2023, 3, 31))
DAY = date(2023, 4, 5)


def lines(file, last):
    return Group(file, "SM-1", "R", "final", PERIOD, DAY, (file, 2), (file, last), typeless=False, sums={"own_funds": Decimal(last)})


def test_of_a_face_with_lines_in_a_common_file_and_in_a_filing_of_its_own_each_has_its_own_lines():
    face = Filed("R", "SM-1", "final", PERIOD, DAY, (9, 2))
    common, own = lines(0, 7), lines(3, 5)
    made = settle([face], [common, own], own_filing={3: 3})
    of_common, of_own = made.of_group[common], made.of_group[own]
    assert of_common is not of_own
    assert (of_common.last, of_own.last) == ((0, 7), (3, 5))
    assert (of_common.sums, of_own.sums) == ({"own_funds": Decimal(7)}, {"own_funds": Decimal(5)})
    assert made.counts(of_own) and not made.stands(of_common)  # what came by itself came later
