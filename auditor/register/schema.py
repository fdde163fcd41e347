"""The tables of the register. Days and times are UTC text in ISO 8601, money and ids are text, documents are JSON text."""

from __future__ import annotations

from typing import Literal, get_args

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

State = Literal["stored", "checked", "done", "quarantined"]
"""A file that arrived is stored first; what names a contestant is checked, reported and done; what cannot be read is quarantined."""
STATES: tuple[State, ...] = get_args(State)
DECISIONS = ("accept", "dismiss", "note", "sign")
CHANGES = ("new", "changed", "resolved", "returned")
SENDING = ("pending", "sent", "given_up")


def _one_of(column: str, words: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(word) for word in words)})", name=column)


election = Table("election", metadata, Column("id", Text, primary_key=True), Column("rulebook", Text, nullable=False))

contestant = Table(
    "contestant",
    metadata,
    Column("election", Text, ForeignKey("election.id"), primary_key=True),
    Column("contestant_id", Text, primary_key=True),
    Column("name", Text),
    Column("contest", Text),
    Column("district", Text),
    Column("commission", Text),
    Column("person_id", Text),
    Column("fund_account", Text),
    Column("lang", Text),
    Column("address", Text, comment="where notices go"),
)

# The commission's own tables (contestants, candidates, price_lists, filings), each as it was last given.
own_table = Table(
    "own_table",
    metadata,
    Column("election", Text, ForeignKey("election.id"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("sha256", Text, ForeignKey("original.sha256"), nullable=False),
    Column("file", Text, nullable=False),
    Column("at", Text, nullable=False),
)

original = Table(
    "original",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("bytes", Integer, nullable=False),
    Column("first_at", Text, nullable=False),
)

arrival = Table(
    "arrival",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("election", Text, ForeignKey("election.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("sha256", Text, ForeignKey("original.sha256"), nullable=False),
    Column("mark", Text, nullable=False, comment="which file of the inbox it was: name, size and time of its last change"),
    Column("arrived_at", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("same_as", Integer, ForeignKey("arrival.id"), comment="an earlier arrival of the same bytes"),
    Column("attempts", Integer, nullable=False, server_default="0", comment="how often work on it was begun"),
    Column("reason", Text, comment="why it is in quarantine, or what else has to be said of it"),
    Column("moved", Integer, nullable=False, server_default="0"),
    _one_of("state", STATES),
    UniqueConstraint("election", "mark"),
    Index(None, "state"),
    Index(None, "sha256"),
)

# One contestant's part of a file. The versions of a contestant's filings are numbered in the order in which they could be read: one that
# was read anew after a later one had come is the last. Which report of two takes the other's place is told by when each arrived.
filing = Table(
    "filing",
    metadata,
    Column("election", Text, primary_key=True),
    Column("contestant_id", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("arrival", Integer, ForeignKey("arrival.id"), nullable=False),
    ForeignKeyConstraint(["election", "contestant_id"], ["contestant.election", "contestant.contestant_id"]),
    UniqueConstraint("arrival", "contestant_id"),
)

run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("election", Text, ForeignKey("election.id"), nullable=False),
    Column("at", Text, nullable=False),
    Column("as_of", Text, nullable=False),
    Column("rulebook_version", Text, nullable=False),
    Column("rulebook_sha256", Text, nullable=False),
    Column("program", Text, nullable=False),
    Column("asked", Text, nullable=False),
)

# What a run said of one contestant: from what (a hash of law, day, files and parameters), and what it found (a hash of the answer).
result = Table(
    "result",
    metadata,
    Column("run", Integer, ForeignKey("run.id"), primary_key=True),
    Column("contestant_id", Text, primary_key=True),
    Column("made_from", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("breaches", Integer, nullable=False),
    Column("undetermined", Integer, nullable=False),
    Column("leads", Integer, nullable=False),
    Column("problems", Integer, nullable=False),
)

finding = Table(
    "finding",
    metadata,
    Column("election", Text, ForeignKey("election.id"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("rule", Text, nullable=False),
    Column("contestant_id", Text),
    Column("first_run", Integer, ForeignKey("run.id"), nullable=False),
    Column("last_run", Integer, ForeignKey("run.id"), nullable=False),
    Column("open", Integer, nullable=False),
    Column("told", Text, nullable=False, comment="the finding as in findings.json"),
    Index(None, "election", "contestant_id"),
)

finding_change = Table(
    "finding_change",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("election", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("run", Integer, ForeignKey("run.id"), nullable=False),
    Column("change", Text, nullable=False),
    Column("told", Text, nullable=False),
    ForeignKeyConstraint(["election", "key"], ["finding.election", "finding.key"]),
    _one_of("change", CHANGES),
    UniqueConstraint("election", "key", "run"),
)

decision = Table(
    "decision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("election", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("person", Text, nullable=False, comment="by whom, however the name is written"),
    Column("code", Text),
    Column("reason", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("about", Text, nullable=False, comment="SHA-256 of the finding as it was told when it was decided on"),
    Column("signs", Integer, comment="the decision that is signed"),
    Column("signs_person", Text, comment="who made that decision; a signature is another person's"),
    ForeignKeyConstraint(["election", "key"], ["finding.election", "finding.key"]),
    # A signature is under a decision on the same finding, names who made it truly, and is the only one.
    UniqueConstraint("id", "election", "key", "person"),
    ForeignKeyConstraint(
        ["signs", "election", "key", "signs_person"],
        ["decision.id", "decision.election", "decision.key", "decision.person"],
        name="fk_decision_signs",
    ),
    UniqueConstraint("signs"),
    _one_of("kind", DECISIONS),
    CheckConstraint("(kind = 'sign') = (signs IS NOT NULL)", name="signs"),
    CheckConstraint("(signs IS NULL) = (signs_person IS NULL)", name="signs_person"),
    CheckConstraint("signs_person IS NULL OR signs_person <> person", name="two_people"),
    CheckConstraint("kind <> 'dismiss' OR (code IS NOT NULL AND length(reason) > 0)", name="dismissed_with_reason"),
    Index(None, "election", "key"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("occasion", Text, nullable=False, unique=True, comment="what it is about: the same occasion is told once"),
    Column("channel", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", Text, nullable=False),
    Column("last_error", Text),
    _one_of("state", SENDING),
    Index(None, "state", "next_at"),
)

log = Table(
    "log",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("details", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False, unique=True),
)

APPEND_ONLY = ("original", "run", "result", "finding_change", "decision", "log")
"""Tables whose rows are neither changed nor removed; triggers see to it."""
