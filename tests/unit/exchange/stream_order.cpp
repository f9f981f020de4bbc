// Streams: records wait for slow receivers in order, whoever sent what when.
#include <algorithm>
#include <catch2/catch.hpp>

#include "core/exchange/stream.hpp"

using namespace citytwin;

namespace {

const StreamSchema& words() {
    static const StreamSchema schema{"words", {{"what", "1", StreamType::integer, "", {}}, {"list", "1", StreamType::number_list, "", {}}}};
    return schema;
}

void say(StreamSender& sender, Microseconds now, StableId who, std::int64_t what) {
    StreamTable& table = sender.record(now, who);
    table.put(what);
    const std::vector<double> list(static_cast<std::size_t>(what % 3), static_cast<double>(what));
    table.put(std::span<const double>(list));
}

}  // namespace

TEST_CASE("records that wait many ticks for a slow receiver come once each, ordered by time and sender, with their lists") {
    StreamHub hub;
    StreamSender a = hub.sends("a", words()), b = hub.sends("b", words());
    const StreamReceiver slow = hub.receives("slow", words()), quick = hub.receives("quick", words());
    std::size_t heard = 0;
    for (Microseconds now = 1; now <= 20; ++now) {
        for (const StableId who : {9U, 4U, 7U}) say(a, now, who, static_cast<std::int64_t>(100 * now + who));
        if (now % 5 == 0) say(b, now - 3, 1, 100 * (now - 3) + 1);   // told late: sorts in before what is there
        hub.before_step("quick", now);
        heard += quick.records().size();
        hub.after_step("quick");
        hub.end_tick();
    }
    hub.before_step("slow", 21);
    const auto what = slow.records().integers(0);
    REQUIRE(what.size() == 64);
    CHECK(std::is_sorted(what.begin(), what.end()));
    for (std::size_t row = 0; row < what.size(); ++row) {
        const auto list = slow.records().number_list(1, row);
        CHECK(list.size() == static_cast<std::size_t>(what[row] % 3));
        for (const double value : list) CHECK(value == static_cast<double>(what[row]));
    }
    hub.after_step("slow");
    hub.before_step("slow", 22);
    CHECK(slow.records().empty());
    CHECK(heard == 57);   // all but the last tick's, and what was told too late for a quick one
}

TEST_CASE("a stream that nobody receives keeps nothing") {
    StreamHub hub;
    StreamSender a = hub.sends("a", words());
    say(a, 1, 1, 5);
    hub.end_tick();
    const StreamReceiver late = hub.receives("late", words());
    hub.before_step("late", 10);
    CHECK(late.records().empty());
}
