"""Alembic's entry for the shared database; `db.shared.admin` gives it an open connection.

The version table stands in our own schema, so a database shared with other programs stays theirs.
"""

from alembic import context

from db.schema import SHARED_SCHEMA

context.configure(
    connection=context.config.attributes["connection"],
    version_table_schema=SHARED_SCHEMA,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
