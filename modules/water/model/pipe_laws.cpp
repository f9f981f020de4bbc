// Head loss and conductance of every pipe, four at a time; a closed pipe is blended in, so that no branch depends on a link.
// Hazen-Williams and Chezy-Manning: h = r q^n. Darcy-Weisbach: Hagen-Poiseuille below Re 2000, Dunlop's (1991) cubic to 4000, Swamee & Jain (1976)
// above; constants as in appendix D of the EPANET 2.2 users' manual.
#include <algorithm>

#include "modules/water/model/hydraulics.hpp"
#include "modules/water/model/packs.hpp"
#include "modules/water/model/units.hpp"

namespace citytwin::water {
namespace {

struct PipePack {
    Pack flow, resistance, minor;
    PackBits closed;
};
struct LawPack {
    Pack loss, conductance;
};

Pack chosen(PackBits mask, Pack yes, Pack no) { return from_bits((bits_of(yes) & mask) | (bits_of(no) & ~mask)); }

LawPack closed_blended(const PipePack& pipe, Pack loss, Pack gradient) {
    return {chosen(pipe.closed, pipe.flow * closed_gradient, loss), chosen(pipe.closed, all(closed_conductance), 1.0 / gradient)};
}

/// h = r |q|^n with n = 1 + `less_one`; a line where the gradient falls below `least_gradient`.
template <bool power_law>
LawPack friction(const PipePack& pipe, double less_one, double least_gradient) {
    const Pack q = magnitude(pipe.flow);
    const double exponent = less_one + 1;
    const Pack slope = pipe.resistance * (power_law ? power_of(most(q, all(1e-200)), less_one) : q);   // r q^(n-1)
    Pack gradient = slope * exponent, loss = slope * q;
    const PackBits flat = gradient < least_gradient;
    gradient = chosen(flat, all(least_gradient / exponent), gradient);
    loss = chosen(flat, gradient * q, loss);
    const Pack minor = pipe.minor * q;
    loss = loss + minor * q;
    gradient = gradient + minor * 2.0;
    return closed_blended(pipe, with_sign(loss, sign_of(pipe.flow)), gradient);
}

constexpr double minus_two_over_ln_ten = -0.86858896380650365530;
constexpr double turbulent_term = 4.61841319859066668690;      // 5.74 (pi/4)^0.9
constexpr double turbulent_at_4000 = 3.28895476345399058690e-3;   // 5.74 / 4000^0.9
constexpr double slope_at_4000 = -5.14214965799093883760e-3;

/// `roughness` = e / d; `viscous` = nu d.
LawPack darcy(const PipePack& pipe, Pack roughness, Pack viscous) {
    const Pack q = most(magnitude(pipe.flow), all(1e-100));
    const Pack w = q / viscous;   // Re pi / 4
    // laminar: h = 16 pi nu d R q
    const Pack laminar = viscous * pipe.resistance * (16 * pi), minor_q = pipe.minor * q;
    const Pack laminar_loss = q * (laminar + minor_q), laminar_gradient = laminar + minor_q * 2.0;
    // turbulent
    const Pack y1 = turbulent_term / power_of(w, 0.9), y2 = roughness / 3.7 + y1, y3 = log_of(y2) * minus_two_over_ln_ten;
    const Pack f_turbulent = 1.0 / (y3 * y3), slope_turbulent = f_turbulent * y1 * (1.8 * minus_two_over_ln_ten) / y2 / y3 / q;
    // between
    const Pack z2 = roughness / 3.7 + turbulent_at_4000, z3 = log_of(z2) * minus_two_over_ln_ten;
    const Pack fa = 1.0 / (z3 * z3), fb = (2.0 + slope_at_4000 / (z2 * z3)) * fa, r = w / (500 * pi);
    const Pack x1 = fa * 7.0 - fb, x2 = 0.128 - fa * 17.0 + fb * 2.5, x3 = fa * 13.0 - 0.128 - fb * 2.0, x4 = 0.032 - fa * 3.0 + fb * 0.5;
    const Pack f_between = x1 + r * (x2 + r * (x3 + r * x4)), slope_between = (x2 + r * (x3 * 2.0 + r * x4 * 3.0)) / viscous / (500 * pi);
    const PackBits is_turbulent = w >= 1000 * pi, is_laminar = w <= 500 * pi;
    const Pack f = chosen(is_turbulent, f_turbulent, f_between), slope = chosen(is_turbulent, slope_turbulent, slope_between);
    const Pack total_resistance = f * pipe.resistance + pipe.minor;
    const Pack loss = chosen(is_laminar, laminar_loss, total_resistance * q * q);
    const Pack gradient = chosen(is_laminar, laminar_gradient, total_resistance * q * 2.0 + slope * pipe.resistance * q * q);
    return closed_blended(pipe, with_sign(loss, sign_of(pipe.flow)), gradient);
}

/// Up to four values; the rest repeat the last one.
Pack load_part(const double* from, std::size_t count) {
    double part[pack_width];
    for (std::size_t i = 0; i < pack_width; ++i) part[i] = from[std::min(i, count - 1)];
    return load_pack(part);
}

}  // namespace

void Hydraulics::evaluate_pipes() {
    if (pipes_current_) return;
    pipes_current_ = true;
    const HydraulicOptions& options = network_->options;
    const std::size_t pipes = network_->pipes;
    const auto evaluate = [&](const PipePack& pipe, Pack roughness, Pack viscous) {
        if (options.head_loss == HeadLoss::hazen_williams) return friction<true>(pipe, 0.852, options.gradient_tolerance);
        if (options.head_loss == HeadLoss::chezy_manning) return friction<false>(pipe, 1, options.gradient_tolerance);
        return darcy(pipe, roughness, viscous);
    };
    const bool is_darcy = options.head_loss == HeadLoss::darcy_weisbach;
    std::size_t k = 0;
    for (; k + pack_width <= pipes; k += pack_width) {
        PipePack pipe{load_pack(&state_.flow_m3ps[k]), load_pack(&resistance_[k]), load_pack(&minor_[k]), {}};
        std::memcpy(&pipe.closed, &closed_mask_[k], sizeof pipe.closed);
        const LawPack law = is_darcy ? evaluate(pipe, load_pack(&relative_roughness_[k]), load_pack(&viscous_[k])) : evaluate(pipe, all(0), all(0));
        store(&loss_[k], law.loss);
        store(&conductance_[k], law.conductance);
    }
    if (k == pipes) return;
    const std::size_t count = pipes - k;
    PipePack pipe{load_part(&state_.flow_m3ps[k], count), load_part(&resistance_[k], count), load_part(&minor_[k], count), {}};
    for (std::size_t i = 0; i < pack_width; ++i) pipe.closed[i] = closed_mask_[k + std::min(i, count - 1)];
    const LawPack law = is_darcy ? evaluate(pipe, load_part(&relative_roughness_[k], count), load_part(&viscous_[k], count)) : evaluate(pipe, all(0), all(0));
    for (std::size_t i = 0; i < count; ++i) loss_[k + i] = law.loss[i], conductance_[k + i] = law.conductance[i];
}

}  // namespace citytwin::water
