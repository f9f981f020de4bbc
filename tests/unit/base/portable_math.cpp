// The portable functions against the C library's in extended precision, and their bits as a golden hash: the same on any machine.
#include <catch2/catch.hpp>

#include <cmath>
#include <cstdint>

#include "core/base/hash.hpp"
#include "core/base/portable_math.hpp"
#include "core/random/philox.hpp"

using namespace citytwin;

namespace {

constexpr int samples = 100'000;

/// Points spread over [low, high], the same on any machine.
double sample(double low, double high, int i) {
    constexpr Random random(7, "portable math");
    return low + (high - low) * random.uniform(static_cast<std::uint64_t>(i), 0);
}

template <class Ours, class Exact>
double worst_relative(double low, double high, Ours ours, Exact exact) {
    double worst = 0;
    for (int i = 0; i < samples; ++i) {
        const double x = sample(low, high, i);
        const long double reference = exact(static_cast<long double>(x));
        worst = std::max(worst, static_cast<double>(std::abs((ours(x) - reference) / reference)));
    }
    return worst;
}

template <class Ours, class Exact>
double worst_absolute(double low, double high, Ours ours, Exact exact) {
    double worst = 0;
    for (int i = 0; i < samples; ++i) {
        const double x = sample(low, high, i);
        worst = std::max(worst, static_cast<double>(std::abs(ours(x) - exact(static_cast<long double>(x)))));
    }
    return worst;
}

}  // namespace

TEST_CASE("portable exp and log lie within two units in the last place") {
    CHECK(worst_relative(-700, 700, portable::exp, [](long double x) { return std::exp(x); }) < 4.5e-16);
    CHECK(worst_relative(-1, 1, portable::exp, [](long double x) { return std::exp(x); }) < 4.5e-16);
    CHECK(worst_relative(1e-300, 1e-290, portable::log, [](long double x) { return std::log(x); }) < 4.5e-16);
    CHECK(worst_relative(0.1, 10, portable::log, [](long double x) { return std::log(x); }) < 4.5e-16);
    CHECK(worst_relative(1, 1e12, portable::log, [](long double x) { return std::log(x); }) < 4.5e-16);
    CHECK(worst_relative(0.01, 50, [](double x) { return portable::pow(x, 1.852); }, [](long double x) { return std::pow(x, 1.852L); }) < 3e-15);
}

TEST_CASE("portable exp and log at their ends") {
    CHECK(portable::exp(0.0) == 1.0);
    CHECK(portable::exp(-800.0) == 0.0);
    CHECK(std::isinf(portable::exp(710.0)));
    CHECK(std::isfinite(portable::exp(709.7)));
    CHECK(std::isnan(portable::exp(std::nan(""))));
    CHECK(portable::log(1.0) == 0.0);
    CHECK(std::isinf(portable::log(0.0)));
    CHECK(std::isnan(portable::log(-1.0)));
    CHECK(std::isnan(portable::log(std::nan(""))));
}

TEST_CASE("portable sine, cosine and their inverses are exact to the last digits") {
    for (const double range : {1.0, 10.0, 1e4, 1e6}) {
        CHECK(worst_absolute(-range, range, portable::sin, [](long double x) { return std::sin(x); }) < 2e-16);
        CHECK(worst_absolute(-range, range, portable::cos, [](long double x) { return std::cos(x); }) < 2e-16);
    }
    CHECK(worst_absolute(-1, 1, portable::asin, [](long double x) { return std::asin(x); }) < 1e-15);
    CHECK(worst_absolute(-1, 1, portable::acos, [](long double x) { return std::acos(x); }) < 1e-15);
    CHECK(worst_absolute(-20, 20, portable::atan, [](long double x) { return std::atan(x); }) < 5e-16);
    for (int i = 0; i < samples; ++i) {
        const double x = sample(-5, 5, i), y = sample(-5, 5, i + samples);
        CHECK(std::abs(portable::atan2(y, x) - std::atan2(y, x)) < 1e-15);
    }
    CHECK(portable::atan2(0.0, 0.0) == 0.0);
    CHECK(portable::atan2(0.0, -1.0) == Approx(portable::pi));
}

TEST_CASE("portable functions have the same bits on every machine") {
    StateHash hash;
    for (int i = 0; i < 1000; ++i) {
        const double x = sample(-30, 30, i), positive = sample(0.001, 30, i);
        for (const double value : {portable::exp(x), portable::log(positive), portable::pow(positive, 0.54), portable::sin(x), portable::cos(x), portable::atan2(x, positive),
                                   portable::acos(x / 30)}) {
            hash.value(value);
        }
    }
    CHECK(hash.hex() == "e4c7daff7ae252ea250cd276ca3705f4");
}
