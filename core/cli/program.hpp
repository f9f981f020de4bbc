#pragma once
// The command line as a whole: global options, the chosen command, and one place where failures become exit codes.
#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "core/cli/console.hpp"

namespace citytwin::cli {

class Program {
public:
    Program();

    [[nodiscard]] CLI::App& app() { return app_; }
    [[nodiscard]] Console& console() { return console_; }
    /// A command; `parent` for those below another ("city import").
    CLI::App& command(const std::string& name, const std::string& description, CLI::App* parent = nullptr);
    /// What a command does once its words are parsed.
    void on(CLI::App& command, std::function<ExitCode()> action);

    int main(int argc, char** argv);

private:
    int parse(int argc, char** argv);
    int execute();
    int failed(ExitCode exit, const std::string& message, const std::vector<Diagnostic>& diagnostics) const;
    void show_version() const;

    CLI::App app_;
    Console console_;
    bool version_ = false;
    std::function<ExitCode()> action_;
};

}  // namespace citytwin::cli
