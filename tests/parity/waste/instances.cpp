// Instances with known best plans, and the landfill of the reference: waste.md rows 1, 5, 10 with short, repeatable searches.
#include <catch2/catch.hpp>

#include "core/base/csv.hpp"
#include "modules/waste/model/genetic_search.hpp"
#include "modules/waste/model/landfill.hpp"
#include "modules/waste/model/plan_check.hpp"
#include "modules/waste/read/vrplib.hpp"
#include "support/shared_data.hpp"

using namespace citytwin;
using namespace citytwin::waste;

namespace {

struct Known {
    RoutingCase instance;
    WrittenPlan best;
};

Known known(const std::string& stem) {
    Known k{read_routing_case(stem + ".vrp"), {}};
    k.best = read_vrplib_solution(stem + ".sol", k.instance);
    return k;
}

double gap_percent(const Known& k, std::size_t rounds) {
    Arena arena(1);
    SearchLimits limits;
    limits.iterations = rounds;
    const SearchResult result = plan_routes(k.instance.problem, limits, arena);
    const PlanCheck check = check_plan(k.instance.problem, result.plan);
    CHECK(check.feasible());
    CHECK(check.distance == result.distance);
    return 100 * (static_cast<double>(check.distance) * k.instance.cost_per_unit / *k.best.cost - 1);
}

}  // namespace

TEST_CASE("the cost of every known best plan is recomputed exactly, and each is feasible") {
    SHARED_OR_SKIP(folder, "data/waste");
    for (const char* name : {"cvrp/X-n101-k25", "cvrp/X-n200-k36", "cvrp/X-n502-k39", "cvrp/X-n1001-k43", "cvrp/Leuven1", "cvrp/Ghent1", "vrptw/R1_10_1", "vrptw/RC2_10_5", "multitrip/C202R0.25", "multitrip/R203R0.25"}) {
        Known k = known(folder + "/" + name);
        INFO(name);
        RoutingProblem& p = k.instance.problem;
        p.trucks.resize(std::max(p.trucks.size(), k.best.plan.routes.size()), p.trucks.front());
        const PlanCheck check = check_plan(p, k.best.plan);
        CHECK(check.feasible());
        CHECK(static_cast<double>(check.distance) * k.instance.cost_per_unit == Approx(*k.best.cost).epsilon(1e-12));
        const Individual priced = individual_of(p, k.best.plan);   // the search's own arithmetic
        CHECK(priced.distance == check.distance);
        CHECK(priced.feasible());
    }
}

// Gaps of short searches: the bars themselves (10 s and 60 s) are rows of scripts/bars waste.
TEST_CASE("a short search comes within 3 percent of the best known plan of X-n101 and X-n200") {
    SHARED_OR_SKIP(folder, "data/waste/cvrp");
    CHECK(gap_percent(known(folder + "/X-n101-k25"), 40) <= 3.0);
    CHECK(gap_percent(known(folder + "/X-n200-k36"), 40) <= 3.0);
}

TEST_CASE("a short search of several trips a truck with windows and releases comes within 8 percent") {
    SHARED_OR_SKIP(folder, "data/waste/multitrip");
    CHECK(gap_percent(known(folder + "/R203R0.25"), 20) <= 8.0);
    CHECK(gap_percent(known(folder + "/C202R0.25"), 20) <= 8.0);
}

TEST_CASE("a hundred years of landfill equal the reference to 1e-9, and the methane's closure holds to 1e-12") {
    SHARED_OR_SKIP(path, "ref/waste/ipcc_fod.csv");
    CsvReader csv(path);
    Landfill landfill(decay_streams());
    const std::vector<double> shares{0.35, 0.12, 0.18, 0.05, 0.04, 0.05};
    double generated = 0;
    for (int year = 0; csv.next(); ++year) {
        std::vector<double> deposited(6, 0.0);
        for (std::size_t s = 0; s < 6 && year < 30; ++s) deposited[s] = 100 * (1 + 0.02 * year) * shares[s];
        const MethaneYear now = landfill.year(deposited);
        generated += now.generated;
        // The file has nine decimals: half of the last one beside the relative tolerance.
        CHECK(now.generated == Approx(csv.number(1)).epsilon(1e-9).margin(5.1e-10));
        CHECK(now.emitted == Approx(csv.number(2)).epsilon(1e-9).margin(5.1e-10));
        CHECK(now.stock == Approx(csv.number(3)).epsilon(1e-9).margin(5.1e-10));
    }
    CHECK(generated + landfill.remaining() == Approx(landfill.potential()).epsilon(1e-12));
    CHECK(landfill.potential() == Approx(247.164).epsilon(1e-6));
}
