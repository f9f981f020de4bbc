#!/usr/bin/env bash
# What a researcher does: install citytwin, build a module against the installed package in another folder, run it.
# usage: run.sh BUILD_FOLDER SOURCE_FOLDER
set -euo pipefail
build=$1 source=$2
work=$build/scratch/package
rm -rf "$work"
mkdir -p "$work"
cmake --install "$build" --prefix "$work/installed" >/dev/null
program=$work/installed/bin/citytwin
"$program" --version
for example in hello_module epidemic; do
  cp -r "$source/examples/$example" "$work/$example"
  cmake -S "$work/$example" -B "$work/$example/build" -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$work/installed" >/dev/null
  cmake --build "$work/$example/build" >/dev/null
  scenario=$(ls "$work/$example"/*.toml | grep -v city.toml)
  for threads in 1 2; do
    "$program" run "$scenario" --module "$work/$example/build/$example.so" -o "$work/$example/run$threads" --threads $threads --progress none
  done
  for file in results.h5 kpis.json ledgers.json ledger_days.csv warnings.ndjson; do
    cmp "$work/$example/run1/$file" "$work/$example/run2/$file"
  done
done
grep -q '"worst_mean_delay"' "$work/hello_module/run1/kpis.json"
grep -q '"attack_rate"' "$work/epidemic/run1/kpis.json"
[ "$(wc -l < "$source/examples/hello_module/hello_module.cpp")" -le 60 ]
[ "$(wc -l < "$source/examples/epidemic/epidemic.cpp")" -le 200 ]
echo "package: both modules built against the installed package and gave the same bytes at 1 and 2 threads"
