"""LED-009 on a million donors: `make FILE [DONORS]` draws them, `run FILE` finds who is probably one.

    python tests/benchmarks/namesakes.py make /tmp/donors.parquet 1000000
    /usr/bin/time -v python tests/benchmarks/namesakes.py run /tmp/donors.parquet

Most give small sums, 2 in 100 between one and seven million; the planted pairs give four million each. One name in twenty has a slip,
so that there are many rare words. What is found is counted against what was planted.
"""

import random
import sys
import time
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from pathlib import Path

import polars as pl

sys.path.insert(0, str(Path(__file__).parent.parent))
from donors import EVERY, planted_among, slip, sums_of

from auditor.check.namesakes import groups

SMALL, LARGE = ("1000.00", "5000.00", "20000.00", "50000.00", "200000.00"), ("1000000.00", "2000000.00", "4000000.00", "7000000.00")


def make(path, donors):
    everybody, pairs = planted_among(2023, donors // 2, 250)
    rng = random.Random(5)
    planted = {human for pair in pairs for human in pair}
    written, nets = [], []
    for human in everybody:
        there = human in planted
        written.append(human if there or rng.random() > 0.05 else replace(human, name=" ".join(slip(rng, human.words))))
        nets.append("4000000.00" if there else rng.choice(SMALL if rng.random() < 0.98 else LARGE))
    pair_of = {human.key: f"{how} {n}" for n, (pair, (how, _)) in enumerate(pairs.items()) for human in pair}
    sums = sums_of(written, nets).unique("subject", keep="first", maintain_order=True)
    sums.with_columns(pair=pl.col("subject").replace_strict(pair_of, default=None)).write_parquet(path)


def run(path):
    rows = pl.read_parquet(path)
    start, used = time.perf_counter(), time.process_time()
    made = groups(rows.drop("pair"), Decimal("7000000.00"))
    print(f"{len(rows):,} donors: {time.perf_counter() - start:.1f} s, {time.process_time() - used:.1f} s of CPU, {len(made):,} groups")
    pair_of = dict(rows.select("subject", "pair").drop_nulls().iter_rows())
    together = {pair for group in made for pair in combinations(sorted(donor.key for donor in group), 2)}
    right = Counter(pair_of[one].rsplit(" ", 1)[0] for one, other in together if one in pair_of and pair_of[one] == pair_of.get(other))
    planted = Counter(pair.rsplit(" ", 1)[0] for pair in set(pair_of.values()))
    for how in EVERY:
        print(f"{how:40} {right[how]:4} of {planted[how]:4}")
    words = {donor.key: donor.words for group in made for donor in group}
    others = [(one, other) for one, other in together if not (one in pair_of and pair_of[one] == pair_of.get(other))]
    namesakes = sum(not words[one].isdisjoint(words[other]) for one, other in others)
    print(f"pairs together {len(together):,}, planted {right.total():,}, others {len(others):,}: of one name {namesakes:,}")


if __name__ == "__main__":
    make(sys.argv[2], int((sys.argv[3:] or ["1000000"])[0])) if sys.argv[1] == "make" else run(sys.argv[2])
