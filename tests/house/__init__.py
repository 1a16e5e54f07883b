"""The rules of the house and the violations that show that each of them bites: see tests/harness/house.py."""
