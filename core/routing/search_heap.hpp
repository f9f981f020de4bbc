#pragma once
// A 4-ary min-heap of (cost, node) entries with lazy deletion: the queue of the searches of this folder.
// Four children a node halve the depth of a binary heap and lie in one cache line. Equal costs leave by node number.
#include <cstdint>
#include <utility>
#include <vector>

#include "core/routing/weight.hpp"

namespace citytwin::routing {

/// For integers one 64-bit word, so that a comparison is one instruction; for `double` a pair.
template <class W>
struct HeapEntry {
    W key;
    std::uint32_t node;
    bool operator<(const HeapEntry& other) const { return key != other.key ? key < other.key : node < other.node; }
};
template <>
struct HeapEntry<Weight> {
    HeapEntry(Weight cost, std::uint32_t number) : key((std::uint64_t{cost} << 32) | number), node(number) {}
    bool operator<(const HeapEntry& other) const { return key < other.key; }
    std::uint64_t key;
    std::uint32_t node;
};

template <class Entry>
class QuaternaryHeap {
public:
    [[nodiscard]] bool empty() const { return entries_.empty(); }
    [[nodiscard]] const Entry& top() const { return entries_.front(); }
    void clear() { entries_.clear(); }

    void push(const Entry& entry) {
        std::size_t hole = entries_.size();
        entries_.push_back(entry);
        while (hole != 0) {
            const std::size_t parent = (hole - 1) / 4;
            if (!(entry < entries_[parent])) break;
            entries_[hole] = entries_[parent];
            hole = parent;
        }
        entries_[hole] = entry;
    }

    void pop() {
        const Entry last = entries_.back();
        entries_.pop_back();
        const std::size_t size = entries_.size();
        if (size == 0) return;
        std::size_t hole = 0;
        for (std::size_t first = 1; first < size; first = 4 * hole + 1) {
            std::size_t least = first;
            const std::size_t end = first + 4 < size ? first + 4 : size;
            for (std::size_t child = first + 1; child < end; ++child)
                if (entries_[child] < entries_[least]) least = child;
            if (!(entries_[least] < last)) break;
            entries_[hole] = entries_[least];
            hole = least;
        }
        entries_[hole] = last;
    }

private:
    std::vector<Entry> entries_;
};

}  // namespace citytwin::routing
