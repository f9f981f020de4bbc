#!/usr/bin/env python3
"""A day of riverside glued from peers in Python: libsumo, lightsim2grid, EPANET's toolkit and numpy, which exchange at the periods of our modules.
usage: day.py FOLDER -o RESULT.json     FOLDER: a finished run that recorded what scripts/bench_rows/sectors.py asks for, with its exports"""
import json
import pathlib
import sys
import time

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from air import Air  # noqa: E402
from buildings import Buildings  # noqa: E402
from emissions import Emissions  # noqa: E402
from energy import Energy  # noqa: E402
from inputs import Inputs  # noqa: E402
from profile import Profile  # noqa: E402
from traffic import Traffic  # noqa: E402
from waste import Waste  # noqa: E402
from water import Water  # noqa: E402

MINUTE, QUARTER, HOUR, DAY = 60, 900, 3600, 86400   # periods: traffic to emissions; buildings, energy, water, waste; air and weather


def glued_day(inputs):
    profile = Profile()
    traffic, buildings, energy = Traffic(inputs, profile), Buildings(inputs, profile, QUARTER), Energy(inputs, profile, QUARTER)
    water, waste, emissions, air = Water(inputs, profile, QUARTER), Waste(inputs, profile, QUARTER), Emissions(inputs, profile), Air(inputs, profile, HOUR)
    city = inputs.city
    load_W, has_power = np.zeros(len(city.power_connection.power_bus)), np.ones(len(city.power_connection.power_bus), dtype=bool)
    connected = city.building.power_connection < len(load_W)
    for now in range(MINUTE, DAY + 1, MINUTE):
        emissions.vehicles(traffic.advance(now))
        if now % QUARTER:
            continue
        quarter = now // QUARTER - 1
        hour = quarter * QUARTER // HOUR
        electric_W, fuel_W = buildings.step(quarter, hour)
        pumps_W = water.step(quarter, hour, has_power)
        load_W[:] = 0
        np.add.at(load_W, city.building.power_connection[connected], electric_W[connected])
        np.add.at(load_W, water.connection_of_pump, pumps_W)
        load_W[waste.connection] -= waste.step(quarter, *traffic.stops_reached())
        has_power = energy.step(load_W)
        air.chimneys(emissions.heating(fuel_W, QUARTER))
        emissions.electricity(load_W, QUARTER, hour)
        if now % HOUR == 0:
            air.end_interval(quarter, emissions.by_link)
    emissions.vehicles(traffic.close())
    water.close()
    report = profile.report()
    kpis = {}
    for sector in (traffic, buildings, energy, water, emissions, air, waste):
        kpis.update(sector.kpis())
    return dict(profile=report, kpis={name: float(value) for name, value in kpis.items()}, water_solves=water.solves)


def main():
    if len(sys.argv) != 4 or sys.argv[2] != "-o":
        print(__doc__, file=sys.stderr)
        return 2
    inputs = Inputs(sys.argv[1])
    cpu = time.process_time()
    result = glued_day(inputs)
    result["cpu_s"] = time.process_time() - cpu
    pathlib.Path(sys.argv[3]).write_text(json.dumps(result, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
