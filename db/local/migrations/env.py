"""Alembic's entry for the laptop's store: the connection comes from `db.local.upgrade`."""

from alembic import context

from db.schema import local_metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=local_metadata(),
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
