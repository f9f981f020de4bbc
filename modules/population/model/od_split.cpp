#include "modules/population/model/od_split.hpp"

namespace citytwin::population {

std::vector<OdTrip> split_matrix(std::span<const OdDemand> cells, std::uint64_t seed) {
    const Random random(seed, "population.od_split");
    std::vector<OdTrip> trips;
    double carried = 0.5;  // half a trip: rounds the total to the nearest
    for (std::uint32_t c = 0; c < cells.size(); ++c) {
        const OdDemand& cell = cells[c];
        carried += cell.trips;
        const auto count = static_cast<std::uint32_t>(carried);
        carried -= count;
        for (std::uint32_t n = 0; n < count; ++n) {
            const double u = random.uniform(cell.key, 3 * std::uint64_t{n});
            trips.push_back({c, n, cell.from_s + (cell.to_s - cell.from_s) * (n + u) / count, random.uniform(cell.key, 3 * std::uint64_t{n} + 1),
                             random.uniform(cell.key, 3 * std::uint64_t{n} + 2)});
        }
    }
    return trips;
}

}  // namespace citytwin::population
