"""What sync needs to check itself: digests, who delivered a change, halves of attachments."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add columns and one table; the next cycle fills the digests by receiving everything once."""
    op.add_column("item", sa.Column("digest", sa.Integer()))
    op.create_index("item_digest", "item", ["entity", "digest"])
    op.add_column("history", sa.Column("delivered_by", sa.Text()))
    op.add_column("attachment", sa.Column("thumbnail", sa.Text()))
    op.execute(
        "UPDATE attachment SET thumbnail = extra ->> '$.thumbnail',"
        " extra = nullif(json_remove(extra, '$.thumbnail'), '{}')"
        " WHERE extra IS NOT NULL AND extra ->> '$.thumbnail' IS NOT NULL"
    )
    op.create_table(
        "blob_part",
        sa.Column("sha256", sa.Text(), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
    )
    op.create_table("blob_wanted", sa.Column("sha256", sa.Text(), primary_key=True))
    op.create_index(
        "blob_unsent",
        "blob",
        ["stored_at", "sha256", "size_bytes"],
        sqlite_where=sa.text("stored_at IS NULL"),
    )
    op.create_index(
        "attachment_bytes",
        "attachment",
        ["belongs_to", "deleted", "sha256", "thumbnail", "size_bytes", "id", "changed_at"],
    )
