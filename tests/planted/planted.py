#!/usr/bin/env python3
"""Plants one bug after another in a copy of the tree and looks whether the named test turns red.

    planted.py SOURCE WORKSPACE [NAME…]
    planted.py SOURCE WORKSPACE --rest

A test that stays green over its bug guards nothing. The list is bugs.toml; tally.json keeps the commit at which each bug
was last caught, and --rest goes on with those that it does not have. The copy is built as `./dev test` builds its specs, so
that the compiler's cache knows it already. KONTOR_JOBS says how many compilers may run at once. Exit codes: 0 every bug was
caught, 1 one was not, or a test is red without any bug, or a place to plant is not there any more.
"""
import json
import os
import shutil
import subprocess
import sys
import tomllib

PRESET = "asan"


def copy_tree(source, tree):
    files = subprocess.run(["git", "-C", source, "ls-files", "-z"], check=True, capture_output=True).stdout.decode()
    for name in filter(None, files.split("\0")):
        target = os.path.join(tree, name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        if not os.path.isfile(os.path.join(source, name)):
            continue
        with open(os.path.join(source, name), "rb") as file:
            content = file.read()
        if os.path.exists(target):
            with open(target, "rb") as file:
                if file.read() == content:
                    continue
        shutil.copyfile(os.path.join(source, name), target)
        shutil.copymode(os.path.join(source, name), target)


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, **options)


def is_green(tree, bug):
    environment = dict(os.environ, KONTOR_SEED=os.environ.get("KONTOR_SEED", "1"))
    program = os.path.join(tree, "build", PRESET, "bin", bug["program"])
    try:
        return run(program, "--gtest_brief=1", "--gtest_filter=" + bug["case"], env=environment, timeout=120,
                   cwd=os.path.join(tree, "build", PRESET)).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def build(tree, *programs):
    jobs = ["-j", os.environ["KONTOR_JOBS"]] if "KONTOR_JOBS" in os.environ else []
    built = run("ninja", "-C", os.path.join(tree, "build", PRESET), *jobs, *programs)
    if built.returncode != 0:
        print("\n".join(line for line in built.stdout.splitlines() if "error" in line)[:2000])
    return built.returncode == 0


def plant(tree, name, bug):
    """What went wrong, or None: caught."""
    path = os.path.join(tree, bug["file"])
    with open(path) as file:
        original = file.read()
    if original.count(bug["find"]) != 1:
        return "its place stands %d times in %s" % (original.count(bug["find"]), bug["file"])
    with open(path, "w") as file:
        file.write(original.replace(bug["find"], bug["put"]))
    try:
        if not build(tree, bug["program"]):
            return "it does not compile"
        return "NOT CAUGHT by %s %s" % (bug["program"], bug["case"]) if is_green(tree, bug) else None
    finally:
        with open(path, "w") as file:
            file.write(original)


def path_of_tally(source):
    return os.path.join(source, "tests", "planted", "tally.json")


def tally_of(source):
    if not os.path.exists(path_of_tally(source)):
        return {}
    with open(path_of_tally(source)) as file:
        return json.load(file)


def note_caught(source, name, bugs):
    """Bugs that are not in the list any more are forgotten."""
    tally = tally_of(source)
    tally[name] = run("git", "-C", source, "rev-parse", "--short", "HEAD").stdout.strip()
    with open(path_of_tally(source), "w") as file:
        json.dump({each: tally[each] for each in sorted(tally) if each in bugs}, file, indent=1)
        file.write("\n")


def main():
    if len(sys.argv) < 3:
        print(__doc__)
        return 2
    source, tree = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "bugs.toml"), "rb") as file:
        known = tomllib.load(file)
    tally = tally_of(source)
    rest = [name for name in known if name not in tally]
    bugs = {name: known[name] for name in (rest if sys.argv[3:] == ["--rest"] else sys.argv[3:] or known)}
    copy_tree(source, tree)
    configured = run("cmake", "--preset", PRESET, "-DKONTOR_TESTS=ON", cwd=tree)
    if configured.returncode != 0 or not build(tree, *sorted({bug["program"] for bug in bugs.values()})):
        print(configured.stderr)
        return 1
    failed = 0
    for name, bug in bugs.items():
        # Built again, for the bug before this one may have gone into the same program.
        is_sound = build(tree, bug["program"]) and is_green(tree, bug)
        wrong = plant(tree, name, bug) if is_sound else "red without any bug"
        failed += wrong is not None
        if wrong is None:
            note_caught(source, name, known)
        print("  %-40s %s" % (name, wrong or "caught"), flush=True)
    print("%d bugs planted, %d caught" % (len(bugs), len(bugs) - failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
