"""The contestants that an audit is restricted to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from auditor.errors import BadUsage


@dataclass(frozen=True, slots=True)
class Scope:
    """Ids, districts and commissions as asked for; nothing asked for is everyone."""

    contestants: Sequence[str] = ()
    districts: Sequence[str] = ()
    commissions: Sequence[str] = ()

    def chosen(self, everyone: Mapping[str, tuple[str | None, str | None]]) -> frozenset[str]:
        """The contestants that fit, of id → (district, commission). Raises BadUsage for a name that nobody has."""
        if not (self.contestants or self.districts or self.commissions):
            return frozenset(everyone)
        wanted: set[str] = set()
        for cid in self.contestants:
            if cid not in everyone:
                close = get_close_matches(cid, list(everyone), 1, 0.6)
                raise BadUsage(f"--contestant {cid}: nobody has this id.{f' Did you mean {close[0]!r}?' if close else ''}")
            wanted.add(cid)
        for position, option, names in ((0, "--district", self.districts), (1, "--commission", self.commissions)):
            for name in names:
                fit = {cid for cid, facts in everyone.items() if _same(facts[position], name)}
                if not fit:
                    raise BadUsage(f"{option} {name}: no contestant has it.")
                wanted |= fit
        return frozenset(wanted)


def _same(have: str | None, asked: str) -> bool:
    return have is not None and " ".join(have.split()).casefold() == " ".join(asked.split()).casefold()
