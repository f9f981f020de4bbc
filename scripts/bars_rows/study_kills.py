"""B7: a thousand kills at random moments over runs and sweeps."""
import concurrent.futures
import json
import os
import random
import shutil
import signal
import subprocess
import time

from .common import PROGRAM, WORK, check, citytwin, digest, row, run
from .digits import RIVERSIDE, _newest_checkpoint, _recovers
from .study_sweep import _digests, _file, _finished, _sweep, _fresh

UNTIL = ("--until", "2025-06-03T08:00:00")
SLOWED = dict(os.environ, CITYTWIN_TEST_SLEEP_PER_MINUTE_US="3000")   # eight hours take 1.4 s and what they cost


def _kill_once(number, wanted):
    """(same bytes after the resume, from a later checkpoint, recover opened it)."""
    folder = WORK / "kills-1000" / f"worker-{number % 2}"
    shutil.rmtree(folder, ignore_errors=True)
    scenario = RIVERSIDE / "baseline.toml"
    process = subprocess.Popen([str(PROGRAM), "run", str(scenario), "-o", str(folder), "--threads", "1", "--progress", "none", "--no-report", *UNTIL], env=SLOWED, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(random.Random(number).uniform(0.02, 2.2))
    process.send_signal(signal.SIGKILL)
    process.wait()
    if folder.exists() and (folder / "run.json").exists() and json.loads((folder / "run.json").read_text())["status"] == "finished":
        return digest(folder) == wanted, True, True
    later = _newest_checkpoint(folder) > 0
    opened = not folder.exists() or _recovers(folder) if number % 10 == 0 else True
    words = ["run", scenario, "-o", folder, "--threads", (1, 2, 3)[number % 3], "--progress", "none", "--no-report", *UNTIL]
    check(citytwin(*words, *(["--resume"] if folder.exists() else []))[2])
    return digest(folder) == wanted, later, opened


def _sweep_kills(kills):
    """Kills of a sweep's whole process group, started again each time in the same folder, a fresh one once it is done."""
    draw = random.Random(9)
    wanted = _digests(WORK / "sweep" / "straight")
    slow = dict(os.environ, CITYTWIN_TEST_SLEEP_PER_MINUTE_US="500")
    done, same, sweeps, redone = 0, 0, 0, 0
    while done < kills:
        folder, finished_at = _fresh("killed"), {}
        command = [str(PROGRAM), "sweep", "run", str(_file()), "-o", str(folder), "--threads", "1", "--workers", "2", "--progress", "none"]
        while done < kills:
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, env=slow)
            try:
                process.wait(draw.uniform(0.05, 1.5))
                break
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                done += 1
            for record in folder.glob("runs/*/run.json"):
                one = json.loads(record.read_text())
                if one["status"] == "finished":
                    redone += finished_at.setdefault(record.parent.name, one["ended"] + one["started"]) != one["ended"] + one["started"]
        for _ in range(40):
            _sweep(folder, "--workers", 2)
            if _finished(folder) == 64:
                break
            time.sleep(0.5)
        sweeps += 1
        same += _digests(folder) == wanted
    return done, sweeps, same, redone


def kills_1000():
    """800 kills of a run, resumed with another thread count, and 200 of a sweep: the straight bytes every time (CITYTWIN_KILLS sets another number)."""
    count = int(os.environ.get("CITYTWIN_KILLS", "1000"))
    of_runs = count * 4 // 5
    shutil.rmtree(WORK / "kills-1000", ignore_errors=True)
    run(RIVERSIDE / "baseline.toml", WORK / "kills-1000" / "straight", "--threads", 2, "--no-report", *UNTIL)
    wanted = digest(WORK / "kills-1000" / "straight")
    found = []

    def half(part):
        for number in range(part, of_runs, 2):
            found.append(_kill_once(number, wanted))
            if len(found) % 20 == 0:
                print(f"{len(found)} kills, {sum(one[0] for one in found)} with the straight bytes, {sum(one[2] for one in found)} opened", flush=True)
    with concurrent.futures.ThreadPoolExecutor(2) as workers:   # numbers of one parity share a folder: each worker has its own
        list(workers.map(half, (0, 1)))
    same, later, opened = (sum(one[k] for one in found) for k in range(3))
    _sweep(_fresh("straight"), "--workers", 2)
    done, sweeps, same_sweeps, redone = _sweep_kills(count - of_runs)
    return [row("riverside to 08:00", "kills of a run that ended with the straight bytes", same, same == of_runs, tolerance=str(of_runs), note=f"{later} from a later checkpoint"),
            row("riverside to 08:00", "killed runs whose results recover opened, of every tenth", opened, opened == of_runs, tolerance=str(of_runs)),
            row("sweep of 64", "kills", done, done == count - of_runs, tolerance=str(count - of_runs), note=f"over {sweeps} sweeps"),
            row("sweep of 64", "killed sweeps with the straight bytes", same_sweeps, same_sweeps == sweeps, tolerance=str(sweeps)),
            row("sweep of 64", "finished runs done again", redone, redone == 0, tolerance="0")]
