"""B6: the peers agree inside the coupled run: exported moments solved by lightsim2grid and EPANET, the exported network and trips loaded by SUMO."""
import json

from .common import PYTHON, ROOT, check, citytwin, row, sumo_binary, timed
from .sector_runs import CITIES, KEPT, network_day

SCRIPT = ROOT / "scripts" / "bars_rows" / "peer_networks.py"
CLOCKS = ("07:00", "13:00", "19:00")
VOLTAGE_BAR, HEAD_BAR_M = 1e-7, 0.005


def _asked(kind, folder, clock, ending):
    """The peer's answer for one moment of a run, exported now."""
    file = KEPT / f"{folder.name}-{clock.replace(':', '')}{ending}"
    check(citytwin("city", "export", folder, "-o", file, "--at", f"2025-06-03T{clock}:00")[2])
    # Scenarios of both cities begin at local midnight, so the clock is the time since the start.
    hours, minutes = map(int, clock.split(":"))
    output = check(timed([str(PYTHON), str(SCRIPT), kind, str(folder), str(3600 * hours + 60 * minutes), str(file)])[2]).stdout
    return json.loads([line for line in output.splitlines() if line.startswith("{")][-1])


def _grid_rows(city, folder):
    rows = []
    for clock in CLOCKS:
        answer = _asked("grid", folder, clock, ".m")
        whole = answer["left_out_live"] == 0 and answer["not_a_number"] == 0 and answer["compared"] + answer["left_out"] == answer["entities"]
        rows.append(row(f"{city} {clock}", "voltages of lightsim2grid from a flat start against results.h5, worst", answer["worst"], answer["solved"] and whole and answer["worst"] < VOLTAGE_BAR,
                        unit="p.u.", source="lightsim2grid", tolerance=f"{VOLTAGE_BAR:g}",
                        note=f"{answer['compared']} of {answer['entities']} buses compared, {answer['left_out']} without voltage left out, {answer['branches']} branches"))
    return rows


def _water_rows(city, folder):
    rows = []
    for clock in CLOCKS:
        answer = _asked("water", folder, clock, ".inp")
        whole = answer["missing"] == 0 and answer["not_a_number"] == 0 and answer["compared"] + answer["without_source"] == answer["entities"] and answer["links"] == answer["city_links"]
        rows.append(row(f"{city} {clock}", "heads of EPANET against results.h5, worst", answer["worst"], whole and answer["worst"] < HEAD_BAR_M, unit="m", source="EPANET 2.3.5",
                        tolerance=f"{HEAD_BAR_M}", note=f"{answer['compared']} of {answer['entities']} nodes compared, {answer['without_source']} without a source, {answer['links']} links"))
    return rows


def _sumo_row(city, folder):
    net, trips = KEPT / f"{city}.net.xml", KEPT / f"{city}.rou.xml"
    for file in (net, trips):
        check(citytwin("city", "export", folder, "-o", file)[2])
    # Every trip of the day is read at once; the first hours are driven, so that vehicles are inserted and find their ways.
    _, _, result = timed([sumo_binary("sumo"), "-n", str(net), "-r", str(trips), "--mesosim", "true", "--no-step-log", "true", "--duration-log.statistics", "true",
                          "--xml-validation", "never", "--route-steps", "0", "-b", "0", "-e", "21600"])
    errors = [line for line in result.stdout.splitlines() if line.startswith("Error")]
    inserted = [line.split()[1] for line in result.stdout.splitlines() if line.strip().startswith("Inserted:")]
    return row(city, "errors of SUMO 1.28 loading .net.xml and .rou.xml, driven to 06:00", len(errors), result.returncode == 0 and not errors and bool(inserted) and int(inserted[0]) > 0,
               source="SUMO 1.28", tolerance="0", note=f"{inserted[0] if inserted else 'no'} vehicles inserted" + (f"; {errors[0]}" if errors else ""))


def exports():
    """B6: at 07:00, 13:00, 19:00 of both cities voltages within 1e-7 p.u. and heads within 0.005 m; SUMO loads network and trips."""
    rows = []
    for city in CITIES:
        folder = network_day(city)
        rows += _grid_rows(city, folder) + _water_rows(city, folder) + [_sumo_row(city, folder)]
    return rows
