#include <algorithm>
#include <cmath>

#include "modules/waste/read/instance_lines.hpp"
#include "modules/waste/read/vrplib.hpp"

namespace citytwin::waste {

RoutingCase read_solomon(const std::string& path) {
    Lines lines(path);
    RoutingCase result;
    result.type = "VRPTW";
    result.cost_per_unit = 0.1;
    std::vector<std::vector<double>> rows;
    std::size_t trucks = 0;
    Cost capacity = 0;
    for (int stage = 0; lines.next();) {
        const Words words = words_of(lines.line());
        const bool numbers = parse_number(words[0]).has_value();
        if (stage == 0) result.name = std::string(lines.line()), stage = 1;
        else if (stage == 1 && numbers) {
            if (words.size() != 2) lines.refuse("CT-WASTE-004", "expected NUMBER and CAPACITY of the vehicles");
            trucks = static_cast<std::size_t>(std::max<std::int64_t>(1, lines.integer(words[0])));
            capacity = lines.integer(words[1]);
            if (capacity <= 0) lines.refuse("CT-WASTE-005", "CAPACITY " + words[1] + ": nothing can be carried");
            stage = 2;
        } else if (stage == 2 && numbers) {
            if (words.size() != 7) lines.refuse("CT-WASTE-004", "expected CUST NO., XCOORD, YCOORD, DEMAND, READY TIME, DUE DATE, SERVICE TIME");
            std::vector<double> row;
            for (const auto& word : words) row.push_back(lines.number(word));
            if (row[0] != static_cast<double>(rows.size())) lines.refuse("CT-WASTE-004", "customer " + words[0] + " stands where " + std::to_string(rows.size()) + " is expected");
            if (row[3] > static_cast<double>(capacity)) lines.refuse("CT-WASTE-006", "customer " + words[0] + " demands " + words[3] + ", a truck holds " + std::to_string(capacity));
            if (row[3] < 0 || row[6] < 0) lines.refuse("CT-WASTE-003", "customer " + words[0] + ": negative demand or service time");
            if (row[4] > row[5]) lines.refuse("CT-WASTE-007", "customer " + words[0] + ": its window ends before it begins");
            rows.push_back(std::move(row));
        } else if (numbers) {
            lines.refuse("CT-WASTE-004", "numbers where a heading is expected");
        } else if (words[0] != "VEHICLE" && words[0] != "NUMBER" && words[0] != "CUSTOMER" && words[0] != "CUST") {
            lines.refuse("CT-WASTE-001", "'" + std::string(lines.line().substr(0, 40)) + "' has no place in Solomon's format", "known: VEHICLE, NUMBER CAPACITY, CUSTOMER, CUST NO. …");
        }
    }
    if (rows.size() < 2) fail("CT-WASTE-004", {path}, "no customers were found");
    RoutingProblem& p = result.problem;
    p.resize(rows.size());
    p.has_windows = true;
    p.rounding = Rounding::truncated_tenths;
    p.capacity = capacity;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto& row = rows[i];
        p.x.push_back(row[1]), p.y.push_back(row[2]);
        p.demand[i] = i == 0 ? 0 : static_cast<std::int32_t>(row[3]);
        p.earliest[i] = static_cast<Cost>(row[4] * 10), p.latest[i] = static_cast<Cost>(row[5] * 10), p.service[i] = i == 0 ? 0 : static_cast<Cost>(row[6] * 10);
        p.is_client[i] = i != 0;
        result.number.push_back(static_cast<std::int64_t>(i));
    }
    refuse_far_places(p, path);
    p.trucks.assign(std::min(trucks, rows.size() - 1), {0, 0, p.earliest[0], p.latest[0]});
    p.finish();
    return result;
}

}  // namespace citytwin::waste
