#!/usr/bin/env bash
# coverage.sh TARGET…: how much of our code each target reaches with the corpus and with what its runs
# found, by file: regions, functions, lines, branches. Needs the coverage tree.
set -euo pipefail
cd "$(dirname "$0")/../.."
for target in "$@"; do
  program=build/coverage/bin/fuzz_$target
  found=build/asan/fuzz-artifacts/$target.corpus
  profile=build/coverage/$target
  mkdir -p "$found"
  LLVM_PROFILE_FILE=$profile.profraw "$program" -runs=0 "$found" "tests/fuzz/corpus/$target" \
    >"$profile.log" 2>&1 || { tail "$profile.log" >&2; exit 1; }
  llvm-profdata-14 merge -sparse "$profile.profraw" -o "$profile.profdata"
  echo "fuzz_$target:"
  llvm-cov-14 report "$program" -instr-profile="$profile.profdata" \
    -ignore-filename-regex='(^|/)(usr|build|tests)/' |
    awk '/^(Filename|TOTAL)/ || $3 != $2'
done
