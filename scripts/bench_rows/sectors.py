"""The coupled day: riverside's five sectors against the same day glued from peers in Python (scripts/glued_day), and against its sectors alone."""
import datetime
import json
import os
import subprocess
import tomllib

from bars_rows.common import BUILD, PYTHON, ROOT, check, citytwin, kpis, median, timed

from .common import compared

WORK = BUILD / "bench" / "glued_day"
COUPLED = ROOT / "scenarios" / "riverside" / "five_sectors.toml"
NO_CHECKPOINTS = ["--set", "checkpoint.every=24 h"]   # the glue keeps none
ENDINGS = ("net.xml", "rou.xml", "m", "inp")

RECORDED = """name = "Riverside, sectors coupled: what the peers take from it"
base = "{base}"

[record]
fields = ["building.occupants", "building.at_home", "weather_cell.air_temperature", "weather_cell.wind_speed", "weather_cell.wind_from", "weather_cell.global_irradiance",
          "bin.fill", "bin.overflow", "weather_cell.irradiance_north", "weather_cell.irradiance_east", "weather_cell.irradiance_south", "weather_cell.irradiance_west", "weather_cell.irradiance_horizontal"]
streams = ["trip_request", "trip_event"]
interval = "15 min"
"""

# What each sector needs to have its own day: the grid its loads, the air its weather, exhausts and chimneys, refuse trucks the streets.
# What another sector's row counts is taken off.
ALONE = {"people and traffic": (("population", "traffic"), ()),
         "weather and buildings": (("weather", "buildings"), ()),
         "energy": (("weather", "buildings", "energy"), ("weather", "buildings")),
         "water": (("water",), ()),
         "emissions and air": (("population", "traffic", "weather", "buildings", "emissions"), ("population", "traffic", "weather", "buildings")),
         "waste": (("population", "traffic", "waste"), ("population", "traffic"))}   # trucks drive in the traffic
SECTOR_OF = {"population": "people and traffic", "traffic": "people and traffic", "weather": "weather and buildings", "buildings": "weather and buildings", "energy": "energy",
             "water": "water", "emissions": "emissions and air", "waste": "waste"}

SIMPLER = ["people, their presence in buildings and when who drives where: from our run (no peer models them), so the glue has no population to step",
           "weather: our run's", "refuse trucks' tours: planned by our run, with the mass in their bins at six; the glue drives them and empties the bins",
           "SUMO tells a vehicle's passages when it has arrived (route file), so their emissions count some minutes later; its trips begin and end at the ends of links, ours inside them",
           "exhaust classes and deposits of waste are drawn from the same shares and sizes with numpy's generator, a class for each trip instead of each car",
           "line plumes beyond 70 degrees from the normal: 16-point quadrature instead of panels", "no checkpoints and no result files on the glue's side, our results are written",
           "signals without power, backup, relays, faults, charging, solar panels and batteries don't occur in this day and aren't in the glue"]


def _value(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()
    if isinstance(value, list):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    return json.dumps(value) if isinstance(value, str) else repr(value)


def _toml(table, name=""):
    plain = [f"{key} = {_value(value)}" for key, value in table.items() if not isinstance(value, dict)]
    parts = ([f"[{name}]"] if name else []) + plain
    for key, value in table.items():
        if isinstance(value, dict):
            parts += ["", *_toml(value, f"{name}.{key}" if name else key)]
    return parts


def _owner(field):
    """The module that writes a recorded field."""
    of_set = {"road_link": "traffic", "power_bus": "energy", "power_branch": "energy", "power_connection": "energy", "power_device": "energy", "city": "energy",
              "water_node": "water", "water_link": "water", "water_tank": "water", "building": "water", "grid_cell": "emissions"}
    return "emissions" if "emission_rate" in field else of_set[field.split(".")[0]]


def _subset(resolved, modules, name, **parameters):
    """The coupled scenario with some of its modules only, and of its records what they write."""
    scenario = json.loads(json.dumps(resolved, default=str))
    scenario.update({key: resolved[key] for key in ("start", "end")})
    scenario["modules"] = {module: {**resolved["modules"][module], **parameters.get(module, {})} for module in modules}
    scenario["record"]["fields"] = [field for field in resolved["record"]["fields"] if _owner(field) in modules]
    scenario["record"]["streams"] = ["outage"] if {"energy", "water"} & set(modules) else []
    path = WORK / f"{name}.toml"
    path.write_text("\n".join(_toml(scenario)) + "\n")
    return path


def _ours(scenario, folder, *arguments):
    """(process seconds, run.json) of a run on one thread."""
    subprocess.run(["rm", "-rf", str(folder)], check=True)
    seconds, _, result = citytwin("run", scenario, "-o", folder, "--progress", "none", "--threads", 1, *arguments)
    check(result)
    return seconds, json.loads((folder / "run.json").read_text())


def _prepare():
    """A run that records what the peers take, and its exports; once, outside of what is timed."""
    WORK.mkdir(parents=True, exist_ok=True)
    scenario = WORK / "recorded.toml"
    scenario.write_text(RECORDED.format(base=COUPLED))
    _ours(scenario, WORK / "inputs", *NO_CHECKPOINTS)
    for ending in ENDINGS:
        check(citytwin("city", "export", WORK / "inputs", "-o", WORK / "inputs" / f"riverside.{ending}")[2])


def _glue():
    target = WORK / "glue.json"
    environment = {**os.environ, **{name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}}
    check(timed([str(PYTHON), str(ROOT / "scripts" / "glued_day" / "day.py"), str(WORK / "inputs"), "-o", str(target)], env=environment)[2])
    return json.loads(target.read_text())


def _figures(folder, inputs):
    """Our run's figures under the names of the glue's; cars' trips by the events of the run that the glue's inputs come from (the same day)."""
    found, books = kpis(folder), {f"{one['module']} {one['quantity']}": one for one in json.loads((folder / "ledgers.json").read_text())["ledgers"]}
    value, detail = (lambda name: found[name]["value"]), (lambda name, key: found[name]["details"][key])
    tours_km, made = value("waste_truck_distance"), sum(one["in"] for name, one in books.items() if name.startswith("waste "))
    before = sum(one["stored_at_start"] for name, one in books.items() if name.startswith("waste "))
    rows = detail("ghg_per_capita", "GPC I.1, I.2 scope 1, buildings: fuel burnt for heat [kg CO2e]"), \
        detail("ghg_per_capita", "GPC I.1, I.2 scope 2, electricity through meters: buildings, chargers and all other connections [kg CO2e]")
    return {**inputs["cars"], "distance of cars [km]": value("car_distance") - tours_km, "distance of refuse trucks [km]": tours_km,
            "electricity of buildings [MWh]": books["buildings electricity"]["in"] / 3.6e9, "fuel of buildings [MWh]": books["buildings fuel"]["in"] / 3.6e9,
            "energy fed in [MWh]": detail("grid_losses", "fed_in_MWh"), "grid losses [MWh]": detail("grid_losses", "losses_MWh"), "peak demand [MW]": value("peak_demand"),
            "load factor": value("load_factor"), "lowest voltage [p.u.]": detail("grid_losses", "voltage_min"), "highest voltage [p.u.]": detail("grid_losses", "voltage_max"),
            "water drawn [m3]": books["water volume"]["out"], "water leaked [m3]": books["water volume"]["lost"], "pump energy [kWh]": detail("water_pumping_energy", "pump_energy_kWh"),
            "CO2 from exhausts [kg]": books["emissions emitted CO2"]["in"], "NOx from exhausts [kg]": books["emissions emitted NOx"]["in"],
            "particles from exhausts [kg]": books["emissions emitted PMx"]["in"], "CO2 from heating [kg]": rows[0], "CO2 of electricity [kg]": rows[1],
            "NOx, population weighted [ug/m3]": value("nox_mean"), "PM2.5, population weighted [ug/m3]": value("pm25_exposure"),
            "waste made [kg]": made, "waste collected [kg]": made + before - inputs["held_kg"],
            "waste diverted [%]": value("waste_diverted_share")}


def _from_records(python_code):
    """What the recorded run says of cars alone and of waste in bins at the end; the peers' Python has h5py."""
    return json.loads(check(timed([str(PYTHON), "-c", python_code, str(WORK / "inputs")])[2]).stdout)


FROM_RECORDS = """
import json, sys, h5py, numpy as np
with h5py.File(sys.argv[1] + "/results.h5") as results, h5py.File(sys.argv[1] + "/city.h5") as city:
    events = results["streams/trip_event"]
    car = events["mode"][:] == 0
    kind, who, when = events["kind"][:][car], events["request_id"][:][car], events["when"][:][car] * 1e-6
    departed, arrived = dict(zip(who[kind == 0], when[kind == 0])), dict(zip(who[kind == 2], when[kind == 2]))
    times = [arrived[one] - departed[one] for one in arrived]
    held = (results["bin/fill"][-1] * city["bin/capacity"][:] + results["bin/overflow"][-1]).sum()
    print(json.dumps(dict(cars={"car trips finished": float(len(times)), "car travel time, mean [s]": float(np.mean(times))}, held_kg=float(held))))
"""


def _differences(ours, theirs):
    return {name: dict(citytwin=round(ours[name], 6), glue=round(theirs[name], 6), difference_percent=round(100 * (theirs[name] / ours[name] - 1), 2)) for name in ours}


def _missing_peer():
    """The first peer that build/peers lacks, in words; None if all are there."""
    for peer in ("libsumo", "lightsim2grid", "matpowercaseframes", "epanet.toolkit", "h5py", "scipy"):
        if subprocess.run([str(PYTHON), "-W", "ignore", "-c", f"import {peer}"], capture_output=True).returncode != 0:
            return peer
    return None


def coupled_day(runs=3):
    """Our process from start to written results, in turns with the glue's day from opening the networks to its figures; one thread each."""
    if (peer := _missing_peer()) is not None:
        print(f"    skipped: {peer} isn't in build/peers, so there is nothing to compare with (scripts/peers installs it)", flush=True)
        return []
    _prepare()
    ours, with_checkpoints, glue = [], [], []
    for _ in range(runs):
        ours.append(_ours(COUPLED, WORK / "ours", *NO_CHECKPOINTS))
        glue.append(_glue())
        with_checkpoints.append(_ours(COUPLED, WORK / "ours_with_checkpoints")[0])
    our_s, glue_s = median([seconds for seconds, _ in ours]), median([one["profile"]["total_s"] for one in glue])
    inputs = _from_records(FROM_RECORDS)
    figures = _figures(WORK / "ours", inputs)
    differences = _differences(figures, glue[-1]["kpis"])
    record, profile = ours[-1][1], glue[-1]["profile"]
    shares = {sector: 0.0 for sector in ALONE}
    for module, sector in SECTOR_OF.items():
        shares[sector] += record["timings_s"][f"module {module}"]
    shares["engine, city and files"] = record["wall_s"] - sum(shares.values())
    for name, part in shares.items():
        print(f"    citytwin {name}: {part:.3f} s, {100 * part / record['wall_s']:.1f} %", flush=True)
    for name, part in {**profile["by_sector_s"], "between": profile["between_s"]}.items():
        print(f"    glue {name}: {part:.3f} s, {100 * part / profile['total_s']:.1f} %", flush=True)
    for name, one in differences.items():
        print(f"    {name}: {one['citytwin']:.6g}, glue {one['glue']:.6g}, {one['difference_percent']:+.2f} %{'' if abs(one['difference_percent']) <= 10 else ' MORE THAN 10 %'}", flush=True)
    worst = max(differences, key=lambda name: abs(differences[name]["difference_percent"]))
    native = median([one["profile"]["native_share"] for one in glue])
    return [compared("riverside's coupled day, one thread", "s", our_s, "libsumo + lightsim2grid + EPANET + numpy", glue_s, ">= 5 (20 wished)", runs, more_is_better=False,
                     our_shares_s=shares, glue_profile=profile, glue_cpu_s=median([one["cpu_s"] for one in glue]), differences=differences, simpler_in_the_glue=SIMPLER,
                     with_checkpoints_every_15_min_s=median(with_checkpoints)),
            compared("the same with checkpoints every 15 minutes", "s", median(with_checkpoints), "the glue, which keeps none", glue_s, "-", runs, more_is_better=False),
            compared("glue's time inside the peers' native calls", "share", native, None, None, ">= 0.8", runs),
            compared(f"largest difference of a figure ({worst})", "%", abs(differences[worst]["difference_percent"]), None, None, "<= 10", runs)]


def _alone(simulated):
    """Seconds of each sector's own day, from those of the sets of modules in one turn."""
    return {sector: simulated[modules] - (simulated[without] if without else 0.0) for sector, (modules, without) in ALONE.items()}


def sectors_alone(runs=7):
    """Time to simulate the coupled day against the sum of its sectors' days, each with the modules that it needs; the start of a process is counted in neither."""
    WORK.mkdir(parents=True, exist_ok=True)
    _ours(COUPLED, WORK / "ours", *NO_CHECKPOINTS)
    resolved = tomllib.loads((WORK / "ours" / "scenario.resolved.toml").read_text())
    sets = sorted({modules for pair in ALONE.values() for modules in pair if modules})
    scenarios = {modules: _subset(resolved, modules, "_".join(modules)) for modules in sets}
    simulate = lambda scenario, folder: _ours(scenario, WORK / folder, *NO_CHECKPOINTS)[1]["timings_s"]["simulate"]   # noqa: E731
    coupled, turns = [], []
    for _ in range(runs):
        coupled.append(simulate(COUPLED, "ours"))
        turns.append({modules: simulate(scenario, "alone") for modules, scenario in scenarios.items()})
    seconds = _alone({modules: median([turn[modules] for turn in turns]) for modules in sets})
    for sector, part in seconds.items():
        modules, without = ALONE[sector]
        print(f"    {sector} alone: {part:.3f} s ({' + '.join(modules)}{' less ' + ' + '.join(without) if without else ''})", flush=True)
    total = sum(seconds.values())
    by_turn = [one / sum(_alone(turn).values()) for one, turn in zip(coupled, turns)]
    return [compared("coupled day / sum of its sectors alone", "1", median(coupled) / total, None, None, "<= 1.15", runs, coupled_s=median(coupled), alone_s=seconds, sum_s=total,
                     ratio_by_turn=by_turn)]


ROWS = (coupled_day, sectors_alone)
