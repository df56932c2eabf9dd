"""The table of what was measured, in the README between two marks: only rows that a bench printed."""

from pathlib import Path

from tests.benchmarks.measure import Measure

README = Path(__file__).resolve().parents[2] / "README.md"
BEGIN, END = "<!-- measured: written by dev.py bench --table -->", "<!-- end of measured -->"
HEAD = (
    "| What | Ours | Reference | Ratio | Aim | Command |",
    "|---|---:|---:|---:|---|---|",
)


def row_of(command: str, measure: Measure) -> str:
    """Return one line of the table."""
    ours, reference = (f"{_number(n)} {measure.unit}" for n in (measure.ours, measure.reference))
    return (
        f"| {measure.name} | {ours} | {measure.reference_name}: {reference} | {measure.ratio:.2f} |"
        f" {measure.aim.replace('<=', '≤')} | `bench {command}` |"
    )


def with_row(text: str, row: str) -> str:
    """Return `text` with `row` in its table: in place of the row of the same name, or at the end."""
    before, _, rest = text.partition(BEGIN)
    table, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"there is no place for the table: {BEGIN} ... {END}")
    rows = [line for line in table.splitlines() if line.startswith("|") and line not in HEAD]
    name = _name(row)
    kept = [row if _name(line) == name else line for line in rows]
    made = "\n".join([BEGIN, *HEAD, *(kept if row in kept else [*kept, row]), END])
    return f"{before}{made}{after}"


def update_readme(command: str, measure: Measure) -> None:
    """Put one measured row into the README."""
    text = README.read_text(encoding="utf-8")
    README.write_text(with_row(text, row_of(command, measure)), encoding="utf-8")


def _name(row: str) -> str:
    return row.split("|")[1].strip()


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
