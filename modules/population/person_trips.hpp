#pragma once
// The persons' trips during a run: which request goes out when, scaled by demand, counted by mode and purpose.
#include <array>
#include <functional>
#include <memory>

#include "core/city/person_groups.hpp"
#include "core/module/setup.hpp"
#include "core/module/shared_streams.hpp"
#include "modules/population/model/demand.hpp"
#include "modules/population/model/travellers.hpp"
#include "modules/population/site_access.hpp"

namespace citytwin::population {

using SendRequest = std::function<void(StableId entity, const TripRequest&)>;

/// Which trip of which person a request is: the id says it, so that two runs can be compared trip by trip.
struct TripName {
    Index person = no_index;
    std::int32_t day = 0;
    std::uint32_t number = 0;   ///< of the person's day

    [[nodiscard]] std::int64_t request_id() const { return std::int64_t{person} * 4096 + (day % 256) * 16 + number; }
    static TripName of(std::int64_t request_id) {
        return {static_cast<Index>(request_id / 4096), static_cast<std::int32_t>(request_id / 16 % 256), static_cast<std::uint32_t>(request_id % 16)};
    }
};
inline constexpr std::size_t most_trips_a_day = 16;

class PersonTrips {
public:
    PersonTrips(Setup& setup, const Parameters& parameters);
    void prepare(Microseconds local_time_of_start);
    void go_on(Microseconds until, const SendRequest& send);
    void arrived(const TripEvent& event, Microseconds now, const SendRequest& send);
    /// Streets were closed or opened.
    void streets_changed() {
        access_.mark_changed();
        count_redirected_ = 1;
    }
    void close();
    void save(StateWriter& out) const;
    void load(StateReader& in);

    /// Makes trips now: by its own `active`, or as part of a scaled demand.
    [[nodiscard]] bool is_active(Index person) const;
    [[nodiscard]] std::size_t persons() const { return home_.size(); }
    /// How many live in the city now.
    [[nodiscard]] std::size_t active() const;
    [[nodiscard]] std::size_t under_way() const { return travellers_->under_way(); }
    [[nodiscard]] const Travellers& travellers() const { return *travellers_; }
    /// Sites between which a trip goes.
    [[nodiscard]] Index origin_site(const TripName& trip) const;
    [[nodiscard]] Index destination_site(const TripName& trip) const { return trip_site_.values[trip_site_.offsets[trip.person] + trip.number]; }
    [[nodiscard]] Index home_site(Index person) const { return home_[person]; }
    /// Where the person is, or began the trip that is under way.
    [[nodiscard]] Index site_now(Index person) const { return origin_site({person, 0, travellers_->trip_of(person) - first_trip_[person]}); }

private:
    void update_access(Microseconds now);
    [[nodiscard]] TripRequest request(const Departure& departure) const;
    void count(const Departure& departure);
    void tell_groups();
    void declare_books(Setup& setup);

    const Parameters& parameters_;
    const std::vector<std::int64_t>& key_;
    const std::vector<std::uint32_t>& home_;
    SiteAccess access_;
    const std::vector<std::uint8_t>& reserve_;
    const Ragged<std::uint32_t>&trip_depart_, &trip_site_, &trip_kind_;
    Attribute active_, demand_;
    double residents_ = 0;
    std::vector<std::uint32_t> first_trip_;
    std::vector<std::uint8_t> starts_tour_;
    std::unique_ptr<Travellers> travellers_;
    // what happened so far
    std::array<std::uint64_t, mode_count> by_mode_{};
    std::array<std::uint64_t, purpose_count> by_purpose_{};
    std::vector<std::uint32_t> car_by_five_minutes_ = std::vector<std::uint32_t>(288, 0);
    std::vector<PersonGrouping> groupings_;
    std::vector<std::vector<std::uint64_t>> trips_by_group_, car_trips_by_group_;   ///< by grouping and group
    std::uint64_t late_ = 0;
    std::uint8_t count_redirected_ = 1;   ///< the next update counts them; a resumed run doesn't count again
    Warning *late_warning_ = nullptr, *redirected_warning_ = nullptr;
    Kpi *trips_per_resident_ = nullptr, *non_car_share_ = nullptr, *busiest_hour_ = nullptr, *late_share_ = nullptr;
};

}  // namespace citytwin::population
