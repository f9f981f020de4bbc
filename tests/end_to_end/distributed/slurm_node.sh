#!/usr/bin/env bash
# A real Slurm of one node for a test: munged, slurmctld and slurmd with files, keys and sockets of their own below DIR; runs COMMAND
# with SLURM_CONF set and ends the daemons. Exit 77 with a word where it can't be set up (not root, or Debian's packages are missing).
# usage: slurm_node.sh DIR COMMAND [ARGUMENT…]
set -euo pipefail
skip() { echo "slurm_node: skipped: $*" >&2; exit 77; }
[ $# -ge 2 ] || { sed -n 4p "$0" >&2; exit 2; }
[ "$(id -u)" -eq 0 ] || skip "daemons of Slurm are started as root only"
for program in munged slurmctld slurmd sbatch scontrol sinfo; do
  command -v "$program" >/dev/null || skip "$program isn't installed (apt: slurmctld slurmd slurm-client munge)"
done
mkdir -p "$1"
dir=$(cd "$1" && pwd)
shift
mkdir -p "$dir"/{munge,state,spool}
chmod 0711 "$dir/munge"
host=$(hostname -s)
cores=$(nproc)
memory=$(awk '/MemTotal/ { print int($2 / 1024 * 0.9) }' /proc/meminfo)
controller_port=$((20000 + $$ % 10000))
dd if=/dev/urandom of="$dir/munge/key" bs=1024 count=1 2>/dev/null
chmod 0400 "$dir/munge/key"
cat >"$dir/slurm.conf" <<CONF
ClusterName=citytwin
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$controller_port
SlurmdPort=$((controller_port + 1))
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$dir/munge/socket,cred_expire=5
CredType=cred/munge
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=batch_sched_delay=0,sched_interval=1
SchedulerType=sched/backfill
ReturnToService=2
JobRequeue=1
KillWait=30
MinJobAge=300
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.pid
SlurmctldLogFile=$dir/slurmctld.log
SlurmdLogFile=$dir/slurmd.log
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
NodeName=$host NodeAddr=127.0.0.1 CPUs=$cores RealMemory=$memory State=UNKNOWN
PartitionName=main Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
# slurmd sets its cgroup plugin up even where nothing uses it; version 2 without systemd needs telling.
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then printf 'CgroupPlugin=cgroup/v2\nIgnoreSystemd=yes\n'; else printf 'CgroupPlugin=cgroup/v1\n'; fi >"$dir/cgroup.conf"
export SLURM_CONF="$dir/slurm.conf"

daemons=()
finish() {
  scancel --user=root >/dev/null 2>&1 || true
  for _ in $(seq 50); do [ -z "$(squeue -h 2>/dev/null)" ] && break; sleep 0.2; done
  sleep 1   # steps tell slurmd of their end, and that takes munge: it goes last
  for ((i = ${#daemons[@]} - 1; i >= 0; i--)); do
    kill "${daemons[i]}" 2>/dev/null || true
    wait "${daemons[i]}" 2>/dev/null || true
  done
}
trap finish EXIT
munged --foreground --force --socket="$dir/munge/socket" --key-file="$dir/munge/key" --pid-file="$dir/munge/pid" --log-file="$dir/munge/log" \
  --seed-file="$dir/munge/seed" >"$dir/munged.out" 2>&1 &
daemons+=($!)
for _ in $(seq 50); do [ -S "$dir/munge/socket" ] && break; sleep 0.1; done
[ -S "$dir/munge/socket" ] || skip "munged didn't start: $(tail -1 "$dir/munged.out")"
slurmctld -D -f "$SLURM_CONF" >"$dir/slurmctld.out" 2>&1 &
daemons+=($!)
slurmd -D -f "$SLURM_CONF" -N "$host" >"$dir/slurmd.out" 2>&1 &
daemons+=($!)
for _ in $(seq 100); do
  [ "$(sinfo -h -o %T 2>/dev/null | head -1)" = idle ] && break
  sleep 0.2
done
[ "$(sinfo -h -o %T 2>/dev/null | head -1)" = idle ] || skip "the node didn't come up: $(tail -2 "$dir/slurmctld.log" "$dir/slurmd.log" 2>/dev/null | tr '\n' ' ')"
"$@"
