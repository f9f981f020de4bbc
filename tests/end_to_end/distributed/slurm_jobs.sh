#!/usr/bin/env bash
# The job scripts of examples/slurm on a real Slurm of one node: an array sweep with the bytes of a local one, and a run that outlives
# its time limit by checkpoint and requeue. usage: slurm_jobs.sh BUILD_FOLDER SOURCE_FOLDER      (exit 77: no Slurm here)
set -euo pipefail
build=$1 source=$2
work=$build/scratch/slurm_jobs
if [ "${3:-}" != inside ]; then
  rm -rf "$work"
  mkdir -p "$work"
  exec "$source/tests/end_to_end/distributed/slurm_node.sh" "$work/slurm" "$0" "$build" "$source" inside
fi
export CITYTWIN=$build/citytwin
cd "$work"
cat >city.toml <<'TOML'
generate = { population = 1000, seed = 2 }
TOML
cat >base.toml <<'TOML'
name = "town"
city = "city.toml"
zone = "Europe/Berlin"
start = 2025-06-03T07:00:00
end = 2025-06-03T08:00:00
[modules.population]
[modules.traffic]
[checkpoint]
every = "1 min"
[record]
fields = ["road_link.flow"]
interval = "15 min"
TOML
cat >sweep.toml <<'TOML'
name = "shares of cars"
scenario = "base.toml"
replications = 4
until = "20 min"
[[axis]]
set = "modules.population.car_share"
values = [0.3, 0.6]
TOML
same_bytes() {
  for file in results.h5 kpis.json ledgers.json warnings.ndjson; do cmp "$1/$file" "$2/$file"; done
}
"$CITYTWIN" sweep run sweep.toml -o local --workers 2 --progress none >/dev/null 2>&1
sbatch --wait --array=1-8 --time=5 --signal=B:USR1@30 --output=array-%a.log --export=ALL,SWEEP=sweep.toml,OUT=array "$source/examples/slurm/sweep.sbatch" >/dev/null
for run in 1 2 3 4 5 6 7 8; do same_bytes local/runs/000$run array/runs/000$run; done
echo "slurm: an array of 8 wrote the bytes of local processes"

# Slurm tells time in minutes and warns early: with @50 a start has some 10 to 30 seconds, the run needs 48.
"$CITYTWIN" run base.toml -o straight --no-report --progress none >/dev/null 2>&1
export CITYTWIN_TEST_SLEEP_PER_MINUTE_US=800000
job=$(sbatch --parsable --time=1 --signal=B:USR1@50 --cpus-per-task=1 --output=run.log --export=ALL,SCENARIO=base.toml,RUN=limited "$source/examples/slurm/run.sbatch")
for _ in $(seq 240); do
  grep -q '"status": "finished"' limited/run.json 2>/dev/null && break
  sleep 1
done
same_bytes straight limited
again=$(grep -c "queued again" run.log || true)
[ "$again" -ge 1 ] || { echo "slurm: job $job was never requeued"; cat run.log; exit 1; }
echo "slurm: a run was stopped $again times at its time limit, queued again, and ended with the bytes of a straight one"
