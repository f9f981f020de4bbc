"""The water network by EPANET's toolkit (owa-epanet) on our exported .inp: demands set each quarter of an hour from the people in the buildings,
the period stepped with every event (tank levels switch the pump); pumps without power are closed."""
import epanet.toolkit as en
import numpy as np

DAY = (.30, .22, .20, .20, .28, .70, 1.50, 1.90, 1.70, 1.25, 1.10, 1.05, 1.10, 1.05, .95, .95, 1.10, 1.40, 1.70, 1.75, 1.45, 1.05, .70, .40)
AT_HOME = (1.00, 1.00, 1.00, 1.00, 1.00, .99, .93, .75, .58, .50, .48, .52, .57, .57, .58, .62, .70, .80, .85, .88, .92, .96, .99, 1.00)
RESIDENT_L_DAY, JOB_L_DAY = 130, 30


class Water:
    def __init__(self, inputs, profile, step_s):
        self.profile, self.step_s, self.inputs = profile, step_s, inputs
        self.node_of_building = inputs.city.building.water_node
        self.nodes = len(inputs.city.water_node.elevation)
        with profile.of("water", "EPANET"):
            self.project = en.createproject()
            en.open(self.project, inputs.exported("inp"), str(inputs.folder / "epanet.rpt"), "")
            en.settimeparam(self.project, en.DURATION, 86400)
            for parameter in (en.HYDSTEP, en.PATTERNSTEP, en.REPORTSTEP):
                en.settimeparam(self.project, parameter, step_s)
            row_of = {name: row for row, name in enumerate(inputs.city.water_node.id)}
            self.index, self.row, drawing = [], [], np.unique(self.node_of_building[self.node_of_building < self.nodes])
            for index in range(1, en.getcount(self.project, en.NODECOUNT) + 1):
                row = row_of[en.getnodeid(self.project, index)]
                if en.getnodetype(self.project, index) != en.JUNCTION:
                    continue
                en.setdemandpattern(self.project, index, 1, 0)
                en.setbasedemand(self.project, index, 1, 0.0)
                if row in drawing:
                    self.index.append(index)
                    self.row.append(row)
            link_row = {name: row for row, name in enumerate(inputs.city.water_link.id)}
            self.pumps = [index for index in range(1, en.getcount(self.project, en.LINKCOUNT) + 1) if en.getlinktype(self.project, index) == en.PUMP]
            self.connection_of_pump = [int(inputs.city.water_link.power_connection[link_row[en.getlinkid(self.project, index)]]) for index in self.pumps]
            self.values = en.doubleArray(en.getcount(self.project, en.NODECOUNT))
            self.count = en.getcount(self.project, en.NODECOUNT)
            en.openH(self.project)
            en.initH(self.project, en.NOSAVE)
        self.junctions = np.array(self.index) - 1
        self.time_s = 0
        self.supplied_m3 = self.leaked_m3 = self.pump_J = 0.0
        self.solves = 0

    def demand_lps(self, k, hour):
        with self.profile.of("water", "numpy"):
            home, others = self.inputs.at_home[k], np.maximum(0, self.inputs.occupants[k] - self.inputs.at_home[k])
            draw = home * (RESIDENT_L_DAY / 86400 * DAY[hour] / AT_HOME[hour]) + others * (JOB_L_DAY / (9 * 3600 * 0.85))
            known = self.node_of_building < self.nodes
            return np.bincount(self.node_of_building[known], weights=draw[known], minlength=self.nodes)[self.row]

    def flow_lps(self, what):
        en.getnodevalues(self.project, what, self.values)
        return sum(map(self.values.__getitem__, range(self.count)))

    def step(self, k, hour, has_power):
        """Mean power of the pumps [W] in quarter of an hour k, one value a pump."""
        demand = self.demand_lps(k, hour).tolist()
        until, energy_kWs = (k + 1) * self.step_s, [0.0] * len(self.pumps)
        with self.profile.of("water", "EPANET"):
            for index, value in zip(self.index, demand):
                en.setbasedemand(self.project, index, 1, value)
            for index, connection in zip(self.pumps, self.connection_of_pump):
                if connection < len(has_power) and not has_power[connection]:
                    en.setlinkvalue(self.project, index, en.STATUS, en.CLOSED)
            while self.time_s < until:
                en.runH(self.project)
                self.solves += 1
                drawn, leaked = self.flow_lps(en.DEMANDFLOW), self.flow_lps(en.EMITTERFLOW)
                kilowatts = [en.getlinkvalue(self.project, index, en.ENERGY) for index in self.pumps]
                seconds = en.nextH(self.project)
                if seconds <= 0:
                    seconds = until - self.time_s   # the day's end
                self.supplied_m3 += drawn * seconds / 1000
                self.leaked_m3 += leaked * seconds / 1000
                for pump, kilowatt in enumerate(kilowatts):
                    energy_kWs[pump] += kilowatt * seconds
                self.time_s += seconds
        self.pump_J += sum(energy_kWs) * 1000
        return [energy * 1000 / self.step_s for energy in energy_kWs]

    def close(self):
        with self.profile.of("water", "EPANET"):
            en.closeH(self.project)
            en.close(self.project)

    def kpis(self):
        return {"water drawn [m3]": self.supplied_m3, "water leaked [m3]": self.leaked_m3, "pump energy [kWh]": self.pump_J / 3.6e6}
