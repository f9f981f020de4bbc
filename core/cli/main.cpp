// citytwin: one program, one file per command (interfaces.md section 2).
#include "core/cli/commands.hpp"
#include "core/cli/program.hpp"

int main(int argc, char** argv) {
    using namespace citytwin::cli;
    Program program;
    add_run(program);
    add_check(program);
    add_plan(program);
    add_recover(program);
    add_solve(program);
    add_city(program);
    add_compare(program);
    add_report(program);
    add_rollout(program);
    add_calibrate(program);
    add_costs(program);
    add_wedge(program);
    add_sweep(program);
    add_modules(program);
    add_schema(program);
    add_explain(program);
    add_not_built(program);
    return program.main(argc, argv);
}
