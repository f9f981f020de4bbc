#pragma once
// What the people in each building draw: those at home by the hour's share of 130 l a day, those elsewhere by what a job uses.
#include <span>
#include <vector>

#include "core/city/entity_set.hpp"
#include "core/exchange/field.hpp"
#include "core/parallel/arena.hpp"

namespace citytwin::water {

class BuildingDemand {
public:
    /// Buildings of the set with a node (column water_node); `nodes` is how many nodes there are.
    BuildingDemand(const EntitySet& buildings, std::size_t nodes);

    /// Litres a day, stated by the scenario.
    double resident_l_day = 130, job_l_day = 30;

    /// Draws by node [m3/s] in an hour of the local day. Below 0, `occupants` and `at_home` are nobody's word: the standard presence of residents
    /// and jobs holds.
    void measure(Arena& arena, std::size_t hour, bool is_workday, const Read& occupants, const Read& at_home, std::span<double> node_m3ps);

    /// Row by building; no_index: not supplied by the network.
    [[nodiscard]] const std::vector<std::uint32_t>& node_of() const { return node_; }
    [[nodiscard]] std::size_t size() const { return node_.size(); }
    /// A building with residents or jobs is a customer.
    [[nodiscard]] const std::vector<double>& customers_of_node() const { return customers_; }
    /// Share of the buildings' residents who live where the network supplies.
    [[nodiscard]] double residents_share() const { return everybody_ > 0 ? residents_sum_ / everybody_ : 0; }
    [[nodiscard]] double customers() const { return customers_sum_; }
    /// Customers (rows of building) whose node was without water, and for how many hours; the longest first, then by row.
    [[nodiscard]] std::vector<std::pair<Index, double>> customers_without(const std::vector<double>& without_s_of_node) const;
    [[nodiscard]] bool supplies(std::size_t node) const { return supplied_[node] != 0; }

private:
    std::vector<std::uint32_t> node_;
    std::vector<double> residents_, jobs_, draw_m3ps_, customers_;
    std::vector<std::uint8_t> supplied_;
    double residents_sum_ = 0, everybody_ = 0, customers_sum_ = 0;
};

}  // namespace citytwin::water
