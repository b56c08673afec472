#!/usr/bin/env bash
# run.sh COMPILER ROOT: each case of cases/ is compiled healed, and must compile, and with BROKEN defined, and must fail
# with the words that its first line expects. Exits 1 and says which did not.
set -euo pipefail
compiler=$1 root=$2
cd "$(dirname "${BASH_SOURCE[0]}")/cases"
export compiler root

check() {
    local case=$1 expected output
    local flags=(-std=c++20 -fsyntax-only -Wall -Wextra -Werror "-I$root/src" "-I$root")
    expected=$(sed -n '1s/^\/\/ expects: //p' "$case")
    [[ -n $expected ]] || { echo "$case: its first line expects nothing" && return 1; }
    output=$("$compiler" "${flags[@]}" "$case" 2>&1) || { printf '%s: healed, it must compile\n%s\n' "$case" "$output" && return 1; }
    if output=$(LC_ALL=C "$compiler" "${flags[@]}" -DBROKEN "$case" 2>&1); then
        echo "$case: broken, it must not compile" && return 1
    fi
    grep -qE -- "$expected" <<<"$output" || { printf '%s: broken, it must say "%s", not\n%s\n' "$case" "$expected" "$(grep -m 3 'error' <<<"$output")" && return 1; }
}
export -f check

# shellcheck disable=SC2016 # the inner shell expands it
printf '%s\0' *.cpp | xargs -0 -n 1 -P 2 bash -c 'check "$1" || exit 255' check
echo "$(printf '%s\n' *.cpp | wc -l) misuses do not compile, and their healed forms do"
