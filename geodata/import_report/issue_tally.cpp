#include "geodata/import_report/issue_tally.hpp"

#include <fmt/format.h>

namespace citytwin::geodata {

void IssueTally::add(const std::string& id, double lon, double lat, double length_m) {
    ++issue_.count;
    issue_.length_m += length_m;
    constexpr std::size_t kept_examples = 5;
    if (issue_.examples.size() < kept_examples) issue_.examples.push_back(fmt::format("{} ({:.5f}, {:.5f})", id, lon, lat));
}

void IssueTally::finish(City& city, std::uint64_t all) {
    if (issue_.count == 0) return;
    issue_.share = all == 0 ? 0.0 : static_cast<double>(issue_.count) / static_cast<double>(all);
    city.issues.push_back(std::move(issue_));
}

}  // namespace citytwin::geodata
