"""Qt models over values from the services; they hold no rule, no SQL and no text of their own."""
