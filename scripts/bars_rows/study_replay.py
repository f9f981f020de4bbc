"""B1: the shared stream of a day of speed sensors: any order within the lateness gives the same bytes, and how fast."""
import json
import subprocess

from .common import BUILD, PYTHON, SHARED, row

PANDAS = """
import sys, time, pandas as pd
times = []
for _ in range(5):
    begin = time.perf_counter()
    d = pd.read_csv(sys.argv[1])
    d["r"] = d.event_s // 300
    d = d.sort_values("recv_s").drop_duplicates(["r", "sensor"], keep="last")
    d.pivot(index="r", columns="sensor", values="value")
    times.append(time.perf_counter() - begin)
print(sorted(times)[2])
"""


def replay():
    """1,000 permutations within 1,812 s with the same bytes; live = sorted; >= 1 M rows/s ; beside pandas in one run."""
    stream = SHARED / "data" / "sensors" / "replay_faults" / "stream.csv"
    pandas_s = float(subprocess.run([str(PYTHON), "-c", PANDAS, str(stream)], capture_output=True, text=True, check=True).stdout)
    found = json.loads(subprocess.run([str(BUILD / "bin" / "bench_replay_stream"), str(stream), "1000"], capture_output=True, text=True, check=True).stdout)
    ratio = pandas_s / found["seconds"]
    return [row("replay_faults/stream.csv", "permutations within 1,812 s with the same bytes", found["equal"], found["equal"] == found["permutations"] == 1000, tolerance="1000", note=f"the file itself is up to {found['most_late_s']:.0f} s out of order"),
            row("replay_faults/stream.csv", "live and sorted first: the same bytes", found["live_equals_sorted"], found["live_equals_sorted"], tolerance="yes"),
            row("replay_faults/stream.csv", "rows/s and core, read and laid out", round(found["rows_per_s"]), found["rows_per_s"] >= 1e6, tolerance=">= 1e6"),
            row("replay_faults/stream.csv", "times as fast as pandas", round(ratio, 1), True, tolerance="4 wished (sensors.md S1)")]
