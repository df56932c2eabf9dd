"""Proofs that take minutes, need a privilege or change a machine: `python3 dev.py prove NAME`."""
