// VRPLIB (.vrp) and Solomon's files: any bytes give a problem whose places are inside of its tables, or an InputError. What follows a line
// "=== solution" is read as the case's .sol.
#include <cstdint>

#include "modules/waste/read/vrplib.hpp"
#include "tests/fuzz/scratch_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace citytwin;
    static fuzz::ScratchFile file, solution;
    constexpr std::string_view cut = "=== solution\n";
    const std::string_view text = fuzz::text_of(data, size);
    const std::size_t at = text.find(cut);
    file.write(text.substr(0, at));
    solution.write(at == std::string_view::npos ? std::string_view() : text.substr(at + cut.size()));
    try {
        const auto instance = waste::read_routing_case(file.path());
        const auto& problem = instance.problem;
        const std::size_t n = problem.locations();
        for (const auto* column : {&problem.service, &problem.earliest, &problem.latest, &problem.release})
            if (column->size() != n) std::abort();
        for (const auto* rows : {&problem.clients, &problem.reload_sites})
            for (const Index place : *rows)
                if (place >= n) std::abort();
        for (const auto& truck : problem.trucks)
            if (truck.start >= n || truck.end >= n) std::abort();
        for (std::size_t a = 0; a < std::min<std::size_t>(n, 20); ++a)
            for (std::size_t b = 0; b < std::min<std::size_t>(n, 20); ++b)
                if (problem.distance(static_cast<Index>(a), static_cast<Index>(b)) < 0 || problem.duration(static_cast<Index>(a), static_cast<Index>(b)) < 0) std::abort();
        const auto written = waste::read_vrplib_solution(solution.path(), instance);
        for (const auto& route : written.plan.routes)
            for (const Index visit : route)
                if (visit >= n) std::abort();
    } catch (const InputError&) {
        // refused: what a malformed file is for
    }
    return 0;
}
