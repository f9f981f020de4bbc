"""Emissions in vectorised numpy: each passage of a link by its mean speed through our own tables (modules/emissions/data), heating fuel by its
factors, and greenhouse gases of the electricity by hour."""
import csv
import pathlib

import numpy as np

TABLES = pathlib.Path(__file__).resolve().parents[2] / "modules" / "emissions" / "data"
POLLUTANTS = ("fuel", "CO", "HC", "NOx", "PMx")
FUEL, NOX, PMX = 0, 3, 4
CO2_PER_FUEL = {"petrol": 3.180, "diesel": 3.140}
LOAD_CORRECTION = np.array((0.18, 0.21, 0.0, 0.18, 0.08))
KG_PER_KWH = 0.25 * np.array((1.03, 1.02, 1.01, 1.01, 1.02, 1.04, 1.06, 1.05, 1.00, .94, .89, .85, .83, .83, .85, .90, .97, 1.06, 1.12, 1.14, 1.12, 1.10, 1.09, 1.07))

OTHER_FORMS = {"logistic": lambda v, c: c[0] + c[1] / (1 + np.exp(-c[2] + c[3] * np.log(v) + c[4] * v)),
               "power_sum": lambda v, c: c[0] * v ** c[1] + c[2] * v ** c[3]}


def rows(name):
    with open(TABLES / name, newline="") as file:
        return list(csv.DictReader(file))


class Emissions:
    def __init__(self, inputs, profile):
        self.profile = profile
        fleet = [row for row in rows("fleet_mix.csv") if row["mode"] == "car" and row["class"] != "car_electric"] + [row for row in rows("fleet_mix.csv") if row["mode"] == "refuse"]
        self.classes = [row["class"] for row in fleet]
        shares = np.array([float(row["share"]) for row in fleet[:-1]])
        self.cumulated, self.truck_class = np.cumsum(shares / shares.sum()), len(fleet) - 1
        self.over, self.under = np.zeros((len(fleet), len(POLLUTANTS), 7)), np.zeros((len(fleet), len(POLLUTANTS), 3))   # of v^5 … 1, 1/v; of v^2, v, 1
        self.over_all, self.others = np.ones((len(fleet), len(POLLUTANTS))), []
        self.under[..., 2] = 1
        self.least, self.most = np.zeros(len(fleet)), np.zeros(len(fleet))
        for row in rows("hot_factors.csv"):
            if row["class"] in self.classes and row["pollutant"] in POLLUTANTS:
                at = self.classes.index(row["class"]), POLLUTANTS.index(row["pollutant"])
                c = [float(row[f"c{i}"] or 0) for i in range(7)]
                self.least[at[0]], self.most[at[0]] = float(row["least_kmh"]), float(row["most_kmh"])
                self.over_all[at] = (1 - float(row["reduction"] or 0)) * float(row["factor"] or 1)
                if row["form"] == "constant":
                    self.over[at][5] = c[0]
                elif row["form"] == "polynomial":
                    self.over[at][:6] = c[:6]
                elif row["form"] == "rational":
                    self.over[at][3:], self.under[at] = c[:4], c[4:]
                else:
                    self.others.append((at, OTHER_FORMS[row["form"]], c))
        self.co2_per_fuel = np.array([CO2_PER_FUEL["petrol" if "petrol" in name else "diesel"] for name in self.classes])
        capacity = {row["class"]: float(row["payload_capacity_kg"]) for row in rows("payload_capacities.csv")}[self.classes[-1]]
        self.load = {int(tour["vehicle"]): 1 + 2 * LOAD_CORRECTION * (min(1, tour["payload_kg"] / capacity) - 0.5) for tour in inputs.tours}
        self.length_m = inputs.city.road_link.length
        factors = {row["pollutant"]: float(row["g_per_MJ"]) for row in rows("heating_factors.csv") if row["fuel"] == "natural_gas"}
        self.heat_g_per_MJ = np.array([factors[name] for name in ("CO2", "CO", "HC", "NOx", "PMx")])
        self.total_g, self.co2_g, self.heat_g, self.electricity_co2_kg = np.zeros(len(POLLUTANTS)), 0.0, np.zeros(5), 0.0
        self.by_link = np.zeros((len(self.length_m), 2))   # NOx and PM of the air's interval
        self.random = np.random.default_rng(7)
        self.class_of = {}

    def vehicles(self, passages):
        """Emissions of vehicles that have told their passages."""
        if not passages:
            return
        with self.profile.of("emissions", "python"):
            drawn = np.searchsorted(self.cumulated, self.random.random(len(passages)))
            kinds = [int(kind) if is_car else self.truck_class for (_, is_car, *_), kind in zip(passages, drawn)]
            loads = [np.ones(len(POLLUTANTS)) if is_car else self.load[vehicle] for vehicle, is_car, *_ in passages]
        with self.profile.of("emissions", "numpy"):
            counts = [len(one[2]) for one in passages]
            kind, load = np.repeat(kinds, counts), np.repeat(loads, counts, axis=0)
            link, seconds = np.concatenate([one[2] for one in passages]), np.concatenate([one[4] for one in passages]) - np.concatenate([one[3] for one in passages])
            length = self.length_m[link]
            v = np.clip(length / np.maximum(seconds, 1e-3) * 3.6, self.least[kind], self.most[kind])
            powers = np.stack((v**5, v**4, v**3, v * v, v, np.ones_like(v), 1 / v), axis=1)
            grams_per_km = np.einsum("pkc,pc->pk", self.over[kind], powers) / np.einsum("pkc,pc->pk", self.under[kind], powers[:, 3:6])
            for (row, pollutant), form, c in self.others:
                among = kind == row
                grams_per_km[among, pollutant] = form(v[among], c)
            grams_per_km *= self.over_all[kind]
            grams = np.maximum(0, grams_per_km) * (length / 1000)[:, None] * load
            self.total_g += grams.sum(axis=0)
            self.co2_g += (grams[:, FUEL] * self.co2_per_fuel[kind]).sum()
            for column, pollutant in enumerate((NOX, PMX)):
                self.by_link[:, column] += np.bincount(link, weights=grams[:, pollutant], minlength=len(self.length_m))

    def heating(self, fuel_W, seconds):
        with self.profile.of("emissions", "numpy"):
            by_building = fuel_W[:, None] * (seconds * 1e-6) * self.heat_g_per_MJ
            self.heat_g += by_building.sum(axis=0)
            return by_building[:, 3:]

    def electricity(self, load_W, seconds, hour):
        with self.profile.of("emissions", "numpy"):
            self.electricity_co2_kg += load_W.sum() * seconds / 3.6e6 * KG_PER_KWH[hour]

    def kpis(self):
        return {"CO2 from exhausts [kg]": self.co2_g / 1000, "NOx from exhausts [kg]": self.total_g[NOX] / 1000, "particles from exhausts [kg]": self.total_g[PMX] / 1000,
                "CO2 from heating [kg]": self.heat_g[0] / 1000, "CO2 of electricity [kg]": self.electricity_co2_kg}
