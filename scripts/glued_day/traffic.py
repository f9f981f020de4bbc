"""Traffic by libsumo: SUMO's mesoscopic model with junction control, on our exported network and trips. What the other sectors need of it
(who passed which link when; how many stops each refuse truck has behind it) is fetched at their periods. A vehicle tells its whole way when it has
arrived, by the route file that SUMO writes: the mesoscopic model has no other word on passages."""
import os
import re

import libsumo
import numpy as np

# Routes: at departure on the travel times of then; three in ten drivers look again every five minutes (as in the scenario). A* is faster than SUMO's default.
OPTIONS = ["--mesosim", "true", "--meso-junction-control", "true", "--routing-algorithm", "astar", "--device.rerouting.probability", "0.3", "--device.rerouting.period", "300",
           "--no-step-log", "true", "--no-warnings", "true", "--vehroute-output.exit-times", "true", "--vehroute-output.route-length", "true", "--end", "86400"]
VEHICLE = re.compile(r'<vehicle id="(\d+)" type="(\w+)" depart="([0-9.]+)"[^>]*arrival="([0-9.]+)" routeLength="([0-9.]+)">(.*?)</vehicle>', re.S)
DRIVEN = re.compile(r'edges="([^"]*)" exitTimes="([^"]*)"')   # of the last route; those it replaced have no times


class Traffic:
    def __init__(self, inputs, profile):
        self.profile = profile
        self.link_ids = list(inputs.city.road_link.id)
        self.row_of = {name: row for row, name in enumerate(self.link_ids)}
        self.routes_file = str(inputs.folder / "peer_routes_out.xml")
        self.read_to, self.rest = 0, ""
        self.tours, self.seen, self.finished = {tour["vehicle"] for tour in inputs.tours}, set(), set()
        self.trips = []            # type, depart, arrival, length
        with profile.of("traffic", "libsumo"):
            libsumo.start(["sumo", "-n", inputs.exported("net.xml"), "-r", inputs.exported("rou.xml"), "--vehroute-output", self.routes_file, *OPTIONS])

    def advance(self, to_s):
        """The links passed by vehicles that arrived since the last call."""
        with self.profile.of("traffic", "libsumo"):
            libsumo.simulationStep(float(to_s))
        return self.passages()

    def stops_reached(self):
        """How many stops each refuse truck under way has behind it."""
        with self.profile.of("traffic", "libsumo"):
            under_way = set(libsumo.vehicle.getIDList()).intersection(self.tours)
            done = {vehicle: len(libsumo.vehicle.getStops(vehicle, -10000)) for vehicle in under_way}
            self.finished.update(vehicle for vehicle in self.seen if vehicle not in under_way)
            self.seen |= under_way
        return done, self.finished

    def close(self):
        with self.profile.of("traffic", "libsumo"):
            libsumo.close()
        last = self.passages()
        os.remove(self.routes_file)
        return last

    def passages(self):
        """(vehicle id, is car, links, enter, leave) of each vehicle whose route SUMO has written by now."""
        with self.profile.of("traffic", "python"):
            size = os.path.getsize(self.routes_file)
            if size == self.read_to:
                return []
            with open(self.routes_file) as file:
                file.seek(self.read_to)
                text = self.rest + file.read(size - self.read_to)
            self.read_to = size
            found, end = [], 0
            for match in VEHICLE.finditer(text):
                vehicle, kind, depart, arrival, length, body = match.groups()
                edges, exits = DRIVEN.findall(body)[-1]
                end = match.end()
                links = np.fromiter(map(self.row_of.__getitem__, edges.split()), dtype=np.int64)
                leave = np.array(exits.split(), dtype=float)
                self.trips.append((kind, float(depart), float(arrival), float(length)))
                found.append((int(vehicle), kind == "car", links, np.concatenate(([float(depart)], leave[:-1])), leave))
            self.rest = text[end:]
            return found

    def kpis(self):
        cars = [trip for trip in self.trips if trip[0] == "car"]
        durations = np.array([arrival - depart for _, depart, arrival, _ in cars])
        lengths = np.array([trip[3] for trip in cars])
        trucks = sum(trip[3] for trip in self.trips if trip[0] == "truck")
        return {"car trips finished": float(len(cars)), "car travel time, mean [s]": durations.mean(), "distance of cars [km]": lengths.sum() / 1000,
                "distance of refuse trucks [km]": trucks / 1000}
