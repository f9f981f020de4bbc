#pragma once
// How a module declares what it reads, writes, sends, receives, counts and lets a user choose. Valid in the module's constructor only.
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "core/agents/dynamic_set.hpp"
#include "core/city/city.hpp"
#include "core/event/overlay.hpp"
#include "core/exchange/access.hpp"
#include "core/exchange/field.hpp"
#include "core/exchange/stream.hpp"
#include "core/module/bookkeeping.hpp"
#include "core/module/parameters.hpp"
#include "core/parallel/arena.hpp"
#include "core/random/philox.hpp"
#include "core/time/calendar.hpp"

namespace citytwin {

class FieldTable;
class Setup;

/// setup.reads("road_link", "speed", "m/s").through("building.road_link").mean().otherwise(13.9)
class [[nodiscard]] ReadRequest {
public:
    ReadRequest(Setup& setup, Access access) : setup_(setup), access_(std::move(access)) {}
    ReadRequest& through(std::string mapping) { access_.mapping = std::move(mapping); return *this; }
    ReadRequest& otherwise(double value) { access_.otherwise = value; return *this; }
    /// What a slower reader sees of a faster field over its interval; the default is the time-weighted mean.
    ReadRequest& mean() { access_.aggregation = Aggregation::mean; return *this; }
    ReadRequest& sum() { access_.aggregation = Aggregation::sum; return *this; }
    ReadRequest& last() { access_.aggregation = Aggregation::last; return *this; }
    ReadRequest& minimum() { access_.aggregation = Aggregation::min; return *this; }
    ReadRequest& maximum() { access_.aggregation = Aggregation::max; return *this; }
    /// What a faster reader sees of a slower field: the line through its last two values, one period late. The default holds the last.
    ReadRequest& interpolated() { access_.between = Between::interpolate; return *this; }
    operator Read();            // NOLINT: the request is the handle
    operator ReadReference();   // NOLINT

private:
    Setup& setup_;
    Access access_;
};

class [[nodiscard]] WriteRequest {
public:
    WriteRequest(Setup& setup, Access access) : setup_(setup), access_(std::move(access)) {}
    WriteRequest& initially(double value) { access_.initial = value; return *this; }
    WriteRequest& described(std::string sentence) { access_.long_name = std::move(sentence); return *this; }
    /// How a recorded row covers its interval (CF cell_methods): states `last` (the default), rates and speeds `mean`.
    WriteRequest& recorded_as(Aggregation aggregation) { access_.recorded_as = aggregation; return *this; }
    operator Write();   // NOLINT

private:
    Setup& setup_;
    Access access_;
};

class [[nodiscard]] AccumulateRequest {
public:
    AccumulateRequest(Setup& setup, Access access) : setup_(setup), access_(std::move(access)) {}
    /// The module writes rows of the mapping's set; they are added into the target's rows in row order.
    AccumulateRequest& from(std::string mapping) { access_.mapping = std::move(mapping); return *this; }
    AccumulateRequest& described(std::string sentence) { access_.long_name = std::move(sentence); return *this; }
    AccumulateRequest& recorded_as(Aggregation aggregation) { access_.recorded_as = aggregation; return *this; }
    operator Accumulate();   // NOLINT

private:
    Setup& setup_;
    Access access_;
};

/// Everything a Setup works on; owned by the engine.
struct SetupContext {
    const City& city;
    FieldTable& fields;
    StreamHub& streams;
    Overlay& overlay;
    Books& books;
    std::map<std::string, DynamicSet*, std::less<>>& dynamic_sets;
    std::deque<DynamicSet>& dynamic_storage;
    const Calendar& calendar;
    Microseconds end;
    std::uint64_t seed;
    Arena& arena;
};

class Setup {
public:
    Setup(SetupContext& context, std::string module, ParameterSource& parameters);

    // --- fields (architecture.md section 2)
    ReadRequest reads(std::string set, std::string field, std::string unit);            ///< this step's value, after its writer
    ReadRequest reads_previous(std::string set, std::string field, std::string unit);   ///< the last step's value: breaks a cycle
    ReadRequest reads_references(std::string set, std::string field);                   ///< a column of references of a dynamic set
    WriteRequest writes(std::string set, std::string field, std::string unit);
    AccumulateRequest accumulates(std::string set, std::string field, std::string unit);

    // --- attributes that changes may set; `otherwise` is the base value where the city has no such column
    Attribute attribute(const std::string& set, const std::string& name, const std::string& unit, std::optional<double> otherwise = std::nullopt);
    TextAttribute text_attribute(const std::string& set, const std::string& name, std::optional<std::string> otherwise = std::nullopt);
    /// Changes of this set end the module's interval early, so that they take effect at their tick.
    void wakes_on(std::string set) { access_.wakes_on.push_back(std::move(set)); }

    /// Measurements of a field that the module writes may correct its state: Module::nudge is called with them.
    void takes_observations(const std::string& set, const std::string& field) { nudged_.push_back(set + "." + field); }

    // --- streams and moving entities
    StreamSender sends(const StreamSchema& schema);
    StreamReceiver receives(const StreamSchema& schema);
    /// A set of entities that come and go, owned by this module; add its columns in the constructor.
    DynamicSet& owns_dynamic_set(const std::string& name);

    // --- parameters: the number is in the unit of the default ("293.15 K" gives kelvin, "0.5" a plain number); out of range is an error
    double parameter(const std::string& name, const std::string& default_text, const std::string& sentence,
                     double lowest = -std::numeric_limits<double>::infinity(), double highest = std::numeric_limits<double>::infinity());
    /// A time, whatever unit the default or the scenario gives it in ("15 min", "900 s").
    Microseconds duration(const std::string& name, const std::string& default_text, const std::string& sentence, double lowest_s = 0);
    std::int64_t parameter_integer(const std::string& name, std::int64_t otherwise, const std::string& sentence,
                                   double lowest = -std::numeric_limits<double>::infinity(), double highest = std::numeric_limits<double>::infinity());
    bool parameter_flag(const std::string& name, bool otherwise, const std::string& sentence);
    std::string parameter_text(const std::string& name, const std::string& otherwise, const std::string& sentence,
                               const std::vector<std::string>& allowed = {});
    std::string parameter_path(const std::string& name, const std::string& sentence);   ///< "" where it isn't given
    std::vector<std::string> parameter_list(const std::string& name, const std::string& sentence);
    /// How often the module steps, unless the scenario says else: "period = …".
    Microseconds period(const std::string& default_text);
    [[nodiscard]] SourcePlace place_of(const std::string& parameter) const { return parameters_.place(parameter); }
    /// Where the values come from, for a module's own errors: `source().refuse(key, …)`.
    [[nodiscard]] ParameterSource& source() { return parameters_; }

    // --- books
    Ledger& ledger(std::string quantity, std::string unit) { return context_.books.ledger(module_, std::move(quantity), std::move(unit)); }
    Kpi& kpi(std::string id, std::string unit, Kpi::Better better, std::string formula, std::string name = {});
    Warning& warning(std::string code, std::string sentence) { return context_.books.warning(module_, std::move(code), std::move(sentence)); }

    // --- surroundings
    [[nodiscard]] const City& city() const { return context_.city; }
    [[nodiscard]] const Calendar& calendar() const { return context_.calendar; }
    [[nodiscard]] Microseconds end() const { return context_.end; }
    [[nodiscard]] Random random(std::string_view purpose) const { return {context_.seed, purpose}; }
    [[nodiscard]] std::uint64_t seed() const { return context_.seed; }
    [[nodiscard]] Arena& arena() const { return context_.arena; }
    [[nodiscard]] const std::string& module() const { return module_; }

    [[nodiscard]] const ModuleAccess& access() const { return access_; }
    [[nodiscard]] const std::vector<ParameterInfo>& parameters() const { return parameter_infos_; }
    [[nodiscard]] const std::vector<std::string>& sent() const { return sent_; }
    [[nodiscard]] const std::vector<std::string>& received() const { return received_; }
    [[nodiscard]] const std::vector<std::string>& nudged() const { return nudged_; }

private:
    friend class ReadRequest;
    friend class WriteRequest;
    friend class AccumulateRequest;
    FieldView& declare(const Access& access);
    void check_range(const ParameterInfo& info, double value) const;

    SetupContext& context_;
    std::string module_;
    ParameterSource& parameters_;
    ModuleAccess access_;
    std::vector<ParameterInfo> parameter_infos_;
    std::vector<std::string> sent_, received_, nudged_;
};

}  // namespace citytwin
