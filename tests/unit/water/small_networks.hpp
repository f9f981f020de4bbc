#pragma once
// Small networks as .inp texts.
#include <memory>
#include <string>

#include "modules/water/read/inp_network.hpp"

namespace citytwin::testing {

inline std::shared_ptr<const water::Network> network_of(const std::string& text) {
    DiagnosticList diagnostics(1000);
    return std::make_shared<const water::Network>(water::read_network(water::InpDocument::from_text(text, "test.inp", diagnostics), diagnostics));
}

inline const std::string two_pipes =
    "[JUNCTIONS]\nA 10 100\nB 20 50\n[RESERVOIRS]\nR 200\n[PIPES]\nP1 R A 1000 12 100 0 OPEN\nP2 A B 1000 8 100 0 OPEN\n[TIMES]\nDuration 2:00\n[OPTIONS]\nUnits GPM\nAccuracy 0.00001\n";
/// A tank that a pump fills between two levels.
inline const std::string pumped_tank =
    "[JUNCTIONS]\nS 0 0\nA 10 150\n[RESERVOIRS]\nR 10\n[TANKS]\nT 100 10 5 20 40 0\n[PIPES]\nP1 S A 1000 12 100\nP2 A T 500 12 100\n[PUMPS]\nU R S HEAD C\n[CURVES]\nC 600 150\n"
    "[CONTROLS]\nLINK U CLOSED IF NODE T ABOVE 18\nLINK U OPEN IF NODE T BELOW 8\n[TIMES]\nDuration 24:00\n[OPTIONS]\nUnits GPM\nAccuracy 0.00001\nDemand Model PDA\nRequired Pressure 20\n";

}  // namespace citytwin::testing
