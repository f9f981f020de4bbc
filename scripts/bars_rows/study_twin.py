"""B3: a twin of Porto Alegre whose districts send out other demand than planned is found again from counts on links."""
import csv
import json
import math
import os
import random
import shutil

from .common import PYTHON, ROOT, SHARED, WORK, check, citytwin, median, row
import subprocess

BASELINE = ROOT / "scenarios" / "porto_alegre" / "baseline.toml"
READ = """
import sys, h5py, numpy as np
with h5py.File(sys.argv[1]) as f:
    road = f["road_link"]
    ids, flow, times = road["id"].asstr()[:], road["flow"][:], road["time"][:]
chosen = [line.strip() for line in open(sys.argv[2])]
row = {name: i for i, name in enumerate(ids)}
if not chosen:
    open(sys.argv[2], "w").write("".join(name + "\\n" for name in ids))
    raise SystemExit
with open(sys.argv[3], "w") as out:
    out.write("time,sensor,value\\n")
    for k in range(len(times)):
        minutes = 6 * 60 + 15 * k
        for name in chosen:
            out.write(f"2025-06-03T{minutes // 60:02d}:{minutes % 60:02d}:00,{name},{round(flow[k, row[name]] * 900)}\\n")
"""


def districts():
    """Zone to one of 20 districts: a grid of 5 x 4 with about equal population in each column and cell."""
    zones = list(csv.DictReader((SHARED / "data" / "city" / "zones" / "poa_hexgrid.csv").open()))
    people = lambda part: sum(float(z["population"] or 0) for z in part)

    def cut(part, pieces, key):
        part = sorted(part, key=lambda z: (float(z[key]), z["id"]))
        whole, result, sum_ = people(part), [[] for _ in range(pieces)], 0.0
        for zone in part:
            result[min(pieces - 1, int(pieces * sum_ / whole))].append(zone)
            sum_ += float(zone["population"] or 0)
        return result
    cells = [cell for column in cut(zones, 5, "lon") for cell in cut(column, 4, "lat")]
    return {zone["id"]: d for d, cell in enumerate(cells) for zone in cell}


def scored(path, use="withheld"):
    """(share of hours with GEH < 5, RMSE in veh/h, hours) on sensors of that use that counted >= 100 veh/h."""
    rows = [(float(r["observed_per_h"]), float(r["model_per_h"]), float(r["geh"])) for r in csv.DictReader(open(path)) if r["use"] == use and float(r["observed_per_h"]) >= 100]
    return sum(g < 5 for _, _, g in rows) / len(rows), math.sqrt(sum((o - m) ** 2 for o, m, _ in rows) / len(rows)), len(rows)


def one_draw(draw, low, high, folder):
    folder.mkdir(parents=True)
    generator = random.Random(1000 + draw)
    factor = [generator.uniform(low, high) for _ in range(20)]
    (folder / "truth_factors.csv").write_text("zone,factor\n" + "".join(f"{zone},{factor[d]:.6f}\n" for zone, d in districts().items()))
    window = 'start = 2025-06-03T06:00:00\nend = 2025-06-03T09:00:00\n[record]\nfields = ["road_link.flow"]\ninterval = "15 min"\n[checkpoint]\nevery = "3 h"\n'
    (folder / "districts.csv").write_text("zone,district\n" + "".join(f"{zone},{d}\n" for zone, d in districts().items()))
    base = f'base = "{os.path.relpath(BASELINE, folder)}"\n'
    (folder / "truth.toml").write_text(f'name = "twin"\n{base}seed = 1\n{window}[modules.traffic]\ndemand_factors = "truth_factors.csv"\n')
    check(citytwin("run", folder / "truth.toml", "-o", folder / "truth", "-q", "--no-report")[2])
    (folder / "links.txt").write_text("")
    subprocess.run([PYTHON, "-c", READ, folder / "truth/results.h5", folder / "links.txt", folder / "counts.csv"], check=True)
    links = (folder / "links.txt").read_text().split("\n")[:-1]
    chosen = sorted(generator.sample(links, len(links) // 20))
    (folder / "links.txt").write_text("".join(name + "\n" for name in chosen))
    subprocess.run([PYTHON, "-c", READ, folder / "truth/results.h5", folder / "links.txt", folder / "counts.csv"], check=True)
    (folder / "map.csv").write_text("sensor,set,id,field,unit\n" + "".join(f"{name},road_link,{name},flow,veh\n" for name in chosen))
    table = '[[observations]]\nname = "counts"\nfile = "counts.csv"\nmap = "map.csv"\nuse = "assimilate"\nwithhold = 0.5\ngain = 0.8\nrelaxation = "15 min"\n'
    (folder / "model.toml").write_text(f'name = "model"\n{base}seed = 1\n{window}[modules.traffic]\ndemand_districts = "districts.csv"\n{table}')
    check(citytwin("calibrate", folder / "model.toml", "-o", folder / "calibration", "-q")[2])
    calibration = json.loads((folder / "calibration/calibration.json").read_text())
    check(citytwin("run", folder / "model.toml", "-o", folder / "nudged", "-q", "--no-report")[2])
    free = scored(folder / "calibration/run-0/sensor_geh.csv")
    best = scored(folder / f"calibration/run-{calibration['best']}/sensor_geh.csv")
    used = scored(folder / f"calibration/run-{calibration['best']}/sensor_geh.csv", "assimilate")
    nudged = scored(folder / "nudged/sensor_geh.csv")
    for run in [folder / "truth", folder / "nudged", *(folder / "calibration").glob("run-*")]:
        (run / "results.h5").unlink(missing_ok=True)
        (run / "city.h5").unlink(missing_ok=True)
        shutil.rmtree(run / "checkpoints", ignore_errors=True)
    return dict(free=free, calibrated=best, used=used, nudged=nudged, runs=len(calibration["runs"]))


def twin_experiment():
    """10 draws of 20 districts' factors, 06:00-09:00, counts on 5 % of the links, half of them withheld (CITYTWIN_TWIN_DRAWS sets another number).

    With uniform(0.5, 1.6) the free run is too good (GEH < 5 on some 70 %): counts add up many districts. The spread is raised downwards: upwards the
    morning jams, and there two runs whose factors are 2 % apart differ as much as any calibration could leave (GEH < 5 on 78 %).
    """
    draws, low, high = int(os.environ.get("CITYTWIN_TWIN_DRAWS", "10")), 0.0, 1.2
    shutil.rmtree(WORK / "twin", ignore_errors=True)
    found = []
    for draw in range(draws):
        found.append(one_draw(draw, low, high, WORK / "twin" / f"draw-{draw}"))
        one = found[-1]
        print(f"draw {draw}: free {one['free'][0]:.3f} {one['free'][1]:.0f}, calibrated {one['calibrated'][0]:.3f} {one['calibrated'][1]:.0f} ({one['runs']} runs), nudged {one['nudged'][0]:.3f} {one['nudged'][1]:.0f}, {one['free'][2]} hours", flush=True)
    case = f"Porto Alegre 06-09, {draws} draws, factors uniform({low}, {high})"
    worst_free = max(one["free"][0] for one in found)
    worst_share = min(one["calibrated"][0] for one in found)
    calibrated = [one["calibrated"][1] / one["free"][1] for one in found]
    nudged = [one["nudged"][1] / one["free"][1] for one in found]
    return [row(case, "free run, withheld hours with GEH < 5, most of a draw", round(worst_free, 3), worst_free <= 0.6, tolerance="<= 0.6", note=f"median {median([one['free'][0] for one in found]):.3f}"),
            row(case, "calibrated, withheld hours with GEH < 5, least of a draw", round(worst_share, 3), worst_share >= 0.85, tolerance=">= 0.85", note=f"median {median([one['calibrated'][0] for one in found]):.3f}; on links used {median([one['used'][0] for one in found]):.3f}"),
            row(case, "calibrated RMSE / free RMSE, withheld, most", round(max(calibrated), 3), max(calibrated) <= 0.5, tolerance="<= 0.5", note=f"median {median(calibrated):.3f}"),
            row(case, "nudged RMSE / free RMSE, withheld, most", round(max(nudged), 3), max(nudged) <= 0.8, tolerance="<= 0.8", note=f"median {median(nudged):.3f}")]
