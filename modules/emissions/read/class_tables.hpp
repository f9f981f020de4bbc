#pragma once
// Emission tables as CSV. Three layouts, told apart by their columns:
//   ours         class,pollutant,tier,form,c0…c6,reduction,factor,least_kmh,most_kmh,source,table,edition,year,verified
//   polynomials  class,pollutant,c0…c6[,family]: the two families of polynomial_kernel.hpp; family from the class's prefix HBEFA3/ or HBEFA4/
//   guidebook    Fuel,Segment,Euro,Technology,Pol,Vmin,Vmax,Alpha,Beta,Gamma,Delta,Epsilon,Zita,Hta,RF,k as in the guidebook's appendix;
//                the class is called Fuel/Segment/Euro/Technology
#include <string>
#include <vector>

#include "core/base/csv.hpp"
#include "core/base/diagnostic.hpp"
#include "modules/emissions/model/class_table.hpp"

namespace citytwin::emissions {

/// One row of a speed-dependent table, whatever its pollutant is called.
struct CurveRow {
    std::string class_name, pollutant, source;
    SpeedCurve curve;
    int tier = 0;
    bool verified = true;
    SourcePlace place;
};

/// Reads `ours` and `guidebook`. Throws InputError CT-EMISSIONS-001 for another layout.
std::vector<CurveRow> read_curves(CsvReader& csv, DiagnosticList& diagnostics);

void read_polynomials(CsvReader& csv, ClassTable& classes, DiagnosticList& diagnostics);
/// Adds a table of any layout to the classes.
void read_class_table(CsvReader& csv, ClassTable& classes, DiagnosticList& diagnostics);
/// class,mass_kg,…: the parameters of the Energy model by class; blanks are the model's own values.
void read_electric_classes(CsvReader& csv, ClassTable& classes, DiagnosticList& diagnostics);
/// class,mass_kg,front_area_m2: switches SUMO's coasting law on for polynomial classes.
void read_coasting(CsvReader& csv, ClassTable& classes, DiagnosticList& diagnostics);

}  // namespace citytwin::emissions
