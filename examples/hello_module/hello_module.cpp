// A module outside citytwin: how long drivers would need for each link if everybody drove at night.
// It reads one field of the traffic module, writes one of its own, has a parameter, a KPI and a state that survives a kill.
#include <citytwin/module.hpp>

class Hello final : public citytwin::Module {
public:
    explicit Hello(citytwin::Setup& setup)
        : travel_time_{setup.reads("road_link", "travel_time", "s").mean().otherwise(0)},
          length_{setup.attribute("road_link", "length", "m")},
          delay_{setup.writes("road_link", "delay_at_night_speed", "s").recorded_as(citytwin::Aggregation::mean)},
          night_speed_mps_{setup.parameter("night_speed", "13.9 m/s", "Speed on empty streets at night", 1.0)},
          worst_{setup.kpi("worst_mean_delay", "s", citytwin::Kpi::Better::less, "max over steps of the mean delay over all links")} {
        setup.period("15 min");
    }

    void step(const citytwin::Step& now) override {
        now.each(delay_, [&](std::size_t link) {   // in parallel; a body writes its own row only
            delay_[link] = std::max(0.0, travel_time_[link] - length_[link] / night_speed_mps_);
        });
        const double mean = now.sum(delay_.size(), [&](std::size_t link) { return delay_[link]; }) / static_cast<double>(delay_.size());
        worst_mean_ = std::max(worst_mean_, mean);
    }

    void close(const citytwin::Step&) override { worst_.set(worst_mean_); }
    void save(citytwin::StateWriter& out) const override { out.value("worst_mean", worst_mean_); }
    void load(citytwin::StateReader& in) override { in.value("worst_mean", worst_mean_); }

private:
    citytwin::Read travel_time_;
    citytwin::Attribute length_;
    citytwin::Write delay_;
    double night_speed_mps_;
    citytwin::Kpi& worst_;
    double worst_mean_ = 0;
};

CITYTWIN_MODULE(Hello, "hello", "0.1.0")
