#include "modules/population/site_access.hpp"

#include "core/city/spatial_index.hpp"
#include "geodata/road/usable_links.hpp"
#include "modules/population/model/polyline.hpp"

namespace citytwin::population {

SiteAccess::SiteAccess(Setup& setup)
    : city_(setup.city()), base_link_(city_.at("site").get<std::uint32_t>("road_link")), base_offset_m_(city_.at("site").get<double>("road_offset")),
      closed_(setup.attribute("road_link", "closed", "1", 0.0)), link_(base_link_), offset_m_(base_offset_m_) {}

std::size_t SiteAccess::update() {
    if (is_current_) return redirected_;
    is_current_ = true;
    link_ = base_link_;
    offset_m_ = base_offset_m_;
    std::vector<Index> sites;
    for (Index site = 0; site < base_link_.size(); ++site) {
        if (closed_[base_link_[site]] != 0) sites.push_back(site);
    }
    redirected_ = sites.size();
    if (!sites.empty()) redirect(sites);
    return redirected_;
}

void SiteAccess::redirect(const std::vector<Index>& sites) {
    const geodata::RoadNetwork network = geodata::load_road_network(city_);
    std::vector<std::uint8_t> open = geodata::usable_links(network, closed_.values());
    const SpatialIndex index(network.link_shape, open);
    const auto &x = city_.at("site").get<double>("x"), &y = city_.at("site").get<double>("y");
    for (const Index site : sites) {
        const auto near = index.nearest(x[site], y[site]);
        if (!near) continue;   // nothing is open: its own link, and the traffic model refuses the trip by name
        link_[site] = near->item;
        const auto shape = network.link_shape[near->item];
        double length = 0;
        for (std::size_t k = 2; k + 1 < shape.size(); k += 2) length += piece_length(shape, k);
        offset_m_[site] = length > 0 ? near->offset_m / length * network.link_length_m[near->item] : 0;
    }
}

}  // namespace citytwin::population
