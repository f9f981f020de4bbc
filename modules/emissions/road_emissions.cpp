#include "modules/emissions/road_emissions.hpp"

#include "core/module/shared_streams.hpp"

namespace citytwin::emissions {
namespace {

// A refuse truck's load is its sender's word; other trucks of the road (a demand file's) say nothing of theirs.
bool payload_known(const LinkTraversal& t) { return t.payload_kg > 0 || t.who_set == 1; }

}  // namespace

void RoadEmissions::prepare(std::vector<double> length_m, std::vector<double> sin_slope) {
    length_m_ = std::move(length_m);
    sin_slope_ = std::move(sin_slope);
    by_link_.assign(length_m_.size(), Amounts{});
    if (by_class_.empty()) by_class_.assign(classes_.size(), Amounts{});
    if (km_by_class_.empty()) km_by_class_.assign(classes_.size(), 0.0);
}

// Parts are (link, class) pairs in link order; both views add the same parts.
void RoadEmissions::from_links(const LinkActivity& activity, std::span<const double> free_speed_mps, double seconds, Arena& arena) {
    const auto& shares = fleet_.car_shares();
    std::vector<Index> used;
    for (Index link = 0; link < length_m_.size(); ++link) {
        if (activity.density[link] > 0 && activity.flow[link] > 0) used.push_back(link);
    }
    const std::size_t n = used.size() * shares.size();
    part_.assign(n, Amounts{});
    part_class_.resize(n);
    part_link_.resize(n);
    part_km_.resize(n);
    part_clamped_.assign(n, 0);
    arena.each(used.size(), [&](std::size_t u) {
        const Index link = used[u];
        // n passages of the link in the step: vehicle-metres over its length; each took vehicle-seconds over n.
        const double passages = activity.flow[link] * seconds;
        const double each_s = length_m_[link] * activity.density[link] / activity.flow[link];
        const Passage passage{length_m_[link], each_s, free_speed_mps[link], sin_slope_[link]};
        for (std::size_t k = 0; k < shares.size(); ++k) {
            const std::size_t at = u * shares.size() + k;
            part_[at] = passage_emission(classes_[shares[k].emission_class], passage, rule_, &part_clamped_[at]);
            for (double& value : part_[at]) value *= passages * shares[k].share;
            part_class_[at] = shares[k].emission_class;
            part_link_[at] = link;
            part_km_[at] = passages * shares[k].share * length_m_[link] / 1000;
        }
    }, 32);
    cars_J_ = 0;   // all are cars
    for (const Amounts& part : part_) cars_J_ += part[at(Pollutant::electricity)];
    add_up(arena);
}

void RoadEmissions::from_traversals(const StreamTable& records, std::span<const double> free_speed_mps, Arena& arena) {
    const std::size_t n = records.size();
    part_.assign(n, Amounts{});
    part_class_.assign(n, no_index);
    part_link_.assign(n, no_index);
    part_km_.assign(n, 0.0);
    part_clamped_.assign(n, 0);
    arena.each(n, [&](std::size_t i) {
        const LinkTraversal t = link_traversal_at(records, i);
        const double seconds = to_seconds(t.leave - t.enter);
        if (t.link >= length_m_.size() || seconds <= 0 || t.distance_m < 0 || t.distance_m > 80 * seconds) return;
        part_class_[i] = fleet_.class_of_passage(i);
        part_link_[i] = t.link;
        part_[i] = passage_emission(classes_[part_class_[i]], {t.distance_m, seconds, free_speed_mps[t.link], sin_slope_[t.link], payload_known(t) ? t.payload_kg : -1}, rule_, &part_clamped_[i]);
        part_km_[i] = t.distance_m / 1000;
    }, 64);
    by_car_.clear();
    cars_J_ = others_J_ = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const double joules = part_[i][at(Pollutant::electricity)];
        if (joules == 0) continue;
        const LinkTraversal t = link_traversal_at(records, i);
        (t.mode == static_cast<std::int64_t>(TravelMode::car) ? cars_J_ : others_J_) += joules;
        if (const Index car = fleet_.car_of(t.who_set, t.who, t.mode); car != no_index) by_car_.emplace_back(car, joules);
    }
    for (Index link : part_link_) refused_ += link == no_index ? 1 : 0;
    add_up(arena);
}

void RoadEmissions::add_up(Arena& arena) {
    std::fill(by_link_.begin(), by_link_.end(), Amounts{});
    add_by_group(part_, part_link_, 1.0, by_link_, arena);
    add_by_group(part_, part_class_, 1.0, by_class_, arena);
    for (std::size_t i = 0; i < part_.size(); ++i) {
        if (part_class_[i] == no_index) continue;
        km_by_class_[part_class_[i]] += part_km_[i];
        clamped_ += part_clamped_[i] != 0 ? 1 : 0;
    }
    for (const Amounts& link : by_link_)
        for (std::size_t p = 0; p < pollutant_count; ++p) links_total_[p] += link[p];
}

void RoadEmissions::save(StateWriter& out) const {
    out.column("emitted_by_class", by_class_);
    out.column("km_by_class", km_by_class_);
    out.value("emitted_over_links", links_total_);
    out.value("clamped", clamped_);
    out.value("refused", refused_);
}

void RoadEmissions::load(StateReader& in) {
    in.column("emitted_by_class", by_class_);
    in.column("km_by_class", km_by_class_);
    in.value("emitted_over_links", links_total_);
    in.value("clamped", clamped_);
    in.value("refused", refused_);
}

}  // namespace citytwin::emissions
