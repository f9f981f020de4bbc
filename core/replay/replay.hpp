#pragma once
// All sensor history of a run, between its files and the engine: what is compared with the model at which time, what drives which
// entity, and how far both were apart in the end.
#include <span>
#include <string>
#include <vector>

#include "core/exchange/state_io.hpp"
#include "core/replay/observation_source.hpp"

namespace citytwin {

/// Fields that are compared at the same times: slots of one period that end at `first`, `first + period` … (engine time).
struct ReplayProbe {
    Microseconds period = second, first = 0;
    std::vector<std::pair<std::string, std::string>> fields;   ///< set, field
};

/// One field of which sensors drive some entities.
struct ReplayForcing {
    std::string set, field;
    ObservedField declared;
    Microseconds period = second;      ///< the shortest of its sensors
    std::string detail;                ///< for run.json: names of the tables
};

/// Differences that a module is asked to take back at the end of a slot.
struct ReplayCorrection {
    std::string set, field;
    double share = 1;
    std::vector<Index> rows;                  ///< ascending
    std::vector<double> observed, modelled;   ///< in the field's unit
};

class Replay {
public:
    /// Reads all files. Throws InputError.
    Replay(const std::vector<ObservationSettings>& settings, const Calendar& calendar, Microseconds end);

    /// Finds entities, units and gaps; throws InputError with every error.
    void bind(const City& city, const FindField& find, const std::vector<std::string>& known_fields);

    [[nodiscard]] const std::vector<ReplayProbe>& probes() const { return probes_; }
    /// The model's values of a probe's fields over the slot that ends at `end`, in the order of its fields.
    void observe(std::size_t probe, Microseconds end, const std::vector<std::span<const double>>& values);

    /// After `observe`: what the assimilated sensors of the probe say of this slot, by field. Withheld sensors say nothing.
    [[nodiscard]] std::vector<ReplayCorrection> corrections(std::size_t probe, Microseconds end) const;
    /// Rows that will ever be corrected, by field.
    [[nodiscard]] std::vector<ReplayCorrection> corrected_rows() const;

    [[nodiscard]] const std::vector<ReplayForcing>& forcings() const { return forcings_; }
    /// Puts the observed mean over [from, to) into the rows of driven entities; others, and cells left to the model, keep their value.
    void force(std::size_t forcing, Microseconds from, Microseconds to, std::span<double> values) const;
    /// Rows that the forcing drives, ascending.
    [[nodiscard]] std::vector<Index> rows_of(std::size_t forcing) const;
    /// The first begin of a slot after `now` of a field that no module writes; engine time, or `never`.
    [[nodiscard]] Microseconds next_slot(Microseconds now) const;

    [[nodiscard]] const std::vector<ObservationSource>& sources() const { return sources_; }
    /// The model's value in the sensor's unit, by row of the channel's series; NaN = not compared.
    [[nodiscard]] const std::vector<double>& model(std::size_t source, std::size_t channel) const { return model_[source][channel]; }
    [[nodiscard]] const Calendar& calendar() const { return calendar_; }
    [[nodiscard]] Microseconds end() const { return end_; }
    /// Slots that lie in the run as a whole.
    [[nodiscard]] bool is_in_run(const SensorSeries& series, std::size_t row) const;
    [[nodiscard]] std::vector<Diagnostic> warnings() const;
    [[nodiscard]] std::vector<std::string> files() const;

    void save(StateWriter& out) const;
    void load(StateReader& in);

private:
    struct Place {
        std::size_t source, channel;
    };
    struct Member {
        Place place;
        std::size_t field;     ///< of the probe
    };
    void find_probes();
    void find_forcings();

    std::vector<ObservationSource> sources_;
    Calendar calendar_;
    Microseconds end_;
    std::vector<std::vector<std::vector<double>>> model_;
    std::vector<ReplayProbe> probes_;
    std::vector<std::vector<Member>> members_;       ///< by probe
    std::vector<ReplayForcing> forcings_;
    std::vector<std::vector<Place>> drivers_;        ///< by forcing
};

}  // namespace citytwin
