"""The first tables of the register, and the triggers that keep what is append-only as it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = ("original", "run", "result", "finding_change", "decision", "log")


def upgrade() -> None:
    """All tables, and their triggers."""
    op.create_table(
        "election",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("rulebook", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_election")),
    )
    op.create_table(
        "log",
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_log")),
        sa.UniqueConstraint("hash", name=op.f("uq_log_hash")),
    )
    op.create_table(
        "original",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("bytes", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_original")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False, comment="what it is about: the same occasion is told once"),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at", sa.Text(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('pending', 'sent', 'given_up')", name=op.f("ck_outbox_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("occasion", name=op.f("uq_outbox_occasion")),
    )
    op.create_index(op.f("ix_outbox_state_next_at"), "outbox", ["state", "next_at"], unique=False)
    op.create_table(
        "arrival",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("election", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False, comment="which file of the inbox it was: name, size and time of its last change"),
        sa.Column("arrived_at", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("same_as", sa.Integer(), nullable=True, comment="an earlier arrival of the same bytes"),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False, comment="how often work on it was begun"),
        sa.Column("reason", sa.Text(), nullable=True, comment="why it is in quarantine, or what else has to be said of it"),
        sa.Column("moved", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("state IN ('stored', 'checked', 'done', 'quarantined')", name=op.f("ck_arrival_state")),
        sa.ForeignKeyConstraint(["election"], ["election.id"], name=op.f("fk_arrival_election")),
        sa.ForeignKeyConstraint(["same_as"], ["arrival.id"], name=op.f("fk_arrival_same_as")),
        sa.ForeignKeyConstraint(["sha256"], ["original.sha256"], name=op.f("fk_arrival_sha256")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrival")),
        sa.UniqueConstraint("election", "mark", name=op.f("uq_arrival_election_mark")),
    )
    op.create_index(op.f("ix_arrival_sha256"), "arrival", ["sha256"], unique=False)
    op.create_index(op.f("ix_arrival_state"), "arrival", ["state"], unique=False)
    op.create_table(
        "contestant",
        sa.Column("election", sa.Text(), nullable=False),
        sa.Column("contestant_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("contest", sa.Text(), nullable=True),
        sa.Column("district", sa.Text(), nullable=True),
        sa.Column("commission", sa.Text(), nullable=True),
        sa.Column("person_id", sa.Text(), nullable=True),
        sa.Column("fund_account", sa.Text(), nullable=True),
        sa.Column("lang", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True, comment="where notices go"),
        sa.ForeignKeyConstraint(["election"], ["election.id"], name=op.f("fk_contestant_election")),
        sa.PrimaryKeyConstraint("election", "contestant_id", name=op.f("pk_contestant")),
    )
    op.create_table(
        "own_table",
        sa.Column("election", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["election"], ["election.id"], name=op.f("fk_own_table_election")),
        sa.ForeignKeyConstraint(["sha256"], ["original.sha256"], name=op.f("fk_own_table_sha256")),
        sa.PrimaryKeyConstraint("election", "name", name=op.f("pk_own_table")),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("election", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Text(), nullable=False),
        sa.Column("rulebook_version", sa.Text(), nullable=False),
        sa.Column("rulebook_sha256", sa.Text(), nullable=False),
        sa.Column("program", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["election"], ["election.id"], name=op.f("fk_run_election")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    op.create_table(
        "filing",
        sa.Column("election", sa.Text(), nullable=False),
        sa.Column("contestant_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("arrival", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["arrival"], ["arrival.id"], name=op.f("fk_filing_arrival")),
        sa.ForeignKeyConstraint(
            ["election", "contestant_id"],
            ["contestant.election", "contestant.contestant_id"],
            name=op.f("fk_filing_election_contestant_id"),
        ),
        sa.PrimaryKeyConstraint("election", "contestant_id", "version", name=op.f("pk_filing")),
        sa.UniqueConstraint("arrival", "contestant_id", name=op.f("uq_filing_arrival_contestant_id")),
    )
    op.create_table(
        "finding",
        sa.Column("election", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("contestant_id", sa.Text(), nullable=True),
        sa.Column("first_run", sa.Integer(), nullable=False),
        sa.Column("last_run", sa.Integer(), nullable=False),
        sa.Column("open", sa.Integer(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False, comment="the finding as in findings.json"),
        sa.ForeignKeyConstraint(["election"], ["election.id"], name=op.f("fk_finding_election")),
        sa.ForeignKeyConstraint(["first_run"], ["run.id"], name=op.f("fk_finding_first_run")),
        sa.ForeignKeyConstraint(["last_run"], ["run.id"], name=op.f("fk_finding_last_run")),
        sa.PrimaryKeyConstraint("election", "key", name=op.f("pk_finding")),
    )
    op.create_index(op.f("ix_finding_election_contestant_id"), "finding", ["election", "contestant_id"], unique=False)
    op.create_table(
        "result",
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("contestant_id", sa.Text(), nullable=False),
        sa.Column("made_from", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("breaches", sa.Integer(), nullable=False),
        sa.Column("undetermined", sa.Integer(), nullable=False),
        sa.Column("leads", sa.Integer(), nullable=False),
        sa.Column("problems", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name=op.f("fk_result_run")),
        sa.PrimaryKeyConstraint("run", "contestant_id", name=op.f("pk_result")),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("election", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False, comment="by whom, however the name is written"),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False, comment="SHA-256 of the finding as it was told when it was decided on"),
        sa.Column("signs", sa.Integer(), nullable=True, comment="the decision that is signed"),
        sa.Column("signs_person", sa.Text(), nullable=True, comment="who made that decision; a signature is another person's"),
        sa.CheckConstraint("(kind = 'sign') = (signs IS NOT NULL)", name=op.f("ck_decision_signs")),
        sa.CheckConstraint(
            "kind <> 'dismiss' OR (code IS NOT NULL AND length(reason) > 0)", name=op.f("ck_decision_dismissed_with_reason")
        ),
        sa.CheckConstraint("kind IN ('accept', 'dismiss', 'note', 'sign')", name=op.f("ck_decision_kind")),
        sa.CheckConstraint("(signs IS NULL) = (signs_person IS NULL)", name=op.f("ck_decision_signs_person")),
        sa.CheckConstraint("signs_person IS NULL OR signs_person <> person", name=op.f("ck_decision_two_people")),
        sa.ForeignKeyConstraint(["election", "key"], ["finding.election", "finding.key"], name=op.f("fk_decision_election_key")),
        sa.ForeignKeyConstraint(
            ["signs", "election", "key", "signs_person"],
            ["decision.id", "decision.election", "decision.key", "decision.person"],
            name=op.f("fk_decision_signs"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("id", "election", "key", "person", name=op.f("uq_decision_id_election_key_person")),
        sa.UniqueConstraint("signs", name=op.f("uq_decision_signs")),
    )
    op.create_index(op.f("ix_decision_election_key"), "decision", ["election", "key"], unique=False)
    op.create_table(
        "finding_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("election", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.CheckConstraint("change IN ('new', 'changed', 'resolved', 'returned')", name=op.f("ck_finding_change_change")),
        sa.ForeignKeyConstraint(["election", "key"], ["finding.election", "finding.key"], name=op.f("fk_finding_change_election_key")),
        sa.ForeignKeyConstraint(["run"], ["run.id"], name=op.f("fk_finding_change_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_change")),
        sa.UniqueConstraint("election", "key", "run", name=op.f("uq_finding_change_election_key_run")),
    )
    _protect()


def _protect() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'rows of % are neither changed nor removed', TG_TABLE_NAME; END $$"
        )
    for table in APPEND_ONLY:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE TRIGGER keep_{table} BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
            continue
        # REPLACE removes the row of the same key without a word to the triggers on DELETE.
        keys = {"log": "n", "original": "sha256"}.get(table, "id")
        same = "run = NEW.run AND contestant_id = NEW.contestant_id" if table == "result" else f"{keys} = NEW.{keys}"
        op.execute(
            f"CREATE TRIGGER keep_{table}_replace BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
            f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are neither changed nor removed'); END"
        )
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER keep_{table}_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are neither changed nor removed'); END"
            )


def downgrade() -> None:
    """Not possible."""
    raise NotImplementedError("a register is not brought back to a state in which it remembers less; restore a backup")
