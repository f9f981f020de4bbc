#pragma once
// Active interventions as an overlay on the city's base attributes: base, then each active change in file order.
// Ending one recomputes the overlay, so the order of starts and ends never matters. The city itself is never written.
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/city/city.hpp"
#include "core/event/change.hpp"
#include "core/exchange/state_io.hpp"

namespace citytwin {

/// The current values of one attribute, for the module that declared it.
class Attribute {
public:
    Attribute() = default;
    explicit Attribute(const std::vector<double>* values) : values_(values) {}
    [[nodiscard]] double operator[](std::size_t row) const { return (*values_)[row]; }
    [[nodiscard]] std::size_t size() const { return values_->size(); }
    [[nodiscard]] std::span<const double> values() const { return *values_; }

private:
    const std::vector<double>* values_ = nullptr;
};

class TextAttribute {
public:
    TextAttribute() = default;
    explicit TextAttribute(const std::vector<std::string>* values) : values_(values) {}
    [[nodiscard]] const std::string& operator[](std::size_t row) const { return (*values_)[row]; }
    [[nodiscard]] std::size_t size() const { return values_->size(); }

private:
    const std::vector<std::string>* values_ = nullptr;
};

class Overlay {
public:
    struct Touched {
        std::string set, attribute;
        std::vector<Index> rows;       ///< ascending, unique
    };

    explicit Overlay(const City& city) : city_(city) {}

    /// Declares an attribute that changes may set. `otherwise` is the base value where the city has no such column;
    /// without it a missing column is InputError CT-CHANGE-001.
    Attribute attribute(const std::string& module, const std::string& set, const std::string& name, const std::string& unit, std::optional<double> otherwise);
    TextAttribute text_attribute(const std::string& module, const std::string& set, const std::string& name, std::optional<std::string> otherwise);

    /// Attributes of a set that modules declared: name and unit ("" for text).
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> declared(const std::string& set) const;

    /// Adds a change in file order. Call `check` once all modules have declared their attributes.
    void add(Change change) { changes_.push_back(std::move(change)); active_.push_back(0); }
    /// Throws InputError CT-CHANGE-002 for an attribute that no module reads: the change would do nothing.
    void check() const;
    [[nodiscard]] const std::vector<Change>& changes() const { return changes_; }
    [[nodiscard]] bool is_active(std::size_t change) const { return active_[change] != 0; }

    /// Starts or ends changes and recomputes what they touch.
    std::vector<Touched> set_active(std::span<const std::size_t> starts, std::span<const std::size_t> ends);
    [[nodiscard]] std::span<const double> values(const std::string& set, const std::string& attribute) const;
    /// Unit of a numeric attribute that a module declared; nothing if none did.
    [[nodiscard]] std::optional<std::string> unit_of(const std::string& set, const std::string& attribute) const;
    /// Measured values stand above all changes. True if that changed anything. They aren't saved: whoever forces does so again.
    bool force(const std::string& set, const std::string& attribute, const std::function<void(std::span<double>)>& put);

    /// visit(set, attribute, values) for each numeric attribute that an active change touches.
    template <class Visit>
    void each_changed(Visit&& visit) const {
        for (const auto& [key, numbers] : numbers_) {
            if (numbers.current != numbers.base) visit(key.first, key.second, std::span<const double>(numbers.current));
        }
    }

    void save(StateWriter& out) const { out.column("active_changes", active_); }
    void load(StateReader& in);

private:
    struct Numbers {
        std::string unit;
        std::vector<double> base, current;
        std::function<void(std::span<double>)> measured;   ///< may be empty
    };
    struct Texts {
        std::vector<std::string> base, current;
    };
    using Key = std::pair<std::string, std::string>;
    void recompute(const Key& key);

    const City& city_;
    std::map<Key, Numbers> numbers_;
    std::map<Key, Texts> texts_;
    std::vector<Change> changes_;
    std::vector<std::uint8_t> active_;
};

}  // namespace citytwin
