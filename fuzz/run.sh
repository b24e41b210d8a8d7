#!/bin/bash
# Builds the fuzz targets, runs each for so many seconds one after the other, and prints a table; fails on a finding.
#   fuzz/run.sh SECONDS [TARGET…]
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=$1
shift
if ! command -v c++ > /dev/null; then
  echo "libFuzzer is written in C++ and there is no c++ here: install a C++ compiler, g++ or clang, and try again" >&2
  exit 1
fi
export PATH="$PWD/.tools/bin:$PATH"
# Instrumented code on a stable compiler. The workspace forbids unsafe code, so that no sanitizer has anything to look
# for, and without one twice as much is tried; `cfg(fuzzing)` would change what libraries do.
export RUSTC_BOOTSTRAP=1 RUST_BACKTRACE=0
built=${CARGO_TARGET_DIR:-target}/fuzz
options=(--sanitizer none --no-cfg-fuzzing --target-dir "$built")
read -ra targets <<< "${*:-$(cargo fuzz list | tr '\n' ' ')}"
for target in "${targets[@]}"; do cargo fuzz build "${options[@]}" "$target"; done

host=$(rustc -vV | sed -n 's/^host: //p')
failed=0
table=$(printf '%-16s %12s %8s %8s %9s' target runs seconds corpus findings)
for target in "${targets[@]}"; do
  corpus=.run/fuzz/$target/corpus findings=.run/fuzz/$target/findings log=.run/fuzz/$target/log
  mkdir -p "$corpus" "$findings"
  echo "fuzzing $target for $seconds s, log in $log"
  begun=$SECONDS
  # A finding ends its target, not the others.
  status=0
  "$built/$host/release/$target" "$corpus" "fuzz/seeds/$target" "-artifact_prefix=$findings/" -dict=fuzz/words.dict \
    "-max_total_time=$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 > "$log" 2>&1 || status=$?
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  [ "$runs" ] || runs=$(sed -n 's/^#\([0-9]*\).*/\1/p' "$log" | tail -n 1)
  found=$(find "$findings" -type f | wc -l)
  table+=$'\n'$(printf '%-16s %12s %8s %8s %9s' "$target" "${runs:-0}" "$((SECONDS - begun))" "$(find "$corpus" -type f | wc -l)" "$found")
  if [ "$status" -ne 0 ] || [ "$found" -ne 0 ]; then
    failed=1
    grep -A 8 -E 'panicked at|ERROR: libFuzzer' "$log" || tail -n 20 "$log"
  fi
done
printf '\n%s\n' "$table"
if [ "$failed" -ne 0 ]; then
  echo "findings are in .run/fuzz/TARGET/findings; how to go on is in docs/fuzzing.md" >&2
fi
exit "$failed"
