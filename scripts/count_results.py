#!/usr/bin/env python3
# Counts what passed and failed in a CTest run, Catch2 programs and pytest by their test cases.
# SPDX-License-Identifier: BSD-3-Clause
"""count_results.py RESULTS.xml CTEST_STATUS: prints "N passed, N failed" as its last line and exits
with 1 unless everything passed."""
import re
import sys
import xml.etree.ElementTree as xml

ALL_PASSED = re.compile(r"All tests passed \(.* in (\d+) test cases?\)")
PYTEST = re.compile(r"^(?=.*\b(?:passed|failed|error)).* in [\d.]+s", re.MULTILINE)
SOME_FAILED = re.compile(r"^test cases:\s*(\d+) \|(.*)$", re.MULTILINE)


def catch_cases(text):
    """(passed, failed) test cases in what a Catch2 program printed, or None if it is not one."""
    if match := ALL_PASSED.search(text):
        return int(match[1]), 0
    if match := SOME_FAILED.search(text):
        # Cases that failed as expected, and were meant to, count as passed.
        failed = sum(int(number) for number in re.findall(r"(\d+) failed(?! as expected)", match[2]))
        return int(match[1]) - failed, failed
    return None


def pytest_cases(text):
    """The same of what pytest printed last."""
    if not (lines := PYTEST.findall(text)):
        return None
    numbers = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|error)", lines[-1])}
    return numbers.get("passed", 0), numbers.get("failed", 0) + numbers.get("error", 0)


def count(test):
    """(passed, failed, skipped) of one CTest entry."""
    status, skipped = test.get("status"), test.find("skipped")
    # A test skipped by its own word is no failure; one whose program or fixture is missing is.
    if status == "disabled" or skipped is not None and "SKIP" in skipped.get("message", ""):
        return 0, 0, 1
    ok = status == "run"
    text = test.findtext("system-out") or ""
    passed, failed = catch_cases(text) or pytest_cases(text) or (int(ok), 0)
    return passed, failed if ok else max(failed, 1), 0


def main():
    results, status = sys.argv[1], int(sys.argv[2])
    try:
        tests = xml.parse(results).getroot().findall("testcase")
    except (OSError, xml.ParseError) as problem:
        print(f"no results: {problem}\n0 passed, 1 failed")
        return 1
    counts = [(test.get("name"), *count(test)) for test in tests]
    for name, passed, failed, skipped in counts:
        print(f"{name}: {passed} passed, {failed} failed" + (", skipped" if skipped else ""))
    passed, failed = sum(row[1] for row in counts), sum(row[2] for row in counts)
    if failed == 0 and (status != 0 or passed == 0):
        failed = 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
