#pragma once
// A finite line source (a road): the closed form of Venkatram and Horst (Approximating dispersion from a finite line source,
// Atmospheric Environment 40 (2006) 2401) while the wind is within 70 degrees of the road's normal,
//   C = q/(sqrt(2 pi) u cos(th) sz(xr)) [vertical terms] |erf(t1) - erf(t2)|/2,   t_i = (crosswind distance to end i)/(sqrt2 sy(x_i)),
// which diverges as the wind turns along the road; beyond 80 degrees the plume is integrated over sub-elements, between them both are blended.
// For stability classes whose plume deepens with distance or faster (A to C) the band is 60 to 70 degrees: at 70 the closed form is 11 % off there.
#include <span>
#include <vector>

#include "modules/emissions/model/plume.hpp"

namespace citytwin::emissions {

struct LineSources {
    std::vector<double> x0_m, y0_m, x1_m, y1_m, height_m, strength_gps;   ///< strength of the whole line, spread evenly over it
    double initial_crosswind_m = 0, initial_vertical_m = 0;
    [[nodiscard]] std::size_t size() const { return x0_m.size(); }
    void add(double x0, double y0, double x1, double y1, double height, double strength);
};

enum class LineMethod { blended, closed_form, sub_elements };

/// One line with the wind as x axis: what is the same for all receptors.
class LineShape {
public:
    LineShape(const LineSources& lines, std::size_t row, const WindAxes& axes);
    /// g/m3 at a place for 1 g/s from the whole line and u = 1 m/s.
    [[nodiscard]] double at(double x, double y, double z, const Spread& spread, double lid_m, LineMethod method = LineMethod::blended) const;

private:
    [[nodiscard]] double closed_form(double x0, double y0, double x1, double y1, double z, const Spread& spread, double lid_m) const;
    [[nodiscard]] double sub_elements(double x0, double y0, double x1, double y1, double z, const Spread& spread, double lid_m) const;

    WindAxes axes_;
    double x0_, y0_, x1_, y1_, height_, length_, crosswind_m2_, vertical_m2_, normal_cosine_;
};

/// Adds the lines' concentration at each receptor; false in a calm hour.
bool add_line_plumes(const LineSources& lines, const Receptors& receptors, const Weather& weather, std::span<double> concentration, Arena& arena,
                     LineMethod method = LineMethod::blended);

}  // namespace citytwin::emissions
