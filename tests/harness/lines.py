"""Reads the report of tools that print `ok NAME` or `FAIL NAME …` a line."""
import re

from .common import Result, clipped

SUMMARY = re.compile(r"\d+ passed, \d+ failed$")


def results_from(prefix, ran):
    text = ran.out + ran.err
    results = []
    details = None  # lines after a FAIL line explain it
    for line in ran.out.split("\n"):
        if line.startswith("ok "):
            results.append(Result(f"{prefix}/{line[3:].strip()}", True))
            details = None
        elif line.startswith("FAIL "):
            results.append(Result(f"{prefix}/{line[5:].strip()}", False))
            details = results[-1]
        elif details and line.strip() and not SUMMARY.match(line):
            details.detail += ("\n" if details.detail else "") + line
    failed = any(not result.ok for result in results)
    if not results:
        results.append(Result(prefix, False, f"{ran.describe()}, no result line\n" + clipped(text)))
    elif ran.code != 0 and not failed:
        results.append(Result(prefix, False, f"{ran.describe()} though no test failed\n" + clipped(text)))
    elif ran.code == 0 and failed:
        results.append(Result(prefix, False, "exit code 0 though a test failed"))
    return results
