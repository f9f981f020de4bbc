#pragma once
// A 4-ary min-heap of 64-bit keys. One comparison orders by time, then by what the key says, so the order of events is
// total and doesn't depend on the order of insertion. Nothing is ever removed from the middle: an event that was moved
// leaves its old key behind, and whoever pops a key compares its time with the entity's own.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "modules/traffic/model/queue_input.hpp"

namespace citytwin::traffic {

/// Events of queues: (time in ms, who has waited longer first, queue within its partition). The middle part matters where
/// streams merge into a full segment: all wait for the same moment, and the first to come is the first to go.
struct QueueKey {
    static constexpr int queue_bits = 18, wait_bits = 10;  // 262,144 queues a partition; 0.1 s steps up to 102 s
    static constexpr std::uint64_t make(Milliseconds time, Milliseconds waited, std::uint32_t queue) {
        const auto rank = std::uint64_t{1023} - static_cast<std::uint64_t>(std::clamp<Milliseconds>(waited / 100, 0, 1023));
        return (static_cast<std::uint64_t>(time) << (queue_bits + wait_bits)) | (rank << queue_bits) | queue;
    }
    static constexpr Milliseconds time(std::uint64_t key) { return static_cast<Milliseconds>(key >> (queue_bits + wait_bits)); }
    static constexpr std::uint32_t queue(std::uint64_t key) { return key & ((1u << queue_bits) - 1); }
};

/// Events of single vehicles: (time in ms, row).
struct RowKey {
    static constexpr int row_bits = 24;
    static constexpr std::uint64_t make(Milliseconds time, std::uint32_t row) { return (static_cast<std::uint64_t>(time) << row_bits) | row; }
    static constexpr Milliseconds time(std::uint64_t key) { return static_cast<Milliseconds>(key >> row_bits); }
    static constexpr std::uint32_t row(std::uint64_t key) { return key & ((1u << row_bits) - 1); }
};

template <class Key>
class EventHeap {
public:
    [[nodiscard]] bool empty() const { return keys_.empty(); }
    [[nodiscard]] std::uint64_t top() const { return keys_.front(); }
    [[nodiscard]] Milliseconds next_time() const { return keys_.empty() ? never : Key::time(keys_.front()); }

    void push(std::uint64_t k) {
        std::size_t hole = keys_.size();
        keys_.push_back(k);
        while (hole > 0) {
            const std::size_t parent = (hole - 1) / 4;
            if (keys_[parent] <= k) break;
            keys_[hole] = keys_[parent];
            hole = parent;
        }
        keys_[hole] = k;
    }

    void pop() {
        const std::uint64_t last = keys_.back();
        keys_.pop_back();
        const std::size_t n = keys_.size();
        if (n == 0) return;
        std::size_t hole = 0;
        for (;;) {
            const std::size_t first = 4 * hole + 1;
            if (first >= n) break;
            const std::size_t end = first + 4 < n ? first + 4 : n;
            std::size_t least = first;
            for (std::size_t c = first + 1; c < end; ++c) least = keys_[c] < keys_[least] ? c : least;
            if (keys_[least] >= last) break;
            keys_[hole] = keys_[least];
            hole = least;
        }
        keys_[hole] = last;
    }

    [[nodiscard]] std::vector<std::uint64_t>& keys() { return keys_; }

private:
    std::vector<std::uint64_t> keys_;
};

}  // namespace citytwin::traffic
