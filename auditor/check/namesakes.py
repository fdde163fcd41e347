"""Donors that are probably one, by their names and ids, where together they are over a cap.

Names are folded (`folding`) and donors put into blocks: those with the same folded words, and those with the same words but one. A
block whose donors together cannot pass the cap is not looked at. In a block of the second kind the remaining words may be one
letter apart (Damerau–Levenshtein, by rapidfuzz). Two donors with ids that differ in more than one digit are two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import polars as pl
from rapidfuzz.distance import OSA

from auditor.check.folding import tokens
from auditor.check.leads import lead, limit_of
from auditor.check.verdicts import ZERO, Judged, Rows, Verdict
from auditor.rulebook.kinds import ProbablySame
from auditor.rulebook.load import Rulebook

Say = Callable[..., str]
# A word this long may have a slip of one letter; shorter ones are too often another word.
_LONG_ENOUGH = 5
_LONGER = 7
_MOST_WORDS = 5
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Donor:
    """One donor of one type: who it is, what it gave net of refunds to each fund, and the folded words of its name."""

    key: str
    name: str
    identifier: str | None
    words: tuple[str, ...]
    given: Mapping[str, Decimal]

    @property
    def net(self) -> Decimal:
        """What it gave to all funds together."""
        return sum(self.given.values(), ZERO)


def probably_same(rulebook: Rulebook, check: ProbablySame, sums: pl.DataFrame, say: Say) -> Judged:
    """A lead for each group of probably one donor that is over the cap: in one fund, else in several together."""
    verdicts: list[Verdict] = []
    told: set[tuple[str | None, str]] = set()
    for variant, code in enumerate(check.rules):
        cap = limit_of(rulebook, code)
        for group in groups(sums.filter(pl.col("variant") == variant), cap, int(rulebook.number(check.letters))):
            for verdict in _leads(group, cap, variant, say):
                if (verdict.contestant_id, verdict.subject or "") not in told:
                    told.add((verdict.contestant_id, verdict.subject or ""))
                    verdicts.append(verdict)
    return Judged(verdicts)


def groups(sums: pl.DataFrame, cap: Decimal, letters: int = 1) -> list[list[Donor]]:
    """The groups of two or more donors that are probably one and together over the cap. `sums` has subject, fund, net, name and
    identifier, of donors of one type; `letters` (0 or 1) is by how many one word may differ."""
    named = sums.filter(pl.col("name").is_not_null() & (pl.col("net") > 0))
    who = named.group_by("subject").agg(pl.col("net").sum(), pl.col("name").min(), pl.col("identifier").min())
    who = who.with_columns(tokens(pl.col("name")).alias("words")).filter(pl.col("words").list.len() > 0).sort("subject").with_row_index("n")
    blocks = _blocks(who, cap, letters)
    if blocks.is_empty():
        return []
    wanted = who.filter(pl.col("n").is_in(blocks["n"].implode()))
    given: dict[str, dict[str, Decimal]] = {}
    funds = named.join(wanted.select("subject"), on="subject", how="semi")
    for subject, fund, net in funds.select("subject", "fund", "net").iter_rows():
        given.setdefault(subject, {})[fund] = net
    donors = {
        n: Donor(subject, name, identifier, tuple(words), given[subject])
        for n, subject, name, identifier, words in wanted.select("n", "subject", "name", "identifier", "words").iter_rows()
    }
    links: dict[int, set[int]] = {}
    for (_,), block in blocks.partition_by("block", as_dict=True, maintain_order=True).items():
        members = block.select("n", "rest").rows()
        for one, other in _pairs(members):
            if _ids_agree(donors[one].identifier, donors[other].identifier):
                links.setdefault(one, set()).add(other)
                links.setdefault(other, set()).add(one)
    found = [[donors[n] for n in sorted(group)] for group in _groups(links, donors)]
    return [group for group in found if sum((donor.net for donor in group), ZERO) > cap]


def _blocks(who: pl.DataFrame, cap: Decimal, letters: int) -> pl.DataFrame:
    """n, block and rest (the word that is not compared) of the donors in blocks that can pass the cap."""
    words = pl.col("words")
    same = who.select("n", "net", pl.format("={}", words.list.join(" ")).alias("block"), pl.lit(None, dtype=pl.String).alias("rest"))
    several = who.filter((words.list.len() > 1) & (words.list.len() <= _MOST_WORDS))
    but_one = [
        several.filter(words.list.len() > n).select(
            "n",
            "net",
            pl.format("{}-{}", words.list.len(), pl.concat_list(words.list.head(n), words.list.slice(n + 1)).list.join(" ")).alias("block"),
            words.list.get(n, null_on_oob=True).alias("rest"),
        )
        for n in range(_MOST_WORDS if letters else 0)
    ]
    all_blocks = pl.concat([same, *but_one])
    possible = all_blocks.group_by("block").agg(pl.col("net").sum(), pl.len().alias("donors"))
    possible = possible.filter((pl.col("donors") > 1) & (pl.col("net") > cap))
    return all_blocks.join(possible.select("block"), on="block", how="semi").sort("block", "n").select("n", "block", "rest")


def _pairs(members: Sequence[tuple[int, str | None]]) -> Iterator[tuple[int, int]]:
    """Those of a block that have the same name, or a name one letter apart. Never everybody with everybody."""
    if members[0][1] is None:
        yield from ((members[n][0], other) for n in range(len(members)) for other, _ in members[n + 1 :])
        return
    by_word: dict[str, list[int]] = {}
    for n, word in members:
        by_word.setdefault(str(word), []).append(n)
    near: dict[str, list[str]] = {}
    for word in sorted(by_word):
        if len(word) < _LONG_ENOUGH:
            continue
        for variant in {word, *(word[:n] + word[n + 1 :] for n in range(len(word)))}:
            near.setdefault(variant, []).append(word)
    seen: set[tuple[str, str]] = set()
    for several in near.values():
        for n, one in enumerate(several):
            for other in several[n + 1 :]:
                if (one, other) not in seen and _one_letter_apart(one, other):
                    seen.add((one, other))
                    yield from ((a, b) for a in by_word[one] for b in by_word[other])


def _one_letter_apart(one: str, other: str) -> bool:
    """A slip, and not the ending by which a woman's surname differs from a man's."""
    if one in (other + "a", other[:-1]) and other.endswith("a"):
        return False
    if other == one + "a" or one == other + "a":
        return False
    return OSA.distance(one, other, score_cutoff=1) == 1


def _ids_agree(one: str | None, other: str | None) -> bool:
    """Whether two ids can be one donor's: one is missing, or they are a slip apart (one digit, or two neighbours swapped)."""
    if one is None or other is None:
        return True
    return len(one) == len(other) == _DIGITS and OSA.distance(one, other, score_cutoff=1) <= 1


def _groups(links: Mapping[int, set[int]], donors: Mapping[int, Donor]) -> Iterator[set[int]]:
    """Groups in which no two ids disagree: around each id, or a slip of it, those without one that are linked to it."""
    seen: set[int] = set()
    for start in sorted(links):
        if start in seen:
            continue
        whole = _reached([start], links, set(links))
        seen |= whole
        with_id = {n for n in whole if donors[n].identifier is not None}
        without = whole - with_id
        left = set(with_id)
        if not with_id:
            yield whole
        while left:
            first = min(left)
            alike = _reached([first], links, with_id)
            left -= alike
            yield _reached(alike, links, without)


def _reached(start: Iterable[int], links: Mapping[int, set[int]], inside: set[int]) -> set[int]:
    """Whoever is linked to the start, directly or through others, by way of those `inside`."""
    reached = set(start)
    queue = list(reached)
    while queue:
        for other in (links[queue.pop()] & inside) - reached:
            reached.add(other)
            queue.append(other)
    return reached


def _leads(group: Sequence[Donor], cap: Decimal, variant: int, say: Say) -> Iterator[Verdict]:
    by_fund: dict[str, list[Donor]] = {}
    for donor in group:
        for fund in donor.given:
            by_fund.setdefault(fund, []).append(donor)
    inside = False
    for fund, givers in sorted(by_fund.items()):
        net = sum((donor.given[fund] for donor in givers), ZERO)
        if len(givers) > 1 and net > cap:
            inside = True
            yield _lead(fund, givers, net, cap, variant, say)
    if not inside and len(group) > 1:
        yield _lead(None, group, sum((donor.net for donor in group), ZERO), cap, variant, say)


def _lead(fund: str | None, givers: Sequence[Donor], net: Decimal, cap: Decimal, variant: int, say: Say) -> Verdict:
    from dataclasses import replace

    keys = tuple(sorted(donor.key for donor in givers))
    made = lead(fund, " + ".join(keys), net, cap, Rows.SUM, variant)
    return replace(made, members=keys, reason=", ".join(say(f"check.same_{why}") for why in _reasons(givers)))


def _reasons(givers: Sequence[Donor]) -> list[str]:
    """Why these are probably one, of every donor against the first."""
    first = givers[0]
    found: set[str] = set()
    for other in givers[1:]:
        mine, theirs = (sorted(donor.name.lower().split()) for donor in (first, other))
        if mine == theirs:
            found.add("order" if first.name.lower().split() != other.name.lower().split() else "name")
        elif first.words != other.words:
            found.add("letter")
        else:
            found.add("script" if _is_latin(first.name) != _is_latin(other.name) else "spelling")
        if first.identifier is not None and other.identifier is not None:
            found.add("digit")
    return [why for why in ("name", "order", "spelling", "script", "letter", "digit") if why in found]


def _is_latin(name: str) -> bool:
    return any("a" <= letter <= "z" for letter in name.lower())
