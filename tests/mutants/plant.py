#!/usr/bin/env python3
"""Writes copies of source files in which planted bugs can be chosen at run time.

plant.py SOURCE_ROOT BUGS_FOLDER OUT: for every bugs/NAME.toml the anchor in its file becomes a choice between itself and
the replacement; OUT gets the changed files under their paths, and bugs.cpp with the names. An anchor that is missing or
not unique fails: the bug must follow the code.
"""

import pathlib
import sys
import tomllib


def choice(name: str, bug: dict) -> str:
    anchor, replacement = bug["anchor"], bug["replacement"]
    if bug["kind"] == "expression":
        return f'(::kontor::planted("{name}") ? ({replacement}) : ({anchor}))'
    return f'{{ if (::kontor::planted("{name}")) {{ {replacement} }} else {{ {anchor} }} }}'


def main() -> int:
    root, folder, out = (pathlib.Path(argument) for argument in sys.argv[1:4])
    texts: dict[str, str] = {}
    names = []
    for path in sorted(folder.glob("*.toml")):
        bug = tomllib.loads(path.read_text())
        file = bug["file"]
        text = texts.get(file) or (root / file).read_text()
        if text.count(bug["anchor"]) != 1:
            print(f"{path}: its anchor stands {text.count(bug['anchor'])} times in {file}", file=sys.stderr)
            return 1
        texts[file] = text.replace(bug["anchor"], choice(path.stem, bug))
        for unit in bug.get("units", []):
            texts.setdefault(unit, (root / unit).read_text())
        names.append(path.stem)
    for file, text in texts.items():
        target = out / file
        target.parent.mkdir(parents=True, exist_ok=True)
        guard = "#pragma once\n"
        include = '#include "tests/mutants/planted.hpp"\n'
        head = text.replace(guard, guard + include, 1) if guard in text else include + text
        if not target.exists() or target.read_text() != head:
            target.write_text(head)
    listed = ", ".join(f'"{name}"' for name in names)
    (out / "bugs.cpp").write_text(
        '#include "tests/mutants/planted.hpp"\n\nnamespace kontor {\n\n'
        "std::span<std::string_view const> planted_bugs() {\n"
        f"    static constexpr std::string_view names[] = {{{listed}}};\n    return names;\n}}\n\n"
        "} // namespace kontor\n"
    )
    return 0


sys.exit(main())
