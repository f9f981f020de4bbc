"""What the peers take from a finished run: the city's columns, the exported networks, and what none of them has a model of
(people's presence by quarter of an hour, the weather, when who drives where). Read before the clock starts."""
import pathlib
import types

import h5py
import numpy as np

NONE = 0xFFFFFFFF   # a missing row


def texts(group):
    raw, at = group["bytes"][:].tobytes(), group["offsets"][:]
    return np.array([raw[at[i]:at[i + 1]].decode() for i in range(len(at) - 1)])


class Columns:
    """One entity set of city.h5: `city.building.floor_area`, ids and words as arrays of text."""

    def __init__(self, group):
        for name, item in group.items():
            if isinstance(item, h5py.Dataset):
                setattr(self, name, item[:])
            elif "bytes" in item and "offsets" in item:
                setattr(self, name, texts(item))
            elif "values" in item and "offsets" in item:
                setattr(self, name, (item["offsets"][:], item["values"][:]))


class Inputs:
    def __init__(self, folder):
        folder = pathlib.Path(folder)
        self.folder = folder
        with h5py.File(folder / "city.h5") as city:
            sets = ("building", "road_link", "road_node", "power_connection", "power_bus", "power_branch", "water_node", "water_link", "water_tank", "bin", "waste_site", "truck",
                    "place", "grid_cell")
            self.city = types.SimpleNamespace(**{name: Columns(city[name]) for name in sets})
        with h5py.File(folder / "results.h5") as results:
            self.occupants = results["building/occupants"][:]       # (quarter of an hour, building)
            self.at_home = results["building/at_home"][:]
            self.bins_fill, self.bins_beside = results["bin/fill"][0], results["bin/overflow"][0]   # a quarter of an hour after midnight
            weather = results["weather_cell"]
            self.weather = {name: weather[name][:, 0] for name in weather if name not in ("id", "x", "y", "time")}
            trips = results["streams/trip_request"]
            trucks = np.flatnonzero(trips["mode"][:] == 4)
            self.tours = [dict(vehicle=str(int(trips["request_id"][i])), truck=int(trips["who"][i]), payload_kg=float(trips["payload"][i]),
                               links=np.array(trips["stop_links"][i].split(), dtype=int), offsets=np.array(trips["stop_offsets"][i].split(), dtype=float),
                               service_s=np.array(trips["stop_service"][i].split(), dtype=float)) for i in trucks]

    def exported(self, ending):
        return str(self.folder / f"riverside.{ending}")
