#!/usr/bin/env python3
"""A planner's session from end to end through the command line, every step's output checked by its own figures.

usage: planner_session.py PROGRAM SOURCE_FOLDER WORK_FOLDER riverside|porto_alegre
1 import  2 observations of a twin whose seed the model isn't given, made dirty  3 replay and score  4 two what-ifs, 10 paired seeds
5 compare  6 a rollout of three phases, the second rolled back  7 the report in a browser without network.  Exit 77: what it needs isn't here.
"""
import csv
import json
import math
import pathlib
import random
import shutil
import subprocess
import sys
import time

import h5py
import numpy as np

from browse_report import browse, starts
from dirty_sensors import make_dirty

PROGRAM, SOURCE, WORK = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
CITY = sys.argv[4]
SEEDS = 10
BASELINE = SOURCE / "scenarios" / CITY / "baseline.toml"
WINDOW = "start = 2025-06-03T06:00:00\nend = 2025-06-03T10:00:00\n"
RECORD = '[record]\nfields = ["road_link.flow", "road_link.speed"]\ninterval = "15 min"\n[checkpoint]\nevery = "1 h"\n'
NOTES = {}


def require(holds, what):
    if not holds:
        raise SystemExit(f"session: {what}")
    print(f"  ok {what}", flush=True)


def citytwin(*words, exit_code=0):
    begin = time.perf_counter()
    done = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, cwd=WORK, check=False)
    if done.returncode != exit_code:
        raise SystemExit(f"session: {' '.join(map(str, words))}: exit {done.returncode}, expected {exit_code}\n{done.stderr[-3000:]}")
    NOTES.setdefault("seconds", {})[f"{words[0]} {pathlib.Path(str(words[1])).name}"] = round(time.perf_counter() - begin, 1)
    return done


def write(name, text):
    (WORK / name).write_text(text)
    return WORK / name


def kpis(run):
    return {kpi["id"]: kpi["value"] for kpi in json.loads((WORK / run / "kpis.json").read_text())["kpis"]}


def step_import():
    city = {"riverside": SOURCE / "geodata/cities/riverside.toml", "porto_alegre": SOURCE / "scenarios/porto_alegre/city.toml"}[CITY]
    citytwin("city", "import", city, "-o", "city.h5")
    info = json.loads(citytwin("city", "info", "city.h5", "--json").stdout)
    with h5py.File(WORK / "city.h5") as f:
        links = len(f["road_link/length"])
        people = float(np.sum(f["zone/population"][:]))
    require(links > 1000 and people > 10_000, f"the city has {links} links and {people:.0f} people")
    require(bool(info), "city info speaks JSON")
    write("base.toml", f'name = "base"\nbase = "{BASELINE}"\ncity = "city.h5"\n{WINDOW}seed = 1\n{RECORD}')


def measured(run):
    """Flows in vehicles per 5 minutes and speeds in km/h of a twin's run: ids, (steps x links) each."""
    with h5py.File(WORK / run / "results.h5") as f:
        road = f["road_link"]
        return list(road["id"].asstr()[:]), road["flow"][:] * 300, road["speed"][:] * 3.6


def step_observations():
    """Truth: seed 4711, which the model under test never sees; two earlier days (other seeds) are the sensors' history."""
    fine = RECORD.replace('"15 min"', '"5 min"')
    for day, seed in (("truth", 4711), ("earlier-1", 4712), ("earlier-2", 4713)):
        write(f"{day}.toml", f'name = "{day}"\nbase = "{BASELINE}"\ncity = "city.h5"\n{WINDOW}seed = {seed}\n{fine}')
        citytwin("run", f"{day}.toml", "-o", day, "-q", "--no-report")
    ids, counts, speeds = measured("truth")
    busy = np.argsort(-counts.mean(0), kind="stable")[: min(600, len(ids) // 4)]
    generator = random.Random(5)
    chosen = sorted(generator.sample(sorted(busy.tolist()), 120))
    labels = {}
    for kind, values, past in (("counts", counts, 1), ("speeds", speeds, 2)):
        noise = np.random.default_rng(9)
        half = chosen[:60] if kind == "counts" else chosen[60:]
        clean = np.round(values[:, half]) if kind == "counts" else np.round(values[:, half] * (1 + 0.03 * noise.standard_normal((values.shape[0], len(half)))), 2)
        names = [f"{kind[0]}{i}" for i in range(len(half))]
        labels[kind] = make_dirty(WORK / f"{kind}.csv", names, clean, "2025-06-03T09:00:00Z" if CITY == "porto_alegre" else "2025-06-03T04:00:00Z", 300, seed=11 + past, with_unit=kind == "speeds")
        with open(WORK / f"{kind}_map.csv", "w") as out:
            out.write("sensor,set,id,field,unit,period\n")
            for name, link in zip(names, half):
                out.write(f"{name},road_link,{ids[link]},{'flow,veh' if kind == 'counts' else 'speed,km/h'},5 min\n")
        with open(WORK / f"{kind}_history.csv", "w") as out:
            out.write("time,sensor,value\n")
            for back, day in ((7, "earlier-1"), (14, "earlier-2")):
                _, old_counts, old_speeds = measured(day)
                old = np.round(old_counts[:, half]) if kind == "counts" else np.round(old_speeds[:, half] * (1 + 0.03 * noise.standard_normal((old_speeds.shape[0], len(half)))), 2)
                for t in range(old.shape[0]):
                    date = "2025-05-27" if back == 7 else "2025-05-20"
                    minutes = 360 + 5 * t
                    for i, name in enumerate(names):
                        if not math.isnan(old[t, i]):
                            out.write(f"{date}T{minutes // 60:02d}:{minutes % 60:02d}:00,{name},{old[t, i]:g}\n")
    return labels


def step_score(labels):
    table = lambda kind, quality: (f'[[observations]]\nname = "{kind}"\nfile = "{kind}.csv"\nmap = "{kind}_map.csv"\nuse = "score"\n'
                                   f'columns = {{ received = "received" }}\n[observations.quality]\nhistory = "{kind}_history.csv"\n{quality}\n')
    write("scored.toml", 'name = "scored"\nbase = "base.toml"\n' + table("counts", "above = -0.5\nbelow = 254\nstuck = 6\nspike = 40") + table("speeds", "above = 0\nbelow = 140\nstuck = 6\nspike = 25\ndrift = 8\nunit_factor = 1.609344\nunit_floor = 75"))
    citytwin("run", "scored.toml", "-o", "scored", "-q")
    for source in json.loads((WORK / "scored" / "sensor_fit.json").read_text())["observations"]:
        truth = labels[source["observations"]]
        require(source["rows"] == truth["rows"], f"{source['observations']}: {source['rows']} rows were read, as many as were sent")
        require(source["duplicates"] + source["corrected"] >= truth["twice"], f"{source['observations']}: {source['duplicates']} duplicates and {source['corrected']} corrections found of {truth['twice']} sent twice")
        require(source["late"] == 0, f"{source['observations']}: nothing was later than the lateness")
        fit = source["fit"][0]
        require(0 < fit["coverage"] < 1, f"{source['observations']}: {100 * fit['coverage']:.1f} % of the cells were good enough to score")
        if source["observations"] == "counts":
            NOTES["geh_below_5"] = fit["share_geh_below_5"]
            require(fit["share_geh_below_5"] > 0.75, f"another seed of the same city: GEH < 5 on {100 * fit['share_geh_below_5']:.1f} % of hours")
    flags = {}
    with open(WORK / "scored" / "sensor_cells.csv") as f:
        for row in csv.DictReader(f):
            flags.setdefault((row["observations"], row["sensor"]), []).append(set(row["flags"].split()))
    for kind, truth in labels.items():
        for fault, flag, least in (("missing", "missing", 1.0), ("sentinel", "range", 0.6), ("stuck", "stuck", 0.9), ("unit", "unit", 0.5)):
            cells = [(name, t) for name, t, f in truth["cells"] if f == fault]
            if not cells:
                continue
            found = sum(bool(flags[(kind, name)][t]) for name, t in cells) / len(cells)
            NOTES.setdefault("recall", {})[f"{kind} {fault}"] = round(found, 3)
            require(found >= least, f"{kind}: {100 * found:.0f} % of the {len(cells)} cells with fault '{fault}' are flagged")


def what_ifs():
    if CITY == "porto_alegre":
        return {"closed": '[[change]]\nname = "bridge closed"\nwhere = { road_link = "source_way = 229421140" }\nset = { closed = true }\n',
                "calm": '[[change]]\nname = "30 km/h"\nwhere = { road_link = "lanes = 1 AND speed_limit > 9" }\nset = { speed_limit = "30 km/h" }\n'}
    return {"closed": '[[change]]\nname = "street closed"\nat = 2025-06-03T07:00:00\nwhere = { road_link = "name = \'Main Street\'" }\nset = { closed = true }\n',
            "calm": '[[change]]\nname = "30 km/h"\nwhere = { road_link = "speed_limit > 9" }\nset = { speed_limit = "30 km/h" }\n'}


def step_compare():
    citytwin("run", "base.toml", "--seeds", SEEDS, "-o", "base", "--no-report", "-q")
    for name, change in what_ifs().items():
        write(f"{name}.toml", f'name = "{name}"\nbase = "base.toml"\n{change}')
        plan = json.loads(citytwin("plan", f"{name}.toml", "--json").stdout)
        require(plan["changes"][0]["entities"] > 0, f"plan: '{plan['changes'][0]['name']}' changes {plan['changes'][0]['entities']} of {plan['changes'][0]['of']} {plan['changes'][0]['entity_set']}s")
        citytwin("run", f"{name}.toml", "--seeds", SEEDS, "-o", name, "--no-report", "-q")
    found = json.loads(citytwin("compare", "base", "closed", "calm", "--headline", "travel_time_p90", "--table", "differences.csv", "-o", "compared.html", "--json").stdout)
    for run in found["runs"]:
        folder = pathlib.Path(run["folder"]).name
        require(len(run["seeds"]) == SEEDS, f"{folder}: {SEEDS} seeds are paired")
        by_id = {kpi["id"]: kpi for kpi in run["kpis"]}
        for kpi in ("travel_time_p90", "car_travel_time_mean", "car_distance"):
            d = np.array([kpis(f"{folder}/seed-{seed:04d}")[kpi] - kpis(f"base/seed-{seed:04d}")[kpi] for seed in run["seeds"]])
            half = 2.2621571628540993 * d.std(ddof=1) / math.sqrt(SEEDS)   # Student's t, 9 degrees of freedom
            low, high = by_id[kpi]["interval_95"]
            require(abs(by_id[kpi]["difference"] - d.mean()) <= 1e-9 * max(1, abs(d.mean())) and abs(high - low - 2 * half) <= 1e-6 * max(1e-6, half), f"{folder}: {kpi} {d.mean():+.3f} [{low:+.3f}, {high:+.3f}] {by_id[kpi]['verdict']}, as computed again from the runs")
        groups = [g for g in by_id["travel_time_p90"]["groups"] if g["by"] == "income"]
        require(len(groups) == 5, f"{folder}: who bears it is told for five incomes")
    require(found["runs"][1]["kpis"] and {k["id"]: k for k in found["runs"][1]["kpis"]}["car_speed"]["verdict"] == "worse", "30 km/h makes cars slower")


def step_rollout():
    write("phases.toml", 'name = "phases"\nbase = "base.toml"\n'
          '[[change]]\nname = "wider"\nwhere = { road_link = "lanes = 1" }\nset = { lanes = "+1" }\n'
          '[[change]]\nname = "crawl"\nset = { speed_limit = "*0.3" }\nwhere = { road_link = "" }\n'
          '[[change]]\nname = "more"\nwhere = { road_link = "lanes = 2" }\nset = { lanes = "+1" }\n'
          '[[phase]]\nname = "one"\nstart = 2025-06-03T06:15:00\nchanges = ["wider"]\ngate = [{ kpi = "car_travel_time_mean", max_increase = "20 %", exposure = "45 min" }]\n'
          '[[phase]]\nname = "two"\nstart = 2025-06-03T07:15:00\nchanges = ["crawl"]\ngate = [{ kpi = "car_travel_time_mean", max_increase = "2 %", exposure = "45 min" }]\n'
          '[[phase]]\nname = "three"\nstart = 2025-06-03T08:30:00\nchanges = ["more"]\ngate = [{ kpi = "car_travel_time_mean", max_increase = "2 %", exposure = "45 min" }]\n')
    citytwin("rollout", "phases.toml", "--seeds", 5, "--workers", 2, "-o", "rollout")
    found = json.loads((WORK / "rollout" / "rollout.json").read_text())
    states = [phase["state"] for phase in found["phases"]]
    require(states == ["passed", "rolled_back", "not_started"], f"phases: {', '.join(states)}")
    citytwin("rollout", "phases.toml", "--seeds", 5, "-o", "rollout", "--set", "phase.0.gate.0.max_increase=\"30 %\"", exit_code=5)
    require(json.loads((WORK / "rollout" / "rollout.json").read_text()) == found, "a gate altered afterwards is refused and nothing changes")
    last = kpis("rollout/plan/seed-0001")
    require(abs(last["car_trips"] / kpis("rollout/base/seed-0001")["car_trips"] - 1) < 0.02, "the same people drive in both, give or take who is late")


def step_report():
    browser = starts()
    if not browser:
        print("  the browser's part is skipped: no chromium here, or it doesn't start")
    for page in ("compared.html", "rollout/report.html", "scored/report.html"):
        size = (WORK / page).stat().st_size
        require(size <= 4e6, f"{page} has {size / 1e6:.2f} MB")
        if not browser:
            continue
        seen = browse(WORK / page, WORK / (page.replace("/", "-") + ".png"))
        NOTES.setdefault("browser", {})[page] = seen
        require(seen["requests"] == 0, f"{page} asks for nothing")
        require(seen["colours"] >= 4, f"{page}: the map shows {seen['colours']} colours")
        require(seen["keyboard"], f"{page}: the slider moves by key and tells its time")
        require(seen["errors"] == [], f"{page}: no error in the console {seen['errors']}")
        print(f"  {page}: slider step {seen['step_ms']:.0f} ms", flush=True)


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    begin = time.time()
    labels = {}
    for step in (step_import, step_observations, step_score, step_compare, step_rollout, step_report):
        print(step.__name__.replace("step_", "").replace("_", " "), flush=True)
        result = step(labels) if step is step_score else step()
        labels = result if step is step_observations else labels
    NOTES["wall_s"] = round(time.time() - begin)
    (WORK / "session.json").write_text(json.dumps(NOTES, indent=1) + "\n")
    print(f"session: {CITY} in {NOTES['wall_s']} s")


main()
