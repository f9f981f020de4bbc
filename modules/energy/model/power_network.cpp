#include "modules/energy/model/power_network.hpp"

#include "modules/energy/model/portable_trig.hpp"

namespace citytwin::energy {

void Buses::resize(std::size_t n) {
    kind.resize(n, BusKind::load);
    shunt.resize(n);
    demand.resize(n);
    voltage.resize(n, 1.0);
    angle_rad.resize(n);
    nominal_V.resize(n);
}

void Branches::resize(std::size_t n) {
    from.resize(n);
    to.resize(n);
    impedance.resize(n);
    shunt_from.resize(n);
    shunt_to.resize(n);
    ratio.resize(n, 1.0);
    shift_rad.resize(n);
    rating.resize(n);
    closed.resize(n, 1);
}

void Units::resize(std::size_t n) {
    bus.resize(n);
    power.resize(n);
    q_min.resize(n);
    q_max.resize(n);
    setpoint.resize(n, 1.0);
    on.resize(n, 1);
}

// Yff = (ys + yf)/tau^2, Yft = -ys/conj(t), Ytf = -ys/t, Ytt = ys + yt with t = tau e^(j phi).
TwoPort two_port(const Branches& branches, std::size_t branch, double ratio, double shift_rad) {
    const Complex series = inverse(branches.impedance[branch]);
    const Complex t = shift_rad == 0 ? Complex{ratio, 0} : from_polar(ratio, shift_rad);
    const Complex inverse_t = inverse(t);
    return {1 / (ratio * ratio) * (series + branches.shunt_from[branch]), -(series * conj(inverse_t)), -(series * inverse_t), series + branches.shunt_to[branch]};
}

SwitchState::SwitchState(const PowerNetwork& network)
    : branch_closed(network.branches.closed), unit_on(network.units.on), bus_dead(network.buses.size(), 0), ratio(network.branches.ratio),
      shift_rad(network.branches.shift_rad), setpoint(network.units.setpoint) {}

}  // namespace citytwin::energy
