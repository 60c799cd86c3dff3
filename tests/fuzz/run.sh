#!/usr/bin/env bash
# run.sh PROGRAM NAME: one target over its corpus, then on from there, for ten minutes if MERIT_LONG is
# set. The seed is printed by the program; MERIT_SEED chooses it. What fails is kept, with the command that
# runs it again; so is what reached something new.
set -euo pipefail
program=$1
corpus=tests/fuzz/corpus/$2
seconds=2
[ -n "${MERIT_LONG:-}" ] && seconds=600
found=build/asan/fuzz-artifacts/$2
mkdir -p "$found" "$found.corpus"
# Weighing inputs by the rarity of what they reach costs six times what running them does.
flags=(-entropic=0 -max_total_time="$seconds" -timeout=25 -rss_limit_mb=4096 -max_len=4096
  -print_final_stats=1 -artifact_prefix="$found/" -seed="${MERIT_SEED:-0}")
[ -e "tests/fuzz/$2.dict" ] && flags+=(-dict="tests/fuzz/$2.dict")
if ! "$program" "${flags[@]}" "$found.corpus" "$corpus" >"$found.log" 2>&1; then
  tail -n 200 "$found.log"
  echo "again with: $program $found/FILE"
  ls "$found"
  exit 1
fi
grep -E '^INFO: Seed|^#[0-9]+.DONE|^stat::(number|average|peak)' "$found.log"
