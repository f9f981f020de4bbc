#include "core/schedule/step_graph.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/strong_components.hpp>
#include <boost/graph/topological_sort.hpp>
#include <map>
#include <set>

#include "core/base/diagnostic.hpp"

namespace citytwin {
namespace {

struct Edge {
    std::string field;
};
using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS, boost::no_property, Edge>;

bool is_writer(AccessKind kind) { return kind == AccessKind::writes || kind == AccessKind::accumulates; }

Graph edges_of(const std::vector<const ModuleAccess*>& modules) {
    std::map<std::string, std::vector<std::size_t>> writers;
    for (std::size_t m = 0; m < modules.size(); ++m) {
        for (const auto& access : modules[m]->accesses) {
            if (is_writer(access.kind)) writers[access.name()].push_back(m);
        }
    }
    Graph graph(modules.size());
    std::set<std::pair<std::size_t, std::size_t>> seen;
    for (std::size_t m = 0; m < modules.size(); ++m) {
        for (const auto& access : modules[m]->accesses) {
            if (access.kind != AccessKind::reads) continue;
            for (std::size_t writer : writers[access.name()]) {
                // A module that reads its own output of this step is a cycle of one.
                if (seen.emplace(writer, m).second) boost::add_edge(writer, m, Edge{access.name()}, graph);
            }
        }
    }
    return graph;
}

[[noreturn]] void refuse_cycle(const Graph& graph, const std::vector<const ModuleAccess*>& modules) {
    std::vector<int> component(modules.size());
    boost::strong_components(graph, boost::make_iterator_property_map(component.begin(), boost::get(boost::vertex_index, graph)));
    std::string path;
    for (auto [edge, end] = boost::edges(graph); edge != end; ++edge) {
        const auto from = boost::source(*edge, graph), to = boost::target(*edge, graph);
        if (component[from] != component[to]) continue;
        path += fmt::format("{}'{}' -> {} -> '{}'", path.empty() ? "" : ", ", modules[from]->module, graph[*edge].field, modules[to]->module);
    }
    fail("CT-SCHEDULE-001", {}, "the modules wait for each other within one step: " + path,
         "let one of them read the last step's value: reads_previous() instead of reads()");
}

}  // namespace

StepGraph StepGraph::build(const std::vector<ModuleAccess>& modules) {
    std::vector<const ModuleAccess*> by_name;
    for (const auto& module : modules) by_name.push_back(&module);
    std::sort(by_name.begin(), by_name.end(), [](auto* a, auto* b) { return a->module < b->module; });
    const Graph graph = edges_of(by_name);
    std::vector<std::size_t> order;
    try {
        boost::topological_sort(graph, std::back_inserter(order));
    } catch (const boost::not_a_dag&) {
        refuse_cycle(graph, by_name);
    }
    std::vector<std::size_t> level(by_name.size(), 0);
    std::size_t deepest = 0;
    for (auto module = order.rbegin(); module != order.rend(); ++module) {
        for (auto [edge, end] = boost::in_edges(*module, graph); edge != end; ++edge) {
            level[*module] = std::max(level[*module], level[boost::source(*edge, graph)] + 1);
        }
        deepest = std::max(deepest, level[*module]);
    }
    StepGraph result;
    result.levels.resize(by_name.empty() ? 0 : deepest + 1);
    for (std::size_t m = 0; m < by_name.size(); ++m) result.levels[level[m]].push_back(by_name[m]->module);
    return result;
}

}  // namespace citytwin
