"""Writes operation_docs.hpp: the doc comment of every operation, for the module's docstrings.

usage: generate_docs.py FOLDER_OF_OPS OUTPUT
"""
# SPDX-License-Identifier: BSD-3-Clause
import pathlib
import re
import sys

DOMAINS = {
    "everything": "any dtype", "numbers": "all dtypes but bool", "reals": "integers and floats",
    "integers": "integers", "floats": "floats", "complexes": "complex dtypes", "booleans": "bool",
}
RESULTS = {
    "floating": "Integers and bool are computed as the default float dtype.",
    "predicate": "The result is bool.",
    "comparison": "The result is bool.",
}


def entries(text):
    """(name, sentence) of every operation struct in a header."""
    pattern = re.compile(r"((?:[ \t]*///[^\n]*\n)*)struct (\w+) : (\w+)<([^,>]*),\s*(\d)>")
    for comment, name, base, domain, _ in pattern.findall(text):
        doc = " ".join(line.strip().removeprefix("///").strip() for line in comment.splitlines())
        kinds = [DOMAINS.get(k.strip(), k.strip()) for k in domain.split("|")]
        takes = "Takes " + ", ".join(kinds) + "; operands broadcast; lazy. TypeError for other dtypes."
        yield name, " ".join(filter(None, [doc, RESULTS.get(base, ""), takes]))


def main(folder, output):
    docs = {}
    for header in sorted(pathlib.Path(folder).glob("*.hpp")):
        docs.update(entries(header.read_text()))
    lines = [f'    if (name == "{name}") return "{doc.replace(chr(92), chr(92) * 2).replace(chr(34), chr(92) + chr(34))}";'
             for name, doc in sorted(docs.items())]
    pathlib.Path(output).write_text("\n".join([
        "// Written by generate_docs.py from the operations' doc comments.", "#pragma once",
        "#include <string_view>", "", "namespace lazy::python {",
        "inline const char* operation_doc(std::string_view name) {", *lines,
        '    return "";', "}", "}  // namespace lazy::python", ""]))


if __name__ == "__main__":
    main(*sys.argv[1:])
