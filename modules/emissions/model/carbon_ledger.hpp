#pragma once
// Greenhouse gases by activity, in the scopes and sectors of the Global Protocol for Community-Scale Inventories (GPC, 2014/2021):
// scope 1 = burnt within the city, 2 = grid electricity used, 3 = outside because of the city. An activity stands in one row only.
#include <map>
#include <string>
#include <vector>

namespace citytwin::emissions {

enum class Scope { direct = 1, grid = 2, indirect = 3 };

struct CarbonRow {
    std::string activity;        ///< what was done by whom, one row each: "cars, petrol burnt"
    std::string sector;          ///< GPC reference: "II.1" on-road transport, "I.1" residential buildings …
    Scope scope = Scope::direct;
    std::string unit;            ///< of the amount: "kg", "J"
    std::string factor_source;   ///< where the factor comes from
    std::string gwp_set = "IPCC AR5 100 a, CO2 only";
    bool memo = false;           ///< outside the sums: biogenic CO2, or what another row holds
    double factor = 0;           ///< kg CO2e per unit of the amount; 0 = it varies over time or within the row
    double amount = 0, co2e_kg = 0;
};

class CarbonLedger {
public:
    /// Throws InputError CT-EMISSIONS-020 when the activity has a row already, whatever its scope.
    std::size_t add_row(CarbonRow row);
    void book(std::size_t row, double amount, double co2e_kg) {
        rows_[row].amount += amount;
        rows_[row].co2e_kg += co2e_kg;
    }
    /// A row that another one holds already is a memo.
    void set_memo(std::size_t row, bool memo) { rows_[row].memo = memo; }
    [[nodiscard]] const std::vector<CarbonRow>& rows() const { return rows_; }
    [[nodiscard]] double scope_kg(Scope scope) const;   ///< without memo lines
    [[nodiscard]] double total_kg() const;              ///< scopes 1 and 2, without memo lines
    /// Rows worked out anew: amount x factor, or what was booked where the factor varies. Memo lines alone, or all others.
    [[nodiscard]] double recomputed_kg(bool memo) const;
    [[nodiscard]] std::vector<double> figures() const;  ///< amounts and kg of all rows, for checkpoints
    void set_figures(const std::vector<double>& figures);

private:
    std::vector<CarbonRow> rows_;
    std::map<std::string, std::size_t, std::less<>> by_activity_;
};

}  // namespace citytwin::emissions
