#pragma once
// The city's waste sites as plants: which fraction goes where, what they work off, the power that burning gives to the grid.
// A plant whose power connection is dark stands still: its waste waits, trucks may still tip.
#include <array>
#include <memory>
#include <vector>

#include "core/module/setup.hpp"
#include "modules/waste/model/facilities.hpp"

namespace citytwin::waste {

class Plants {
public:
    explicit Plants(Setup& setup);
    void prepare(double incinerator_efficiency);

    /// Sites that take a fraction.
    [[nodiscard]] const std::vector<Index>& sites_for(std::size_t fraction) const { return destinations_[fraction]; }
    void receive(Index site, const MassByFraction& load);
    void work(double seconds);
    void write();
    [[nodiscard]] const Facilities& stores() const { return *facilities_; }

    void save(StateWriter& out) const { out.column("sites", facilities_->stores()); }
    void load(StateReader& in) { in.column("sites", facilities_->stores()); }

private:
    void choose_destinations(const std::vector<std::string>& kinds);
    void connect_power(const EntitySet& sites);

    const City& city_;
    Write stored_;
    std::optional<Read> powered_;
    std::optional<Accumulate> electric_load_;
    std::unique_ptr<Facilities> facilities_;
    std::array<std::vector<Index>, fraction_count> destinations_;
    std::vector<Index> connection_;    ///< by site
    std::vector<double> running_;      ///< by site: share of the step in which it has power
};

}  // namespace citytwin::waste
