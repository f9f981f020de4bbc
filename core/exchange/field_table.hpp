#pragma once
// All fields of a run: storage, who writes them, and how each reader sees them (rate conversion, mappings, previous values).
// Rules: architecture.md section 2, invariants 2 and 3.
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/agents/dynamic_set.hpp"
#include "core/base/diagnostic.hpp"
#include "core/city/city.hpp"
#include "core/exchange/access.hpp"
#include "core/exchange/field.hpp"
#include "core/exchange/state_io.hpp"
#include "core/parallel/arena.hpp"

namespace citytwin {

/// Where a reader's field came from; stands in run.json.
struct FieldOrigin {
    std::string module, set, field, unit;   ///< the reader and what it reads
    std::string source;                     ///< "observation", "module", "city", "default", "dynamic set"
    std::string detail;                     ///< the observations' names, the writer's name, the default's value
};

/// A field that measurements drive.
struct ForcedField {
    std::string set, field, unit;
    std::string detail;                     ///< whose measurements
    Microseconds period = second;           ///< of the measurements, for readers of a field that no module writes
    /// Puts the values of an interval into the rows that are driven; others keep what they have.
    std::function<void(Microseconds from, Microseconds to, std::span<double> values)> values;
};

class FieldTable {
public:
    using DynamicSets = std::map<std::string, DynamicSet*, std::less<>>;

    explicit FieldTable(const City& city);
    ~FieldTable();
    FieldTable(const FieldTable&) = delete;
    FieldTable& operator=(const FieldTable&) = delete;

    /// Declares one access of a module; the view gets its data before each of the module's steps.
    FieldView& declare(const std::string& module, const Access& access);
    /// Before `bind`. What a module writes is overwritten after each of its steps; a field that modules only read gets the values
    /// from `begin_observed`.
    void force(ForcedField forced) { forced_.push_back(std::move(forced)); }
    /// Periods are known: finds writers, checks units and sources, allocates. Collects every error before it throws.
    void bind(const std::vector<ModuleAccess>& modules, const DynamicSets& dynamic_sets);

    void begin_tick();                                            ///< values of the last tick become "previous"
    void before_step(const std::string& module, Microseconds from, Microseconds to);
    void after_step(const std::string& module, Microseconds from, Microseconds to, Arena& arena);

    /// The same by handle, for loops that run every tick (names are looked up once).
    [[nodiscard]] std::size_t module_handle(const std::string& module) const;
    void before_step(std::size_t module, Microseconds from, Microseconds to);
    void after_step(std::size_t module, Microseconds from, Microseconds to, Arena& arena);
    /// Values that a module gave its fields at time 0, before its first interval.
    void after_start(std::size_t module);

    /// Forced fields that no module writes: their interval up to `now` is over / the next one, up to `until`, begins.
    void end_observed(Microseconds now);
    void begin_observed(Microseconds now, Microseconds until);

    /// An attribute of the city was changed by the overlay: its readers see the new values from now on.
    void set_attribute(std::string_view set, std::string_view attribute, std::span<const double> values);

    [[nodiscard]] const std::vector<FieldOrigin>& sources() const { return sources_; }
    /// Writers' declarations, for the recorder: unit, long name, aggregation. Null if nobody writes the field.
    [[nodiscard]] const Access* writer_of(std::string_view set, std::string_view field) const;
    [[nodiscard]] std::vector<std::string> written_fields() const;

    void save(StateWriter& out) const;
    void load(StateReader& in);

private:
    struct Slot;           // one written field, or one writer's part of an accumulated field
    struct Subscription;   // one reader's aggregation of one slot
    struct Reader;         // one declared read
    struct Output;         // one declared write or part
    struct ModuleFields;

    void bind_writer(const ModuleAccess& module, const Access& access, FieldView& view, DiagnosticList& diagnostics);
    void bind_reader(const ModuleAccess& module, const Access& access, FieldView& view, DiagnosticList& diagnostics);
    Slot* observed_slot(const Access& access, const Column* attribute);
    [[nodiscard]] const ForcedField* forced(std::string_view set, std::string_view field) const;
    bool bind_dynamic(const ModuleAccess& module, const Access& access, FieldView& view, DiagnosticList& diagnostics);
    void bind_mapping(Reader& reader, const Access& access, DiagnosticList& diagnostics, const std::string& module);
    void subscribe(Reader& reader, Slot& slot, const ModuleAccess& module, const Access& access);
    [[nodiscard]] std::size_t size_of(const std::string& set, const std::string& module, DiagnosticList& diagnostics) const;
    void check_unit(const Slot& slot, const Access& access, const std::string& module, DiagnosticList& diagnostics) const;
    void fill(Reader& reader, Microseconds to);
    void check_finite(const Slot& slot, std::size_t module) const;
    std::vector<Slot*> slots_of(const std::string& set, const std::string& field);
    ModuleFields& fields_of(const std::string& module);

    const City& city_;
    DynamicSets dynamic_sets_;
    struct Declared {
        std::string module;
        Access access;
        FieldView view;
    };
    std::deque<Declared> declared_;
    std::deque<std::unique_ptr<Slot>> slots_;
    std::deque<std::unique_ptr<Subscription>> subscriptions_;
    std::vector<std::unique_ptr<ModuleFields>> modules_;
    std::vector<FieldOrigin> sources_;
    std::vector<Slot*> kept_previous_;
    std::deque<ForcedField> forced_;
    std::map<std::string, std::pair<Microseconds, bool>> writer_periods_;   // period, wakes on something
};

}  // namespace citytwin
