"""Alembic's entry: the migrations run within the transaction that they are given."""

from alembic import context

from auditor.register.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
