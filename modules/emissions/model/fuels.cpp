#include "modules/emissions/model/fuels.hpp"

#include <algorithm>
#include <cctype>
#include <string>

namespace citytwin::emissions {

FuelKind fuel_of_class(std::string_view class_name) {
    std::string word(class_name.substr(0, class_name.find('/')));
    std::transform(word.begin(), word.end(), word.begin(), [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    if (const auto tilde = word.rfind('~'); tilde != std::string::npos) word.erase(0, tilde + 1);   // of two fuels the one that the row is about
    const auto has = [&](const char* part) { return word.find(part) != std::string::npos; };
    if (has("electric") || word == "dhe") return FuelKind::electricity;
    if (has("lpg")) return FuelKind::unknown;
    if (has("biodiesel") || word == "bd") return FuelKind::biodiesel;
    if (has("cng") || has("natural_gas")) return FuelKind::natural_gas;
    if (has("diesel") || word == "d" || word == "dhd") return FuelKind::diesel;
    return has("petrol") || has("gasoline") ? FuelKind::petrol : FuelKind::unknown;
}

}  // namespace citytwin::emissions
