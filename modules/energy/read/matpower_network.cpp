// Tables of a MATPOWER case to a network in per unit, with every check that a row can fail.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "core/base/text.hpp"
#include "modules/energy/model/portable_trig.hpp"
#include "modules/energy/read/matpower_case.hpp"

namespace citytwin::energy {
namespace {

constexpr const char* bus_columns[] = {"bus_i", "type", "Pd", "Qd", "Gs", "Bs", "area", "Vm", "Va", "baseKV", "zone", "Vmax", "Vmin"};
constexpr const char* unit_columns[] = {"bus", "Pg", "Qg", "Qmax", "Qmin", "Vg", "mBase", "status", "Pmax", "Pmin"};
constexpr const char* branch_columns[] = {"fbus", "tbus", "r", "x", "b", "rateA", "rateB", "rateC", "ratio", "angle", "status"};

class NetworkBuilder {
public:
    NetworkBuilder(const MatpowerCase& matpower, DiagnosticList& diagnostics) : case_(matpower), diagnostics_(diagnostics) {}

    PowerNetwork build() {
        network_.base_VA = case_.base_mva * 1e6;
        const MatpowerTable *bus = table("bus", 13), *unit = table("gen", 10), *branch = table("branch", 11);
        diagnostics_.throw_if_errors();
        buses(*bus);
        if (row_of_.size() != bus->rows()) diagnostics_.throw_if_errors();   // duplicates: what follows would only repeat it
        units(*unit);
        branches(*branch);
        diagnostics_.throw_if_errors();
        return std::move(network_);
    }

private:
    const MatpowerTable* table(const std::string& name, std::size_t columns) {
        const auto found = case_.tables.find(name);
        if (found == case_.tables.end() || found->second.rows() == 0) {
            diagnostics_.error("CT-ENERGY-007", {case_.path}, fmt::format("mpc.{} is missing or empty", name), "a case needs the tables bus, gen and branch");
            return nullptr;
        }
        if (found->second.columns < columns) {
            diagnostics_.error("CT-ENERGY-003", {case_.path, found->second.line[0]}, fmt::format("mpc.{} has {} columns, {} are needed", name, found->second.columns, columns));
        }
        return &found->second;
    }

    /// Whole, and small enough for a double to tell it from its neighbours; false for infinities and NaN.
    [[nodiscard]] static bool is_bus_number(double number) { return std::fabs(number) <= 1e15 && number == std::floor(number); }

    void buses(const MatpowerTable& t) {
        Buses& buses = network_.buses;
        buses.resize(t.rows());
        for (std::size_t r = 0; r < t.rows(); ++r) {
            const SourcePlace place{case_.path, t.line[r]};
            const auto name = fmt::format("bus {}", t.at(r, 0));
            if (!finite(t, r, bus_columns, {0}, name)) continue;
            const double number = t.at(r, 0), type = t.at(r, 1);
            if (!is_bus_number(number)) {
                diagnostics_.error("CT-ENERGY-012", place, fmt::format("bus number {} is not a whole number", number));
                continue;
            }
            const auto [there, added] = row_of_.emplace(static_cast<long long>(number), static_cast<Index>(r));
            if (!added) diagnostics_.error("CT-ENERGY-009", place, fmt::format("bus {} stands twice in mpc.bus: line {} and line {}", number, t.line[there->second], t.line[r]), "bus numbers must be unique");
            if (!finite(t, r, bus_columns, {1, 2, 3, 4, 5, 7, 8, 9}, name)) continue;
            if (type != 1 && type != 2 && type != 3 && type != 4) {
                diagnostics_.error("CT-ENERGY-011", place, fmt::format("bus {} has type {}", number, type), "1 = load, 2 = voltage-controlled, 3 = slack, 4 = isolated");
                continue;
            }
            buses.kind[r] = static_cast<BusKind>(static_cast<int>(type));
            buses.demand[r] = {t.at(r, 2) / case_.base_mva, t.at(r, 3) / case_.base_mva};
            buses.shunt[r] = {t.at(r, 4) / case_.base_mva, t.at(r, 5) / case_.base_mva};
            buses.voltage[r] = t.at(r, 7);
            buses.angle_rad[r] = t.at(r, 8) * degree;
            buses.nominal_V[r] = t.at(r, 9) * 1e3;
            if (!(buses.voltage[r] > 0)) {
                diagnostics_.warning("CT-ENERGY-027", place, fmt::format("bus {} starts at Vm = {}; 1 is taken", number, t.at(r, 7)));
                buses.voltage[r] = 1;
            }
        }
    }

    void units(const MatpowerTable& t) {
        Units& units = network_.units;
        units.resize(t.rows());
        for (std::size_t r = 0; r < t.rows(); ++r) {
            const auto name = fmt::format("generator row {} at bus {}", r, t.at(r, 0));
            if (!finite(t, r, unit_columns, {0, 1, 2, 5, 7}, name)) continue;
            units.bus[r] = bus_of(t, r, 0, "generator");
            units.power[r] = {t.at(r, 1) / case_.base_mva, t.at(r, 2) / case_.base_mva};
            units.q_max[r] = t.at(r, 3) / case_.base_mva;
            units.q_min[r] = t.at(r, 4) / case_.base_mva;
            units.setpoint[r] = t.at(r, 5);
            units.on[r] = t.at(r, 7) > 0 ? 1 : 0;
            if (units.on[r] == 0 || units.bus[r] == no_index) continue;
            const BusKind kind = network_.buses.kind[units.bus[r]];
            if (kind == BusKind::isolated) {
                diagnostics_.warning("CT-ENERGY-024", {case_.path, t.line[r]}, name + " is on line, but the bus is isolated (type 4): it feeds nothing");
            } else if (kind != BusKind::load && !(units.setpoint[r] > 0)) {
                diagnostics_.error("CT-ENERGY-012", {case_.path, t.line[r]}, fmt::format("{} holds a voltage of Vg = {}", name, units.setpoint[r]), "a setpoint in per unit near 1 is expected");
            }
        }
    }

    void branches(const MatpowerTable& t) {
        Branches& branches = network_.branches;
        branches.resize(t.rows());
        for (std::size_t r = 0; r < t.rows(); ++r) {
            const SourcePlace place{case_.path, t.line[r]};
            const auto name = fmt::format("branch row {} ({} - {})", r, t.at(r, 0), t.at(r, 1));
            if (!finite(t, r, branch_columns, {0, 1, 2, 3, 4, 8, 9, 10}, name)) continue;
            branches.from[r] = bus_of(t, r, 0, "branch");
            branches.to[r] = bus_of(t, r, 1, "branch");
            branches.impedance[r] = {t.at(r, 2), t.at(r, 3)};
            branches.shunt_from[r] = branches.shunt_to[r] = {0, t.at(r, 4) / 2};
            branches.rating[r] = t.at(r, 5) / case_.base_mva;
            branches.ratio[r] = t.at(r, 8) == 0 ? 1.0 : t.at(r, 8);
            branches.shift_rad[r] = t.at(r, 9) * degree;
            branches.closed[r] = t.at(r, 10) != 0 ? 1 : 0;
            if (branches.ratio[r] < 0) diagnostics_.error("CT-ENERGY-012", place, fmt::format("{} has the ratio {}", name, branches.ratio[r]), "0 means a line, else a ratio near 1");
            if (branches.from[r] == branches.to[r] && branches.from[r] != no_index) diagnostics_.error("CT-ENERGY-012", place, name + " begins and ends at the same bus");
            if (is_zero(branches.impedance[r])) without_impedance(r, name, place);
        }
    }

    void without_impedance(std::size_t r, const std::string& name, const SourcePlace& place) {
        const Branches& branches = network_.branches;
        if (branches.ratio[r] != 1 || branches.shift_rad[r] != 0) {
            diagnostics_.error("CT-ENERGY-012", place, fmt::format("{} has no impedance (r = x = 0), but a ratio of {} and a shift of {} degrees", name, branches.ratio[r], branches.shift_rad[r] / degree),
                               "give the transformer its impedance");
        } else if (branches.closed[r] != 0) {
            diagnostics_.warning("CT-ENERGY-021", place, name + " has no impedance (r = x = 0): its two buses are solved as one; its flow follows from their balance",
                                 is_zero(branches.shunt_from[r]) ? "" : "its charging is left out");
        }
    }

    Index bus_of(const MatpowerTable& t, std::size_t row, std::size_t column, const char* what) {
        const double number = t.at(row, column);
        if (is_bus_number(number)) {
            const auto found = row_of_.find(static_cast<long long>(number));
            if (found != row_of_.end()) return found->second;
        }
        diagnostics_.error("CT-ENERGY-010", {case_.path, t.line[row]}, fmt::format("{} row {} names bus {}, which is not in mpc.bus", what, row, number), nearest_bus(number));
        return no_index;
    }
    [[nodiscard]] std::string nearest_bus(double number) const {
        const MatpowerTable& t = case_.tables.at("bus");
        double best = t.at(0, 0);
        for (std::size_t r = 1; r < t.rows(); ++r) {
            if (std::fabs(t.at(r, 0) - number) < std::fabs(best - number)) best = t.at(r, 0);
        }
        return fmt::format("nearest bus number: {}", best);
    }

    template <std::size_t N>
    bool finite(const MatpowerTable& t, std::size_t row, const char* const (&columns)[N], std::initializer_list<std::size_t> needed, const std::string& name) {
        for (const std::size_t column : needed) {
            if (std::isfinite(t.at(row, column))) continue;
            diagnostics_.error("CT-ENERGY-008", {case_.path, t.line[row]}, fmt::format("{}: column {} ({}) is {}, expected a number", name, column + 1, columns[column], t.at(row, column)));
            return false;
        }
        return true;
    }

    const MatpowerCase& case_;
    DiagnosticList& diagnostics_;
    PowerNetwork network_;
    std::unordered_map<long long, Index> row_of_;
};

}  // namespace

PowerNetwork to_network(const MatpowerCase& matpower, DiagnosticList& diagnostics) { return NetworkBuilder(matpower, diagnostics).build(); }

}  // namespace citytwin::energy
