"""Runs of the coupled cities that several rows look at: made once a program and kept under build/validation/sectors."""
import hashlib
import json
import subprocess

from .common import BUILD, PROGRAM, ROOT, run

SCENARIOS = ROOT / "scenarios"
KEPT = BUILD / "validation" / "sectors"

# What an exported step needs (voltages, loads, switches, taps; heads, demands, leaks, statuses, settings, levels), beside what limits are checked by.
NETWORK_FIELDS = ["power_bus.voltage", "power_bus.energised", "power_bus.load_power", "power_bus.load_reactive_power", "power_branch.loading", "power_branch.in_service",
                  "power_branch.tap_ratio", "power_connection.powered", "water_node.head", "water_node.pressure", "water_node.supply_ratio", "water_node.demand",
                  "water_node.leakage", "water_node.has_source", "water_link.flow", "water_link.status", "water_link.operated_setting", "water_link.pump_power", "water_tank.level"]

# The day with everything of the networks every quarter of an hour, and the trips that were asked for.
NETWORK_DAY = ("--set", "record.interval=15 min", "--set", f"record.fields={json.dumps(NETWORK_FIELDS)}", "--set", 'record.streams=["outage", "trip_request"]')
CITIES = ("riverside", "porto_alegre")


def program_hash():
    """Of the program and its own libraries: a kept run is of this very program."""
    total = hashlib.sha256()
    for path in [PROGRAM, *sorted((BUILD / "lib").glob("*.so"))]:
        total.update(path.read_bytes())
    return total.hexdigest()


def kept_run(name, scenario, *arguments):
    """The folder of a finished run of this program with these arguments, run now if it isn't there."""
    folder, note = KEPT / name, KEPT / f"{name}.json"
    wanted = dict(program=program_hash(), scenario=str(scenario.relative_to(ROOT)), arguments=list(map(str, arguments)))
    if note.exists() and json.loads(note.read_text()) == wanted:
        return folder
    note.unlink(missing_ok=True)
    KEPT.mkdir(parents=True, exist_ok=True)
    run(scenario, folder, "--no-report", *arguments)
    note.write_text(json.dumps(wanted, indent=1) + "\n")
    return folder


def network_day(city):
    return kept_run(f"{city}-networks", SCENARIOS / city / "five_sectors.toml", *NETWORK_DAY)


def same_bytes(a, b):
    return subprocess.run(["cmp", "-s", str(a), str(b)]).returncode == 0
