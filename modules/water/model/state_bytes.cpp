// The state as bytes: numbers as they lie in memory, each array with its length. Only for the same build and network.
#include <cstring>

#include "core/base/diagnostic.hpp"
#include "modules/water/model/hydraulics.hpp"

namespace citytwin::water {
namespace {

constexpr std::uint64_t state_mark = 0x3130726574617763ULL;   // "cwater01"

class Writer {
public:
    template <class T>
    void operator()(const std::vector<T>& list) {
        static_assert(std::is_trivially_copyable_v<T>);
        value(list.size());
        bytes.append(reinterpret_cast<const char*>(list.data()), list.size() * sizeof(T));
    }
    template <class T>
    void value(const T& v) {
        bytes.append(reinterpret_cast<const char*>(&v), sizeof v);
    }
    std::string bytes;
};

class Reader {
public:
    explicit Reader(std::string_view bytes) : left_(bytes) {}
    template <class T>
    void operator()(std::vector<T>& list) {
        std::size_t size = 0;
        value(size);
        if (size != list.size()) throw RunError(ExitCode::run_failed, "the saved state of the water model is of another network");
        take(list.data(), size * sizeof(T));
    }
    template <class T>
    void value(T& v) {
        take(&v, sizeof v);
    }

private:
    void take(void* to, std::size_t size) {
        if (left_.size() < size) throw RunError(ExitCode::run_failed, "the saved state of the water model is cut");
        if (size != 0) std::memcpy(to, left_.data(), size);
        left_.remove_prefix(size);
    }
    std::string_view left_;
};

template <class Archive, class State>
void pass(Archive& a, State& s) {
    a.value(s.time_s);
    a.value(s.next_report_s);
    a.value(s.cause);
    a(s.head_m);
    a(s.flow_m3ps);
    a(s.setting);
    a(s.status);
    a(s.blocked);
    a(s.demand_m3ps);
    a(s.full_demand_m3ps);
    a(s.outside_demand_m3ps);
    a(s.emitter_flow_m3ps);
    a(s.leak_fixed_m3ps);
    a(s.leak_growing_m3ps);
    a(s.tank_volume_m3);
    a(s.tank_inflow_m3ps);
    a(s.pumps);
    a.value(s.peak_power_kw);
    a.value(s.system_demand_m3ps);
}

}  // namespace

std::string Hydraulics::save() const {
    Writer w;
    w.value(state_mark);
    pass(w, state_);
    w(resistance_);
    w(minor_);
    w(relative_roughness_);
    w(viscous_);
    w(positional_loss_);
    w(emitter_resistance_);
    return std::move(w.bytes);
}

void Hydraulics::load(std::string_view bytes) {
    Reader r(bytes);
    std::uint64_t mark = 0;
    r.value(mark);
    if (mark != state_mark) throw RunError(ExitCode::run_failed, "these bytes are no state of the water model");
    pass(r, state_);
    r(resistance_);
    r(minor_);
    r(relative_roughness_);
    r(viscous_);
    r(positional_loss_);
    r(emitter_resistance_);
    for (Index k = 0; k < network_->pipes; ++k) closed_mask_[k] = passes(k) ? 0 : -1;
    pipes_current_ = supply_current_ = demands_current_ = false;
}

}  // namespace citytwin::water
