#pragma once
// From which link a site is reached now: its own, or the nearest open one while its own is closed. People walk the rest, so a closed street
// takes nobody's home or job out of the city.
#include <vector>

#include "core/module/setup.hpp"

namespace citytwin::population {

class SiteAccess {
public:
    explicit SiteAccess(Setup& setup);
    struct Place {
        Index link = no_index;
        double offset_m = 0;
    };
    [[nodiscard]] Place of(Index site) const { return {link_[site], offset_m_[site]}; }
    /// Links were closed or opened, or a run was resumed.
    void mark_changed() { is_current_ = false; }
    /// Finds the places anew if anything changed. Returns how many sites have another place than their own.
    std::size_t update();
    [[nodiscard]] bool is_current() const { return is_current_; }

private:
    void redirect(const std::vector<Index>& sites);

    const City& city_;
    const std::vector<std::uint32_t>& base_link_;
    const std::vector<double>& base_offset_m_;
    Attribute closed_;
    std::vector<Index> link_;
    std::vector<double> offset_m_;
    bool is_current_ = false;
    std::size_t redirected_ = 0;
};

}  // namespace citytwin::population
