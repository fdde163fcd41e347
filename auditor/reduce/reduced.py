"""An audit → the same audit as it may be published. What is not taken over here by name is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import overload

from auditor.masking import LONGEST_NAME, shortened
from auditor.model.audit import Asked, Audit, Published
from auditor.model.contestant import Contestant
from auditor.model.coverage import Coverage, Gap
from auditor.model.finding import Crossing, Finding, Line, Outcome, funds_of
from auditor.model.input import Input, LeftOut, Problem
from auditor.model.place import Place
from auditor.reduce import ids_as_amounts
from auditor.reduce.people import People
from auditor.reduce.profile import Profile
from auditor.reduce.reasons import PublishedReasons
from auditor.reduce.secret import Secret
from auditor.tables import ID_COLUMNS, TABLES, columns
from auditor.wording import Words

Where = tuple[str, str | None]
# What may be said of how a file was read; names of sheets and of mapping files may hold a person's.
_ASSUMED = frozenset(("encoding", "delimiter", "decimal_mark", "date_order", "heading_row"))
_STATED = frozenset(("encoding", "delimiter", "heading_row", "strict"))
_FORMS = ("decimal_mark", "date_order")


@dataclass(frozen=True)
class Reduction:
    """By what an audit is made fit to be published: a profile, and the secret of the election."""

    profile: Profile
    secret: Secret

    def __call__(self, audit: Audit, words: Words) -> Audit:
        """The audit as it may be published."""
        return reduced(audit, self.profile, self.secret, words)

    def text(self, value: str, election: str, words: Words) -> str:
        """A text, the id of a contestant say, as it stands in what is published of this election."""
        return People(self.profile, self.secret, election, words).text(value)


def reduced(audit: Audit, profile: Profile, secret: Secret, words: Words) -> Audit:
    """The audit with persons told by keys, and only what the profile names. Lines, rejected records and names of files passed over
    are left out; of a problem, what the cell holds. Raises BadUsage where an amount could be the id of a person.

    Findings are put in order again by what is shown, for the order of ids would tell of them.
    """
    return _Reducing(audit, People(profile, secret, audit.election, words)).whole()


class _Reducing:
    def __init__(self, audit: Audit, people: People) -> None:
        self.audit = audit
        self.people = people
        self.words = people.words
        self.files = {} if people.profile.says.file_names else _numbered(audit)
        self.doubtful = {(one.file, one.sheet, one.row) for one in audit.problems if one.column in ID_COLUMNS}
        self.known = frozenset(
            name for one in audit.contestants for name in (*one.books, *one.superseded, *one.other_finals, *one.interims)
        )
        self.ids = {one.contestant_id: self.people.contestant(one) for one in audit.contestants}
        reports = {name: self.people.report(name) for name in self.known}
        names = {"reports": reports, "files": self._files_told(), "contestants": self.ids}
        self.reasons = PublishedReasons(self.words, names, self.people.text, self.people.unknown_contestant)

    def whole(self) -> Audit:
        ids_as_amounts.refuse(self.audit)
        audit, profile = self.audit, self.people.profile
        leads = profile.says.leads
        findings = [self.finding(one) for one in audit.findings if leads or one.outcome is not Outcome.LEAD]
        findings.sort(key=lambda finding: finding.place_in_order)
        return Audit(
            election=audit.election,
            as_of=audit.as_of,
            lang=audit.lang,
            currency=audit.currency,
            rulebook=audit.rulebook,
            inputs=[self.input(one) for one in audit.inputs],
            overrides=audit.overrides,  # the law as the publisher has it: amounts, days and codes of banks
            rows=audit.rows,
            contestants=[self.contestant(one) for one in audit.contestants],
            coverage=[self.coverage(one) for one in audit.coverage if leads or not one.lead],
            findings=findings,
            problems=[self.problem(one) for one in audit.problems],
            asked=self.asked(audit.asked),
            published=Published(profile.name, profile.sha256, without_leads=not leads, numbered_files=not profile.says.file_names),
            new_since=audit.new_since,
            undecided=audit.undecided,
        )

    def finding(self, one: Finding) -> Finding:
        told_by_lines = {f"{line.date} {line.amount:.2f}" for line in one.lines if line.date is not None and line.amount is not None}
        subject = one.subject
        if subject is not None and subject not in told_by_lines:
            subject = self.people.subject(subject, self.known, one.lines, self.is_doubtful)
        lines = [self.line(line) for line in one.lines]
        said = {
            **one.said,
            "subject": self.told(one, subject),
            "funds": shortened(funds_of(lines), LONGEST_NAME),
        }
        return Finding(
            key=f"{one.rule}-{self.people.secret.key('finding', self.audit.election, one.rule, one.contestant_id, one.subject)}",
            rule=one.rule,
            outcome=one.outcome,
            severity=one.severity,
            remedied=one.remedied,
            respondent=one.respondent,
            contestant_id=self.id(one.contestant_id),
            subject=subject,
            measured=one.measured,
            limit=one.limit,
            excess=one.excess,
            lines=lines,
            crossing=Crossing(self.place(one.crossing.place), one.crossing.date) if one.crossing else None,
            title=one.title,
            criteria=one.criteria,
            message=one.phrase.format(**said),
            action=one.action,
            law=one.law,
            reading=one.reading,
            last_day_over=one.last_day_over,
            found_on=one.found_on,
            phrase=one.phrase,
            said=said,
            unit=one.unit,
        )

    @staticmethod
    def told(one: Finding, subject: str | None) -> str:
        """What the finding is about, in its sentence: a day or a figure as in the working papers, where nothing had to be hidden."""
        if subject is None:
            return "–"
        return one.said.get("subject", subject) if subject == one.subject else shortened(subject, LONGEST_NAME)

    def contestant(self, one: Contestant) -> Contestant:
        return Contestant(
            contestant_id=self.ids[one.contestant_id],
            name=self.text(one.name) if one.registered else None,
            contest=one.contest,
            district=self.text(one.district),
            commission=self.text(one.commission),
            books=[self.people.report(name) for name in one.books],
            superseded=[self.people.report(name) for name in one.superseded],
            other_finals=[self.people.report(name) for name in one.other_finals],
            interims=[self.people.report(name) for name in one.interims],
            totals=one.totals,
            flows=one.flows,
            files=[self.where(file) for file in one.files],
        )

    def gap(self, one: Gap) -> Gap:
        return replace(one, contestant_id=self.id(one.contestant_id), reason=self.reason(one.reason))

    def coverage(self, one: Coverage) -> Coverage:
        return replace(
            one,
            reason=self.reason(one.reason),
            not_assessed_for=tuple(map(self.gap, one.not_assessed_for)),
            partly_not_assessed_for=tuple(map(self.gap, one.partly_not_assessed_for)),
            unread_for=tuple(map(self.gap, one.unread_for)),
            about=tuple(map(self.id, one.about)),
        )

    def reason(self, value: str | None) -> str | None:
        """Why a rule says nothing of somebody, in words; what it names, as it is named elsewhere in what is published."""
        return None if value is None else self.reasons.told(value)

    def _files_told(self) -> dict[str, str]:
        """Files, and their sheets, as a sentence names them, and as they are published."""
        told: dict[str, str] = {}
        for (file, sheet), name in self.files.items():
            told.setdefault(file, name)
            if sheet is not None:
                told[self.words("read.where_sheet", file=file, sheet=sheet)] = name
        return told

    def input(self, one: Input) -> Input:
        file, sheet = self.where((one.file, one.sheet))
        return Input(
            table=one.table,
            file=file,
            sheet=sheet,
            sha256=one.sha256,
            rows=one.rows,
            read=one.read,
            unread=one.unread,
            read_as=one.read_as,
            assumed=[each for each in one.assumed if each.what in _ASSUMED],
            left_out=[LeftOut(each.row, self.words("public.left_out")) for each in one.left_out],
        )

    def problem(self, one: Problem) -> Problem:
        file, sheet = self.where((one.file, one.sheet))
        column = one.column if one.column in _COLUMNS else None
        key = "public.problem_cell" if column is not None else "public.problem_record"
        message = self.words(key, code=one.code, column=column)
        return Problem(one.code, file, sheet, one.row, column, None, message, self.id(one.contestant_id))

    def asked(self, one: Asked) -> Asked:
        contestants = [self.id(each) for each in one.contestants]
        districts, commissions = ([self.people.text(each) for each in several] for several in (one.districts, one.commissions))
        stated = {name: value for name, value in one.stated.items() if name in _STATED}
        forms = one.stated.get("forms", {})
        stated["forms"] = {name: forms[name] for name in _FORMS if name in forms}
        return Asked(one.select, one.ignore, contestants, districts, commissions, stated)

    def place(self, place: Place) -> Place:
        file, sheet = self.where((place.file, place.sheet))
        return Place(place.table, file, sheet, place.row)

    def where(self, file: Where) -> Where:
        if self.people.profile.says.file_names:
            return self.people.text(file[0]), self.text(file[1])
        return self.files[file], None

    @overload
    def id(self, contestant_id: str) -> str: ...
    @overload
    def id(self, contestant_id: None) -> None: ...
    def id(self, contestant_id: str | None) -> str | None:
        """A contestant's id as it may be published."""
        return self.ids[contestant_id] if contestant_id in self.ids else self.text(contestant_id)

    def text(self, value: str | None) -> str | None:
        return None if value is None else self.people.text(value)

    def is_doubtful(self, line: Line) -> bool:
        """Whether the row has an id that could not be used, so that nobody knows whose it is."""
        return (line.place.file, line.place.sheet, line.place.row) in self.doubtful

    def line(self, line: Line) -> Line:
        shown = replace(self.people.line(line, doubtful=self.is_doubtful(line)), place=self.place(line.place))
        instead = self.line(line.instead) if line.instead is not None else None
        return replace(shown, instead=instead, fund=self.id(line.fund))


def _numbered(audit: Audit) -> Mapping[Where, str]:
    """A name for every file (and sheet) that tells the table and a number, in the order of the inputs."""
    tables: dict[Where, str] = {}
    for each in audit.inputs:
        tables.setdefault((each.file, each.sheet), each.table)
    for place in _places(audit):
        tables.setdefault((place.file, place.sheet), place.table)
    for problem in audit.problems:
        tables.setdefault((problem.file, problem.sheet), "file")
    for contestant in audit.contestants:
        for file in contestant.files:
            tables.setdefault(file, "file")
    counted: dict[str, int] = {}
    names = {}
    for where, table in tables.items():
        counted[table] = counted.get(table, 0) + 1
        names[where] = f"{table}-{counted[table]}"
    return names


def _places(audit: Audit) -> Sequence[Place]:
    return [line.place for one in audit.findings for own in one.lines for line in (own, own.instead) if line is not None]


_COLUMNS = frozenset(name for table in TABLES for name in columns(table))
