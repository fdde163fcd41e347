"""The contestants that an audit is restricted to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from auditor.closest import closest
from auditor.errors import BadUsage


@dataclass(frozen=True, slots=True)
class Scope:
    """Ids, districts and commissions as asked for: one of each sort that was asked for, of several of one sort any. Nothing asked for is
    everyone. `told_as` makes of a name what was asked for where that comes from a document in which persons are told otherwise than in the
    filing."""

    contestants: Sequence[str] = ()
    districts: Sequence[str] = ()
    commissions: Sequence[str] = ()
    told_as: Callable[[str], str] = field(default=str, compare=False)

    @property
    def is_everyone(self) -> bool:
        """Whether nothing was asked for."""
        return not (self.contestants or self.districts or self.commissions)

    def chosen(self, everyone: Mapping[str, tuple[str | None, str | None]], say: Callable[..., str]) -> frozenset[str]:
        """The contestants that fit, of id → (district, commission). Raises BadUsage, with a line for each, for names that nobody has, or
        that several are told by."""
        if self.is_everyone:
            return frozenset(everyone)
        by_id: set[str] = set()
        sorts = [by_id] if self.contestants else []
        mistakes: list[str] = []
        told: dict[str, list[str]] = {}
        for cid in everyone:
            told.setdefault(self.told_as(cid), []).append(cid)
        for asked in self.contestants:
            if asked not in told:
                near = closest(asked, told)
                hint = f" {say('check.did_you_mean', word=near)}" if near is not None else ""
                mistakes.append(f"--contestant {asked}: {say('check.nobody_of_this_id')}{hint}")
            elif len(told[asked]) > 1:
                mistakes.append(f"--contestant {asked}: {say('check.several_told_so', n=len(told[asked]))}")
            by_id.update(told.get(asked, ()))
        for position, option, names in ((0, "--district", self.districts), (1, "--commission", self.commissions)):
            of_sort: set[str] = set()
            for name in names:
                fit = {cid for cid, facts in everyone.items() if self._same(facts[position], name)}
                if not fit:
                    mistakes.append(f"{option} {name}: {say('check.no_contestant_has_it')}")
                of_sort |= fit
            if names:
                sorts.append(of_sort)
        wanted = frozenset.intersection(*map(frozenset, sorts))
        if not wanted and not mistakes:
            mistakes.append(say("check.nobody_fits_all"))
        if mistakes:
            raise BadUsage(*mistakes)
        return wanted

    def _same(self, have: str | None, asked: str) -> bool:
        return have is not None and " ".join(self.told_as(have).split()).casefold() == " ".join(asked.split()).casefold()
