"""B2: a comparison of two ensembles of 1,000 seeds, 29 KPIs, 50 groups."""
import json
import subprocess

from .common import BUILD, PYTHON, WORK, row, timed

MAKE = """
import sys, json, pathlib, h5py, numpy as np
for name, shift in (("base", 0.0), ("plan", 0.3)):
    folder = pathlib.Path(sys.argv[1]) / name
    folder.mkdir(parents=True, exist_ok=True)
    seeds = np.arange(1, 1001, dtype=np.uint64)
    members = [dict(seed=int(s), folder=f"seed-{int(s):04d}", state="finished", state_hash="") for s in seeds]
    (folder / "ensemble.json").write_text(json.dumps(dict(members=members)))
    common = np.random.default_rng(7).normal(100, 10, (29, 51, 1000))
    own = np.random.default_rng(8 + int(shift * 10)).normal(shift, 1, (29, 51, 1000))
    text = h5py.string_dtype()
    with h5py.File(folder / "kpis.h5", "w") as file:
        kpi = file.create_group("kpi")
        ids = [f"kpi_{k}" for k in range(29)]
        for column, values in dict(id=ids, name=ids, unit=["min"] * 29, more_is=["worse"] * 29, reason=[""] * 29, status=["ok"] * 29,
                                   group_by=[""] + ["district"] * 50, group=[""] + [f"zone {g}" for g in range(50)], city_key=["city"] * 1000, state_hash=[""] * 1000).items():
            kpi.create_dataset(column, data=values, dtype=text)
        kpi["coverage"], kpi["group_persons"] = np.ones(29), np.full(51, 100.0)
        kpi["seed"], kpi["values"] = seeds, common + own
        for attribute in ("scenario_hash", "demand_key", "start", "end", "build_hash", "changes"):
            kpi.attrs[attribute] = ""
        kpi.attrs["name"] = name
"""


def compare_speed():
    """compare of 2 x 1,000 seeds x 29 KPIs x 50 groups (a synthetic file): <= 2 s, <= 256 MiB."""
    folder = WORK / "compare"
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run([str(PYTHON), "-c", MAKE, str(folder)], check=True)
    runs = [timed([str(BUILD / "citytwin"), "compare", str(folder / "base"), str(folder / "plan"), "--json"]) for _ in range(3)]
    found = json.loads(runs[0][2].stdout)["runs"][0]
    seconds, megabytes = sorted(run[0] for run in runs)[1], max(run[1] for run in runs)
    return [row("2 x 1,000 seeds x 29 KPIs x 50 groups", "seconds", round(seconds, 3), seconds <= 2, tolerance="<= 2"),
            row("2 x 1,000 seeds x 29 KPIs x 50 groups", "memory at its peak", round(megabytes, 1), megabytes <= 256 * 1.048576, unit="MB", tolerance="<= 256 MiB"),
            row("2 x 1,000 seeds x 29 KPIs x 50 groups", "pairs of the last KPI", found["kpis"][-1]["pairs"], found["kpis"][-1]["pairs"] == 1000, tolerance="1000")]
