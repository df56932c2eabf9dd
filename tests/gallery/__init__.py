"""The component sheet: every control in every state, to compare with the design pictures."""
