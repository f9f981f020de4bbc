#include "modules/waste/dispatch.hpp"

#include <algorithm>
#include <cmath>

namespace citytwin::waste {
namespace {

/// Idle trucks by what each fraction needs; one at least where anything is due.
void share_trucks(const std::vector<Index>& idle, std::array<DayInput, fraction_count>& inputs, const std::array<double, fraction_count>& due_kg) {
    double left_kg = 0;
    for (double kg : due_kg) left_kg += kg;
    std::size_t next = 0;
    for (std::size_t f = 0; f < fraction_count; ++f) {
        if (due_kg[f] <= 0) continue;
        auto count = static_cast<std::size_t>(std::max(1.0, std::floor(static_cast<double>(idle.size() - next) * due_kg[f] / left_kg + 0.5)));
        count = std::min(count, idle.size() - next);
        inputs[f].trucks.assign(idle.begin() + static_cast<std::ptrdiff_t>(next), idle.begin() + static_cast<std::ptrdiff_t>(next + count));
        next += count;
        left_kg -= due_kg[f];
    }
}

}  // namespace

Dispatch::Dispatch(Setup& setup, const WasteChoices& choices)
    : choices_(choices), city_(setup.city()), arena_(setup.arena()), calendar_(setup.calendar()), collection_(setup.calendar(), choices.begin_s), seed_(setup.seed()),
      left_out_(setup.warning("CT-WASTE-033", "bins that were due weren't taken into a plan: no truck had time, or the street is closed")),
      travel_time_(setup.reads_previous("road_link", "travel_time", "s").mean().otherwise(-1)), closed_(setup.attribute("road_link", "closed", "1", 0.0)) {}

void Dispatch::prepare() {
    roads_ = std::make_unique<TruckRoads>(geodata::load_road_network(city_));
    hourly_s_.assign(24 * roads_->network().links(), 0.0F);
    const EntitySet &bins = city_.at("bin"), &sites = city_.at("waste_site");
    rows_ = {&bins.get<std::uint32_t>("road_link"), &sites.get<std::uint32_t>("road_link"), &city_.at("truck").get<std::uint32_t>("depot"), &bins.get<double>("x"), &bins.get<double>("y"),
             &sites.get<double>("x"), &sites.get<double>("y"), &sites.get<double>("opens"), &sites.get<double>("closes"), &sites.get<double>("unloading_time")};
    collection_.prepare(bins);
    next_ = collection_.next_after(0);
}

void Dispatch::watch(const Step& now) {
    const std::size_t links = roads_->network().links();
    const auto hour_of_day = static_cast<std::size_t>(calendar_.seconds_of_day(now.from) / 3600);
    now.each(links, [&](std::size_t l) { hourly_s_[hour_of_day * links + l] = static_cast<float>(travel_time_[l] > 0 ? travel_time_[l] : roads_->free_time_s(l)); });
}

// People go on bringing while the trucks are out: a tour is planned for what will stand there when the shift ends, so that it holds what it meets.
std::array<double, fraction_count> Dispatch::choose_bins(const Step& now, Bins& bins, Inputs& inputs) const {
    std::array<double, fraction_count> due_kg{};
    if (collection_.is_weekend(now.to) && choices_.rule.policy == CollectionPolicy::calendar) return due_kg;
    for (Index b = 0; b < bins.size(); ++b) {
        if ((*rows_.bin_link)[b] == no_index || !bins.is_due(b, collection_.is_day_of(b, now.to))) continue;
        const std::size_t f = bins.fraction_of(b);
        inputs[f].bins.push_back(b);
        bins.owe(b);
        inputs[f].bin_kg.push_back(bins.expected_kg(b, choices_.shift_s));
        due_kg[f] += inputs[f].bin_kg.back() + 300;   // a stop takes as long as lifting some hundred kilograms
    }
    return due_kg;
}

void Dispatch::step(const Step& now, Bins& bins, TruckFleet& trucks, const Plants& plants) {
    if (now.to < next_) return;
    ++collections_;
    next_ = collection_.next_after(now.to);
    Inputs inputs;
    const auto due_kg = choose_bins(now, bins, inputs);
    share_trucks(trucks.idle(), inputs, due_kg);
    for (std::size_t f = 0; f < fraction_count; ++f) {
        inputs[f].sites = plants.sites_for(f);
        plan(now, inputs[f], f, bins, trucks);
    }
}

void Dispatch::plan(const Step& now, DayInput& input, std::size_t fraction, Bins& bins, TruckFleet& trucks) {
    input.capacity_kg = choices_.capacity_kg;
    input.shift_s = choices_.shift_s;
    input.seconds_of_day = calendar_.seconds_of_day(now.to);
    input.stop_s = choices_.stop_s;
    input.s_per_kg = choices_.lift_s_per_kg;
    input.iterations = choices_.iterations;
    input.seed = seed_ + static_cast<std::uint64_t>(collections_) * fraction_count + fraction;
    const std::size_t links = roads_->network().links();
    const auto hour_of_day = static_cast<std::size_t>(calendar_.seconds_of_day(now.to) / 3600);
    std::vector<double> times(links);
    for (std::size_t l = 0; l < links; ++l) {
        const float remembered = hourly_s_[hour_of_day * links + l];
        times[l] = remembered > 0 ? remembered : travel_time_[l] > 0 ? travel_time_[l] : roads_->free_time_s(l);
    }
    DayPlan day = plan_day(rows_, input, *roads_, times, closed_.values(), arena_);
    for (Index b : day.left_out) left_out_.add(bins.id_of(b), now.to);
    for (Tour& tour : day.tours) trucks.depart(now, std::move(tour), bins);
}

void Dispatch::save(StateWriter& out) const {
    out.column("hourly_s", hourly_s_);
    out.value("next_collection", next_);
    out.value("collections", collections_);
}

void Dispatch::load(StateReader& in) {
    in.column("hourly_s", hourly_s_);
    in.value("next_collection", next_);
    in.value("collections", collections_);
}

}  // namespace citytwin::waste
