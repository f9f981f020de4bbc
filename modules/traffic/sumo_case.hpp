#pragma once
// One .sumocfg as the queue model runs it: network, signal programs, vehicle types, vehicles with their routes. Used by
// `citytwin solve`, by the parity tests and by the benchmark.
#include <memory>
#include <string>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "core/parallel/arena.hpp"
#include "geodata/sumo/sumo.hpp"
#include "modules/traffic/model/queue_model.hpp"
#include "modules/traffic/queue_columns.hpp"

namespace citytwin::traffic {

class SumoCase {
public:
    /// Reads everything and hands all vehicles to the model. Throws InputError.
    SumoCase(const std::string& configuration_path, std::uint64_t seed, QueueOptions options, Arena& arena, DiagnosticList& diagnostics);

    /// Drives up to `until` (ms), or, with -1, to the configuration's end or until all have arrived.
    void run(Arena& arena, Milliseconds until = -1, Milliseconds step = 60'000);

    [[nodiscard]] QueueModel& model() { return *model_; }
    [[nodiscard]] const geodata::RoadNetwork& network() const { return network_; }
    [[nodiscard]] const geodata::SumoDemand& demand() const { return demand_; }
    [[nodiscard]] const geodata::SumoConfiguration& configuration() const { return configuration_; }
    /// Vehicles without a way, by row of the demand.
    [[nodiscard]] const std::vector<std::size_t>& without_route() const { return without_route_; }
    [[nodiscard]] Milliseconds end() const;

private:
    void use_programs(DiagnosticList& diagnostics);
    [[nodiscard]] std::vector<std::vector<Index>> complete_routes(Arena& arena);
    void add_vehicles(std::uint64_t seed, Arena& arena, DiagnosticList& diagnostics);

    geodata::SumoConfiguration configuration_;
    geodata::RoadNetwork network_;
    geodata::SumoDemand demand_;
    std::unique_ptr<QueueColumns> columns_;
    std::unique_ptr<QueueModel> model_;
    std::vector<std::size_t> without_route_;
};

}  // namespace citytwin::traffic
