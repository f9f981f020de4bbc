#include "geodata/sumo/vehicle_types.hpp"

#include <array>

#include "core/base/text.hpp"
#include "geodata/sumo/sumo_words.hpp"

namespace citytwin::geodata {

namespace {

struct ClassDefaults {
    std::string_view name;
    double length_m, min_gap_m, max_speed_mps, acceleration_mps2, deceleration_mps2, sigma, speed_deviation;
};

/// As SUMO 1.28 answers over TraCI for a vType that names its class only; classes not listed are as passenger.
constexpr std::array<ClassDefaults, 22> class_defaults{{
    {"truck", 7.1, 2.5, 130 / 3.6, 1.3, 4, 0.5, 0.05},
    {"bus", 12, 2.5, 100 / 3.6, 1.2, 4, 0.5, 0},
    {"bicycle", 1.6, 0.5, 50 / 3.6, 1.2, 3, 0.5, 0.1},
    {"pedestrian", 0.215, 0.25, 37.58 / 3.6, 1.5, 2, 0.5, 0.1},
    {"motorcycle", 2.2, 2.5, 200 / 3.6, 6, 10, 0.5, 0.1},
    {"emergency", 6.5, 2.5, 200 / 3.6, 2.6, 4.5, 0.5, 0},
    {"delivery", 6.5, 2.5, 200 / 3.6, 2.6, 4.5, 0.5, 0.05},
    {"taxi", 5, 2.5, 200 / 3.6, 2.6, 4.5, 0.5, 0.05},
    {"tram", 22, 2.5, 80 / 3.6, 1, 3, 0, 0},
    {"rail", 135, 5, 160 / 3.6, 0.25, 1.3, 0, 0},
    {"coach", 14, 2.5, 100 / 3.6, 2, 4, 0.5, 0.05},
    {"trailer", 16.5, 2.5, 130 / 3.6, 1.1, 4, 0.5, 0.05},
    {"moped", 2.1, 2.5, 60 / 3.6, 1.1, 7, 0.5, 0.1},
    {"authority", 5, 2.5, 200 / 3.6, 2.6, 4.5, 0.5, 0},
    {"army", 5, 2.5, 200 / 3.6, 2.6, 4.5, 0.5, 0},
    {"ship", 17, 2.5, 8 / 1.94, 0.1, 0.15, 0, 0.1},
    {"rail_electric", 200, 5, 220 / 3.6, 0.5, 1.3, 0, 0},
    {"rail_urban", 109.5, 5, 100 / 3.6, 1, 3, 0, 0},
    {"rail_fast", 200, 5, 330 / 3.6, 0.5, 1.3, 0, 0},
    {"ignoring", 5, 2.5, 200 / 3.6, 2.6, 4.5, 0.5, 0},
    {"public_transport", 12, 2.5, 100 / 3.6, 1.2, 4, 0.5, 0},
    {"transport", 7.1, 2.5, 130 / 3.6, 1.3, 4, 0.5, 0.05}}};

SumoVehicleType type_of_class(std::string id, const std::string& class_name) {
    SumoVehicleType type;
    type.id = std::move(id);
    type.vehicle_class_name = class_name;
    type.vehicle_class = sumo_vehicle_class(class_name).value_or(0);
    for (const auto& d : class_defaults) {
        if (d.name != class_name) continue;
        type.length_m = d.length_m;
        type.min_gap_m = d.min_gap_m;
        type.max_speed_mps = d.max_speed_mps;
        type.acceleration_mps2 = d.acceleration_mps2;
        type.deceleration_mps2 = d.deceleration_mps2;
        type.sigma = d.sigma;
        type.speed_deviation = d.speed_deviation;
    }
    return type;
}

[[noreturn]] void fail_value(const XmlElement& element, std::string_view attribute, const std::string& expected) {
    fail("CT-SUMO-031", element.place(), element.label() + ": " + std::string(attribute) + "=\"" + std::string(element.text(attribute)) + "\"", "expected " + expected);
}

double positive(const XmlElement& element, const char* attribute, double otherwise, bool or_zero = false) {
    const double value = element.number(attribute, otherwise);
    if (value < 0 || (value == 0 && !or_zero)) fail_value(element, attribute, or_zero ? "a number of 0 or more" : "a number above 0");
    return value;
}

/// "1.1", "norm(1,0.1)", "normc(1,0.1,0.2,2)".
void read_speed_factor(const XmlElement& element, SumoVehicleType& type) {
    const auto text = element.find("speedFactor");
    if (!text) return;
    const auto open = text->find('(');
    if (open == std::string_view::npos) {
        type.speed_factor = positive(element, "speedFactor", 1);
        return;
    }
    const auto numbers = sumo_words(text->substr(open + 1, text->find(')') == std::string_view::npos ? 0 : text->find(')') - open - 1));
    const auto mean = numbers.empty() ? std::nullopt : parse_number(numbers[0]);
    const auto deviation = numbers.size() < 2 ? std::nullopt : parse_number(numbers[1]);
    if (!text->starts_with("norm") || !mean || !deviation || *mean <= 0 || *deviation < 0) fail_value(element, "speedFactor", "a number or normc(mean,deviation,least,most)");
    type.speed_factor = *mean;
    type.speed_deviation = *deviation;
}

void read_motion(const XmlElement& element, SumoVehicleType& type) {
    type.acceleration_mps2 = positive(element, "accel", type.acceleration_mps2);
    type.deceleration_mps2 = positive(element, "decel", type.deceleration_mps2);
    type.tau_s = positive(element, "tau", type.tau_s);
    type.sigma = positive(element, "sigma", type.sigma, true);
}

}  // namespace

double WeightedChoice::total() const {
    double sum = 0;
    for (double weight : weights) sum += weight;
    return sum;
}

const std::string& WeightedChoice::draw(double u) const {
    double left = u * total();
    std::size_t last = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (weights[i] <= 0) continue;
        last = i;
        if (left < weights[i]) return names[i];
        left -= weights[i];
    }
    return names[last];
}

void read_choice_lists(const XmlElement& element, const char* names_attribute, WeightedChoice& choice) {
    const auto names = sumo_words(element.text(names_attribute));
    const auto weights = sumo_words(element.text("probabilities"));
    if (!weights.empty() && weights.size() != names.size())
        fail("CT-SUMO-032", element.place(), element.label() + ": " + std::to_string(names.size()) + " names with " + std::to_string(weights.size()) + " probabilities", "one probability a name");
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto weight = weights.empty() ? std::optional<double>(-1) : parse_number(weights[i]);  // -1: as the member itself says
        if (!weight || (!weights.empty() && *weight < 0)) fail_value(element, "probabilities", "numbers of 0 or more");
        choice.add(std::string(names[i]), *weight);
    }
}

VehicleTypes::VehicleTypes() { add(SumoVehicleType{}); }

std::uint32_t VehicleTypes::add(SumoVehicleType type) {
    const auto [at, is_new] = row_of_.try_emplace(type.id, static_cast<std::uint32_t>(types_.size()));
    if (is_new) types_.push_back(std::move(type));
    else types_[at->second] = std::move(type);
    return at->second;
}

void VehicleTypes::begin_type(const XmlElement& element) {
    const std::string id(element.required("id"));
    const std::string class_name(element.text("vClass", "passenger"));
    if (!sumo_vehicle_class(class_name))
        fail("CT-SUMO-007", element.place(), element.label() + ": unknown vehicle class '" + class_name + "'", suggestion(class_name, sumo_class_list()));
    if (!defined_.try_emplace(id, true).second || distributions_.contains(id))
        fail("CT-SUMO-005", element.place(), "the vehicle type '" + id + "' is there twice", "give each type its own id");
    SumoVehicleType type = type_of_class(id, class_name);
    type.length_m = positive(element, "length", type.length_m);
    type.min_gap_m = positive(element, "minGap", type.min_gap_m, true);
    type.max_speed_mps = positive(element, "maxSpeed", type.max_speed_mps);
    read_motion(element, type);
    read_speed_factor(element, type);
    type.speed_deviation = positive(element, "speedDev", type.speed_deviation, true);
    type.impatience = element.text("impatience") == "off" ? 0 : element.number("impatience", 0);
    type.car_following = element.text("carFollowModel", "Krauss");
    const double probability = positive(element, "probability", 1, true);
    probability_of_[id] = probability;
    if (open_distribution_ != nullptr) open_distribution_->add(id, probability);
    last_ = add(std::move(type));
}

void VehicleTypes::car_following(const XmlElement& element) {
    types_[last_].car_following = element.name().substr(element.name().find('-') + 1);
    read_motion(element, types_[last_]);
}

void VehicleTypes::begin_distribution(const XmlElement& element) {
    const std::string id(element.required("id"));
    if (defined_.contains(id) || distributions_.contains(id))
        fail("CT-SUMO-005", element.place(), "the vehicle type '" + id + "' is there twice", "give each type its own id");
    WeightedChoice& choice = distributions_[id];
    choice.place = element.place();
    open_distribution_ = &choice;
    read_choice_lists(element, "vTypes", choice);
}

std::optional<std::uint32_t> VehicleTypes::row(std::string_view name, double u) {
    if (const auto found = row_of_.find(name); found != row_of_.end()) return found->second;
    if (const auto found = distributions_.find(name); found != distributions_.end()) {
        const auto member = row_of_.find(found->second.draw(u));
        return member == row_of_.end() ? std::nullopt : std::optional(member->second);
    }
    for (const auto& [id, class_name] : {std::pair{"DEFAULT_PEDTYPE", "pedestrian"}, std::pair{"DEFAULT_BIKETYPE", "bicycle"},
                                         std::pair{"DEFAULT_TAXITYPE", "taxi"}, std::pair{"DEFAULT_RAILTYPE", "rail"}})
        if (name == id) return add(type_of_class(id, class_name));
    return std::nullopt;
}

std::vector<std::string> VehicleTypes::names() const {
    std::vector<std::string> names;
    for (const auto& type : types_) names.push_back(type.id);
    for (const auto& [id, choice] : distributions_) names.push_back(id);
    return names;
}

void VehicleTypes::check(DiagnosticList& diagnostics) {
    for (auto& [id, choice] : distributions_) {
        for (std::size_t i = 0; i < choice.names.size(); ++i) {
            if (!row_of_.contains(choice.names[i]))
                diagnostics.error("CT-SUMO-030", choice.place, "vTypeDistribution '" + id + "': unknown vehicle type '" + choice.names[i] + "'", suggestion(choice.names[i], names()));
            else if (choice.weights[i] < 0)
                choice.weights[i] = probability_of_.contains(choice.names[i]) ? probability_of_.find(choice.names[i])->second : 1;
        }
        if (choice.total() <= 0) diagnostics.error("CT-SUMO-032", choice.place, "vTypeDistribution '" + id + "' has no member with a probability above 0", "add a <vType>");
    }
}

}  // namespace citytwin::geodata
