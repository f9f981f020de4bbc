#include "modules/waste/bins.hpp"

#include <algorithm>

#include "core/city/numbers.hpp"

namespace citytwin::waste {
namespace {

// Of a day, in which a person makes the day's waste at home and at work. People of all ages are at home 19 of 24 hours on a working day
// (riverside's own days: 19.2), so that a resident's waste is the table's, whoever tells where people are.
constexpr double home_hours = 19, work_hours = 8;
constexpr double home_by_day = 0.53, home_else = 0.95, work_by_day = 0.85, work_else = 0.05;   ///< standard presence, 8 to 17 o'clock and else

}  // namespace

Bins::Bins(Setup& setup, const WasteChoices& choices)
    : choices_(choices), set_(setup.city().at("bin")), calendar_(setup.calendar()), count_(setup.random("waste deposits")), size_(setup.random("waste deposit sizes")),
      flagged_(setup.warning("CT-WASTE-035", "fill sensors were stuck or fell without a visit; the forecast was used instead")),
      passed_(setup.warning("CT-WASTE-036", "trucks were full before they came to bins of their tour; these stay due")), capacity_(set_.get<double>("capacity")),
      fraction_(set_.get<std::int32_t>("fraction")) {
    if (const EntitySet* buildings = setup.city().find("building")) {
        buildings_ = buildings->size();
        occupants_ = setup.reads("building", "occupants", "1").mean().otherwise(-1);
        at_home_ = setup.reads("building", "at_home", "1").mean().otherwise(-1);
        residents_ = numbers_of(*buildings, "residents");
        jobs_ = numbers_of(*buildings, "jobs");
        for (std::size_t f = 0; f < fraction_count; ++f) {
            const std::string name(fractions[f].name);
            generation_[f] = setup.writes("building", "waste_generation_" + name, "kg/s").recorded_as(Aggregation::mean).described("Expected " + name + " waste made");
            bin_of_[f] = buildings->has("bin_" + name) ? buildings->get<std::uint32_t>("bin_" + name) : std::vector<std::uint32_t>(buildings_, no_index);
        }
    }
    fill_ = setup.writes("bin", "fill", "1").described("Mass in the bin over what it holds");
    beside_ = setup.writes("bin", "overflow", "kg").described("Mass beside the bin");
}

void Bins::prepare(const CollectionCalendar& calendar) {
    kg_ = set_.get<double>("start_fill");
    beside_kg_ = set_.get<double>("start_beside");
    overflow_kg_s_.assign(kg_.size(), 0.0);
    since_visit_kg_.assign(kg_.size(), 0.0);
    visited_.assign(kg_.size(), 0);
    owed_.assign(kg_.size(), 0);
    sensors_.assign(kg_.size(), {});
    week_kg_.assign(kg_.size(), 0.0);
    expected_kg_.assign(kg_.size(), 0.0);
    brought_kg_.assign(kg_.size(), 0.0);
    if (!choices_.starts_empty) start_with(calendar);
    for (std::size_t f = 0; f < fraction_count; ++f) {
        for (std::size_t b = 0; b < buildings_; ++b) {
            if (bin_of_[f][b] != no_index) week_kg_[bin_of_[f][b]] += choices_.generation * (7 * residents_[b] * fractions[f].kg_per_person_day + 5 * jobs_[b] * fractions[f].kg_per_job_day);
        }
    }
    known_kg_ = kg_;
    for (std::size_t b = 0; b < kg_.size(); ++b) known_kg_[b] += beside_kg_[b];
}

// Expected values of standard days: a town that has always been collected by its calendar.
void Bins::start_with(const CollectionCalendar& calendar) {
    const auto& laid = set_.get<std::uint8_t>("synthetic");
    std::vector<CollectionCalendar::Since> since(kg_.size());
    for (Index bin = 0; bin < kg_.size(); ++bin) since[bin] = calendar.since_last(bin);
    for (std::size_t f = 0; f < fraction_count; ++f) {
        for (std::size_t b = 0; b < buildings_; ++b) {
            const Index bin = bin_of_[f][b];
            if (bin == no_index || laid[bin] == 0) continue;
            since_visit_kg_[bin] += choices_.generation * (since[bin].days * residents_[b] * fractions[f].kg_per_person_day + since[bin].workdays * jobs_[b] * fractions[f].kg_per_job_day);
        }
    }
    for (Index bin = 0; bin < kg_.size(); ++bin) {
        if (laid[bin] == 0) continue;
        kg_[bin] = std::min(since_visit_kg_[bin], capacity_[bin]);
        beside_kg_[bin] = since_visit_kg_[bin] - kg_[bin];
    }
}

// What the people in each building are expected to make in the step, and to bring to their bins.
void Bins::expect(const Step& now) {
    std::fill(expected_kg_.begin(), expected_kg_.end(), 0.0);
    const double hour_of_day = calendar_.seconds_of_day(now.from) / 3600;
    const bool by_day = hour_of_day >= 8 && hour_of_day < 17;
    const double standard_home = by_day ? home_by_day : home_else, standard_work = by_day && calendar_.day_of_week(now.from) < 5 ? work_by_day : work_else;
    for (std::size_t f = 0; f < fraction_count; ++f) {
        const double home = choices_.generation * fractions[f].kg_per_person_day / (home_hours * 3600), work = choices_.generation * fractions[f].kg_per_job_day / (work_hours * 3600);
        for (std::size_t b = 0; b < buildings_; ++b) {
            const double at_home = at_home_[b] >= 0 ? at_home_[b] : residents_[b] * standard_home;
            const double others = occupants_[b] >= 0 ? std::max(0.0, occupants_[b] - at_home) : jobs_[b] * standard_work;
            const double rate = at_home * home + others * work;
            generation_[f][b] = rate;
            if (bin_of_[f][b] != no_index) expected_kg_[bin_of_[f][b]] += rate * now.seconds();
        }
    }
}

void Bins::bring(const Step& now) {
    now.each(kg_.size(), [&](std::size_t b) {
        const double kg = deposited_kg(count_, size_, b, static_cast<std::uint64_t>(now.from), expected_kg_[b], choices_.deposit);
        brought_kg_[b] = kg;
        kg_[b] += kg;
        if (kg_[b] > capacity_[b]) beside_kg_[b] += kg_[b] - capacity_[b], kg_[b] = capacity_[b];
        overflow_kg_s_[b] += beside_kg_[b] * now.seconds();
        since_visit_kg_[b] += expected_kg_[b];
        // What the planner believes: the sensor's word, or the forecast since the last visit.
        known_kg_[b] = choices_.has_sensors ?
            sensors_[b].read(kg_[b], std::min(since_visit_kg_[b], capacity_[b]), expected_kg_[b], capacity_[b], visited_[b] != 0) + beside_kg_[b] : since_visit_kg_[b];
    });
}

void Bins::fill(const Step& now) {
    expect(now);
    bring(now);
    for (std::size_t b = 0; b < kg_.size(); ++b) {
        generated_kg_[static_cast<std::size_t>(fraction_[b])] += brought_kg_[b];
        if (sensors_[b].fault != 0) flagged_.add(set_.id_of(static_cast<Index>(b)), now.to);
        visited_[b] = 0;
    }
}

double Bins::empty(Index bin, double room_kg, Microseconds now) {
    const double beside = std::min(beside_kg_[bin], room_kg), inside = std::min(kg_[bin], room_kg - beside);
    beside_kg_[bin] -= beside;
    kg_[bin] -= inside;
    since_visit_kg_[bin] = kg_[bin] + beside_kg_[bin];
    visited_[bin] = 1;
    owed_[bin] = since_visit_kg_[bin] > 0 ? 1 : 0;
    if (owed_[bin] != 0) passed_.add(set_.id_of(bin), now);
    return beside + inside;
}

bool Bins::is_due(Index bin, bool is_day) const {
    return known_kg_[bin] > 0 && waste::is_due(choices_.rule, is_day || owed_[bin] != 0, known_kg_[bin], capacity_[bin], week_kg_[bin] / 7, choices_.deposit);
}

void Bins::write() {
    for (std::size_t b = 0; b < kg_.size(); ++b) {
        fill_[b] = kg_[b] / capacity_[b];
        beside_[b] = beside_kg_[b];
    }
}

MassByFraction Bins::stored_kg() const {
    MassByFraction sum{};
    for (std::size_t b = 0; b < kg_.size(); ++b) sum[static_cast<std::size_t>(fraction_[b])] += kg_[b] + beside_kg_[b];
    return sum;
}

double Bins::overflow_kg_h() const {
    double sum = 0;
    for (double kg_s : overflow_kg_s_) sum += kg_s / 3600;
    return sum;
}

void Bins::save(StateWriter& out) const {
    out.column("kg", kg_);
    out.column("beside_kg", beside_kg_);
    out.column("known_kg", known_kg_);
    out.column("overflow_kg_s", overflow_kg_s_);
    out.column("since_visit_kg", since_visit_kg_);
    out.column("visited", visited_);
    out.column("owed", owed_);
    out.column("sensors", sensors_);
    out.value("generated", generated_kg_);
}

void Bins::load(StateReader& in) {
    in.column("kg", kg_);
    in.column("beside_kg", beside_kg_);
    in.column("known_kg", known_kg_);
    in.column("overflow_kg_s", overflow_kg_s_);
    in.column("since_visit_kg", since_visit_kg_);
    in.column("visited", visited_);
    in.column("owed", owed_);
    in.column("sensors", sensors_);
    in.value("generated", generated_kg_);
}

}  // namespace citytwin::waste
