#include "modules/water/city/snapshot_inp.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "modules/water/city/build_network.hpp"
#include "modules/water/city/link_state.hpp"
#include "modules/water/read/inp_network.hpp"

namespace citytwin::water {
namespace {

constexpr const char* now_pattern = "citytwin-now";

class Snapshot {
public:
    explicit Snapshot(const City& city)
        : document_(InpDocument::from_text(inp_text_of(city), "water network of the city", known_)), network_(read_network(document_, known_)), nodes_(city.at("water_node")), links_(city.at("water_link")),
          head_m_(recorded(nodes_, "head")), demand_(recorded(nodes_, "demand")), leakage_(recorded(nodes_, "leakage")), status_(recorded(links_, "status")), setting_(recorded(links_, "operated_setting")) {}

    std::string text() {
        nodes();
        links();
        add("\n[EMITTERS]\n");
        for (Index j = 0; j < network_.junctions; ++j) emitter(j);
        copy(Section::curves);
        add("\n[PATTERNS]\n {} 1\n", now_pattern);
        add("\n[TIMES]\n Duration 0\n");
        each(Section::options, [&](const InpRow& row) {
            for (const char* other : {"QUAL", "HYDR", "MAP", "PATT"})   // quality, files and the default pattern aren't this solve's
                if (begins_with(word(row, 0), other)) return;
            line(row);
        });
        add(" Demand Multiplier 1\n Pattern {}\n Accuracy 0.000001\n HeadError {:.17g}\n FlowChange 0\n Trials 500\n Unbalanced Continue 10\n", now_pattern, 1e-4 / network_.units.head_m);
        if (network_.options.demand_model == DemandModel::pressure_driven) add(" Demand Model PDA\n");
        copy(Section::coordinates);
        copy(Section::vertices);
        add("\n[END]\n");
        return std::move(out_);
    }

private:
    static const std::vector<double>& recorded(const EntitySet& set, const char* field) {
        const std::string column = std::string("at.") + field;
        if (!set.has(column))
            fail("CT-WATER-065", {}, fmt::format("the run didn't record {}.{}, which an .inp of a step needs", set.name(), field),
                 "record water_node.head, .demand, .leakage and water_link.status, .operated_setting");
        return set.get<double>(column);
    }
    template <class... Words>
    void add(fmt::format_string<Words...> words, Words&&... values) {
        fmt::format_to(std::back_inserter(out_), words, std::forward<Words>(values)...);
    }
    [[nodiscard]] std::string word(const InpRow& row, std::size_t i) const { return i < row.count ? std::string(document_.word(row, i)) : std::string(); }
    template <class Write>
    void each(Section section, Write&& write) {
        add("\n[{}]\n", name_of(section));
        for (const InpRow& row : document_.rows(section))
            if (row.count > 0) write(row);
    }
    void copy(Section section) {
        each(section, [&](const InpRow& row) { line(row); });
    }
    void line(const InpRow& row) {
        for (std::size_t i = 0; i < row.count; ++i) add(" {}", word(row, i));
        add("\n");
    }

    void nodes() {
        Index j = 0, t = network_.junctions;
        each(Section::junctions, [&](const InpRow& row) {
            add(" {} {} {:.17g} {}\n", word(row, 0), row.count > 1 ? word(row, 1) : "0", demand_[j] / network_.units.flow_m3ps, now_pattern);
            ++j;
        });
        each(Section::reservoirs, [&](const InpRow& row) {
            const Index n = fixed_node(word(row, 0), t);
            add(" {} {:.17g}\n", word(row, 0), head_m_[n] / network_.units.head_m);
        });
        each(Section::tanks, [&](const InpRow& row) {
            const Index n = fixed_node(word(row, 0), t);
            if (network_.tank_of(n).is_reservoir()) return add(" {} {:.17g}\n", word(row, 0), head_m_[n] / network_.units.head_m);
            add(" {} {} {:.17g}", word(row, 0), word(row, 1), (head_m_[n] - network_.elevation_m[n]) / network_.units.head_m);
            for (std::size_t i = 3; i < row.count; ++i) add(" {}", word(row, i));
            add("\n");
        });
    }
    /// Reservoirs and tanks are few, and stand in the order of the file.
    [[nodiscard]] Index fixed_node(const std::string& id, Index from) const {
        for (Index n = from; n < network_.nodes(); ++n)
            if (network_.node_id[n] == id) return n;
        return from;
    }

    void links() {
        Index k = 0;
        std::string statuses;
        each(Section::pipes, [&](const InpRow& row) {
            const bool has_minor = row.count > 6 && parse(word(row, 6)), shut = state(k) == LinkState::shut, check = network_.link_kind[k] == LinkKind::check_valve_pipe;
            for (std::size_t i = 0; i < 6; ++i) add(" {}", word(row, i));
            add(" {} {}\n", has_minor ? word(row, 6) : "0", shut ? "Closed" : check ? "CV" : "Open");
            ++k;
        });
        each(Section::pumps, [&](const InpRow& row) {
            for (std::size_t i = 0; i < 3; ++i) add(" {}", word(row, i));
            for (std::size_t i = 3; i + 1 < row.count; i += 2)
                if (!begins_with(word(row, i), "SPEE") && !begins_with(word(row, i), "PATT")) add(" {} {}", word(row, i), word(row, i + 1));
            add("\n");
            if (state(k) == LinkState::shut) statuses += fmt::format(" {} Closed\n", word(row, 0));
            else if (setting_[k] != 1) statuses += fmt::format(" {} {:.17g}\n", word(row, 0), setting_[k]);
            ++k;
        });
        each(Section::valves, [&](const InpRow& row) {
            const bool fixed = setting_[k] < 0;
            for (std::size_t i = 0; i < row.count; ++i) add(" {}", i == 5 && !fixed && network_.link_kind[k] != LinkKind::general_purpose ? fmt::format("{:.17g}", setting_[k] / setting_unit(k)) : word(row, i));
            add("\n");
            if (state(k) == LinkState::shut) statuses += fmt::format(" {} Closed\n", word(row, 0));
            else if (fixed && network_.link_kind[k] != LinkKind::general_purpose) statuses += fmt::format(" {} Open\n", word(row, 0));
            ++k;
        });
        add("\n[STATUS]\n{}", statuses);
    }
    static bool parse(const std::string& text) {
        char* end = nullptr;
        (void)std::strtod(text.c_str(), &end);
        return end != text.c_str() && *end == 0;
    }
    [[nodiscard]] LinkState state(Index k) const { return static_cast<LinkState>(static_cast<int>(status_[k])); }
    [[nodiscard]] double setting_unit(Index k) const {
        switch (network_.link_kind[k]) {
            case LinkKind::pressure_reducing:
            case LinkKind::pressure_sustaining:
            case LinkKind::pressure_breaker: return network_.units.pressure_m;
            case LinkKind::flow_control: return network_.units.flow_m3ps;
            default: return 1;
        }
    }

    /// All leaks of the node as one orifice with the flow that they had: q = C p^gamma.
    void emitter(Index j) {
        const double pressure_m = head_m_[j] - network_.elevation_m[j];
        if (!(leakage_[j] > 0) || !(pressure_m > 0)) return;
        const double unit_m = network_.units.us_customary ? 0.3048 / (0.4333 * network_.options.specific_gravity) : 1.0;
        add(" {} {:.17g}\n", network_.node_id[j], leakage_[j] / network_.units.flow_m3ps / std::pow(pressure_m / unit_m, 1 / network_.options.emitter_exponent));
    }

    DiagnosticList known_;
    InpDocument document_;
    Network network_;
    const EntitySet &nodes_, &links_;
    const std::vector<double>&head_m_, &demand_, &leakage_, &status_, &setting_;
    std::string out_;
};

}  // namespace

std::string snapshot_inp(const City& city) { return Snapshot(city).text(); }

}  // namespace citytwin::water
