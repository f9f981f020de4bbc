#pragma once
// Each command adds itself to the program: its words, its options and what it does.

namespace citytwin::cli {

class Program;

void add_run(Program& program);
void add_check(Program& program);
void add_plan(Program& program);
void add_recover(Program& program);
void add_solve(Program& program);
void add_city(Program& program);
void add_compare(Program& program);
void add_report(Program& program);
void add_rollout(Program& program);
void add_calibrate(Program& program);
void add_costs(Program& program);
void add_wedge(Program& program);
void add_sweep(Program& program);
void add_modules(Program& program);
void add_schema(Program& program);
void add_explain(Program& program);
/// Commands of interfaces.md that this version refuses by name.
void add_not_built(Program& program);

}  // namespace citytwin::cli
