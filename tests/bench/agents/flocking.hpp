#pragma once
// Boids (Reynolds 1987) as the public comparison of agent frameworks defines them: see docs/validation.md.
// Two-phase: all boids read the old state, then all move, so the order of boids changes nothing.
#include <cmath>

#include <citytwin/module.hpp>

namespace citytwin::bench {

class Flocking : public Module {
public:
    explicit Flocking(Setup& setup)
        : boids_(setup.owns_dynamic_set("boid")), x_(boids_.add_number("x", "m")), y_(boids_.add_number("y", "m")), vx_(boids_.add_number("vx", "m/s")),
          vy_(boids_.add_number("vy", "m/s")), count_(setup.parameter_integer("boids", 400, "Number of boids", 1)),
          radius_(setup.parameter("radius", "15 m", "How far a boid sees")), extent_(setup.parameter("extent", "150 m", "Side of the torus")),
          grid_(extent_, extent_, radius_, true), random_(setup.random("boids")) {
        setup.period("1 s");
    }

    void start(const Step&) override {
        for (std::int64_t i = 0; i < count_; ++i) boids_.birth(0, static_cast<std::uint32_t>(i));
        boids_.commit();
        for (std::size_t i = 0; i < boids_.size(); ++i) {
            const StableId id = boids_.ids()[i];
            const double angle = 2 * 3.14159265358979323846 * random_.uniform(id, 2);
            x_.values[i] = extent_ * random_.uniform(id, 0);
            y_.values[i] = extent_ * random_.uniform(id, 1);
            vx_.values[i] = std::cos(angle);
            vy_.values[i] = std::sin(angle);
        }
    }

    void step(const Step& now) override {
        grid_.fill(x_.values, y_.values);
        boids_.reorder(grid_.order(), *now.arena);   // neighbours lie side by side: a cell is one contiguous range
        const std::size_t n = boids_.size();
        for (auto* column : {&new_x_, &new_y_, &new_vx_, &new_vy_}) column->resize(n);
        now.arena->each(n, [&](std::size_t i) { move(i); }, 256);
        x_.values.swap(new_x_);
        y_.values.swap(new_y_);
        vx_.values.swap(new_vx_);
        vy_.values.swap(new_vy_);
    }

private:
    void move(std::size_t i) {
        const double* xs = x_.values.data();
        const double* ys = y_.values.data();
        const double* us = vx_.values.data();
        const double* vs = vy_.values.data();
        const double x = xs[i], y = ys[i], half = extent_ / 2, radius2 = radius_ * radius_;
        double cohere_x = 0, cohere_y = 0, separate_x = 0, separate_y = 0, match_x = 0, match_y = 0, seen = 0;
        grid_.each_range_near(x, y, [&](Index first, Index last) {
            for (Index j = first; j < last; ++j) {
                double dx = xs[j] - x, dy = ys[j] - y;
                dx = dx > half ? dx - extent_ : (dx < -half ? dx + extent_ : dx);
                dy = dy > half ? dy - extent_ : (dy < -half ? dy + extent_ : dy);
                const double distance2 = dx * dx + dy * dy;
                // Selections instead of branches: most candidates of a cell are about as often inside as outside.
                const double in = distance2 < radius2 && j != i ? 1.0 : 0.0, close = distance2 < 1.0 ? in : 0.0;
                seen += in;
                cohere_x += in * dx;
                cohere_y += in * dy;
                separate_x -= close * dx;
                separate_y -= close * dy;
                match_x += in * us[j];
                match_y += in * vs[j];
            }
        });
        const double share = 1.0 / std::max(1.0, seen);
        double u = us[i] + (cohere_x * 0.03 + separate_x * 0.015 + match_x * 0.05) * share;
        double v = vs[i] + (cohere_y * 0.03 + separate_y * 0.015 + match_y * 0.05) * share;
        const double length = std::sqrt(u * u + v * v);
        if (length > 0) {
            u /= length;
            v /= length;
        }
        new_vx_[i] = u;
        new_vy_[i] = v;
        new_x_[i] = wrapped(x + u);
        new_y_[i] = wrapped(y + v);
    }
    [[nodiscard]] double wrapped(double p) const { return p < 0 ? p + extent_ : (p >= extent_ ? p - extent_ : p); }

    DynamicSet& boids_;
    DynamicSet::NumberColumn &x_, &y_, &vx_, &vy_;
    std::int64_t count_;
    double radius_, extent_;
    CellGrid grid_;
    Random random_;
    std::vector<double> new_x_, new_y_, new_vx_, new_vy_;
};

}  // namespace citytwin::bench
