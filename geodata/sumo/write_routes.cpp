// .rou.xml of a demand.
#include "geodata/sumo/sumo.hpp"
#include "geodata/xml/xml_writer.hpp"

namespace citytwin::geodata {

namespace {

void write_type(XmlWriter& out, const SumoVehicleType& type) {
    out.open("vType").attribute("id", type.id).attribute("vClass", type.vehicle_class_name).attribute("length", type.length_m).attribute("minGap", type.min_gap_m)
        .attribute("maxSpeed", type.max_speed_mps).attribute("accel", type.acceleration_mps2).attribute("decel", type.deceleration_mps2).attribute("tau", type.tau_s)
        .attribute("sigma", type.sigma).attribute("speedFactor", type.speed_factor).attribute("speedDev", type.speed_deviation).attribute("carFollowModel", type.car_following);
    if (type.impatience != 0) out.attribute("impatience", type.impatience);
    out.close();
}

std::string edges_of(const RoadNetwork& network, const std::vector<Index>& links, std::size_t first, std::size_t last) {
    std::string edges;
    for (std::size_t i = first; i < last; ++i) edges += (edges.empty() ? "" : " ") + network.link_id[links[i]];
    return edges;
}

void write_vehicle(XmlWriter& out, const SumoVehicle& vehicle, const SumoDemand& demand, const RoadNetwork& network) {
    const auto& route = vehicle.route;
    out.open(vehicle.needs_routing ? "trip" : "vehicle").attribute("id", vehicle.id).attribute("type", demand.types[vehicle.type].id).attribute("depart", vehicle.depart_s)
        .attribute("departLane", vehicle.depart_lane).attribute("departPos", vehicle.depart_pos).attribute("departSpeed", vehicle.depart_speed);
    if (vehicle.arrival_pos_m != -1) out.attribute("arrivalPos", vehicle.arrival_pos_m);
    if (vehicle.needs_routing) {
        out.attribute("from", network.link_id[route.front()]).attribute("to", network.link_id[route.back()]);
        if (route.size() > 2) out.attribute("via", edges_of(network, route, 1, route.size() - 1));
    } else {
        out.open("route").attribute("edges", edges_of(network, route, 0, route.size())).close();
    }
    for (const auto& stop : vehicle.stops) {
        out.open("stop").attribute("lane", network.link_id[stop.link] + "_" + std::to_string(stop.lane)).attribute("startPos", stop.start_m).attribute("endPos", stop.end_m);
        out.attribute("duration", stop.duration_s);
        if (stop.until_s >= 0) out.attribute("until", stop.until_s);
        if (stop.parking) out.attribute("parking", "true");
        out.close();
    }
    out.close();
}

}  // namespace

void write_sumo_routes(const SumoDemand& demand, const RoadNetwork& network, const std::string& path) {
    XmlWriter out(path);
    out.open("routes");
    for (const auto& type : demand.types) write_type(out, type);
    for (const auto& vehicle : demand.vehicles)
        if (!vehicle.route.empty()) write_vehicle(out, vehicle, demand, network);
    out.close();
    out.finish();
}

}  // namespace citytwin::geodata
