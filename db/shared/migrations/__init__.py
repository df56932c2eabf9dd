"""The migrations of the shared database (Alembic); versions only ever add."""
