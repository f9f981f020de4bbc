#include "geodata/sumo/sumo_words.hpp"

#include <array>
#include <utility>

#include "core/base/text.hpp"

namespace citytwin::geodata {

namespace {

using Word = std::pair<std::string_view, std::uint32_t>;
namespace vc = vehicle_class;

/// Names in the order of their bits (SUMO's VehicleClass vocabulary).
constexpr std::array<Word, 26> class_words{{
    {"passenger", vc::passenger}, {"truck", vc::truck}, {"bus", vc::bus}, {"bicycle", vc::bicycle}, {"pedestrian", vc::pedestrian},
    {"motorcycle", vc::motorcycle}, {"emergency", vc::emergency}, {"delivery", vc::delivery}, {"taxi", vc::taxi}, {"tram", vc::tram},
    {"rail", vc::rail}, {"coach", vc::coach}, {"trailer", vc::trailer}, {"moped", vc::moped}, {"hov", vc::hov}, {"evehicle", vc::evehicle},
    {"private", vc::private_}, {"authority", vc::authority}, {"army", vc::army}, {"vip", vc::vip}, {"ship", vc::ship},
    {"custom1", vc::custom1}, {"custom2", vc::custom2}, {"rail_electric", vc::rail_electric}, {"rail_urban", vc::rail_urban},
    {"rail_fast", vc::rail_fast}}};

/// Old names of SUMO < 0.21, and classes without a bit of their own (they use no road of ours).
constexpr std::array<Word, 21> other_words{{
    {"public_transport", vc::bus}, {"public_emergency", vc::emergency}, {"public_authority", vc::authority}, {"public_army", vc::army},
    {"transport", vc::truck}, {"lightrail", vc::rail_urban}, {"cityrail", vc::rail_urban}, {"rail_slow", vc::rail}, {"scooter", vc::moped},
    {"wheelchair", vc::pedestrian}, {"subway", 0}, {"cable_car", 0}, {"container", 0}, {"drone", 0}, {"aircraft", 0}, {"unknown", 0}, {"none", 0},
    {"e-vehicle", vc::evehicle}, {"electric", vc::evehicle}, {"bike", vc::bicycle}, {"all", vc::all}}};

std::optional<std::uint32_t> bits_of(std::string_view word) {
    for (const auto& [name, bits] : class_words)
        if (name == word) return bits;
    for (const auto& [name, bits] : other_words)
        if (name == word) return bits;
    return std::nullopt;
}

std::optional<std::uint32_t> bits_of_list(std::string_view list, std::string& unknown) {
    std::uint32_t bits = 0;
    for (std::string_view word : sumo_words(list)) {
        const auto more = bits_of(word);
        if (!more) {
            unknown = std::string(word);
            return std::nullopt;
        }
        bits |= *more;
    }
    return bits;
}

}  // namespace

std::vector<std::string_view> sumo_words(std::string_view list) {
    std::vector<std::string_view> words;
    std::size_t begin = std::string_view::npos;
    for (std::size_t i = 0; i <= list.size(); ++i) {
        const bool gap = i == list.size() || list[i] == ' ' || list[i] == ',' || list[i] == '\t' || list[i] == '\n' || list[i] == '\r' || list[i] == ';';
        if (gap && begin != std::string_view::npos) {
            words.push_back(list.substr(begin, i - begin));
            begin = std::string_view::npos;
        } else if (!gap && begin == std::string_view::npos) {
            begin = i;
        }
    }
    return words;
}

std::optional<std::uint32_t> sumo_permissions(std::optional<std::string_view> allow, std::optional<std::string_view> disallow, std::string& unknown) {
    if (allow && !trimmed(*allow).empty()) return bits_of_list(*allow, unknown);
    if (!disallow) return vc::all;
    const auto forbidden = bits_of_list(*disallow, unknown);
    if (!forbidden) return std::nullopt;
    return vc::all & ~*forbidden;
}

std::string sumo_class_names(std::uint32_t permissions) {
    if ((permissions & vc::all) == vc::all) return "all";
    std::string text;
    for (const auto& [name, bits] : class_words)
        if (permissions & bits) text += (text.empty() ? "" : " ") + std::string(name);
    return text;
}

std::vector<std::string> sumo_class_list() {
    std::vector<std::string> names;
    for (const auto& word : class_words) names.emplace_back(word.first);
    return names;
}

std::optional<std::uint32_t> sumo_vehicle_class(std::string_view word) {
    if (word == "ignoring") return vc::all;
    return bits_of(word);
}

namespace {

constexpr std::array<std::pair<std::string_view, NodeControl>, 15> control_words{{
    {"priority", NodeControl::priority}, {"traffic_light", NodeControl::traffic_light}, {"right_before_left", NodeControl::right_before_left},
    {"allway_stop", NodeControl::all_way_stop}, {"priority_stop", NodeControl::priority_stop}, {"zipper", NodeControl::zipper},
    {"unregulated", NodeControl::unregulated}, {"dead_end", NodeControl::dead_end}, {"left_before_right", NodeControl::right_before_left},
    {"traffic_light_unregulated", NodeControl::traffic_light}, {"traffic_light_right_on_red", NodeControl::traffic_light},
    {"rail_signal", NodeControl::traffic_light}, {"rail_crossing", NodeControl::traffic_light}, {"district", NodeControl::unregulated},
    {"DEAD_END", NodeControl::dead_end}}};

constexpr std::array<std::pair<char, LinkState>, 17> state_letters{{
    {'-', LinkState::dead_end}, {'M', LinkState::major}, {'m', LinkState::minor}, {'=', LinkState::equal}, {'s', LinkState::stop},
    {'w', LinkState::all_way_stop}, {'Z', LinkState::zipper}, {'G', LinkState::traffic_light_major}, {'g', LinkState::traffic_light_minor},
    {'o', LinkState::off_blinking}, {'O', LinkState::off}, {'r', LinkState::traffic_light_minor}, {'y', LinkState::traffic_light_minor},
    {'Y', LinkState::traffic_light_major}, {'u', LinkState::traffic_light_minor}, {'R', LinkState::traffic_light_minor}, {'A', LinkState::all_way_stop}}};

constexpr std::array<std::pair<std::string_view, Turn>, 7> turn_letters{{
    {"s", Turn::straight}, {"l", Turn::left}, {"r", Turn::right}, {"t", Turn::u_turn}, {"L", Turn::partial_left}, {"R", Turn::partial_right},
    {"invalid", Turn::none}}};

}  // namespace

std::optional<NodeControl> node_control_of(std::string_view type) {
    for (const auto& [word, control] : control_words)
        if (word == type) return control;
    return std::nullopt;
}

const char* sumo_type_of(NodeControl control) {
    switch (control) {
        case NodeControl::priority: return "priority";
        case NodeControl::traffic_light: return "traffic_light";
        case NodeControl::right_before_left: return "right_before_left";
        case NodeControl::all_way_stop:
        case NodeControl::allway_yield: return "allway_stop";
        case NodeControl::priority_stop: return "priority_stop";
        case NodeControl::zipper: return "zipper";
        case NodeControl::unregulated: return "unregulated";
        case NodeControl::dead_end: return "dead_end";
    }
    return "priority";
}

std::optional<LinkState> link_state_of(std::string_view letter) {
    if (letter.size() == 1)
        for (const auto& [known, state] : state_letters)
            if (known == letter[0]) return state;
    return std::nullopt;
}

char sumo_letter_of(LinkState state) {
    for (const auto& [letter, known] : state_letters)
        if (known == state) return letter;
    return 'M';
}

std::optional<Turn> turn_of(std::string_view letter) {
    for (const auto& [known, turn] : turn_letters)
        if (known == letter) return turn;
    return std::nullopt;
}

const char* sumo_letter_of(Turn turn) {
    for (const auto& [letter, known] : turn_letters)
        if (known == turn) return letter.data();
    return "invalid";
}

RoadClass road_class_of_type(std::string_view type) {
    if (const auto bar = type.find('|'); bar != std::string_view::npos) type = type.substr(0, bar);
    if (const auto dot = type.rfind('.'); dot != std::string_view::npos) type = type.substr(dot + 1);
    for (int c = 0; c < road_class_count; ++c)
        if (type == name_of(static_cast<RoadClass>(c))) return static_cast<RoadClass>(c);
    return RoadClass::other;
}

std::optional<double> sumo_time(std::string_view text) {
    text = trimmed(text);
    const bool negative = !text.empty() && text.front() == '-';
    const auto parts = split(negative ? text.substr(1) : text, ':');
    if (parts.size() == 1) return parse_number(text);
    if (parts.size() != 3 && parts.size() != 4) return std::nullopt;
    const double factors[4] = {86400, 3600, 60, 1};
    double seconds = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto value = parse_number(parts[i]);
        if (!value || *value < 0) return std::nullopt;
        seconds += *value * factors[4 - parts.size() + i];
    }
    return negative ? -seconds : seconds;
}

std::optional<std::vector<double>> sumo_shape(std::string_view text) {
    std::vector<double> coordinates;
    std::size_t at = 0;
    while (at < text.size()) {
        while (at < text.size() && (text[at] == ' ' || text[at] == '\n' || text[at] == '\t' || text[at] == '\r')) ++at;
        if (at == text.size()) break;
        std::size_t end = text.find_first_of(" \n\t\r", at);
        if (end == std::string_view::npos) end = text.size();
        const auto parts = split(text.substr(at, end - at), ',');
        if (parts.size() < 2 || parts.size() > 3) return std::nullopt;
        for (std::size_t i = 0; i < 2; ++i) {
            const auto value = parse_number(parts[i]);
            if (!value) return std::nullopt;
            coordinates.push_back(*value);
        }
        at = end;
    }
    return coordinates;
}

}  // namespace citytwin::geodata
