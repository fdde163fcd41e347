"""The same id as people write it."""

from collections.abc import Iterator

HALVES = (" ", "  ", " " * 4, " " * 30, "\t", "\u00a0", "\u2009", "\u202f", "\n", "-", "\u2011", "–", " – ", ".", "/", "_", ", ", "; ")
HALVES += (":", "|", ")(", " № ", "·", " · ", "\u200b", "\ufffd", " (...) ", "----", " | - | ")
GROUPS = (
    (1,) * 12,
    (2,) * 6,
    (3,) * 4,
    (4,) * 3,
    (2, 2, 2, 6),
    (2, 2, 2, 3, 3),
    (6, 3, 3),
    (6, 2, 4),
    (6, 1, 5),
    (6, 4, 2),
    (3, 3, 6),
    (8, 4),
)


def ways(digits: str) -> Iterator[str]:
    """Twelve digits whole, in halves and in groups, with what stands between them."""
    yield digits
    for gap in HALVES:
        yield f"{digits[:6]}{gap}{digits[6:]}"
    for sizes in GROUPS:
        for gap in (" ", "    ", "-", ".", "\u00a0"):
            ends = [sum(sizes[: n + 1]) for n in range(len(sizes))]
            yield gap.join(digits[end - size : end] for size, end in zip(sizes, ends, strict=True))
