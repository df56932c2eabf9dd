"""The table of what was measured: a row takes the place of its older self."""

from tests.benchmarks.measure import Measure
from tests.benchmarks.measured_table import BEGIN, END, HEAD, row_of, with_row


def test_a_row_measured_again_takes_its_own_place() -> None:
    first = row_of("step", Measure("in step", 100, 50, "a peer", "ms", 5, "<= 1"))
    other = row_of("push", Measure("push", 8, 4, "a floor", "ms", 5))
    again = row_of("step", Measure("in step", 40, 50, "a peer", "ms", 5, "<= 1"))
    text = f"before\n{BEGIN}\n{END}\nafter\n"
    for row in (first, other, again):
        text = with_row(text, row)
    assert text == "\n".join(["before", BEGIN, *HEAD, again, other, END, "after", ""])
    assert again == "| in step | 40.0 ms | a peer: 50.0 ms | 0.80 | ≤ 1 | `bench step` |"
