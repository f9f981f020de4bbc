// Hydraulics over time against the EPANET C library, one thread, alternating in one process (A B A B): process CPU seconds, medians.
// usage: bench_water_epanet LIBRARY FILE.inp [HOURS] [RUNS]     LIBRARY: libepanet2.so of the PyPI wheel owa-epanet; HOURS 0: the file's
#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <nlohmann/json.hpp>
#include <vector>

#include "modules/water/model/hydraulics.hpp"
#include "modules/water/read/inp_network.hpp"

using namespace citytwin;
using namespace citytwin::water;

namespace {

double cpu_seconds() {
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

struct Figures {
    std::vector<double> read_s, solve_s;
    std::int64_t solves = 0, trials = 0;
};

/// The few functions of the peer's toolkit that a run needs (epanet2_2.h).
class Peer {
public:
    explicit Peer(const char* library) : library_(dlopen(library, RTLD_NOW)) {
        if (!library_) throw std::runtime_error(dlerror());
    }
    void run(const char* file, std::int64_t duration_s, Figures& figures) const {
        using Project = void*;
        const auto create = function<int (*)(Project*)>("EN_createproject");
        const auto open = function<int (*)(Project, const char*, const char*, const char*)>("EN_open");
        const auto set_time = function<int (*)(Project, int, long)>("EN_settimeparam");
        const auto open_h = function<int (*)(Project)>("EN_openH");
        const auto init_h = function<int (*)(Project, int)>("EN_initH");
        const auto run_h = function<int (*)(Project, long*)>("EN_runH");
        const auto next_h = function<int (*)(Project, long*)>("EN_nextH");
        const auto statistic = function<int (*)(Project, int, double*)>("EN_getstatistic");
        Project project = nullptr;
        create(&project);
        double begin = cpu_seconds();
        if (const int code = open(project, file, "/dev/null", ""); code > 100) throw std::runtime_error(fmt::format("the peer can't open the file: {}", code));
        figures.read_s.push_back(cpu_seconds() - begin);
        if (duration_s > 0) set_time(project, 0, duration_s);
        open_h(project);
        begin = cpu_seconds();
        init_h(project, 0);
        long now = 0, step = 1;
        figures.solves = figures.trials = 0;
        do {
            if (run_h(project, &now) > 100) throw std::runtime_error("the peer halted");
            double trials = 0;
            statistic(project, 0, &trials);
            ++figures.solves;
            figures.trials += static_cast<std::int64_t>(trials);
            next_h(project, &step);
        } while (step > 0);
        figures.solve_s.push_back(cpu_seconds() - begin);
        function<int (*)(Project)>("EN_closeH")(project);
        function<int (*)(Project)>("EN_close")(project);
        function<int (*)(Project)>("EN_deleteproject")(project);
    }

private:
    template <class F>
    F function(const char* name) const {
        return reinterpret_cast<F>(dlsym(library_, name));
    }
    void* library_;
};

void run_own(const char* file, std::int64_t duration_s, Figures& figures) {
    double begin = cpu_seconds();
    DiagnosticList diagnostics(1000);
    Network network = read_network(InpDocument::read(file, diagnostics), diagnostics);
    figures.read_s.push_back(cpu_seconds() - begin);
    if (duration_s > 0) network.times.duration_s = duration_s;
    Hydraulics hydraulics(std::make_shared<const Network>(std::move(network)));   // as openH of the peer: not timed on either side
    begin = cpu_seconds();
    hydraulics.start();
    figures.solves = figures.trials = 0;
    do {
        figures.trials += hydraulics.solve().trials;
        ++figures.solves;
    } while (hydraulics.step() > 0);
    figures.solve_s.push_back(cpu_seconds() - begin);
}

}  // namespace

int main(int count, char** words) {
    if (count < 3) {
        fmt::print(stderr, "usage: bench_water_epanet LIBRARY FILE.inp [HOURS] [RUNS]\n");
        return 2;
    }
    const Peer peer(words[1]);
    const std::int64_t duration_s = count > 3 ? std::atoll(words[3]) * 3600 : 0;
    const int runs = count > 4 ? std::atoi(words[4]) : 5;
    Figures own, theirs;
    for (int i = 0; i < runs; ++i) {
        run_own(words[2], duration_s, own);
        peer.run(words[2], duration_s, theirs);
    }
    const nlohmann::ordered_json row{{"case", words[2]}, {"unit", "s"}, {"citytwin", median(own.solve_s)}, {"peer", "EPANET 2.3.5"}, {"peer_value", median(theirs.solve_s)}, {"ratio", median(theirs.solve_s) / median(own.solve_s)},
                                     {"runs", runs}, {"solves", own.solves}, {"trials", own.trials}, {"peer_solves", theirs.solves}, {"peer_trials", theirs.trials},
                                     {"read_s", median(own.read_s)}, {"peer_read_s", median(theirs.read_s)}};
    fmt::print("{}\n", row.dump());
    return 0;
}
