"""Which of many problems are shown."""

from __future__ import annotations

from collections.abc import Sequence

from auditor.model.input import Problem


def some_of_each(problems: Sequence[Problem], most: int) -> list[Problem]:
    """At most so many of the problems, in their order: the first of each kind in each file, then the second, and so on. Six hundred of one
    kind would otherwise hide the one of another."""
    met: dict[tuple[str, str], int] = {}
    turns: list[tuple[int, int]] = []
    for at, problem in enumerate(problems):
        kind = problem.file, problem.code
        met[kind] = met.get(kind, 0) + 1
        turns.append((met[kind], at))
    return [problems[at] for at in sorted(at for _, at in sorted(turns)[:most])]
