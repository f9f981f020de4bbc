#include "core/city/numbers.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <variant>

namespace citytwin {
namespace {

double total_of(const EntitySet* set, std::string_view column) {
    if (set == nullptr) return 0;
    const auto values = numbers_of(*set, column);
    return std::accumulate(values.begin(), values.end(), 0.0);
}

}  // namespace

std::optional<std::vector<double>> find_numbers(const EntitySet& set, std::string_view column) {
    const Column* found = set.find(column);
    if (found == nullptr) return std::nullopt;
    return std::visit([](const auto& data) -> std::optional<std::vector<double>> {
        if constexpr (requires { static_cast<double>(data[0]); }) {
            std::vector<double> values(data.size());
            std::transform(data.begin(), data.end(), values.begin(), [](auto value) { return static_cast<double>(value); });
            return values;
        } else {
            return std::nullopt;
        }
    }, found->data);
}

std::vector<double> numbers_of(const EntitySet& set, std::string_view column, double otherwise) {
    auto found = find_numbers(set, column);
    return found ? std::move(*found) : std::vector<double>(set.size(), otherwise);
}

double residents_of(const City& city) {
    const EntitySet* persons = city.find("person");
    if (persons != nullptr && persons->has("active")) return total_of(persons, "active");
    const double in_buildings = total_of(city.find("building"), "residents");
    return in_buildings > 0 ? in_buildings : total_of(city.find("zone"), "population");
}

}  // namespace citytwin
