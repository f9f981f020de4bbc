#include "core/study/time_series.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "core/base/hdf5.hpp"
#include "core/study/figures.hpp"
#include "core/study/html_table.hpp"
#include "core/study/time_frames.hpp"
#include "core/time/calendar.hpp"

namespace citytwin {
namespace {

constexpr std::size_t most_seeds = 5;
constexpr double width = 460, height = 180, left = 64, right = 12, top = 12, bottom = 30;

struct Series {
    std::string set, field, unit;
    std::vector<double> run, base;   ///< by frame
};

/// Mean over a set's entities in each frame.
std::vector<double> over_entities(const std::vector<double>& means, std::size_t frames) {
    std::vector<double> series;
    if (means.empty()) return series;
    const std::size_t entities = means.size() / frames;
    for (std::size_t f = 0; f < frames; ++f) {
        double sum = 0, count = 0;
        for (std::size_t e = 0; e < entities; ++e) {
            const double value = means[f * entities + e];
            if (std::isnan(value)) continue;
            sum += value;
            count += 1;
        }
        series.push_back(count > 0 ? sum / count : std::nan(""));
    }
    return series;
}

std::string line_of(const std::vector<double>& values, double low, double high, const char* attributes) {
    std::string points, html;
    const auto flush = [&] {
        if (!points.empty()) html += fmt::format("<polyline fill=\"none\" points=\"{}\" {}/>", points, attributes);
        points.clear();
    };
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (std::isnan(values[i])) {
            flush();
            continue;
        }
        const double x = left + (width - left - right) * (values.size() == 1 ? 0.5 : static_cast<double>(i) / static_cast<double>(values.size() - 1));
        const double y = height - bottom - (height - top - bottom) * (values[i] - low) / (high - low);
        points += fmt::format("{}{:.1f},{:.1f}", points.empty() ? "" : " ", x, y);
    }
    flush();
    return html;
}

std::string chart(const Series& series, const std::vector<std::string>& labels) {
    double low = 0, high = -1e300;
    for (const auto* side : {&series.run, &series.base}) {
        for (const double value : *side) {
            if (std::isnan(value)) continue;
            low = std::min(low, value);
            high = std::max(high, value);
        }
    }
    double nearest = 1e300;   // an axis from 0, unless all values lie in the upper tenth
    for (const auto* side : {&series.run, &series.base}) {
        for (const double value : *side) nearest = std::isnan(value) ? nearest : std::min(nearest, value);
    }
    if (low == 0 && nearest > 0.9 * high) low = nearest - 0.1 * (high - nearest);
    if (!(high > low)) high = low + 1;
    const std::string name = fmt::format("{} {}", series.set, series.field);
    std::string svg = fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}, mean over the set, from {} to {} {}\" font-size=\"11\" font-family=\"system-ui, sans-serif\">", width, height,
                                  escaped_markup(name), escaped_markup(figure_text(nearest)), escaped_markup(figure_text(high)), escaped_markup(series.unit));
    for (int tick = 0; tick <= 2; ++tick) {
        const double value = low + (high - low) * tick / 2, y = height - bottom - (height - top - bottom) * tick / 2;
        svg += fmt::format("<line x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"#d0d4da\"/><text x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\" fill=\"#57606a\">{}</text>", left, width - right, y, y, left - 6, y + 4, escaped_markup(figure_text(value)));
    }
    if (!labels.empty()) {
        const auto begin = [](const std::string& label) { return label.substr(0, label.find("–")); };
        svg += fmt::format("<text x=\"{}\" y=\"{}\" fill=\"#57606a\">{}</text><text x=\"{}\" y=\"{}\" text-anchor=\"end\" fill=\"#57606a\">{}</text>", left, height - 10, escaped_markup(begin(labels.front())), width - right, height - 10,
                           escaped_markup(begin(labels.back())));
    }
    if (!series.base.empty()) svg += line_of(series.base, low, high, "stroke=\"#57606a\" stroke-width=\"1.5\" stroke-dasharray=\"5 3\"");
    svg += line_of(series.run, low, high, "stroke=\"#0b5394\" stroke-width=\"2\"") + "</svg>";
    HtmlTable figures(name + ", " + series.unit, series.base.empty() ? std::vector<Heading>{{"time"}, {"run", true}} : std::vector<Heading>{{"time"}, {"base", true}, {"run", true}});
    for (std::size_t f = 0; f < series.run.size(); ++f) {
        const auto text = [&](const std::vector<double>& side) { return f >= side.size() || std::isnan(side[f]) ? std::string("–") : figure_text(side[f]); };
        if (series.base.empty()) figures.row({labels[f], text(series.run)});
        else figures.row({labels[f], text(series.base), text(series.run)});
    }
    return "<figure><figcaption>" + escaped_markup(fmt::format("{}, {}", name, series.unit)) + "</figcaption>" + svg + details_of("As numbers", figures.html()) + "</figure>\n";
}

}  // namespace

std::string time_series(const std::vector<StudyRun>& runs, const std::vector<StudyRun>& base, std::size_t most) {
    namespace fs = std::filesystem;
    if (runs.empty()) return {};
    for (const auto* side : {&runs, &base}) {
        for (std::size_t r = 0; r < std::min(most_seeds, side->size()); ++r) {
            if (!fs::exists((*side)[r].folder + "/results.h5")) return {};
        }
    }
    const RunRecord& record = runs.front().record;
    const TimeFrames frames = TimeFrames::over(parse_time(record.end_utc, "Etc/UTC") - parse_time(record.start_utc, "Etc/UTC"));
    const auto labels = frame_labels(record, frames);
    Hdf5File results = Hdf5File::open(runs.front().folder + "/results.h5");
    std::string html;
    std::size_t shown = 0, left_out = 0;
    for (const std::string& set : results.members()) {
        if (!results.is_group(set) || !results.has(set + "/time") || !results.has(set + "/id")) continue;
        for (const std::string& field : results.members(set)) {
            const std::string path = set + "/" + field;
            if (results.is_group(path)) continue;
            const Hdf5Info info = results.info(path);
            if (info.type != Hdf5Type::f64 || info.shape.size() != 2 || info.shape[0] == 0 || info.shape[1] == 0) continue;
            if (shown == most) {
                ++left_out;
                continue;
            }
            Series series{set, field, results.text_attribute(path, "units").value_or("1"), {}, {}};
            series.run = over_entities(mean_of_runs(runs, set, field, frames, most_seeds), frames.count());
            series.base = over_entities(mean_of_runs(base, set, field, frames, most_seeds), frames.count());
            if (series.run.empty() || std::all_of(series.run.begin(), series.run.end(), [](double value) { return std::isnan(value); })) continue;
            html += chart(series, labels);
            ++shown;
        }
    }
    if (html.empty()) return {};
    std::string lead = "<p class=\"quiet\">Mean over all entities of the set" + std::string(runs.size() > 1 ? fmt::format(", and over {} seeds", std::min(most_seeds, runs.size())) : "") + ". Solid: the run" + (base.empty() ? "" : "; dashed: the base") + ".</p>\n";
    if (left_out > 0) lead += notice_of(fmt::format("{} more recorded fields are in results.h5", left_out));
    return lead + "<div class=\"charts\">\n" + html + "</div>\n";
}

}  // namespace citytwin
