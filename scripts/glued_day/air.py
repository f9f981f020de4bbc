"""Gaussian plume in vectorised numpy: streets as line sources (closed form of Venkatram and Horst within 70 degrees of the normal, 16-point
quadrature beyond 80, blended between), buildings' chimneys as squares of the grid, Briggs' urban curves. The matrix of an hour's weather is kept."""
import numpy as np
from scipy.special import erf

ACROSS = (.32, .32, .22, .16, .11, .11)                                                                     # a of a x (1 + 0.0004 x)^-1/2
UP = ((.24, .001, 0), (.24, .001, 0), (.20, 0, 0), (.14, 0, .0003), (.08, 0, .0015), (.08, 0, .0015))       # a, rise, fall, for A to F
WIND_EXPONENT = (.15, .15, .20, .25, .30, .30)
HEIGHT_OF_STREETS, HEIGHT_OF_CHIMNEYS, RECEPTOR = 0.5, 12.0, 1.5
WIDTH_2, DEPTH_2, CUT = 9.0, 4.0, 1e-4
NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)


def stability(wind, sun):
    row = np.searchsorted((2, 3, 5, 6), wind, side="right")
    if sun >= 10:
        by_day = ((0, 0, 1, 3), (0, 1, 2, 3), (1, 1, 2, 3), (2, 2, 3, 3), (2, 3, 3, 3))
        return by_day[row][0 if sun >= 925 else 1 if sun >= 675 else 2 if sun >= 175 else 3]
    return 5 if wind < 2 else 4 if wind < 2.5 else 3


def across_2(k, x):
    return (ACROSS[k] * x) ** 2 / (1 + .0004 * x)


def up_2(k, x):
    a, rise, fall = UP[k]
    return (a * x) ** 2 * (1 + rise * x) / (1 + fall * x)


def heights(height, sz2):
    return (np.exp(-(RECEPTOR - height) ** 2 / (2 * sz2)) + np.exp(-(RECEPTOR + height) ** 2 / (2 * sz2))) / np.sqrt(sz2)


def point(x, y, height, k, initial_across_2, initial_up_2):
    d = np.maximum(x, 1)
    sy2, sz2 = across_2(k, d) + initial_across_2, up_2(k, d) + initial_up_2
    return np.where(x > 0, np.exp(-y * y / (2 * sy2)) / np.sqrt(sy2) * heights(height, sz2) / (2 * np.pi), 0)


def closed_form(x0, y0, x1, y1, k, cosine, length):
    difference = np.where(np.abs(y1 - y0) < 1e-9, 1e-9, y1 - y0)
    along = x0 - y0 / difference * (x1 - x0)
    t0, t1 = (y / np.sqrt(2 * (across_2(k, np.maximum(x, 1)) + WIDTH_2)) for x, y in ((x0, y0), (x1, y1)))
    value = np.abs(erf(t0) - erf(t1)) / 2 * heights(HEIGHT_OF_STREETS, up_2(k, np.maximum(along, 1)) + DEPTH_2)
    return np.where((along > 0) & ((x0 > 0) | (x1 > 0)), value / (np.sqrt(2 * np.pi) * np.maximum(cosine, 1e-6) * length), 0)


def quadrature(x0, y0, x1, y1, k):
    total = 0
    for node, weight in zip(NODES, WEIGHTS):
        share = (node + 1) / 2
        total = total + weight / 2 * point(x0 + share * (x1 - x0), y0 + share * (y1 - y0), HEIGHT_OF_STREETS, k, WIDTH_2, DEPTH_2)
    return total


class Air:
    def __init__(self, inputs, profile, interval_s):
        self.profile, self.interval_s, self.weather = profile, interval_s, inputs.weather
        city = inputs.city
        link, node, cells, building = city.road_link, city.road_node, city.grid_cell, city.building
        self.ends = np.stack((node.x[getattr(link, "from")], node.y[getattr(link, "from")], node.x[link.to], node.y[link.to]))
        self.cell_x, self.cell_y, self.size = cells.x, cells.y, cells.size[0]
        columns = int(round((cells.x[-1] - cells.x[0]) / self.size)) + 1
        corner_x, corner_y = cells.x[0] - self.size / 2, cells.y[0] - self.size / 2
        self.cell_of_building = (np.floor((building.y - corner_y) / self.size) * columns + np.floor((building.x - corner_x) / self.size)).astype(int)
        self.people = np.bincount(self.cell_of_building, weights=building.residents, minlength=len(cells.x))
        self.by_cell = np.zeros((len(cells.x), 2))
        self.matrices, self.dose, self.seconds = {}, np.zeros(2), 0.0

    def chimneys(self, grams):
        with self.profile.of("air", "numpy"):
            for column in range(2):
                self.by_cell[:, column] += np.bincount(self.cell_of_building, weights=grams[:, column], minlength=len(self.cell_x))

    def matrix(self, sector, k):
        """Receptor x source for 1 g/s and 1 m/s: streets, then squares."""
        if (sector, k) in self.matrices:
            return self.matrices[sector, k]
        toward = np.radians(10 * sector) + np.pi
        ax, ay = np.sin(toward), np.cos(toward)
        downwind = lambda px, py: (self.cell_x[:, None] - px) * ax + (self.cell_y[:, None] - py) * ay   # noqa: E731
        crosswind = lambda px, py: (self.cell_y[:, None] - py) * ax - (self.cell_x[:, None] - px) * ay   # noqa: E731
        px0, py0, px1, py1 = self.ends
        length = np.maximum(np.hypot(px1 - px0, py1 - py0), 1e-3)
        cosine = np.abs((px1 - px0) * ay - (py1 - py0) * ax) / length
        x0, y0, x1, y1 = downwind(px0, py0), crosswind(px0, py0), downwind(px1, py1), crosswind(px1, py1)
        closed = np.clip((cosine - np.cos(np.radians(80))) / (np.cos(np.radians(70)) - np.cos(np.radians(80))), 0, 1)
        streets = np.zeros_like(x0)
        near, far = np.flatnonzero(closed > 0), np.flatnonzero(closed < 1)
        streets[:, near] += closed[near] * closed_form(x0[:, near], y0[:, near], x1[:, near], y1[:, near], k, cosine[near], length[near])
        streets[:, far] += (1 - closed[far]) * quadrature(x0[:, far], y0[:, far], x1[:, far], y1[:, far], k)
        spread_2 = (self.size / 2.15) ** 2
        squares = point(downwind(self.cell_x, self.cell_y) + self.size / 2, crosswind(self.cell_x, self.cell_y), HEIGHT_OF_CHIMNEYS, k, spread_2, max(2, HEIGHT_OF_CHIMNEYS / 2.15) ** 2)
        both = np.hstack((streets, squares))
        both[both < CUT * both.max(axis=0)] = 0
        self.matrices[sector, k] = both
        return both

    def end_interval(self, quarter, by_link):
        """Concentrations [g/m3] of NOx and particles over the hour that ends with this quarter; starts the next one."""
        with self.profile.of("air", "numpy"):
            hour = slice(quarter - int(self.interval_s // 900) + 1, quarter + 1)
            wind, sun, wind_from = self.weather["wind_speed"][hour].mean(), self.weather["global_irradiance"][hour].mean(), self.weather["wind_from"][quarter]
            k = stability(wind, sun)
            field = None
            if wind >= 0.5:
                matrix = self.matrix(int(np.degrees(wind_from) / 10 + 0.5) % 36, k)
                field = matrix @ (np.vstack((by_link, self.by_cell)) / self.interval_s) / (wind * 0.5 ** WIND_EXPONENT[k])
                self.dose += self.people @ field / self.people.sum() * self.interval_s
                self.seconds += self.interval_s
            by_link[:] = 0
            self.by_cell[:] = 0
            return field

    def kpis(self):
        nox, particles = self.dose / self.seconds * 1e6
        return {"NOx, population weighted [ug/m3]": nox, "PM2.5, population weighted [ug/m3]": particles}
