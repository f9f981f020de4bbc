"""B2: one hash for threads, grains and module order; kills and resumes that change no byte."""
import json
import os
import random
import signal
import subprocess
import time

from .common import PROGRAM, PYTHON, ROOT, WORK, check, citytwin, digest, row, run, timed

RIVERSIDE = ROOT / "scenarios" / "riverside"


def _hashes(scenario, variants, extra=()):
    hashes, shares = {}, []
    for name, arguments in variants.items():
        record = run(scenario, WORK / "digits" / name, *arguments, *extra)
        hashes[name] = (record["state_hash"], digest(WORK / "digits" / name))
        if record["threads"] > 1:
            shares.append(record["worker_share"])
    return hashes, shares


def digits():
    """Riverside: one hash for threads 1, 2, 4, 7 x three grains x module order; the other what-ifs at 1 and 7 threads."""
    rows = []
    for name in ("baseline", "street_closed"):
        variants = {f"{threads}-{grain}-{order}": ("--threads", threads, "--grain", grain, "--module-order", order)
                    for threads in (1, 2, 4, 7) for grain in (64, 256, 1024) for order in ("name", "reversed")}
        hashes, shares = _hashes(RIVERSIDE / f"{name}.toml", variants)
        rows.append(row(f"riverside {name}", f"different hashes over {len(variants)} runs", len(set(hashes.values())), len(set(hashes.values())) == 1, tolerance="1"))
        forced = [share for share, v in zip(shares, [v for v in variants if not v.startswith("1-")]) if "-1024-" not in v]   # 1024 is the default, not forced small
        rows.append(row(f"riverside {name}", "least share of items done by workers (grains 64, 256)", round(min(forced), 3), min(forced) >= 0.2, tolerance=">= 0.2",
                        note=f"at the default grain {min(shares):.3f}"))
    for name in ("lane_added", "demand_plus_10"):
        hashes, _ = _hashes(RIVERSIDE / f"{name}.toml", {"1": ("--threads", 1), "7": ("--threads", 7)})
        rows.append(row(f"riverside {name}", "different hashes at 1 and 7 threads", len(set(hashes.values())), len(set(hashes.values())) == 1, tolerance="1"))
    return rows


def digits_porto_alegre():
    """Porto Alegre 06:00-09:00, both scenarios, at 1 and 7 threads."""
    rows = []
    for name in ("baseline", "bridge_closed"):
        scenario = ROOT / "scenarios" / "porto_alegre" / f"{name}.toml"
        window = ("--set", "start=\"2025-06-03T06:00:00\"", "--until", "2025-06-03T09:00:00")
        hashes, _ = _hashes(scenario, {"1": ("--threads", 1), "7": ("--threads", 7)}, window)
        rows.append(row(f"porto_alegre {name} 06:00-09:00", "different hashes at 1 and 7 threads", len(set(hashes.values())), len(set(hashes.values())) == 1, tolerance="1"))
    return rows


def _newest_checkpoint(folder):
    steps = [int(name) for name in os.listdir(folder / "checkpoints") if name.isdigit()] if (folder / "checkpoints").exists() else []
    return max(steps, default=0)


def _inside_write(folder):
    names = os.listdir(folder) + (os.listdir(folder / "checkpoints") if (folder / "checkpoints").exists() else [])
    return any(name.startswith(".tmp") or name.endswith((".part", ".tmp")) for name in names)


_ROWS_OF_H5 = """
import h5py, json, sys
with h5py.File(sys.argv[1]) as file:
    print(json.dumps({name: [int(file[name]["time"].shape[0]), *sorted({int(field.shape[0]) for field in file[name].values() if field.ndim == 2})]
                      for name in file if name != "streams"}))
"""


def _recovers(folder):
    """recover joins what was committed; h5py opens it and every field of a set has as many rows as was said."""
    if not any(name.startswith("results-") and name.endswith(".h5") for name in os.listdir(folder)):
        return True                                                          # killed before the first commit: nothing to open
    printed = check(citytwin("recover", folder, "--json")[2]).stdout
    said = json.loads(printed[printed.index("{"):])["rows"]
    seen = json.loads(check(timed([str(PYTHON), "-c", _ROWS_OF_H5, str(folder / "results.h5")])[2]).stdout)
    return bool(said) and all(set(seen[name]) == {count} for name, count in said.items() if name in seen)


def kills(count=50, name="baseline"):
    """kill -9 at 50 moments of a run slowed to >= 20 s, resumed with another thread count: byte for byte the straight run."""
    scenario, morning, place = RIVERSIDE / f"{name}.toml", ("--until", "2025-06-03T09:00:00"), WORK / f"kills-{name}"
    straight = run(scenario, place / "straight", "--threads", 2, *morning)
    wanted = digest(place / "straight")
    slowdown_us = 22 / (9 * 60) * 1e6                                       # nine hours take 22 s and what they cost
    environment = dict(os.environ, CITYTWIN_TEST_SLEEP_PER_MINUTE_US=str(int(slowdown_us)))
    random.seed(20)
    equal = late = inside = opened = 0
    for number in range(count):
        folder = place / "killed"
        subprocess.run(["rm", "-rf", str(folder)], check=True)
        moment = 22 * (number + random.random()) / count
        process = subprocess.Popen([str(PROGRAM), "run", str(scenario), "-o", str(folder), "--threads", "2", "--progress", "none", *morning], env=environment,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        begin = time.perf_counter()
        # Two of five are aimed: from the moment on, wait for a write to be under way.
        aimed = number % 5 in (1, 3)
        while process.poll() is None and time.perf_counter() - begin < moment:
            time.sleep(0.005)
        while aimed and process.poll() is None and not (folder.exists() and _inside_write(folder)):
            time.sleep(0.0005)
        hit = folder.exists() and _inside_write(folder)
        process.send_signal(signal.SIGKILL)
        process.wait()
        inside += hit
        late += _newest_checkpoint(folder) > 0
        opened += _recovers(folder)
        check(citytwin("run", scenario, "-o", folder, "--resume", "--threads", (1, 3, 4, 7)[number % 4], "--progress", "none", *morning)[2])
        record = json.loads((folder / "run.json").read_text())
        equal += digest(folder) == wanted and record["state_hash"] == straight["state_hash"]
    return [row(f"riverside {name} to 09:00", f"kills of {count} that gave the straight run's bytes", equal, equal == count, tolerance=str(count)),
            row(f"riverside {name}", "resumed from a checkpoint later than 0", late, late >= 0.9 * count, tolerance=f">= {int(0.9 * count)}"),
            row(f"riverside {name}", "killed inside a checkpoint or commit write", inside, inside >= 10, tolerance=">= 10"),
            row(f"riverside {name}", "recover gave results that h5py opens to the last commit (or nothing was committed)", opened, opened == count, tolerance=str(count))]
