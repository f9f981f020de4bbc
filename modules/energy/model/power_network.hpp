#pragma once
// A balanced grid as its owner wrote it: buses, branches, units, in per unit. Immutable once built; what changes during a
// run (switches, taps, units, demand) lies in SwitchState and Injections, so that many solvers share one network.
// Branch model: general pi with an ideal transformer at the from end (Zimmerman et al., IEEE Trans. Power Systems 26(1), 2011),
// own shunts at both ends so that T-model transformers fit too (star-delta gives them).
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "core/base/ids.hpp"
#include "modules/energy/model/complex.hpp"

namespace citytwin::energy {

/// What the owner wants a bus to be; what it becomes depends on the units on line (topology.hpp).
enum class BusKind : std::uint8_t { load = 1, voltage_controlled = 2, slack = 3, isolated = 4 };

struct Buses {
    std::vector<BusKind> kind;
    std::vector<Complex> shunt;                 ///< admittance to ground
    std::vector<Complex> demand;                ///< P + jQ drawn
    std::vector<double> voltage, angle_rad;     ///< start; the angle of a slack bus is held
    std::vector<double> nominal_V;
    [[nodiscard]] std::size_t size() const { return kind.size(); }
    void resize(std::size_t n);
};

struct Branches {
    std::vector<Index> from, to;
    std::vector<Complex> impedance;             ///< r + jx; 0 joins both buses into one node
    std::vector<Complex> shunt_from, shunt_to;  ///< behind the ideal transformer; line charging is half in each
    std::vector<double> ratio, shift_rad;       ///< ideal transformer at the from end, 1 and 0 for lines
    std::vector<double> rating;                 ///< apparent power, 0 = none
    std::vector<std::uint8_t> closed;
    [[nodiscard]] std::size_t size() const { return from.size(); }
    void resize(std::size_t n);
};

struct Units {
    std::vector<Index> bus;
    std::vector<Complex> power;                 ///< P + jQ fed in
    std::vector<double> q_min, q_max, setpoint; ///< voltage setpoint
    std::vector<std::uint8_t> on;
    [[nodiscard]] std::size_t size() const { return bus.size(); }
    void resize(std::size_t n);
};

struct PowerNetwork {
    double base_VA = 1e8;
    Buses buses;
    Branches branches;
    Units units;
};

/// The two-port of a branch: current into it at each end = Y times the voltages.
struct TwoPort {
    Complex ff, ft, tf, tt;
};
TwoPort two_port(const Branches& branches, std::size_t branch, double ratio, double shift_rad);

/// What may change while a network runs. Starts as the network says.
struct SwitchState {
    explicit SwitchState(const PowerNetwork& network);
    std::vector<std::uint8_t> branch_closed, unit_on, bus_dead;   ///< bus_dead: taken out by a failure
    std::vector<double> ratio, shift_rad, setpoint;               ///< by branch, by branch, by unit
};

}  // namespace citytwin::energy
