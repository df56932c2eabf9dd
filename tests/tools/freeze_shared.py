"""Write the tables and rows of the first shared migration from the declarations.

Only until the first release: after that the files are frozen and a change is a new migration.
"""

from pathlib import Path

from db.shared import migrations
from db.shared.declared import rows_sql, tables_sql


def main() -> int:
    folder = Path(next(iter(migrations.__path__))) / "versions" / "sql_0001"
    head = "-- Written once from the declarations by tests/tools/freeze_shared.py; frozen.\n\n"
    (folder / "2_tables.sql").write_text(head + tables_sql(), encoding="utf-8")
    (folder / "3_declared.sql").write_text(head + rows_sql(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
