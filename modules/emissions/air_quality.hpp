#pragma once
// Concentrations on the grid of cells: emissions gathered over an hour, carried by that hour's weather with kept matrices.
// Streets are line sources; where streets x cells are too many, the emissions of each cell are one square source (said in the notes).
#include <memory>
#include <vector>

#include "core/base/diagnostic.hpp"
#include "core/city/city.hpp"
#include "core/exchange/state_io.hpp"
#include "core/time/clock.hpp"
#include "modules/emissions/model/exposure.hpp"
#include "modules/emissions/model/source_receptor.hpp"

namespace citytwin::emissions {

struct AirOptions {
    Terrain terrain = Terrain::urban;
    double cut = 1e-4;
    double most_pairs = 2e7;            ///< streets x cells up to which every street is a source of its own
    double release_height_m = 0.5;
    double initial_height_m = 2, initial_width_m = 3;   ///< mixing by the vehicles' wakes
};

/// What is carried: masses of one interval in g by link and by building.
enum class AirSubstance : std::size_t { nox, pmx };
inline constexpr std::size_t air_substances = 2;

class AirQuality {
public:
    AirQuality(const City& city, const AirOptions& options);

    /// Adds a step's emission in g of one substance by road link (or building).
    /// What a source outside the grid emits is left out and told.
    void emit_from_link(AirSubstance substance, Index link, double grams) { emit(substance, source_of_link_[link], grams); }
    void emit_from_building(AirSubstance substance, Index building, double grams) { emit(substance, source_of_building_[building], grams); }
    /// Ends an interval of `seconds`: fields in kg/m3 by cell; in a calm one they keep their values and the interval is counted.
    void end_interval(double seconds, const Weather& weather, Arena& arena);

    [[nodiscard]] std::span<const double> concentration(AirSubstance substance) const { return std::span(field_[at(substance)]).first(cells_.size()); }
    /// At the points of the set receptor.
    [[nodiscard]] std::span<const double> at_receptors(AirSubstance substance) const { return std::span(field_[at(substance)]).subspan(cells_.size()); }
    /// Population-weighted mean since the start, kg/m3, over the intervals that weren't calm.
    [[nodiscard]] double mean_exposure(AirSubstance substance, Arena& arena) const;
    /// Mean of a substance in a cell over the same intervals, kg/m3.
    [[nodiscard]] double mean_in_cell(AirSubstance substance, std::size_t cell) const { return counted_s_ > 0 ? cell_dose_[at(substance)][cell] / counted_s_ : 0.0; }
    [[nodiscard]] double people() const { return people_inside_; }
    [[nodiscard]] std::size_t sources_outside() const { return sources_outside_; }
    [[nodiscard]] double people_outside() const { return people_outside_; }
    [[nodiscard]] double calm_seconds() const { return calm_s_; }
    [[nodiscard]] double seconds() const { return counted_s_ + calm_s_; }
    [[nodiscard]] bool streets_are_sources() const { return streets_are_sources_; }
    [[nodiscard]] const MatrixStore& matrices() const { return *store_; }

    void save(StateWriter& out) const;
    void load(StateReader& in);

private:
    void emit(AirSubstance substance, Index source, double grams) {
        if (source != no_index) hour_[at(substance)][source] += grams;
    }
    static std::size_t at(AirSubstance substance) { return static_cast<std::size_t>(substance); }
    void lay_sources(const City& city);
    void place_people(const City& city);

    AirOptions options_;
    Receptors cells_;
    double cell_size_m_ = 0;
    std::vector<Index> source_of_link_, source_of_building_, cell_of_home_;
    std::vector<double> people_;
    double people_inside_ = 0, people_outside_ = 0;
    std::size_t sources_outside_ = 0;
    bool streets_are_sources_ = true;
    std::unique_ptr<MatrixStore> store_;
    std::vector<double> hour_[air_substances], field_[air_substances];
    std::vector<double> cell_dose_[air_substances];
    double counted_s_ = 0, calm_s_ = 0;
};

/// Adds the set grid_cell over the city's streets, with a margin; nothing where it is there already.
void add_grid(City& city, double cell_m, double margin_m);
/// Adds the set receptor from a table id,x,y (metres in the city's frame).
void add_receptors(City& city, const std::string& path, DiagnosticList& diagnostics);
/// The cell of a place, no_index outside. Cells are squares in rows from the south-west.
class GridIndex {
public:
    explicit GridIndex(const EntitySet& cells);
    [[nodiscard]] Index cell_at(double x, double y) const;
    [[nodiscard]] double size_m() const { return size_; }

private:
    double x0_ = 0, y0_ = 0, size_ = 1;
    std::size_t columns_ = 0, rows_ = 0;
};

/// Pasquill's class from wind at 10 m and global irradiance: the solar radiation method of EPA-454/R-99-005, table 6-7; by night
/// (below 10 W/m2) the sky counts as clear.
Stability stability_of(double wind_10m_mps, double irradiance_Wpm2);
/// Wind at 5 m, where traffic's plumes are, from that at 10 m: power law with the urban exponents of EPA's ISC (0.15 … 0.30).
double wind_at_release(double wind_10m_mps, Stability stability);

}  // namespace citytwin::emissions
