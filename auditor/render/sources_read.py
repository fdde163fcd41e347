"""How each file was read. On the screen files that are alike are told together, so that 42 of them do not hide the findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from auditor.listing import listed
from auditor.masking import end_of, safe
from auditor.model.audit import Audit
from auditor.model.input import Assumed, Input
from auditor.wording import Words

MOST_LEFT_OUT = 3
_MOST_ASKED = 12
_MOST_OF_PATH = 60
_TOGETHER = 3  # two files are told one by one; from three on that are read alike, together
_MOST_NAMED = 3
_AS_FILED = ("encoding", "delimiter", "sheet", "heading_row", "mapping")
Plain = Callable[[str], str]


def asked_for(audit: Audit, words: Words, plain: Plain) -> str:
    """Which rules and whose reports were asked for; empty where it was all of them."""
    asked = audit.asked
    said = [words("screen.asked_rules", rules=plain(", ".join(asked.select).upper()))] if asked.select else []
    said += [words("screen.asked_without", rules=plain(", ".join(asked.ignore).upper()))] if asked.ignore else []
    for named, whose in (("contestants", asked.contestants), ("districts", asked.districts), ("commissions", asked.commissions)):
        if whose:
            who = listed([plain(one) for one in whose], _MOST_ASKED)
            said.append(words(f"screen.asked_{named}", n=min(len(whose), 2), who=who))
    return "; ".join(said)


def told(inputs: Sequence[Input], words: Words, plain: Plain) -> Iterator[tuple[str, str]]:
    """Pairs of a table's name (empty below the first line of a file) and a sentence. `plain` makes a text of a filing harmless."""
    for _, several in groupby(inputs, key=_alike):
        group = list(several)
        if len(group) < _TOGETHER:
            for one in group:
                yield from _one(one, words, plain)
            continue
        first, rows = group[0], sum(one.rows for one in group)
        yield (
            first.table,
            words("screen.inputs", file=_file(first.file), last=_file(group[-1].file), n=len(group), rows=_rows(rows, words)),
        )
        yield from _manner(first, words, plain, together=True)
        incomplete = [one for one in group if one.unread or one.left_out]
        if len(incomplete) > _MOST_NAMED:
            yield "", account(group, words)
        else:
            yield from (("", _of(one, account([one], words), words)) for one in incomplete)
        for note in dict.fromkeys(note for one in group for note in one.notes):
            having = [one for one in group if note in one.notes]
            alike = len(having) > _MOST_NAMED or len(having) == len(group)
            yield from (("", safe(note) if alike else _of(one, safe(note), words)) for one in having[: 1 if alike else None])


def _of(one: Input, said: str, words: Words) -> str:
    """What is said of one of the files that are told together."""
    named = one.file if one.sheet is None else words("read.where_sheet", file=one.file, sheet=one.sheet)
    return f"{_file(named)}: {said}"


def _one(one: Input, words: Words, plain: Plain) -> Iterator[tuple[str, str]]:
    yield one.table, words("screen.input", file=_file(one.file), rows=_rows(one.rows, words), sha256=one.sha256[:12])
    yield from _manner(one, words, plain)
    if one.unread or one.left_out:
        yield "", account([one], words)
    for left in one.left_out[:MOST_LEFT_OUT]:
        yield "", words("screen.left_out", row=left.row, reason=plain(left.reason))
    if len(one.left_out) > MOST_LEFT_OUT:
        yield "", words("screen.left_out_more", n=len(one.left_out) - MOST_LEFT_OUT)
    for note in one.notes:
        yield "", safe(note)


def _alike(one: Input) -> tuple[object, ...]:
    """What files have in common that are told together; sheets and the rows of their headings may differ."""
    assumed = tuple((each.what, each.value, each.how) for each in one.assumed if each.what not in ("sheet", "heading_row"))
    likely = any(each.how == "likely" for each in one.assumed)
    return one.table, assumed, likely, tuple(one.other_names.items())


def account(inputs: Sequence[Input], words: Words) -> str:
    """Nothing lost: the rows read, those that could not be, and those left out."""
    counts = {
        "read": sum(one.read for one in inputs),
        "unread": sum(one.unread for one in inputs),
        "left": sum(len(one.left_out) for one in inputs),
    }
    rows = _rows(sum(one.rows for one in inputs), words)
    return words("screen.account", rows=rows, **{name: words.count(count) for name, count in counts.items()})


def _file(name: str) -> str:
    """The path of a file, of a long one its end."""
    return end_of(" ".join(safe(name).split()), _MOST_OF_PATH)


def _rows(number: int, words: Words) -> str:
    return words("report.input_rows", n=number, count=words.count(number))


def manner(one: Input, words: Words, plain: Plain, *, together: bool = False) -> str:
    """What was assumed to read the file, with how sure it is; empty where there was nothing to assume."""
    by_how: dict[str, list[str]] = {}
    for each in one.assumed:
        if (each.what, each.value, each.how) == ("heading_row", "1", "sure") or (together and each.what in ("sheet", "heading_row")):
            continue
        by_how.setdefault(each.how, []).append(f"{words(f'read.what_{each.what}')} {_value(each, words, plain)}")
    return " · ".join(f"{', '.join(by_how[how])} ({words(f'read.how_{how}')})" for how in ("likely", "stated", "sure") if how in by_how)


def _manner(one: Input, words: Words, plain: Plain, *, together: bool = False) -> Iterator[tuple[str, str]]:
    """The same as lines, and its columns by other names."""
    if said := manner(one, words, plain, together=together):
        yield "", said
    if one.other_names:
        yield "", words("screen.aliases", pairs=", ".join(f"{plain(alias)} → {column}" for column, alias in one.other_names.items()))


def _value(each: Assumed, words: Words, plain: Plain) -> str:
    if each.what == "delimiter":
        return words("read.value_tab") if each.value == "\t" else f'"{each.value}"'
    values = [each.value] if each.what in _AS_FILED else each.value.split()
    return "/".join(words(f"read.value_{one}") if f"read.value_{one}" in words else plain(one) for one in values)
