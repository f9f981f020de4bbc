// An epidemic among the people of a city: an agent-based SIR model (Kermack and McKendrick 1927, by person instead of by share).
// Every hour each susceptible person meets those who are at the same place: at night the household, by day the workplace or school.
// Nothing here knows how people were made or how they travel: the module reads columns of the population's sets.
//
// What to look at: state_ is read and next_ written, so the order of persons changes nothing; draws hang on (seed, purpose, person,
// hour), so a run on any number of threads, or one that was killed and resumed, has the same patients.
#include <citytwin/module.hpp>

namespace {

using citytwin::Index;
enum State : std::uint8_t { susceptible, infectious, recovered };

class Epidemic final : public citytwin::Module {
public:
    explicit Epidemic(citytwin::Setup& setup)
        : city_{setup.city()},
          calendar_{setup.calendar()},
          active_{setup.attribute("person", "active", "1", 1.0)},
          infectious_{setup.accumulates("zone", "infectious", "1")
                          .from("person.zone")
                          .described("infectious residents")
                          .recorded_as(citytwin::Aggregation::last)},
          seeds_{setup.parameter("initial_share", "0.002", "Share of residents who are infectious at the start", 0, 1)},
          home_risk_{setup.parameter("home_risk", "0.010", "Hourly risk from one infectious member of the household", 0, 1)},
          place_risk_{setup.parameter("place_risk", "0.050", "Hourly risk at a workplace or school where all are infectious", 0, 1)},
          recovery_{1.0 / (24.0 * setup.parameter("infectious_days", "5", "Mean days of being infectious", 0.1))},
          chance_{setup.random("epidemic")},
          attack_{setup.kpi("attack_rate", "%", citytwin::Kpi::Better::less, "residents ever infected / residents", "attack rate")},
          peak_{setup.kpi("peak_infectious", "%", citytwin::Kpi::Better::less, "greatest share of residents infectious at one time")},
          ledger_{setup.ledger("infectious persons", "1")} {
        setup.period("1 h");
    }

    void prepare() override {
        const auto& persons = city_.at("person");
        household_ = persons.get<std::uint32_t>("household");
        place_ = persons.get<std::uint32_t>("main_place");
        households_ = city_.at("household").size();
        places_ = city_.at("site").size();
        next_.assign(persons.size(), susceptible);
    }

    void start(const citytwin::Step&) override {
        state_.assign(household_.size(), susceptible);
        for (std::size_t p = 0; p < state_.size(); ++p) {
            if (lives_here(p) && chance_.uniform(p, 0) < seeds_) state_[p] = infectious;
        }
        ledger_.stored_at_start = count(infectious);
        ledger_.stored = ledger_.stored_at_start;
    }

    void step(const citytwin::Step& now) override {
        const double hour = calendar_.seconds_of_day(now.from) / 3600;
        const bool weekday = calendar_.day_of_week(now.from) < 5;
        const bool working = weekday && hour >= 8 && hour < 17, at_home = hour >= 19 || hour < 7;
        meet(at_home ? household_ : place_, at_home ? households_ : places_);
        const auto draw = static_cast<std::uint64_t>(now.from);
        now.each(state_.size(), [&](std::size_t p) {
            next_[p] = state_[p];
            if (!lives_here(p)) return;
            if (state_[p] == infectious && chance_.uniform(p, draw) < recovery_ * now.seconds() / 3600) next_[p] = recovered;
            if (state_[p] != susceptible || (!at_home && !working)) return;
            const double escapes = at_home ? escape_at_home(p) : escape_at_place(p);
            if (chance_.uniform(p, draw) >= escapes) next_[p] = infectious;
        });
        book();
        state_.swap(next_);
        now.each(infectious_, [&](std::size_t p) { infectious_[p] = state_[p] == infectious ? 1.0 : 0.0; });
        peak_share_ = std::max(peak_share_, count(infectious) / residents());
    }

    void close(const citytwin::Step&) override {
        attack_.set(100 * (residents() - count(susceptible)) / residents());
        peak_.set(100 * peak_share_);
    }

    void save(citytwin::StateWriter& out) const override {
        out.column("state", state_);
        out.value("peak_share", peak_share_);
    }
    void load(citytwin::StateReader& in) override {
        in.column("state", state_);
        in.value("peak_share", peak_share_);
    }

private:
    [[nodiscard]] bool lives_here(std::size_t person) const { return active_[person] != 0; }

    // Who is infectious and who is there at all, by household or by place; counted serially, so in a fixed order.
    void meet(const std::vector<std::uint32_t>& where, std::size_t count) {
        ill_.assign(count, 0);
        present_.assign(count, 0);
        for (std::size_t p = 0; p < state_.size(); ++p) {
            if (where[p] == citytwin::no_index || !lives_here(p)) continue;
            present_[where[p]] += 1;
            ill_[where[p]] += state_[p] == infectious;
        }
    }

    [[nodiscard]] double escape_at_home(std::size_t person) const {
        double escape = 1;
        for (std::uint32_t member = 0; member < ill_[household_[person]]; ++member) escape *= 1 - home_risk_;
        return escape;
    }

    [[nodiscard]] double escape_at_place(std::size_t person) const {
        const Index place = place_[person];
        if (place == citytwin::no_index) return 1;
        return 1 - place_risk_ * ill_[place] / std::max(1u, present_[place]);
    }

    [[nodiscard]] double count(State wanted) const {
        double n = 0;
        for (std::size_t p = 0; p < state_.size(); ++p) n += lives_here(p) && state_[p] == wanted;
        return n;
    }
    [[nodiscard]] double residents() const {
        double n = 0;
        for (std::size_t p = 0; p < state_.size(); ++p) n += lives_here(p);
        return std::max(1.0, n);
    }

    // The balance of the infectious: infected = in, recovered = out.
    void book() {
        for (std::size_t p = 0; p < state_.size(); ++p) {
            ledger_.in += state_[p] == susceptible && next_[p] == infectious;
            ledger_.out += state_[p] == infectious && next_[p] == recovered;
        }
        ledger_.stored = ledger_.stored_at_start + ledger_.in - ledger_.out;
    }

    const citytwin::City& city_;
    citytwin::Calendar calendar_;
    citytwin::Attribute active_;
    citytwin::Accumulate infectious_;
    double seeds_, home_risk_, place_risk_, recovery_;
    citytwin::Random chance_;
    citytwin::Kpi &attack_, &peak_;
    citytwin::Ledger& ledger_;
    std::vector<std::uint32_t> household_, place_, ill_, present_;
    std::size_t households_ = 0, places_ = 0;
    std::vector<std::uint8_t> state_, next_;
    double peak_share_ = 0;
};

}  // namespace

CITYTWIN_MODULE(Epidemic, "epidemic", "0.1.0")
