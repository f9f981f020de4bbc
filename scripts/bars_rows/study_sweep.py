"""B6: a sweep of 64 runs by every executor, and killed at random."""
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import time

from .common import BUILD, ROOT, WORK, digest, row
from .sector_runs import SCENARIOS

PROGRAM = BUILD / "citytwin"
SWEEP = """name = "64 runs"
scenario = "{scenario}"
replications = 8
until = "6 h"
[[axis]]
set = "modules.population.car_share"
values = [0.3, 0.4, 0.5, 0.6]
[[axis]]
change = ["none", "widen"]
[[change]]
name = "widen"
where = {{ road_link = "lanes = 1" }}
set = {{ lanes = "+1" }}
"""


def _file():
    folder = WORK / "sweep"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "sweep.toml"
    path.write_text(SWEEP.format(scenario=SCENARIOS / "riverside" / "baseline.toml"))
    return path


def _fresh(name):
    folder = WORK / "sweep" / name
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def _sweep(folder, *arguments, before=(), environment=None):
    """Seconds."""
    begin = time.perf_counter()
    command = [*before, str(PROGRAM), "sweep", "run", str(_file()), "-o", str(folder), "--threads", "1", "--progress", "none", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **(environment or {})}, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-2000:])
    return time.perf_counter() - begin


def _digests(folder):
    return [digest(folder / "runs" / f"{number:04d}") for number in range(1, 65)]


def _finished(folder):
    return sum(json.loads(record.read_text())["status"] == "finished" for record in folder.glob("runs/*/run.json"))


def _independent_runs():
    """Seconds of 16 runs one after the other, and of two loops of eight side by side: the machine's own limit."""
    def loop(name):
        run = f'"{PROGRAM}" run "{SCENARIOS}/riverside/baseline.toml" --until "6 h" --threads 1 --no-report --progress none'
        return f'for i in 1 2 3 4 5 6 7 8; do rm -rf "{WORK}/sweep/{name}-$i"; {run} -o "{WORK}/sweep/{name}-$i" >/dev/null 2>&1; done'

    def seconds(command):
        begin = time.perf_counter()
        subprocess.run(["bash", "-c", command], check=True)
        return time.perf_counter() - begin
    both = f"({loop('alone-a')}) & ({loop('alone-b')}) & wait"
    return min(seconds(f"{loop('alone-a')}; {loop('alone-b')}") for _ in range(2)), min(seconds(both) for _ in range(2))


def _slurm_array(folder):
    """By examples/slurm/sweep.sbatch on a Slurm of one node."""
    job = f"sbatch --wait --array=1-64 --time=10 --output=/dev/null --export=ALL,SWEEP={_file()},OUT={folder} {ROOT}/examples/slurm/sweep.sbatch"
    node = WORK / "sweep" / "slurm"
    shutil.rmtree(node, ignore_errors=True)
    done = subprocess.run([str(ROOT / "tests/end_to_end/distributed/slurm_node.sh"), str(node), "bash", "-c", job], capture_output=True, text=True, env={**os.environ, "CITYTWIN": str(PROGRAM)}, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr[-2000:])


def sweep_executors():
    """64 runs: byte-identical results from threads, processes, MPI ranks (2 to 4), a Slurm array and single indices; two workers against one."""
    seconds = {workers: [] for workers in (1, 2)}
    for _ in range(2):
        for workers in (1, 2):
            seconds[workers].append(_sweep(_fresh("processes"), "--workers", workers, "--executor", "processes"))
    reference = _digests(WORK / "sweep" / "processes")
    rows = [row("sweep of 64", "different results among 64 runs", len(set(reference)), len(set(reference)) >= 32, tolerance=">= 32", note="wider streets may change nothing before six o'clock")]
    ratio = min(seconds[1]) / min(seconds[2])
    alone, beside = _independent_runs()
    rows.append(row("16 runs without a sweep", "two loops of `citytwin run` side by side over one after the other", round(alone / beside, 2), True, note="what this machine gives two processes"))
    rows.append(row("sweep of 64", "two workers (processes) over one", round(ratio, 2), ratio >= 1.8, tolerance=">= 1.8", note=f"{min(seconds[1]):.1f} s and {min(seconds[2]):.1f} s"))
    cases = {"threads": lambda f: _sweep(f, "--workers", 2, "--executor", "threads")}
    if shutil.which("mpirun"):
        for ranks in (2, 3, 4):
            cases[f"mpi-{ranks}"] = lambda f, n=ranks: _sweep(f, before=["mpirun", "--allow-run-as-root", "--oversubscribe", "-n", str(n)])
    else:
        rows.append(row("sweep of 64", "MPI ranks", None, False, note="mpirun isn't here: apt install openmpi-bin"))
    if shutil.which("slurmctld"):
        cases["slurm-array"] = _slurm_array
    else:
        rows.append(row("sweep of 64", "Slurm array", None, False, note="Slurm isn't here: apt install slurmctld slurmd slurm-client munge"))
    cases["indices"] = lambda f: [_sweep(f, "--index", number) for number in range(64, 0, -1)]
    for name, go in cases.items():
        folder = _fresh(name)
        go(folder)
        same = sum(a == b for a, b in zip(_digests(folder), reference))
        rows.append(row(f"sweep of 64 by {name}", "runs byte for byte those of processes", same, same == 64, tolerance="64"))
    return rows


def sweep_kills():
    """A sweep killed (whole process group, SIGKILL) 20 times at random moments and started again: each run done once, nothing lost, the same bytes."""
    _sweep(_fresh("straight"), "--workers", 2)
    reference, folder, draw = _digests(WORK / "sweep" / "straight"), _fresh("killed"), random.Random(7)
    command = [str(PROGRAM), "sweep", "run", str(_file()), "-o", str(folder), "--threads", "1", "--workers", "2", "--progress", "none"]
    finished_at, redone, kills = {}, 0, 0
    slow = {**os.environ, "CITYTWIN_TEST_SLEEP_PER_MINUTE_US": "2000"}
    while kills < 20:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, env=slow)
        try:
            process.wait(draw.uniform(0.1, 1.2))
        except subprocess.TimeoutExpired:
            pass
        if process.poll() is not None:
            break
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        kills += 1
        for record in pathlib.Path(folder).glob("runs/*/run.json"):
            run = json.loads(record.read_text())
            if run["status"] == "finished":
                known = finished_at.setdefault(record.parent.name, run["ended"] + run["started"])
                redone += known != run["ended"] + run["started"]
    for _ in range(20):   # workers of the last kill may still hold runs: they are in other executors' hands until they notice
        _sweep(folder, "--workers", 2)
        if _finished(folder) == 64:
            break
        time.sleep(0.5)
    for record in pathlib.Path(folder).glob("runs/*/run.json"):
        run = json.loads(record.read_text())
        redone += finished_at.get(record.parent.name, run["ended"] + run["started"]) != run["ended"] + run["started"]
    same = sum(a == b for a, b in zip(_digests(folder), reference))
    return [row("sweep of 64", "kills", kills, kills == 20, tolerance="20"), row("sweep of 64, killed", "finished runs done again", redone, redone == 0, tolerance="0"),
            row("sweep of 64, killed", "runs byte for byte those of the straight sweep", same, same == 64, tolerance="64")]
