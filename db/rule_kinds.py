"""The kinds of rules across fields: each says in Python and in SQL whether a record keeps it.

The shared database gets the SQL as a CHECK, so both sides refuse the same. An empty value never
breaks a rule by itself; `naoberkaart.filled` is a helper function of the shared schema.
"""

from dataclasses import dataclass

from db.fields import CodeList, Record

Trigger = CodeList | bool


@dataclass(frozen=True, slots=True)
class AtMost:
    """`low` may not be more than `high` (numbers, money, dates); an empty one never breaks it."""

    low: str
    high: str
    message: str
    at: str = ""

    def is_kept(self, record: Record) -> bool:
        """Whether `record` keeps the rule."""
        low, high = getattr(record, self.low), getattr(record, self.high)
        return low is None or high is None or low <= high

    @property
    def field(self) -> str:
        """The field to show the problem at."""
        return self.at or self.low

    @property
    def sql(self) -> str:
        """The CHECK expression."""
        return f"{self.low} IS NULL OR {self.high} IS NULL OR {self.low} <= {self.high}"


@dataclass(frozen=True, slots=True)
class Needed:
    """At least one of `fields` is filled when `when` has one of `values` (codes, or True)."""

    fields: tuple[str, ...]
    when: str
    values: tuple[Trigger, ...]
    message: str

    def is_kept(self, record: Record) -> bool:
        """Whether `record` keeps the rule."""
        if getattr(record, self.when) not in self.values:
            return True
        return any(is_filled(getattr(record, name)) for name in self.fields)

    @property
    def field(self) -> str:
        """The field to show the problem at."""
        return self.fields[0]

    @property
    def sql(self) -> str:
        """The CHECK expression."""
        values = ", ".join(_literal(value) for value in self.values)
        filled = " OR ".join(f"naoberkaart.filled(to_jsonb({name}))" for name in self.fields)
        return f"{self.when} IS NULL OR {self.when} NOT IN ({values}) OR {filled}"


@dataclass(frozen=True, slots=True)
class OneOf:
    """`field` is one of `values` as soon as `when` is filled."""

    field: str
    values: tuple[CodeList, ...]
    when: str
    message: str

    def is_kept(self, record: Record) -> bool:
        """Whether `record` keeps the rule."""
        return getattr(record, self.when) is None or getattr(record, self.field) in self.values

    @property
    def sql(self) -> str:
        """The CHECK expression; an empty `field` breaks it, and NULL alone would pass a CHECK."""
        values = ", ".join(_literal(value) for value in self.values)
        return f"{self.when} IS NULL OR coalesce({self.field} IN ({values}), false)"


Rule = AtMost | Needed | OneOf


def _literal(value: Trigger) -> str:
    return str(value).lower() if isinstance(value, bool) else f"'{value.value}'"


def is_filled(value: object) -> bool:
    """Whether a value counts as filled in; 0 does (a rent of nothing is a rent), False does not."""
    return value is not None and value is not False and value not in ("", frozenset())
