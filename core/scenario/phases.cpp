#include "core/scenario/phases.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.hpp"
#include "core/scenario/scenario_keys.hpp"

namespace citytwin {
namespace {

constexpr std::pair<const char*, GateBound> bounds[] = {{"max", GateBound::maximum}, {"min", GateBound::minimum}, {"max_increase", GateBound::largest_increase},
                                                        {"max_decrease", GateBound::largest_decrease}, {"min_increase", GateBound::least_increase}, {"min_decrease", GateBound::least_decrease}};

bool is_upper_bound(GateBound bound) { return bound == GateBound::maximum || bound == GateBound::largest_increase || bound == GateBound::largest_decrease; }

class PhaseReader {
public:
    PhaseReader(const Value& value, const std::string& zone, DiagnosticList& errors)
        : zone_(zone), errors_(errors), reader_(*value.table(), value.place, "[[phase]]", keys::phase, errors) {
        phase_.place = value.place;
    }

    Phase read(const std::vector<Phase>& before) {
        phase_.name = reader_.text("name").value_or("");
        phase_.area = reader_.text("area").value_or("");
        phase_.start = reader_.time("start", zone_).value_or(0);
        phase_.changes = reader_.texts("changes");
        if (phase_.changes.empty() && reader_.has("changes")) reader_.error("CT-SCENARIO-022", "changes", fmt::format("the phase '{}' begins no change", phase_.name), "name the [[change]] tables that belong to it");
        phase_.gates = gates("gate", true);
        phase_.guardrails = gates("guardrail", false);
        const std::string on_fail = reader_.text("on_fail").value_or("roll_back");
        if (on_fail != "roll_back" && on_fail != "hold") reader_.error("CT-SCENARIO-015", "on_fail", fmt::format("'on_fail' is \"{}\"", on_fail), suggestion(on_fail, {"roll_back", "hold"}));
        phase_.rolls_back = on_fail != "hold";
        phase_.max_hold = reader_.duration("max_hold").value_or(0);
        phase_.look_every = reader_.duration("look_every").value_or(0);
        for (const auto& other : before) {
            if (other.name == phase_.name) reader_.error("CT-SCENARIO-022", "name", fmt::format("the phase '{}' is named twice, first at {}:{}", phase_.name, other.place.file, other.place.line));
            for (const auto& change : phase_.changes) {
                if (std::find(other.changes.begin(), other.changes.end(), change) != other.changes.end()) reader_.error("CT-SCENARIO-022", "changes", fmt::format("the change '{}' begins in the phases '{}' and '{}'", change, other.name, phase_.name), "nothing is treated twice");
            }
        }
        if (!before.empty() && phase_.start <= before.back().start && reader_.has("start")) {
            reader_.error("CT-SCENARIO-022", "start", fmt::format("the phase '{}' doesn't begin after the phase before it, '{}'", phase_.name, before.back().name), "phases stand in the order of their starts");
        }
        return std::move(phase_);
    }

private:
    std::vector<Gate> gates(const char* key, bool needs_exposure) {
        std::vector<Gate> list;
        for (const Value* value : reader_.tables(key)) {
            TableReader reader(*value->table(), value->place, key, keys::gate, errors_);
            Gate gate;
            gate.place = value->place;
            gate.kpi = reader.text("kpi").value_or("");
            read_bound(gate, reader, *value->table());
            read_side(gate, reader);
            gate.exposure = reader.duration("exposure").value_or(0);
            gate.lead_in = reader.duration("lead_in").value_or(0);
            if (needs_exposure && !reader.has("exposure")) reader.error("CT-SCENARIO-022", "kpi", fmt::format("the gate on '{}' has no exposure: when is it judged?", gate.kpi), "such as exposure = \"3 days\"");
            const auto seeds = reader.integer("min_seeds").value_or(static_cast<std::int64_t>(gate.least_seeds));
            if (seeds < 5) reader.error("CT-SCENARIO-015", "min_seeds", fmt::format("'min_seeds' is {}, expected 5 or more", seeds), "fewer seeds give no interval");
            else gate.least_seeds = static_cast<std::size_t>(seeds);
            list.push_back(std::move(gate));
        }
        return list;
    }

    static void read_bound(Gate& gate, TableReader& reader, const Table& table) {
        std::string given;
        for (const auto& [name, bound] : bounds) {
            const Value* value = table.find(name);
            if (value == nullptr) continue;
            if (!given.empty()) reader.error("CT-SCENARIO-022", name, fmt::format("the gate on '{}' has both '{}' and '{}'", gate.kpi, given, name), "make a gate of each");
            given = name;
            gate.bound = bound;
            if (value->text() != nullptr) gate.threshold = std::string(trimmed(*value->text()));
            else if (const auto* whole = std::get_if<std::int64_t>(&value->data)) gate.threshold = fmt::format("{}", *whole);
            else if (const auto* number = std::get_if<double>(&value->data)) gate.threshold = fmt::format("{}", *number);
            else reader.error("CT-SCENARIO-012", name, fmt::format("'{}' is {}, expected a number or a quantity", name, value->kind()));
        }
        if (given.empty()) reader.error("CT-SCENARIO-022", "kpi", fmt::format("the gate on '{}' has no threshold", gate.kpi), "one of max, min, max_increase, max_decrease, min_increase, min_decrease");
    }

    static void read_side(Gate& gate, TableReader& reader) {
        gate.side = is_upper_bound(gate.bound) ? GateSide::upper : GateSide::lower;   // the pessimistic end
        const auto word = reader.text("side");
        if (!word || *word == "pessimistic") return;
        if (*word == "mean") {
            gate.side = GateSide::mean;
            return;
        }
        const bool is_upper = word->starts_with("upper"), is_lower = word->starts_with("lower");
        const auto level = is_upper || is_lower ? parse_number(word->substr(5)) : std::nullopt;
        if (!level || *level < 50 || *level >= 100) {
            reader.error("CT-SCENARIO-015", "side", fmt::format("'side' is \"{}\"", *word), "expected upper95, lower95 (or another level from 50), mean or pessimistic");
            return;
        }
        gate.side = is_upper ? GateSide::upper : GateSide::lower;
        gate.level = *level / 100;
    }

    const std::string& zone_;
    DiagnosticList& errors_;
    TableReader reader_;
    Phase phase_;
};

}  // namespace

const char* name_of(GateBound bound) {
    for (const auto& [name, one] : bounds) {
        if (one == bound) return name;
    }
    return "";
}

Microseconds Phase::until_gate() const {
    Microseconds longest = 0;
    for (const auto& gate : gates) longest = std::max(longest, gate.lead_in + gate.exposure);
    return longest;
}

Phase read_phase(const Value& value, const std::string& zone, const std::vector<Phase>& before, DiagnosticList& errors) { return PhaseReader(value, zone, errors).read(before); }

}  // namespace citytwin
