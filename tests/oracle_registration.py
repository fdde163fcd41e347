"""REG-001..004: the people on the lists and in the districts."""

from dataclasses import dataclass
from datetime import date

from oracle_books import Books, Case
from oracle_cells import code, date_of, text, written_id
from oracle_filing import YES_NO, records
from oracle_needs import Needs, all_of
from oracle_sums import finding

QUOTA_PER_CENT = 30
YOUNG_UNDER = 29
ELIGIBLE_AT = 25
RESIDENT_FOR = 10


@dataclass(frozen=True)
class Candidate:
    """A row of `candidates`."""

    row: int
    candidate_id: str
    contestant_id: str
    sex: str | None
    born_on: date | None
    disability: str | None
    resident_since: date | None


def read_candidates(case: Case) -> list[Candidate]:
    """ "a record without a readable required cell, or of a contestant known nowhere else, is a problem and is left out"."""
    candidates = []
    for number, row in records("candidates", case.tables, case.columns):
        candidate_id, contestant_id = written_id(text(row, "candidate_id")), text(row, "contestant_id")
        if candidate_id is None or text(row, "name") is None or contestant_id not in case.known:
            continue
        candidates.append(
            Candidate(
                row=number,
                candidate_id=candidate_id,
                contestant_id=contestant_id,
                sex=code(row, "sex", ("f", "m")),
                born_on=date_of(text(row, "born_on")),
                disability=code(row, "disability", YES_NO),
                resident_since=date_of(text(row, "resident_since")),
            )
        )
    return candidates


def of_contestant(books: Books, candidates: list[Candidate]) -> dict[str, list[Candidate]]:
    """The contestant's people by their id, in the order of their first rows; somebody may stand in the table twice."""
    people: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        if candidate.contestant_id == books.contestant_id:
            people.setdefault(candidate.candidate_id, []).append(candidate)
    return people


def full_years(since: date, until: date) -> int:
    """Whole years: the anniversary itself completes one. Somebody born on 29 February has it on 1 March."""
    return until.year - since.year - ((until.month, until.day) < (since.month, since.day))


def reg_001(case: Case) -> list[dict]:
    """ "women, people under 29 and people with disabilities together are less than 30 % of a party's list (each person counted once); age
    on election day"; count / needed (rounded up); rows: "the candidates that were counted".

    Reading: the list is the people in `candidates`, not list_size. "A fact that is empty" leaves open whether that person counts: where
    the list falls short even if all of those counted, it is a breach; where it depends on them, the rule is not assessed for the list.
    Rows: of every person counted the first row that makes it so.
    """
    candidates = read_candidates(case)

    def counts(candidate: Candidate) -> bool:
        is_young = candidate.born_on is not None and full_years(candidate.born_on, case.calendar.election_day) < YOUNG_UNDER
        return candidate.sex == "f" or is_young or candidate.disability == "yes"

    def is_open(candidate: Candidate) -> bool:
        return None in (candidate.sex, candidate.born_on, candidate.disability)

    findings = []
    for books in case.books:
        people = of_contestant(books, candidates)
        if books.contest != "party_list" or not people:
            continue
        counted = [next(row for row in rows if counts(row)) for rows in people.values() if any(counts(row) for row in rows)]
        undecided = [rows for rows in people.values() if not any(counts(row) for row in rows) and any(is_open(row) for row in rows)]
        needed = -(-len(people) * QUOTA_PER_CENT // 100)
        if len(counted) + len(undecided) >= needed:
            continue
        rows = [("candidates", candidate.row) for candidate in counted]
        findings.append(finding("REG-001", books, measured=len(counted), limit=needed, excess=len(counted) - needed, rows=rows))
    return findings


def reg_002(case: Case) -> list[dict]:
    """ "the same person stands on a list and in a single-mandate district; one finding for each of the contestants, subject =
    candidate_id"; rows: "every row of that person in `candidates`".

    Reading: the same candidate_id, as `candidates` has it; person_id of `contestants` is not asked. Whatever the contestants' status.
    """
    candidates = read_candidates(case)
    findings = []
    for person in {candidate.candidate_id for candidate in candidates}:
        rows = [candidate for candidate in candidates if candidate.candidate_id == person]
        stands_for = [books for books in case.books if books.contestant_id in {candidate.contestant_id for candidate in rows}]
        if {"party_list", "single_mandate"} <= {books.contest for books in stands_for}:
            evidence = [("candidates", candidate.row) for candidate in rows]
            findings += [finding("REG-002", books, subject=person, rows=evidence) for books in stands_for]
    return findings


def too_few_years(case: Case, rule: str, column: str, limit: int) -> list[dict]:
    """ "a candidate is under 25 on election day", "resident for less than 10 years on election day"; "subject = person"; years / limit;
    rows: "the candidate's row".

    Reading: of a person who stands in the table twice for one contestant, the first row with too few years. An empty date is not assessed.
    """
    candidates = read_candidates(case)
    findings = []
    for books in case.books:
        for person, rows in of_contestant(books, candidates).items():
            known = [(row, full_years(getattr(row, column), case.calendar.election_day)) for row in rows if getattr(row, column)]
            short = [(row, years) for row, years in known if years < limit]
            if short:
                row, years = short[0]
                evidence = [("candidates", row.row)]
                findings.append(finding(rule, books, subject=person, measured=years, limit=limit, excess=years - limit, rows=evidence))
    return findings


RULES = {
    "REG-001": reg_001,
    "REG-002": reg_002,
    "REG-003": lambda case: too_few_years(case, "REG-003", "born_on", ELIGIBLE_AT),
    "REG-004": lambda case: too_few_years(case, "REG-004", "resident_since", RESIDENT_FOR),
}
# "REG: `candidates` with the columns they name"
NEEDS: dict[str, Needs] = {
    "REG-001": all_of("candidates", "sex", "born_on", "disability"),
    "REG-002": all_of("candidates", "candidate_id"),
    "REG-003": all_of("candidates", "born_on"),
    "REG-004": all_of("candidates", "resident_since"),
}
