"""B3: buildings: parity with the reference in every hour, speed against the 5R1C program in Python."""
import json
import subprocess
import sys
import time

from .common import BUILD, PYTHON, SHARED, row

WEATHER = SHARED / "data" / "buildings" / "weather" / "Zuerich-Kloten_1990_2010_TMY.epw"
PEER = """
import sys, json, time, types
sys.modules.setdefault("pvlib", types.ModuleType("pvlib"))
sys.path.insert(0, sys.argv[1])
import numpy as np
from rc5r1c import run5r1c
p = dict(H_ve=3600.0, H_w=1824.0, H_em=800.0, H_ms=113750.0, H_is=77625.0, C_m=8.25e8, A_m=12500.0, A_t=22500.0)
n = 8760
out = 283.15 + 8 * np.sin(np.arange(n) * 2 * np.pi / 8760)
gain = np.full(n, 30000.0)
begin = time.process_time()
run5r1c(p, out - 273.15, gain, 0.2 * gain, 21.0, 25.0, phmax=4e5, pcmax=5.5e5)
print(json.dumps(n / (time.process_time() - begin)))
"""


def parity():
    """B1 and B2 of energy.md section 14, as tests."""
    rows = []
    for case in ("zones and a panel from Zurich's weather file alone equal the reference in every hour", "zones and a panel from Shanghai's weather file alone equal the reference in every hour",
                 "sun and irradiance of Zurich equal the reference in every hour and on every face", "sun and irradiance of Shanghai equal the reference in every hour and on every face"):
        result = subprocess.run([BUILD / "bin" / "test_parity", case], capture_output=True, text=True)
        rows.append(row(case, "test", "passes" if result.returncode == 0 else "fails", result.returncode == 0 and "skipped" not in result.stdout, tolerance="passes", note=result.stdout[-300:] if result.returncode else ""))
    return rows


def speed():
    """>= 1,100x rc5r1c.py with one zone, one thread, sun included; a city's year; two threads."""
    python = str(PYTHON) if PYTHON.exists() else sys.executable
    peers, ours = [], []
    for _ in range(3):
        peers.append(float(subprocess.run([python, "-c", PEER, str(SHARED / "ref" / "buildings")], check=True, capture_output=True, text=True).stdout))
        ours.append(json.loads(subprocess.run([BUILD / "bin" / "bench_buildings_zones", WEATHER], check=True, capture_output=True, text=True).stdout))
        time.sleep(0.1)
    peer, best = sorted(peers)[1], sorted(ours, key=lambda found: found["zone_hours_per_s"])[1]
    ratio, two = best["zone_hours_per_s"] / peer, sorted(found["two_threads"] for found in ours)[1]
    return [row("office", "zone-hours/s over rc5r1c.py", round(ratio), ratio >= 1100, reference=round(peer), source="rc5r1c.py, zone-hours/s", tolerance=">= 1100"),
            row("city of 100,000", "year on two threads", best["city_s_2"], best["city_s_2"] <= 60, unit="s", tolerance="<= 60"),
            row("city of 100,000", "two threads / one", two, two >= 1.7, tolerance=">= 1.7"),
            row("city of 100,000", "memory", best["peak_MB"], best["peak_MB"] <= 2048, unit="MB", tolerance="<= 2048"),
            row("city of 100,000", "same digits at 1 and 2 threads", best["same_digits"], best["same_digits"], tolerance="true")]


ROWS = {"parity": parity, "speed": speed}
