"""Donors that are probably one, by their names and ids, where together they are over a cap.

Names are folded (`folding`), and pairs of like ones looked for (`name_pairs`). Of a pair whose names differ in one word, the two words
are a slip apart (Damerau–Levenshtein, by rapidfuzz).

Two donors are two where their ids differ in more than a slip, where both ids are valid and the names differ too (twins), or where one
is a man's name and the other a woman's. A group is a donor with those that are probably the same as that one, and not a chain of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import polars as pl
from rapidfuzz.distance import OSA

from auditor.check.folding import DAUGHTER, SON, readings
from auditor.check.name_pairs import LONG_ENOUGH, pairs_of
from auditor.check.slips import in_reach
from auditor.check.verdicts import ZERO, Judged, Rows, Verdict, lead
from auditor.identifiers import check_digits_agree
from auditor.rulebook.kinds_of_leads import ProbablySame
from auditor.rulebook.load import Rulebook
from auditor.wording import Say


@dataclass(frozen=True, slots=True)
class Donor:
    """One donor of one type: who it is, what it gave net of refunds to each fund, and the ways to read its name.

    `valid`: the check digit of its id agrees. `man`: by its patronymic; None where it has none.
    """

    key: str
    name: str
    identifier: str | None
    valid: bool
    words: frozenset[tuple[str, ...]]
    man: bool | None
    given: Mapping[str, Decimal]

    @property
    def net(self) -> Decimal:
        """What it gave to all funds together."""
        return sum(self.given.values(), ZERO)


def probably_same(rulebook: Rulebook, check: ProbablySame, sums: pl.DataFrame, say: Say) -> Judged:
    """A lead for each group of probably one donor that is over the cap: in one fund, and in all together where the rest is over it too."""
    verdicts: list[Verdict] = []
    told: set[tuple[str | None, str]] = set()
    for variant, code in enumerate(check.rules):
        cap = rulebook.limit_of(code).amount
        for group in groups(sums.filter(pl.col("variant") == variant), cap, rulebook.whole(check.letters)):
            for verdict in _leads(group, cap, variant, say):
                if (verdict.contestant_id, verdict.subject or "") not in told:
                    told.add((verdict.contestant_id, verdict.subject or ""))
                    verdicts.append(verdict)
    return Judged(verdicts)


def groups(sums: pl.DataFrame, cap: Decimal, letters: int = 1) -> list[list[Donor]]:
    """The groups of two or more donors that are probably one and together over the cap. `sums` has subject, fund, name, net and
    identifier, of donors of one type, a row for each name that lines give one; `letters` (0 or 1) is by how many one word may differ."""
    nets = sums.group_by("subject", "fund").agg(pl.col("net").sum(), pl.col("name").min(), pl.col("identifier").min())
    named = in_reach(nets.filter(pl.col("name").is_not_null() & (pl.col("net") > 0)).sort("subject", "fund"), cap)
    if named["subject"].n_unique() < 2:
        return []
    who = named.group_by("subject").agg(pl.col("net").sum(), pl.col("name").min(), pl.col("identifier").min())
    who = who.sort("subject").with_row_index("n")
    # One id may stand with several names, and each is looked at: that which is shown may be in another script than all others.
    names = sums.filter(pl.col("name").is_not_null()).select("subject", "name").unique()
    read = readings(who.select("n", "subject").join(names, on="subject").select("n", "name").sort("n", "name"))
    pairs = pairs_of(read.join(who.select("n", "net", "identifier"), on="n"), cap, letters)
    if pairs.is_empty():  # as of most filings with few donors
        return []
    both = pl.concat([pairs, pairs.select(one="other", other="one", word="other_word", other_word="word")]).unique()
    both = both.join(_centres(both, who.select("n", "net"), cap), on="one", how="semi")
    donors = _donors(who, read, named, pl.concat([both["one"], both["other"]]).unique())
    links: dict[int, set[int]] = {}
    for one, other, word, other_word in both.select("one", "other", "word", "other_word").iter_rows():
        if _probable(donors[one], donors[other], word, other_word):
            links.setdefault(one, set()).add(other)
    found = [[donors[n] for n in sorted(group)] for group in _groups(links, donors)]
    return [group for group in found if sum((donor.net for donor in group), ZERO) > cap]


def _centres(pairs: pl.DataFrame, nets: pl.DataFrame, cap: Decimal) -> pl.DataFrame:
    """one: the donors who pass the cap with all that they may be the same as. Around the others there is no group."""
    others = pairs.select("one", "other").unique().join(nets, left_on="other", right_on="n").group_by("one").agg(pl.col("net").sum())
    return others.join(nets, left_on="one", right_on="n", suffix="_own").filter(pl.col("net") + pl.col("net_own") > cap).select("one")


def _donors(who: pl.DataFrame, read: pl.DataFrame, named: pl.DataFrame, wanted: pl.Series) -> dict[int, Donor]:
    who = who.filter(pl.col("n").is_in(wanted.implode()))
    twelve = pl.when(pl.col("identifier").str.contains("^[0-9]{12}$")).then("identifier")
    given: dict[str, dict[str, Decimal]] = {}
    for subject, fund, net in named.join(who, on="subject", how="semi").select("subject", "fund", "net").iter_rows():
        given.setdefault(subject, {})[fund] = net
    words: dict[int, set[tuple[str, ...]]] = {}
    man: dict[int, bool | None] = {}
    for n, several in read.join(who, on="n", how="semi").select("n", "words").iter_rows():
        words.setdefault(n, set()).add(tuple(word.split("|")[0] for word in several))
        sexes = {bool(re.search(SON, word)) for word in several if re.search(f"{SON}|{DAUGHTER}", word)}
        man.setdefault(n, sexes.pop() if len(sexes) == 1 else None)
    columns = who.select("n", "subject", "name", "identifier", check_digits_agree(twelve).alias("valid"))
    return {
        n: Donor(subject, name, identifier, bool(valid), frozenset(words[n]), man[n], given[subject])
        for n, subject, name, identifier, valid in columns.iter_rows()
    }


def _probable(one: Donor, other: Donor, word: str | None, other_word: str | None) -> bool:
    """Whether two of a pair are probably one: no ids that differ, no man's and woman's name, and a slip in one word at most."""
    if not _ids_agree(one.identifier, other.identifier) or (one.man is not None and other.man is not None and one.man != other.man):
        return False
    if word is None or other_word is None:
        return True
    if one.valid and other.valid:
        return False
    (stem, form), (other_stem, other_form) = word.split("|"), other_word.split("|")
    if stem.rstrip("ai") == other_stem.rstrip("ai") and (one.man is None or other.man is None):
        return False  # perhaps the ending by which a woman's name differs from a man's
    return any(
        max(len(a), len(b)) >= LONG_ENOUGH and OSA.distance(a, b, score_cutoff=1) == 1 for a, b in ((stem, other_stem), (form, other_form))
    )


def _groups(links: Mapping[int, set[int]], donors: Mapping[int, Donor]) -> Iterator[set[int]]:
    """Around each donor those that are linked to it and whose ids agree with one another; a group inside another is left out."""
    found: set[frozenset[int]] = set()
    for centre in sorted(links):
        group = {centre}
        for n in sorted(links[centre]):
            identifier = donors[n].identifier
            if identifier is None or (donors[centre].identifier and all(_ids_agree(identifier, donors[m].identifier) for m in group)):
                group.add(n)
        found.add(frozenset(group))
    of: dict[int, list[frozenset[int]]] = {}
    for group_found in sorted(found, key=sorted):
        for n in group_found:
            of.setdefault(n, []).append(group_found)
    for group_found in sorted(found, key=sorted):
        rarest = min(group_found, key=lambda n: (len(of[n]), n))
        if len(group_found) > 1 and not any(group_found < other for other in of[rarest]):
            yield set(group_found)


def _ids_agree(one: str | None, other: str | None) -> bool:
    """Whether two ids can be one donor's: one is missing, or they are a slip apart (one digit, or two neighbours swapped)."""
    return one is None or other is None or (len(one) == len(other) and OSA.distance(one, other, score_cutoff=1) <= 1)


def _leads(group: Sequence[Donor], cap: Decimal, variant: int, say: Say) -> Iterator[Verdict]:
    by_fund: dict[str, list[Donor]] = {}
    for donor in group:
        for fund in donor.given:
            by_fund.setdefault(fund, []).append(donor)
    told: set[str] = set()
    for fund, givers in sorted(by_fund.items()):
        net = sum((donor.given[fund] for donor in givers), ZERO)
        if len(givers) > 1 and net > cap:
            told.add(fund)
            yield _lead(fund, givers, net, cap, variant, say)
    # Beside what single funds show it is told that the rest is over the cap too.
    rest = [donor for donor in group if any(fund not in told for fund in donor.given)]
    outside = sum((net for donor in group for fund, net in donor.given.items() if fund not in told), ZERO)
    if len(rest) > 1 and outside > cap:
        yield _lead(None, group, sum((donor.net for donor in group), ZERO), cap, variant, say)


def _lead(fund: str | None, givers: Sequence[Donor], net: Decimal, cap: Decimal, variant: int, say: Say) -> Verdict:
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
        elif _without_endings(first).isdisjoint(_without_endings(other)):
            found.add("letter")
        else:
            found.add("script" if _is_latin(first.name) != _is_latin(other.name) else "spelling")
        if first.identifier is not None and other.identifier is not None:
            found.add("digit")
    return [why for why in ("name", "order", "spelling", "script", "letter", "digit") if why in found]


def _without_endings(donor: Donor) -> set[tuple[str, ...]]:
    """The words of a name as they are where a patronymic is written without its ending: "Мұрат Асан", "Асан Мұратұлы"."""
    return {tuple(sorted(word.rstrip("~") for word in words)) for words in donor.words}


def _is_latin(name: str) -> bool:
    return any("a" <= letter <= "z" for letter in name.lower())
