"""Programs for people who work on the program: texts, proofs, measurements. Started by dev.py."""
