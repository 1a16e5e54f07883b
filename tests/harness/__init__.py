"""The suites of tests/run_tests.py, one module each."""
