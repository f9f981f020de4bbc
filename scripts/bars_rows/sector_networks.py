"""B7: networks laid along streets keep section 10's limits on both cities, in the solved day and in the layout's own estimate; each breach listed."""
import csv
import json
import subprocess

from .common import BUILD, PYTHON, ROOT, check, row, run, timed
from .sector_runs import CITIES, KEPT, SCENARIOS, network_day, same_bytes

SCRIPT = ROOT / "scripts" / "bars_rows" / "peer_limits.py"
SHARE_OF_BREACHES = 0.01
MESHEDNESS = 0.15


def _estimated(city, folder):
    """Limits that the layout misses at its own estimate: listed one by one, as many as the warnings say."""
    file = folder / "layout_breaches.csv"
    listed = list(csv.DictReader(file.open())) if file.exists() else []
    warned = sum(json.loads(line)["code"] in ("CT-ENERGY-041", "CT-WATER-052") for line in (folder / "warnings.ndjson").read_text().splitlines() if line)
    networks = {entry["network"] for entry in listed}
    return row(city, "limits missed at the layout's estimate, listed in layout_breaches.csv", len(listed), warned == len(networks), tolerance="each listed",
               note="; ".join(f"{entry['limit']} {entry['entity']} {float(entry['value']):.4g}" for entry in listed[:5]))


def _solved(city, folder):
    breaches = KEPT / f"{city}-breaches.csv"
    output = check(timed([str(PYTHON), str(SCRIPT), str(folder), str(breaches)])[2]).stdout
    found = json.loads([line for line in output.splitlines() if line.startswith("{")][-1])
    count, where = found["breaches"], f"listed in {breaches.relative_to(ROOT)}"
    share = lambda limits, entities: sum(count[limit] for limit in limits) / entities
    rows = [row(city, "consumers without a power connection or a water node", found["without_power_bus"] + found["without_water_node"],
                found["without_power_bus"] + found["without_water_node"] == 0, tolerance="0", note=f"{found['consumers']} consumers"),
            row(city, "recorded moments of connections without power, and nodes not served in full", found["unpowered"] + found["unserved_nodes"], found["unpowered"] + found["unserved_nodes"] == 0,
                tolerance="0", note=f"{found['connections']} connections"),
            row(city, "recorded values that are not a number", found["missing_values"], found["missing_values"] == 0, tolerance="0"),
            row(city, "share of buses beyond 5 % of the voltage in the day", share(("voltage_low", "voltage_high"), found["buses"]),
                share(("voltage_low", "voltage_high"), found["buses"]) <= SHARE_OF_BREACHES, tolerance="<= 0.01, " + where,
                note=f"{found['voltage_lowest']:.4f} to {found['voltage_highest']:.4f} p.u., {found['buses']} buses"),
            row(city, "share of branches above their rating in the day", share(("loading",), found["branches"]), share(("loading",), found["branches"]) <= SHARE_OF_BREACHES,
                tolerance="<= 0.01, " + where, note=f"at most {100 * found['loading_highest']:.1f} %, {found['branches']} branches"),
            row(city, "share of nodes outside of 15 to 80 m at the peak hour", share(("pressure_low", "pressure_high"), found["nodes"]),
                share(("pressure_low", "pressure_high"), found["nodes"]) <= SHARE_OF_BREACHES, tolerance="<= 0.01, " + where,
                note=f"{found['pressure_lowest_m']:.1f} to {found['pressure_highest_m']:.1f} m at {found['peak_hour_s'] / 3600:.2f} h"),
            row(city, "share of pipes above 1 m/s at the peak hour", share(("velocity",), found["links"]), share(("velocity",), found["links"]) <= SHARE_OF_BREACHES,
                tolerance="<= 0.01, " + where, note=f"{count['velocity']} pipes, at most {found['velocity_highest_mps']:.3f} m/s; sum of nodes' residuals {found['water_residual']:.1e} of the flows"),
            row(city, "meshedness of the water network", round(found["meshedness"], 4), found["meshedness"] >= MESHEDNESS, tolerance=f">= {MESHEDNESS}"),
            row(city, "entities not marked synthetic", sum(found["not_synthetic"].values()), sum(found["not_synthetic"].values()) == 0, tolerance="0")]
    return rows


def _same_bytes(city):
    """The same seed and input give the same city, byte for byte, at another thread count."""
    folders = []
    for threads in (1, 2):
        folders.append(KEPT / f"{city}-seed-{threads}")
        run(SCENARIOS / city / "five_sectors.toml", folders[-1], "--no-report", "--threads", threads, "--until", "1min")
    same = same_bytes(folders[0] / "city.h5", folders[1] / "city.h5")
    return row(city, "city.h5 of two runs, one and two threads, has the same bytes", same, same, tolerance="true")


def _balance_of_layout():
    """Flow balance 1e-9 of the layout's trees, everybody served, limits hold or are listed: the property tests of geodata/layout."""
    result = subprocess.run([str(BUILD / "bin" / "test_property"), "*power network*,*water network*"], capture_output=True, text=True)
    last = [line for line in result.stdout.splitlines() if "passed" in line or "failed" in line]
    return row("both cities", "property tests of the layout (flow balance 1e-9)", last[-1] if last else "none ran", result.returncode == 0 and bool(last), tolerance="all")


def networks():
    """B7: section 10's checks on riverside and Porto Alegre: everybody served, limits over the solved day, meshedness, synthetic, same bytes."""
    rows = [_balance_of_layout()]
    for city in CITIES:
        folder = network_day(city)
        rows += [*_solved(city, folder), _estimated(city, folder), _same_bytes(city)]
    return rows
