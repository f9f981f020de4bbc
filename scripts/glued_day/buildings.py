"""Buildings in vectorised numpy: the 5R1C zone of ISO 13790:2008 Annex C over all of them at once, people, appliances, hot water, heating plant.
Equations, schedules and archetypes are those of our module (modules/buildings/model), written again here for arrays."""
import numpy as np

# By use: mass area ratio, heat capacity, air changes, window share, standby, active W/m2, heat C, cool C, setback K,
# heat and cool plant W/m2, litres of hot water, m2 a person, from hour, to hour
USES = {"residential": (3.0, 260e3, .5, .18, 1.0, 3.2, 20, 26, 0, 100, 40, 40, 40, None, None), "mixed": (2.5, 165e3, .6, .25, 1.5, 6.0, 20, 26, 1, 100, 60, 25, 35, None, None),
        "office": (2.5, 165e3, .8, .40, 2.0, 12., 21, 25, 4, 80, 100, 3, 20, 8, 18), "retail": (2.5, 165e3, .9, .30, 3.0, 20., 20, 25, 4, 80, 100, 3, 30, 9, 20),
        "industrial": (2.5, 110e3, .7, .10, 4.0, 16., 17, 28, 3, 80, 40, 5, 60, 6, 18), "school": (2.5, 165e3, 1.2, .30, 1.0, 10., 20, 26, 4, 120, 60, 3, 8, 8, 16),
        "hospital": (2.5, 165e3, 1.5, .30, 6.0, 12., 22, 25, 0, 150, 110, 60, 25, -1, -1), "university": (2.5, 165e3, 1.0, .35, 3.0, 12., 20, 26, 3, 100, 80, 3, 12, 8, 20),
        "public_service": (2.5, 165e3, .8, .30, 2.0, 10., 20, 26, 3, 90, 70, 3, 20, 8, 18)}
AGES = ((0, 1.4, 1.2, 1.0, 2.8, .75), (1950, 1.1, .8, .8, 2.8, .75), (1980, .5, .35, .4, 2.0, .65), (2000, .25, .2, .3, 1.2, .55))   # from year: wall, roof, floor, window, g
HOME_APPLIANCES = (.35, .25, .22, .20, .20, .25, .50, .80, .85, .85, .90, 1.0, 1.15, 1.05, .90, .85, .90, 1.10, 1.50, 1.80, 1.75, 1.50, 1.10, .65)
HOME_HOT_WATER = (.01, .005, .005, .005, .01, .03, .09, .11, .08, .05, .045, .04, .045, .04, .03, .03, .035, .05, .07, .075, .06, .045, .025, .015)
FACES = ("irradiance_north", "irradiance_east", "irradiance_south", "irradiance_west", "irradiance_horizontal")


def walls(shape, height):
    """Wall areas to north, east, south, west of outlines x0,y0,x1,y1 …"""
    offsets, values = shape
    result = np.zeros((4, len(height)))
    for row in range(len(height)):
        ring = values[offsets[row]:offsets[row + 1]].reshape(-1, 2)
        edge = ring - np.roll(ring, 1, axis=0)
        before = np.roll(ring, 1, axis=0)
        outward = 1 if (before[:, 0] * ring[:, 1] - ring[:, 0] * before[:, 1]).sum() >= 0 else -1
        east, north = outward * edge[:, 1], -outward * edge[:, 0]
        face = np.where(abs(north) >= abs(east), np.where(north >= 0, 0, 2), np.where(east >= 0, 1, 3))
        np.add.at(result[:, row], face, np.hypot(edge[:, 0], edge[:, 1]) * height[row])
    return result


class Buildings:
    def __init__(self, inputs, profile, step_s):
        self.profile, self.step_s, self.inputs = profile, step_s, inputs
        with profile.of("buildings", "numpy"):
            self._describe(inputs.city.building)
            self._fold()
        self.mass = np.full(len(self.area), 293.15)
        self.used_J = self.fuel_J = self.heat_J = 0.0

    def _describe(self, b):
        table = np.array([[np.nan if value is None else value for value in USES[use]] for use in b.use]).T
        self.mass_ratio, self.capacity_J, self.air_changes, self.windows, self.standby, self.active, self.heat_C, self.cool_C, self.setback = table[:9]
        rated_heat, rated_cool, litres, m2_person, self.from_h, self.to_h = table[9:]
        self.is_home, self.is_always = np.isnan(self.from_h), self.from_h < 0
        self.area, footprint, height = b.floor_area, b.footprint_area, np.maximum(2.5, b.height)
        year = np.searchsorted([row[0] for row in AGES], b.year, side="right") - 1
        self.u_wall, self.u_roof, self.u_floor, self.u_window, self.g = np.array(AGES)[np.where(b.year > 0, year, 1), 1:].T
        self.wall, self.footprint = walls(b.shape, height), footprint
        by_area = self.area / m2_person
        self.people = np.where(self.is_home, np.maximum(1, b.residents + b.jobs), np.maximum(np.maximum(1, by_area), b.jobs + b.residents))
        self.hot_water_J_day = litres * np.maximum(b.residents, np.where(self.is_home, 0, self.people)) * 4186 * 50
        self.heat_most, self.cool_most = rated_heat * self.area, np.where(b.cooled != 0, rated_cool * self.area, 0)
        self.heating = b.heating

    def _fold(self):
        """Conductances of 7.2.2.2, 12.2.2, 11.3.4 and C.6 to C.8, and what multiplies gains and outdoor air in a step."""
        window = self.wall * self.windows * self.u_window
        opaque = self.wall * (1 - self.windows) * self.u_wall
        roof = self.footprint * self.u_roof
        self.aperture = np.vstack((self.wall * self.windows * self.g * 0.9 * 0.8 + opaque * 0.6 * 0.04, roof[None] * 0.6 * 0.04))
        self.sky = 0.04 * 5 * 0.9 * 11 * (0.5 * (window + opaque).sum(axis=0) + roof)
        w, op = window.sum(axis=0), opaque.sum(axis=0) + roof + self.footprint * 0.5 * self.u_floor
        mass_m2, total_m2 = self.mass_ratio * self.area, 4.5 * self.area
        ms, ve, between = 9.1 * mass_m2, 1200 * self.air_changes * self.area * 2.7 / 3600, 3.45 * total_m2
        em = 1 / (1 / op - 1 / ms)
        mass_share = mass_m2 / total_m2
        surface_share = 1 - mass_share - w / (9.1 * total_m2)
        h1 = 1 / (1 / ve + 1 / between)
        h2, surface, air = h1 + w, ms + w + h1, between + ve
        h3 = 1 / (1 / h2 + 1 / ms)
        per_step, half = self.capacity_J * self.area / self.step_s, 0.5 * (h3 + em)
        self.keep, self.take = (per_step - half) / (per_step + half), 1 / (per_step + half)
        self.by_gain, self.by_air, self.by_outdoor = mass_share + h3 / h2 * surface_share, h3 / h2 * h1 / ve, em + h3 / h2 * (w + h1)
        share = between / air
        self.from_mass, self.from_gain = share * ms / surface, share * surface_share / surface
        self.from_air, self.from_outdoor = share * h1 / (ve * surface) + 1 / air, share * (w + h1) / surface + ve / air
        self.mass_per_W = self.take * self.by_air
        self.W_per_K = 1 / (0.5 * self.from_mass * self.mass_per_W + self.from_air)

    def step(self, k, hour):
        """Electricity [W] of each building in quarter of an hour k, and fuel [W]."""
        with self.profile.of("buildings", "numpy"):
            persons, weather = self.inputs.occupants[k], {name: values[k] for name, values in self.inputs.weather.items()}
            outdoor = weather["air_temperature"]
            presence = np.minimum(1.2, persons / self.people)
            at_work = (hour >= self.from_h) & (hour < self.to_h)
            appliances = self.area * (self.standby + self.active * presence * np.where(self.is_home, HOME_APPLIANCES[hour], 1.0))
            drawn = np.where(self.is_home, HOME_HOT_WATER[hour], np.where(self.is_always, 1 / 24, np.where(at_work, 1 / np.maximum(1, self.to_h - self.from_h), 0)))
            water = self.hot_water_J_day * drawn / 3600
            setback = np.where(presence > 0.02, 0, self.setback)
            to_air = 0.5 * (appliances + 70 * persons)
            gain = to_air + np.dot(np.array([weather[face] for face in FACES]), self.aperture) - self.sky
            free_mass = self.keep * self.mass + self.take * (self.by_gain * gain + self.by_air * to_air + self.by_outdoor * outdoor)
            free_air = self.from_mass * 0.5 * (self.mass + free_mass) + self.from_gain * gain + self.from_air * to_air + self.from_outdoor * outdoor
            target = np.minimum(np.maximum(free_air, self.heat_C + 273.15 - setback), self.cool_C + 273.15 + setback)
            power = np.clip((target - free_air) * self.W_per_K, -self.cool_most, self.heat_most)
            self.mass = free_mass + self.mass_per_W * power
            heat = np.maximum(0, power)
            lift = max(15.0, 308.15 - outdoor)
            cop = max(1.0, 0.85 * (6.08 - 0.09 * lift + 0.0005 * lift * lift))
            electric = appliances + np.maximum(0, -power) / 3 + np.choose(self.heating.astype(int), (0 * heat, heat + water, heat / cop + water / 2.5))
            fuel = np.where(self.heating == 0, (heat + water) / 0.92, 0)
            self.used_J += electric.sum() * self.step_s
            self.fuel_J += fuel.sum() * self.step_s
            return electric, fuel

    def kpis(self):
        return {"electricity of buildings [MWh]": self.used_J / 3.6e9, "fuel of buildings [MWh]": self.fuel_J / 3.6e9}
