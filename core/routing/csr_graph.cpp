#include "core/routing/csr_graph.hpp"

#include <algorithm>
#include <stdexcept>

namespace citytwin::routing {

CsrGraph::CsrGraph(std::size_t node_count, std::span<const Index> tail, std::span<const Index> head) {
    if (tail.size() != head.size()) throw std::invalid_argument("CsrGraph: as many tails as heads are needed");
    for (std::size_t i = 0; i < tail.size(); ++i)
        if (tail[i] >= node_count || head[i] >= node_count)
            throw std::invalid_argument("CsrGraph: an arc ends at a node that isn't there");
    first_out_.assign(node_count + 1, 0);
    for (const Index t : tail) ++first_out_[t + 1];
    for (std::size_t n = 0; n < node_count; ++n) first_out_[n + 1] += first_out_[n];
    input_.resize(tail.size());
    std::vector<Index> next(first_out_.begin(), first_out_.end() - 1);
    for (std::size_t i = 0; i < tail.size(); ++i) input_[next[tail[i]]++] = static_cast<Index>(i);
    for (std::size_t n = 0; n < node_count; ++n)
        std::sort(input_.begin() + first_out_[n], input_.begin() + first_out_[n + 1],
                  [&](Index a, Index b) { return head[a] != head[b] ? head[a] < head[b] : a < b; });
    head_.resize(tail.size());
    tail_.resize(tail.size());
    for (std::size_t a = 0; a < input_.size(); ++a) {
        head_[a] = head[input_[a]];
        tail_[a] = tail[input_[a]];
    }
}

Index CsrGraph::find_arc(Index tail, Index head) const {
    const auto first = head_.begin() + first_out_[tail], last = head_.begin() + first_out_[tail + 1];
    const auto found = std::lower_bound(first, last, head);
    return found != last && *found == head ? static_cast<Index>(found - head_.begin()) : no_index;
}

BackwardArcs::BackwardArcs(const CsrGraph& graph) : first_in(graph.nodes() + 1, 0), arc(graph.arcs()) {
    for (const Index h : graph.heads()) ++first_in[h + 1];
    for (std::size_t n = 0; n < graph.nodes(); ++n) first_in[n + 1] += first_in[n];
    std::vector<Index> next(first_in.begin(), first_in.end() - 1);
    for (std::size_t a = 0; a < graph.arcs(); ++a) arc[next[graph.head(a)]++] = static_cast<Index>(a);
}

Index StrongComponents::largest() const {
    const auto found = std::max_element(size.begin(), size.end());
    return found == size.end() ? no_index : static_cast<Index>(found - size.begin());
}

namespace {

/// Tarjan's algorithm with an explicit stack; `low` holds no_index for nodes that were not visited yet.
class Tarjan {
public:
    Tarjan(const CsrGraph& graph, std::span<const std::uint8_t> open)
        : graph_(graph),
          open_(open),
          low_(graph.nodes(), no_index),
          index_(graph.nodes(), no_index),
          next_arc_(graph.nodes()),
          component_of_(graph.nodes(), no_index) {}

    std::vector<Index> run() {
        for (std::size_t root = 0; root < graph_.nodes(); ++root)
            if (index_[root] == no_index) visit(static_cast<Index>(root));
        return std::move(component_of_);
    }

private:
    void enter(Index node) {
        index_[node] = low_[node] = counter_++;
        next_arc_[node] = graph_.first_out(node);
        stack_.push_back(node);
        path_.push_back(node);
    }

    void visit(Index root) {
        enter(root);
        while (!path_.empty()) {
            const Index node = path_.back();
            if (next_arc_[node] < graph_.first_out(node + 1)) {
                const Index arc = next_arc_[node]++;
                if (!open_.empty() && open_[arc] == 0) continue;
                const Index head = graph_.head(arc);
                if (index_[head] == no_index)
                    enter(head);
                else if (component_of_[head] == no_index)
                    low_[node] = std::min(low_[node], index_[head]);
                continue;
            }
            path_.pop_back();
            if (!path_.empty()) low_[path_.back()] = std::min(low_[path_.back()], low_[node]);
            if (low_[node] == index_[node]) close(node);
        }
    }

    void close(Index root) {
        Index node = no_index;
        do {
            node = stack_.back();
            stack_.pop_back();
            component_of_[node] = components_;
        } while (node != root);
        ++components_;
    }

    const CsrGraph& graph_;
    std::span<const std::uint8_t> open_;
    std::vector<Index> low_, index_, next_arc_, component_of_, stack_, path_;
    Index counter_ = 0, components_ = 0;
};

}  // namespace

StrongComponents strong_components(const CsrGraph& graph, std::span<const std::uint8_t> open) {
    StrongComponents result;
    result.component_of = Tarjan(graph, open).run();
    std::vector<Index> renumbered(graph.nodes(), no_index);  // by lowest node instead of by order of closing
    for (Index& component : result.component_of) {
        if (renumbered[component] == no_index) {
            renumbered[component] = static_cast<Index>(result.size.size());
            result.size.push_back(0);
        }
        component = renumbered[component];
        ++result.size[component];
    }
    return result;
}

}  // namespace citytwin::routing
