"""Listed prices that do not stand whole in their list."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple


class ListedPrice(NamedTuple):
    """What a list asks for a medium. None stands for what it does not say: a television station's price of None is any price."""

    vendor: str
    medium: str | None
    price: Decimal | None


@dataclass(frozen=True, slots=True)
class PricesInPart:
    """The prices that do not say their medium or themselves: some cannot be read (`doubtful`), the others are left empty (`unsaid`)."""

    doubtful: frozenset[ListedPrice] = frozenset()
    unsaid: frozenset[ListedPrice] = frozenset()

    @property
    def of_any_medium(self) -> frozenset[str]:
        """Whose prices may be of any medium."""
        return frozenset(one.vendor for one in self.doubtful | self.unsaid if one.medium is None)
