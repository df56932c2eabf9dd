"""The core: what a record is, its rules, its stores and how they are kept alike. No Qt."""
