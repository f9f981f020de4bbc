#pragma once
// The city's bins: what the people in the buildings bring, what doesn't fit and lies beside them, what the planner believes is in them.
#include <array>
#include <vector>

#include "core/module/module.hpp"
#include "core/module/setup.hpp"
#include "modules/waste/collection_calendar.hpp"
#include "modules/waste/model/facilities.hpp"
#include "modules/waste/waste_choices.hpp"

namespace citytwin::waste {

class Bins {
public:
    Bins(Setup& setup, const WasteChoices& choices);
    /// What is in them at the start: the table's word; in laid ones what the week brought since their weekday of the calendar.
    void prepare(const CollectionCalendar& calendar);

    void fill(const Step& now);
    /// What a truck with this much room takes; beside the bin first.
    double empty(Index bin, double room_kg, Microseconds now);
    /// Due for collection: by its rule, or since a day on which no truck emptied it.
    [[nodiscard]] bool is_due(Index bin, bool is_day) const;
    /// It stays due until a truck has emptied it.
    void owe(Index bin) { owed_[bin] = 1; }
    [[nodiscard]] double known_kg(Index bin) const { return known_kg_[bin]; }
    /// What is believed to be in it so much later.
    [[nodiscard]] double expected_kg(Index bin, double seconds_later) const { return known_kg_[bin] + week_kg_[bin] * seconds_later / (7 * 86'400); }
    void write();

    [[nodiscard]] std::size_t size() const { return kg_.size(); }
    [[nodiscard]] std::size_t fraction_of(Index bin) const { return static_cast<std::size_t>(fraction_[bin]); }
    [[nodiscard]] std::string id_of(Index bin) const { return set_.id_of(bin); }
    [[nodiscard]] const MassByFraction& generated_kg() const { return generated_kg_; }
    [[nodiscard]] MassByFraction stored_kg() const;
    [[nodiscard]] double overflow_kg_h() const;

    void save(StateWriter& out) const;
    void load(StateReader& in);

private:
    void expect(const Step& now);
    void start_with(const CollectionCalendar& calendar);
    void bring(const Step& now);

    const WasteChoices& choices_;
    const EntitySet& set_;
    Calendar calendar_;
    Random count_, size_;
    Warning &flagged_, &passed_;
    Read occupants_, at_home_;
    std::array<Write, fraction_count> generation_;
    Write fill_, beside_;
    std::size_t buildings_ = 0;
    std::vector<double> residents_, jobs_;                          ///< of buildings
    std::array<std::vector<std::uint32_t>, fraction_count> bin_of_;   ///< of buildings
    const std::vector<double>& capacity_;
    const std::vector<std::int32_t>& fraction_;

    std::vector<double> kg_, beside_kg_, known_kg_, overflow_kg_s_, since_visit_kg_;
    std::vector<double> week_kg_, expected_kg_, brought_kg_;        ///< of a standard week; of one step
    std::vector<std::uint8_t> visited_, owed_;
    std::vector<FillSensor> sensors_;
    MassByFraction generated_kg_{};
};

}  // namespace citytwin::waste
