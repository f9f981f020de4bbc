"""B2 and B5: a rollout without an effect seldom goes on; pairing by seed pays."""
import json
import shutil
import subprocess

from .common import BUILD, PROGRAM, WORK, check, citytwin, row
from .sector_runs import SCENARIOS

RIVERSIDE = SCENARIOS / "riverside"
AA = """name = "riverside, every speed limit times one"
base = "{base}"
start = 2025-06-03T05:00:00
end = 2025-06-03T10:30:00
[[change]]
name = "nothing"
set = {{ speed_limit = "*1.0" }}
where = {{ road_link = "" }}
[[phase]]
name = "nothing"
start = 2025-06-03T05:30:00
changes = ["nothing"]
gate = [{{ kpi = "travel_time_p90", min_increase = 0, exposure = "4 h" }}]
on_fail = "hold"
"""


def false_go():
    """200 A/A rollouts of 10 seeds on a synthetic treatment centre (draws unpaired), gate "effect > 0"; one on riverside."""
    done = subprocess.run([str(BUILD / "bin" / "bench_rollout_false_go"), "200", "10", str(WORK / "false_go")], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    share = 100 * found["go"] / found["rollouts"]
    folder = WORK / "aa_riverside"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "aa.toml").write_text(AA.format(base=RIVERSIDE / "baseline.toml"))
    check(citytwin("rollout", folder / "aa.toml", "--seeds", "10", "--workers", "2", "-o", folder / "out")[2])
    look = json.loads((folder / "out" / "rollout.json").read_text())["looks"][0]
    gate = look["gates"][0]
    return [row("200 A/A rollouts of 10 seeds", "false go, %", share, 1 <= share <= 9, tolerance="1-9", note=f"effect the other way {found['other_way']}, mean t {found['mean_t']}"),
            row("one A/A on riverside", "decision", look["decision"], look["decision"] != "go", note=f"travel_time_p90: {gate['value']} [{gate['low']}, {gate['high']}] over {gate['pairs']} seeds")]


def pairing():
    """Riverside's street closure, 10 seeds: the paired interval is at most half as wide as the unpaired one for 5 figures or more."""
    folder = WORK / "pairing"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    closure = (RIVERSIDE / "street_closed.toml").read_text().partition("[[change]]")[2]   # with all sectors, so that emissions are there
    (folder / "closed.toml").write_text(f'name = "Main Street closed"\nbase = "{RIVERSIDE / "five_sectors.toml"}"\n[[change]]{closure}')
    for name, scenario in (("base", RIVERSIDE / "five_sectors.toml"), ("closed", folder / "closed.toml")):
        check(citytwin("run", scenario, "--seeds", "10", "-o", folder / name, "--no-report", "--progress", "none")[2])
    compared = json.loads(subprocess.run([str(PROGRAM), "compare", str(folder / "base"), str(folder / "closed"), "--json"], capture_output=True, text=True, check=True).stdout)
    rows, narrow = [], []
    for kpi in compared["runs"][0]["kpis"]:
        if "interval_95" not in kpi or kpi["identical_in_all_seeds"]:
            continue
        width = lambda interval: interval[1] - interval[0]
        ratio = width(kpi["interval_95"]) / width(kpi["unpaired_interval_95"]) if width(kpi["unpaired_interval_95"]) > 0 else float("nan")
        needed = kpi["id"] in ("travel_time_p50", "travel_time_p90", "ghg_per_capita")
        if ratio <= 0.5:
            narrow.append(kpi["id"])
        if needed:
            rows.append(row("street closed", f"{kpi['id']}: paired / unpaired width", round(ratio, 3), ratio <= 0.5, tolerance="<= 0.5"))
    rows.append(row("street closed", "figures whose paired interval is at most half as wide", len(narrow), len(narrow) >= 5 and len(rows) == 3, tolerance=">= 5, the three above among them", note=", ".join(narrow)))
    return rows
