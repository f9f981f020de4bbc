#pragma once
// The network while its sections are read. Sections are taken in the order of what they need, not of the file.
#include "modules/water/read/inp_network.hpp"
#include "modules/water/read/words.hpp"

namespace citytwin::water {

struct NetworkBuilder {
    struct Demand {
        Index node;
        double base;
        Index pattern;
    };
    NetworkBuilder(const InpDocument& d, DiagnosticList& l) : document(d), diagnostics(l) {}

    const InpDocument& document;
    DiagnosticList& diagnostics;
    Network network;
    NameTable nodes, links, patterns, curves;
    std::string_view default_pattern = "1";
    double viscosity = -1;
    std::vector<double> emitter_coefficient;                   ///< per junction
    std::vector<double> leak_area_mm2, leak_growth_mm2pm;      ///< per pipe, of 100 length units
    std::vector<std::pair<double, Index>> first_demand;        ///< per junction: base (file unit), pattern
    std::vector<Demand> further_demands;                       ///< of [DEMANDS], in the order of the file
    std::vector<std::uint8_t> demand_replaced;
    std::vector<std::size_t> node_line, link_line;
    std::vector<double> pump_power_kw;

    template <class Take>
    void each_row(Section section, Take take) {
        for (const auto& row : document.rows(section)) {
            if (row.count == 0) continue;
            RowReader reader(document, row, diagnostics);
            take(reader);
        }
    }
    /// Pattern of a word; "" and none: no_index.
    Index pattern_of(RowReader& row, std::size_t i);

    void read_options();          // options.cpp
    void read_times();
    void read_patterns();         // series.cpp
    void read_curves();
    void read_junctions();        // nodes.cpp
    void read_reservoirs();
    void read_tanks();
    void read_demands();
    void read_emitters();
    void read_coordinates();
    void read_pipes();            // links.cpp
    void read_pumps();
    void read_valves();
    void read_status();
    void read_leakage();
    void read_energy();           // controls.cpp
    void read_controls();
    void read_rules();            // rule_clauses.cpp
    void check_side_sections();   // side_sections.cpp
    void finish_units();          // finish.cpp
    void finish_tanks();
    void finish_links();
    void finish_pumps();
    void finish_leaks();
    void check_network();

    bool add_node(RowReader& row, double elevation_m);
    void add_reservoir(RowReader& row);
    /// False if the link can't be used; its row is then left out.
    bool add_link(RowReader& row, LinkKind kind);
    [[nodiscard]] SourcePlace node_place(Index node) const { return {document.name(), node_line[node]}; }
    [[nodiscard]] SourcePlace link_place(Index link) const { return {document.name(), link_line[link]}; }
};

/// Status or setting of a link as the file's [STATUS] sets it.
void set_initial(NetworkBuilder& builder, Index link, std::optional<LinkStatus> status, double setting);
/// Setting in SI by the kind of link.
double setting_in_si(const Network& network, Index link, double setting);

}  // namespace citytwin::water
