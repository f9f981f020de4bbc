// Codes of emissions, air quality and the carbon ledger.
#include "core/module/registry.hpp"

namespace citytwin::emissions {
namespace {

constexpr Explanation all[] = {
    {"CT-EMISSIONS-001", "Not an emission table",
     "A table of emission curves has the column 'form' (our layout) or 'Alpha' … 'Hta' (the guidebook's appendix); one of polynomials has c0 … c6. modules/emissions/README.md shows each."},
    {"CT-EMISSIONS-002", "Unknown form of a curve", "The column 'form' says how the coefficients are used: constant, rational, polynomial, power_sum or logistic."},
    {"CT-EMISSIONS-003", "A curve that can't be evaluated",
     "The speeds between which a curve holds must be above 0 and in order, and the curve must be a number at both ends: a denominator may be zero there."},
    {"CT-EMISSIONS-004", "Two rows for one class and pollutant",
     "Which of them holds can't be guessed. Slopes and loads are classes of their own: give each its name, or keep one row."},
    {"CT-EMISSIONS-005", "Polynomials of no family",
     "HBEFA 3 and HBEFA 4 polynomials have different terms. Begin the class's name with HBEFA3/ or HBEFA4/, or add a column 'family' with one of them."},
    {"CT-EMISSIONS-006", "Unknown pollutant", "Known are CO2, CO, HC, NOx, PMx, fuel and electricity."},
    {"CT-EMISSIONS-007", "A class that emits nothing", "All coefficients of the class are zero. That may be meant (a class named zero), or a column was lost."},
    {"CT-EMISSIONS-008", "Impossible vehicle", "Mass, front area and efficiency of a vehicle must be above zero."},
    {"CT-EMISSIONS-009", "Coasting for a class without polynomials",
     "The coasting law belongs to polynomial classes of combustion engines: it is a compatibility option. Read their polynomials before, or correct the name."},
    {"CT-EMISSIONS-010", "A class without a row", "The fleet mix names a class that no table has. There is no default class: add the table with classes = [\"FILE.csv\"], or correct the name."},
    {"CT-EMISSIONS-011", "Shares that don't sum to 1", "The shares of each kind of vehicle in the fleet mix are between 0 and 1 and sum to 1."},
    {"CT-EMISSIONS-013", "A fuel without energy or carbon",
     "A class's row gives its energy (EC, MJ/km) or its fuel, but its name tells none of the fuels whose heating value and carbon content are known: "
     "petrol, diesel (hybrids too), CNG, biodiesel, electricity. Name the fuel in the class, or give rows for fuel (g/km) and CO2."},
    {"CT-EMISSIONS-014", "Energy rows in place of fuel rows",
     "Some copies of the guidebook's appendix repeat the energy curve (MJ/km) as FC and CO2, which aren't grams then. "
     "These rows are left out; fuel and CO2 follow from the energy by the fuel's heating value and carbon."},
    {"CT-EMISSIONS-012", "A vehicle of unknown class",
     "A car's or truck's emission_class is in no table. There is no default class: add the table with classes = [\"FILE.csv\"], or correct the name."},
    {"CT-EMISSIONS-013", "A receptor stands twice", "The table of receptors has the columns id, x, y; each id once. Both lines are named."},
    {"CT-EMISSIONS-020", "An activity counted twice",
     "The carbon ledger takes each activity once, whatever its scope. Name what differs if there are two, or leave one out."},
    {"CT-EMISSIONS-030", "Speeds outside a curve",
     "The guidebook's curves hold between two speeds. Slower or faster passages are given the end's value; standing traffic is underestimated by that."},
    {"CT-EMISSIONS-031", "Passages that can't be", "A passage of a link without time or link, or faster than 80 m/s, emits nothing and is counted."},
    {"CT-EMISSIONS-032", "Calm intervals",
     "Below 0.5 m/s a plume isn't valid. The interval's emissions are in the totals, not in the concentrations; the KPI's coverage is lower by it."},
    {"CT-EMISSIONS-033", "Figures that weren't compared",
     "Some figures of these classes were typed from memory of the guidebook's tables and not compared with its text; column 'verified' of modules/emissions/data/hot_factors.csv says which. Bring your own table for a study."},
    {"CT-EMISSIONS-040", "Unknown option of the maps", "citytwin solve RUN/results.h5 -o DIR takes no options: it writes a map of each recorded concentration."},
    {"CT-EMISSIONS-041", "Cells that aren't a grid", "The cells of grid_cell lie in whole rows from the south-west; a city that brings cells of its own in another order gets no map."},
    {"CT-EMISSIONS-042", "No concentration was recorded", "Maps are made of results.h5: name grid_cell.concentration_nox or grid_cell.concentration_pm25 in [record] fields."},
};

}  // namespace

const Registration registered{std::span<const Explanation>(all)};

}  // namespace citytwin::emissions
