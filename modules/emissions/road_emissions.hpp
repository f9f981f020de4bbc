#pragma once
// What the vehicles emitted on each link in one step, and since the run's start by class: two views of one sum, never to be added.
#include <vector>

#include "core/exchange/state_io.hpp"
#include "core/exchange/stream.hpp"
#include "modules/emissions/fleet.hpp"
#include "modules/emissions/model/passage.hpp"

namespace citytwin::emissions {

/// What traffic said of the links over the step: means of flow (1/s) and density (1/m).
struct LinkActivity {
    std::span<const double> flow, density;
};

class RoadEmissions {
public:
    RoadEmissions(const ClassTable& classes, const Fleet& fleet, ProfileRule rule) : classes_(classes), fleet_(fleet), rule_(rule) {}
    void prepare(std::vector<double> length_m, std::vector<double> sin_slope);

    /// The step's emissions from link fields: every vehicle a car of the city's mix.
    void from_links(const LinkActivity& activity, std::span<const double> free_speed_mps, double seconds, Arena& arena);
    /// The step's emissions from single passages, each booked to the step that tells it.
    void from_traversals(const StreamTable& records, std::span<const double> free_speed_mps, Arena& arena);

    [[nodiscard]] std::span<const Amounts> step_by_link() const { return by_link_; }     ///< g, J of this step
    [[nodiscard]] std::span<const Amounts> run_by_class() const { return by_class_; }    ///< g, J since the start
    [[nodiscard]] const Amounts& run_over_links() const { return links_total_; }         ///< the same, summed over links step by step
    [[nodiscard]] const std::vector<double>& run_km_by_class() const { return km_by_class_; }
    /// Of one step: electricity by car (J), rows in the order of the passages.
    [[nodiscard]] std::span<const std::pair<Index, double>> step_by_car() const { return by_car_; }
    /// Of one step: electricity of all cars, and of vans, trucks and buses (J).
    [[nodiscard]] double step_cars_J() const { return cars_J_; }
    [[nodiscard]] double step_others_J() const { return others_J_; }
    [[nodiscard]] std::uint64_t clamped() const { return clamped_; }
    [[nodiscard]] std::uint64_t refused() const { return refused_; }                     ///< passages with no length, no time or an impossible speed

    void save(StateWriter& out) const;
    void load(StateReader& in);

private:
    void add_up(Arena& arena);

    const ClassTable& classes_;
    const Fleet& fleet_;
    ProfileRule rule_;
    std::vector<double> length_m_, sin_slope_;
    std::vector<Amounts> by_link_, by_class_;
    std::vector<double> km_by_class_;
    Amounts links_total_{};
    std::uint64_t clamped_ = 0, refused_ = 0;
    // of one step
    std::vector<Amounts> part_;
    std::vector<Index> part_class_, part_link_;
    std::vector<double> part_km_;
    std::vector<std::uint64_t> part_clamped_;
    std::vector<std::pair<Index, double>> by_car_;
    double cars_J_ = 0, others_J_ = 0;
};

}  // namespace citytwin::emissions
