"""B4: the queue model against SUMO's mesoscopic model with junction control; Porto Alegre whole."""
import json
import subprocess

from .common import PYTHON, ROOT, SHARED, WORK, check, citytwin, kpis, median, row, run, sumo_binary, timed

MESO = ["--mesosim", "true", "--meso-junction-control", "true", "--no-step-log", "--no-warnings", "--duration-log.statistics"]


def _solve(configuration, folder, *arguments):
    check(citytwin("solve", configuration, "-o", folder, *arguments)[2])
    return json.loads((folder / "summary.json").read_text())


def _within(value, reference, share):
    return abs(value - reference) <= share * abs(reference)


def queue_parity(seeds=5):
    """Mean duration +-10 %, arrived and route length +-1 % of SUMO meso with junction control on its own cases."""
    reference, rows = json.loads((SHARED / "ref" / "traffic" / "sumo_ref.json").read_text()), []
    for case in ("cologne1", "cologne8", "ingolstadt7", "bologna_joined"):
        envelope = reference[case]["meso_jc"]["envelope"]
        configuration = SHARED / "data" / "traffic" / "sumo" / case / f"{case}.sumocfg"
        runs = [_solve(configuration, WORK / "queue" / case, "--option", f"seed={seed}") for seed in range(1, seeds + 1)]
        for quantity, key, share in (("mean_duration_s", "duration", 0.10), ("arrived", "arrived", 0.01), ("mean_route_length_m", "route_length", 0.01)):
            value = sum(r[quantity] for r in runs) / len(runs)
            rows.append(row(case, quantity, round(value, 2), _within(value, envelope[key]["mean"], share), reference=envelope[key]["mean"],
                            source="SUMO 1.28 meso + junction control, mean of seeds", tolerance=f"+-{share:.0%}"))
    return rows


def _grid():
    folder = WORK / "grid"
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "grid30.sumocfg").exists():
        subprocess.run([str(PYTHON), str(SHARED / "ref" / "traffic" / "make_grid.py"), "30", "20000", "3600", "grid30"], cwd=folder, check=True)
    return folder / "grid30.sumocfg"


def _sumo(configuration, seed):
    statistics, trips = WORK / "grid" / "statistics.xml", WORK / "grid" / "trips.xml"
    _, _, result = timed([sumo_binary("sumo"), "-c", str(configuration), "--seed", str(seed), "--statistic-output", str(statistics), "--tripinfo-output", str(trips), *MESO])
    check(result)
    import re
    import xml.etree.ElementTree as tree
    found = tree.parse(trips).getroot().findall("tripinfo")
    return dict(seconds=float(re.search(r"Performance:\s*\n\s*Duration: ([0-9.]+)", result.stdout).group(1)), arrived=len(found),
                duration=sum(float(t.get("duration")) for t in found) / len(found), route_length=sum(float(t.get("routeLength")) for t in found) / len(found))


def measure_grid(runs=3):
    """The 900-signal grid, whole 5,400 s, in turns: ours on one thread, ours on two, SUMO's mesoscopic model."""
    configuration, ours, two, theirs = _grid(), [], [], []
    for number in range(1, runs + 1):
        theirs.append(_sumo(configuration, number))
        ours.append(_solve(configuration, WORK / "grid" / "one", "--threads", "1", "--option", f"seed={number}"))
        two.append(_solve(configuration, WORK / "grid" / "two", "--threads", "2", "--option", f"seed={number}"))
    return ours, two, theirs


def queue_grid(runs=3):
    """The 900-signal grid: parity, and speed against SUMO's own duration, alternating."""
    ours, two, theirs = measure_grid(runs)
    rows = []
    for quantity, key, share in (("mean_duration_s", "duration", 0.10), ("arrived", "arrived", 0.01), ("mean_route_length_m", "route_length", 0.01)):
        value, reference = sum(r[quantity] for r in ours) / runs, sum(r[key] for r in theirs) / runs
        rows.append(row("grid30", quantity, round(value, 2), _within(value, reference, share), reference=round(reference, 2), source="SUMO 1.28 meso + junction control", tolerance=f"+-{share:.0%}"))
    one_s, two_s, sumo_s = (median([r["solve_s"] for r in ours]), median([r["solve_s"] for r in two]), median([r["seconds"] for r in theirs]))
    rows.append(row("grid30", "times faster than SUMO meso, one thread", round(sumo_s / one_s, 2), sumo_s / one_s >= 3, reference=sumo_s, source="SUMO's own duration, s", tolerance=">= 3 (5 wished)"))
    rows.append(row("grid30", "two threads / one", round(one_s / two_s, 2), one_s / two_s >= 1.6, reference=round(one_s, 3), source="our one thread, s", tolerance=">= 1.6"))
    return rows


def porto_alegre():
    """Porto Alegre whole: all residents and jobs, 24 h, unsampled."""
    folder = WORK / "porto_alegre"
    record = run(ROOT / "scenarios" / "porto_alegre" / "baseline.toml", folder, "--threads", 2)
    found = kpis(folder)
    value = {name: kpi["value"] for name, kpi in found.items()}
    ledgers = json.loads((folder / "ledgers.json").read_text())["ledgers"]
    jobs = next(ledger for ledger in ledgers if ledger["module"] == "population" and ledger["quantity"] == "jobs")
    speed = 86400 / record["wall_s"]
    bars = [("trips_per_resident", value["trips_per_resident"], value["trips_per_resident"] >= 2.3, ">= 2.3", "1"),
            ("car_trips", value["car_trips"], value["car_trips"] >= 350_000, ">= 350000", "1"),
            ("busiest_hour_share", value["busiest_hour_share"], value["busiest_hour_share"] >= 9, ">= 9", "%"),
            ("commute_distance_mean", value["commute_distance_mean"], 4 <= value["commute_distance_mean"] <= 7, "4 to 7", "km"),
            ("jobs filled", jobs["stored"], jobs["stored"] == jobs["in"] == 337_921, "= 337921", "1"),
            ("car_trips_disturbed_share", value["car_trips_disturbed_share"], value["car_trips_disturbed_share"] <= 0.5, "<= 0.5", "%"),
            ("car_trips_unfinished_share", value["car_trips_unfinished_share"], value["car_trips_unfinished_share"] <= 0.5, "<= 0.5", "%"),
            ("departure_delay_mean", value["departure_delay_mean"], value["departure_delay_mean"] <= 60, "<= 60", "s"),
            ("real-time factor, two threads, whole run", round(speed, 1), speed >= 150, ">= 150 (500 wished)", "1"),
            ("memory", round(record["process_mb"] / 1000, 2), record["process_mb"] <= 8000, "<= 8", "GB")]
    return [row("porto_alegre baseline", quantity, figure, holds, unit=unit, tolerance=bar, note=json.dumps(found[quantity].get("details", "")) if quantity in found else "")
            for quantity, figure, holds, bar, unit in bars]
