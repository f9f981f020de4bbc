"""The power grid by lightsim2grid's own API on our exported .m: a Newton power flow each quarter of an hour with the loads of then, warm from the
last voltages; the substation's tap changer holds 1.015 per unit in steps of 0.00625 as in our module."""
import warnings

import numpy as np

warnings.filterwarnings("ignore", category=DeprecationWarning)
from lightsim2grid.network.from_matpower import init  # noqa: E402

REACTIVE_SHARE = np.tan(np.arccos(0.97))
TAP_STEP, TAP_BAND, TAP_STEPS, HELD_VOLTAGE = 0.00625, 0.004, 16, 1.015


class Energy:
    def __init__(self, inputs, profile, step_s):
        self.profile, self.step_s = profile, step_s
        city = inputs.city
        self.bus_of_connection, self.buses = city.power_connection.power_bus, len(city.power_bus.base_power)
        self.loaded = np.unique(self.bus_of_connection)
        regulated = np.flatnonzero(city.power_branch.regulated)
        self.held_bus, self.first_ratio = city.power_branch.to[regulated], city.power_branch.tap[regulated]
        self.tap = np.zeros(len(regulated), dtype=int)
        with profile.of("energy", "lightsim2grid"):
            self.grid = init(inputs.exported("m"))
            self.grid.init_loads(np.zeros(len(self.loaded)), np.zeros(len(self.loaded)), self.loaded.astype(np.int32))
            trafos = {(trafo.bus1_id, trafo.bus2_id): trafo.id for trafo in self.grid.get_trafos()}
        self.trafos = [trafos[int(getattr(city.power_branch, "from")[row]), int(city.power_branch.to[row])]
                       for row in regulated]
        self.all = np.ones(len(self.loaded), dtype=bool)
        self.V = np.ones(self.buses, dtype=complex)
        self.fed_in, self.losses, self.lowest, self.highest = [], [], 1.0, 1.0

    def step(self, load_W):
        """Whether each connection has power."""
        with self.profile.of("energy", "numpy"):
            mw = np.bincount(self.bus_of_connection, weights=load_W, minlength=self.buses)[self.loaded] * 1e-6
            mvar = np.bincount(self.bus_of_connection, weights=np.maximum(load_W, 0), minlength=self.buses)[self.loaded] * 1e-6 * REACTIVE_SHARE
        with self.profile.of("energy", "lightsim2grid"):
            self.grid.update_loads_p(self.all, mw.astype(np.float32))
            self.grid.update_loads_q(self.all, mvar.astype(np.float32))
            V = self.grid.ac_pf(self.V, 20, 1e-8)
            if len(V) == 0:
                raise RuntimeError("lightsim2grid found no solution")
            fed_in = self.grid.get_gen_res()[0].sum()
        with self.profile.of("energy", "numpy"):
            self.V = V
            voltage = np.abs(V)
            self.fed_in.append(fed_in)
            self.losses.append(fed_in - mw.sum())
            self.lowest, self.highest = min(self.lowest, voltage.min()), max(self.highest, voltage.max())
        self.move_taps(voltage)
        return voltage[self.bus_of_connection] > 0.1

    def move_taps(self, voltage):
        off = HELD_VOLTAGE - voltage[self.held_bus]
        wanted = np.where(abs(off) > TAP_BAND, np.clip(self.tap + np.round(off / TAP_STEP).astype(int), -TAP_STEPS, TAP_STEPS), self.tap)
        for row in np.flatnonzero(wanted != self.tap):
            with self.profile.of("energy", "lightsim2grid"):
                self.grid.change_ratio_trafo(self.trafos[row], float(self.first_ratio[row] - TAP_STEP * wanted[row]))
        self.tap = wanted

    def kpis(self):
        fed_in = np.array(self.fed_in)
        hours = self.step_s / 3600
        return {"energy fed in [MWh]": fed_in.sum() * hours, "grid losses [MWh]": sum(self.losses) * hours, "peak demand [MW]": fed_in.max(), "load factor": fed_in.mean() / fed_in.max(),
                "lowest voltage [p.u.]": self.lowest, "highest voltage [p.u.]": self.highest}
