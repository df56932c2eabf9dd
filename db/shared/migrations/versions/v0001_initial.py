"""The first shape of the shared database: tables, rights, history, push and pull.

The statements stand beside this file as SQL, frozen: 2_tables and 3_declared were written once from
the declarations (`python -m tests.tools.freeze_shared`), the others by hand. Later versions add.

Revision ID: 0001
"""

from pathlib import Path
from typing import Any

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

FOLDER = Path(__file__).with_name("sql_0001")


def upgrade() -> None:
    connection: Any = op.get_bind().connection.driver_connection
    for script in sorted(FOLDER.glob("*.sql")):
        # Past SQLAlchemy, which would take the per cent signs of format() for parameters.
        connection.execute(script.read_text(encoding="utf-8"))
    connection.execute("INSERT INTO naoberkaart.server (version, least_client) VALUES (1, 1)")


def downgrade() -> None:
    raise NotImplementedError("the shared database is never taken back; restore a backup instead")
