// citytwin explain CODE
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <memory>

#include "core/base/text.hpp"
#include "core/cli/commands.hpp"
#include "core/cli/explanations.hpp"
#include "core/cli/program.hpp"

namespace citytwin::cli {
namespace {

ExitCode list_all(const Console& console) {
    std::vector<std::vector<std::string>> rows{{"code", "title"}};
    Json list = Json::array();
    for (const auto& entry : explanations()) {
        rows.push_back({entry.code, entry.title});
        list.push_back({{"code", entry.code}, {"title", entry.title}, {"text", entry.text}});
    }
    console.print(table(rows));
    console.print_json({{"codes", list}});
    return ExitCode::done;
}

ExitCode explain(const Console& console, std::string code) {
    for (char& c : code) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    const auto all = explanations();
    const auto found = std::find_if(all.begin(), all.end(), [&](const Explanation& entry) { return code == entry.code; });
    if (found == all.end()) {
        std::vector<std::string> codes;
        for (const auto& entry : all) codes.emplace_back(entry.code);
        const std::string message = fmt::format("no code '{}'; {}", code, suggestion(code, codes));
        console.fail(message);
        console.print_json(failure_json(2, message, {}));
        return ExitCode::wrong_usage;
    }
    console.print(fmt::format("{}: {}\n\n{}", found->code, found->title, found->text));
    console.print_json({{"code", found->code}, {"title", found->title}, {"text", found->text}});
    return ExitCode::done;
}

}  // namespace

void add_explain(Program& program) {
    CLI::App& command = program.command("explain", "The long form of an error or warning code");
    auto code = std::make_shared<std::string>();
    command.add_option("CODE", *code, "Such as CT-SCENARIO-011; none lists all");
    program.on(command, [&program, code] { return code->empty() ? list_all(program.console()) : explain(program.console(), *code); });
}

}  // namespace citytwin::cli
