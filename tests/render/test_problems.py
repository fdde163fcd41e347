"""Many problems of one kind do not hide the one of another."""

from hypothesis import given
from hypothesis import strategies as st

from auditor.model.input import Problem
from auditor.render.problems import some_of_each


def problem(file: str, code: str, row: int) -> Problem:
    return Problem(code, file, None, row, None, None, "")


FILED = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["INP-001", "INP-005", "INP-012"])), max_size=40)


@given(FILED, st.integers(1, 20))
def test_as_many_as_asked_for_in_their_order_and_none_without_its_like(filed: list[tuple[str, str]], most: int) -> None:
    several = [problem(file, code, row) for row, (file, code) in enumerate(filed)]
    some = some_of_each(several, most)
    assert len(some) == min(most, len(several))
    assert [one.row for one in some] == sorted({one.row for one in some})
    for file, code in set(filed):
        kind = [one.row for one in several if (one.file, one.code) == (file, code)]
        told = [one.row for one in some if (one.file, one.code) == (file, code)]
        assert told == kind[: len(told)]
        # Whoever is cut short has as many places as anybody, or one less.
        if len(told) < len(kind):
            assert all(sum((one.file, one.code) == other for one in some) <= len(told) + 1 for other in set(filed)), (
                "another kind took its places"
            )


def test_on_the_screen_the_last_kind_is_told_and_the_rest_counted(tmp_path, run) -> None:
    heading = "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_name,counterparty_id\n"
    many = "".join(f"SM-1,single_mandate,2023-03-01,donation,{n},individual,A,12345\n" for n in range(1, 41))
    (tmp_path / "reports.csv").write_text(heading + many + "SM-1,single_mandate,2023-03-01,donation,1e6,individual,A,\n", encoding="utf-8")
    _, out, _ = run("check", tmp_path / "reports.csv", "--lang", "en", "--select", "DON-001")
    assert "“1e6”" in out or '"1e6"' in out
    assert "and 21 more (INP-005: 21)" in out
