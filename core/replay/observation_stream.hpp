#pragma once
// Rows as they arrive, in any order, into cells of sensor and slot: one winner per event time, a watermark that says which slots
// are complete, late rows counted and kept apart. The cells depend on the rows alone, never on their order within the allowed lateness.
#include <functional>
#include <vector>

#include "core/exchange/state_io.hpp"
#include "core/replay/observation.hpp"

namespace citytwin {

/// One slot of one sensor, complete.
struct ObservedCell {
    std::uint32_t sensor = 0;
    std::int64_t slot = 0;
    double value = 0;
    std::uint16_t flags = 0;        ///< missing (a delivered "no value"), skew, corrected, tie; late: the row came after its slot was given out
    std::uint32_t deliveries = 0;   ///< rows behind the cell
};

struct ArrivalCounts {
    std::uint64_t rows = 0;         ///< seen
    std::uint64_t duplicates = 0;   ///< further deliveries of an event time that was there
    std::uint64_t corrected = 0;    ///< event times with deliveries of different values
    std::uint64_t ties = 0;         ///< of those, different values with equal receive time and sequence
    std::uint64_t late = 0;         ///< rows that came after their slot was given out
    std::uint64_t skewed = 0;       ///< rows measured after they were received
};

class ObservationStream {
public:
    using Give = std::function<void(const ObservedCell&)>;

    /// Complete cells go to `give` in the order (slot end, sensor); late rows too, flagged late, one by one.
    ObservationStream(std::vector<SensorRhythm> sensors, Microseconds lateness, Give give);

    void push(const Observation& row);
    /// Everything has arrived: the open slots are complete.
    void finish();
    /// Newest event seen less the allowed lateness. Slots that end at or before it are complete.
    [[nodiscard]] UtcMicroseconds watermark() const { return watermark_; }
    [[nodiscard]] const ArrivalCounts& counts() const { return counts_; }

    void save(StateWriter& out) const;
    void load(StateReader& in);

private:
    /// The deliveries of one event time of one sensor that isn't given out yet.
    struct Candidate {
        UtcMicroseconds event;
        UtcMicroseconds received;
        std::uint64_t sequence;
        double value;
        std::uint32_t deliveries;
        std::uint16_t flags;
        std::uint16_t unused = 0;
        std::uint32_t unused_too = 0;
    };
    void merge(Candidate& held, const Observation& row);
    void give_until(UtcMicroseconds time);
    void give_slot(std::uint32_t sensor, std::int64_t slot, std::size_t first, std::size_t last);

    std::vector<SensorRhythm> sensors_;
    std::vector<std::vector<Candidate>> open_;   ///< per sensor, ascending by event time
    Microseconds lateness_;
    Give give_;
    UtcMicroseconds newest_, watermark_, next_end_;
    ArrivalCounts counts_;
    std::vector<std::pair<UtcMicroseconds, std::uint32_t>> due_;
};

}  // namespace citytwin
