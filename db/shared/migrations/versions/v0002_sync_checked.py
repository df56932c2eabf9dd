"""What lets sync check itself: digests, marks in the history, delivery for another, purging, presence.

Everything is added; a program of version 1 goes on with the functions it knows. The statements stand
beside this file as SQL.

Revision ID: 0002
"""

from pathlib import Path
from typing import Any

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FOLDER = Path(__file__).with_name("sql_0002")


def upgrade() -> None:
    connection: Any = op.get_bind().connection.driver_connection
    for script in sorted(FOLDER.glob("*.sql")):
        # Past SQLAlchemy, which would take the per cent signs of format() for parameters.
        connection.execute(script.read_text(encoding="utf-8"))
    connection.execute("UPDATE naoberkaart.server SET version = 2")


def downgrade() -> None:
    raise NotImplementedError("the shared database is never taken back; restore a backup instead")
