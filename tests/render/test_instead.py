"""The line in the place of another, where what differs is the id: it is said, by the last four digits."""

import pytest

HEADING = "contestant_id,contest,report_id,report_type,period_start,period_end,date,kind,amount,counterparty_type,counterparty_name,counterparty_id"
ONE, OTHER = "900101310024", "900101310014"


def line(kind, name, ident, until):
    return f"S1,single_mandate,{kind[0].upper()},{kind},2023-02-18,{until},2023-02-20,donation,100,individual,{name},{ident}"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (("Ivan", ONE), ("Ivan", OTHER), "Ivan, another id: ••••••••0014"),
        (("Ivan", ""), ("Ivan", OTHER), "Ivan, another id: ••••••••0014"),
        (("Ivan", ONE), ("Ivan", ""), "Ivan, another id: –"),
        (("", ONE), ("", OTHER), "another id: ••••••••0014"),
        (("Ivan", ONE), ("Petr", ONE), "Petr"),
        (("Ivan", ONE), ("", ONE), "••••••••0024"),
    ],
)
def test_another_id_is_said_on_the_screen_and_in_the_report(run, tmp_path, before, after, said):
    amount = 100.01 if before[1] == after[1] else 100  # otherwise the final report has the line
    lines = [HEADING, line("interim", *before, "2023-02-28"), line("final", *after, "2023-03-19").replace(",100,", f",{amount},")]
    (tmp_path / "reports.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    asked = [tmp_path / "reports.csv", "--select", "RPT-008", "--as-of", "2023-04-15", "--lang", "en"]
    screen = run("check", *asked, "--fail-on", "never")[1]
    assert f"row 3  20 Feb 2023  {amount:.2f}  {said}\n" in screen
    assert run("report", *asked, "-o", tmp_path / "f.html")[0] in (0, 1)
    page = (tmp_path / "f.html").read_text(encoding="utf-8").replace("\u00a0", " ")
    assert f"20 Feb 2023 · {amount:.2f} KZT · {said}<" in page
    assert ONE not in screen + page and OTHER not in screen + page
