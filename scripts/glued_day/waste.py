"""Waste in vectorised numpy: what people make falls into the bins as deposits, refuse trucks take it where the traffic says they stand, plants sort,
burn and bury it. Bins begin as they stand in our run (a town collected by its calendar). Tours are those of our run (no peer plans them here). They were planned on what the sensors told at six, and only of bins that held
something; a stop's service time is 40 s and 0.2 s a kilogram told, so that these bins hold that mass at six here too."""
import numpy as np

NAMES = ("residual", "organic", "paper", "packaging")
HOME_KG, JOB_KG = np.array((.60, .30, .25, .23)), np.array((.15, .05, .15, .10))
RECOVERED, HEAT_J_PER_KG = np.array((0, .60, .90, .60)), np.array((9.0, 4.0, 12.0, 16.0)) * 1e6
DEPOSIT_KG, DEVIATION_KG, TRUCK_KG, ASH, EFFICIENCY = 2.0, 1.0, 9000.0, 0.22, 0.22
STOP_S, LIFT_S_PER_KG, PLANNED_AT_S = 40.0, 0.2, 21600
TUESDAY = 1


class Waste:
    def __init__(self, inputs, profile, step_s):
        self.profile, self.step_s, self.inputs = profile, step_s, inputs
        city, bins = inputs.city, inputs.city.bin
        self.capacity, self.fraction = bins.capacity, bins.fraction
        self.kg, self.beside = inputs.bins_fill * bins.capacity, inputs.bins_beside.copy()   # as they stood when our day began, and a quarter of an hour
        self.bin_of = [getattr(city.building, f"bin_{name}") for name in NAMES]
        self.made_kg = self.collected_kg = self.overflow_kg_h = self.products_kg = self.burned_kg = self.buried_kg = 0.0
        kinds = list(city.waste_site.kind)
        self.rate = {kind: city.waste_site.rate[kinds.index(kind)] for kind in ("sorting", "incinerator")}
        self.waiting = {kind: np.zeros(4) for kind in ("sorting", "incinerator")}
        place = city.waste_site.place[kinds.index("incinerator")]
        self.connection = int(city.place.power_connection[place])
        self.random = np.random.default_rng(7)
        part = (np.floor(bins.x / 500) + np.floor(bins.y / 500)).astype(int) % 5
        due = (part + bins.fraction) % 5 == TUESDAY
        at = {(int(bins.road_link[row]), round(float(bins.road_offset[row]), 6)): row for row in np.flatnonzero(due)}
        self.tours = {tour["vehicle"]: [at.get((int(link), round(float(offset), 6))) for link, offset in zip(tour["links"][:-1], tour["offsets"][:-1])] for tour in inputs.tours}
        self.told = [(stop, (seconds - STOP_S) / LIFT_S_PER_KG) for tour in inputs.tours for stop, seconds in zip(self.tours[tour["vehicle"]], tour["service_s"]) if stop is not None]
        self.next_stop = dict.fromkeys(self.tours, 0)
        self.aboard = {vehicle: np.zeros(4) for vehicle in self.tours}

    def hear_sensors(self):
        for stop, kg in self.told:
            self.made_kg += kg - self.kg[stop] - self.beside[stop]
            self.kg[stop], self.beside[stop] = min(kg, self.capacity[stop]), max(0.0, kg - self.capacity[stop])

    def follow(self, stops_behind, finished):
        """Refuse trucks that have come to their next stops: a bin is emptied, or (no bin there) a plant takes the load."""
        for vehicle, stops in self.tours.items():
            behind = len(stops) if vehicle in finished else min(len(stops), stops_behind.get(vehicle, 0))   # the last one, home, isn't among them
            while self.next_stop[vehicle] < behind:
                stop = self.tours[vehicle][self.next_stop[vehicle]]
                self.next_stop[vehicle] += 1
                load = self.aboard[vehicle]
                if stop is None:
                    self.waiting["sorting"][1:] += load[1:]
                    self.waiting["incinerator"][0] += load[0]
                    load[:] = 0
                    continue
                room = max(0.0, TRUCK_KG - load.sum())
                beside = min(self.beside[stop], room)
                inside = min(self.kg[stop], room - beside)
                self.beside[stop] -= beside
                self.kg[stop] -= inside
                load[self.fraction[stop]] += beside + inside
                self.collected_kg += beside + inside

    def step(self, k, stops_behind, finished):
        """Electric power of the incinerator [W]."""
        with self.profile.of("waste", "python"):
            if k * self.step_s == PLANNED_AT_S:
                self.hear_sensors()
            self.follow(stops_behind, finished)
        with self.profile.of("waste", "numpy"):
            home, others = self.inputs.at_home[k], np.maximum(0, self.inputs.occupants[k] - self.inputs.at_home[k])
            expected = np.zeros(len(self.kg))
            for f, bin_of in enumerate(self.bin_of):
                known = bin_of < len(self.kg)
                rate = home * (HOME_KG[f] / (19 * 3600)) + others * (JOB_KG[f] / (8 * 3600))
                expected += np.bincount(bin_of[known], weights=rate[known] * self.step_s, minlength=len(self.kg))
            deposits = self.random.poisson(expected / DEPOSIT_KG)
            brought = np.maximum(0, self.random.normal(deposits * DEPOSIT_KG, DEVIATION_KG * np.sqrt(deposits)))
            self.made_kg += brought.sum()
            self.kg += brought
            over = np.maximum(0, self.kg - self.capacity)
            self.beside += over
            self.kg -= over
            self.overflow_kg_h += self.beside.sum() * self.step_s / 3600
            return self.work()

    def work(self):
        burned_J = 0.0
        for kind in ("sorting", "incinerator"):
            waiting = self.waiting[kind]
            share = min(1.0, self.rate[kind] * self.step_s / max(waiting.sum(), 1e-9))
            taken = waiting * share
            waiting -= taken
            if kind == "sorting":
                self.products_kg += (taken * RECOVERED).sum()
                self.waiting["incinerator"] += taken * (1 - RECOVERED)
            else:
                self.burned_kg += taken.sum() * (1 - ASH)
                self.buried_kg += taken.sum() * ASH
                burned_J = (taken * HEAT_J_PER_KG).sum()
        return burned_J * EFFICIENCY / self.step_s

    def kpis(self):
        handled_kg = self.products_kg + self.burned_kg + self.buried_kg
        return {"waste made [kg]": self.made_kg, "waste collected [kg]": self.collected_kg, "waste diverted [%]": 100 * self.products_kg / max(handled_kg, 1e-9)}
