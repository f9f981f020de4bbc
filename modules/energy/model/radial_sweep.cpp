#include "modules/energy/model/radial_sweep.hpp"

namespace citytwin::energy {
namespace {

template <bool plain>
inline __attribute__((always_inline)) void backward(const RadialTree& tree, SweepLanes& s) {
    const std::size_t n = tree.size();
    for (std::size_t i = 0; i < n; ++i) s.j_re[i].v = s.j_im[i].v = Pack{};
    for (std::size_t i = n; i-- > tree.roots;) {
        const Pack vr = s.v_re[i].v, vi = s.v_im[i].v, p = s.p[i].v, q = s.q[i].v;
        const Pack scale = 1 / (vr * vr + vi * vi);
        Pack jr = s.j_re[i].v + (p * vr + q * vi) * scale, ji = s.j_im[i].v + (p * vi - q * vr) * scale;   // conj(S / V)
        const Index up = tree.parent[i];
        if constexpr (plain) {
            s.j_re[up].v += jr;
            s.j_im[up].v += ji;
        } else {
            const Complex y = tree.shunt[i], b = tree.passed[i];
            jr -= y.re * vr - y.im * vi;
            ji -= y.re * vi + y.im * vr;
            s.j_re[up].v -= b.re * jr - b.im * ji;
            s.j_im[up].v -= b.re * ji + b.im * jr;
        }
        s.j_re[i].v = jr;
        s.j_im[i].v = ji;
    }
}

template <bool plain>
inline __attribute__((always_inline)) void forward(const RadialTree& tree, SweepLanes& s, const Mask& moving, Pack& largest) {
    const std::size_t n = tree.size();
    Pack worst{};
    for (std::size_t i = tree.roots; i < n; ++i) {
        const Index up = tree.parent[i];
        const Complex z = tree.impedance[i];
        const Pack jr = s.j_re[i].v, ji = s.j_im[i].v;
        Pack ur = s.v_re[up].v, ui = s.v_im[up].v;
        if constexpr (!plain) {
            const Complex a = tree.gain[i];
            const Pack gr = a.re * ur - a.im * ui;
            ui = a.re * ui + a.im * ur;
            ur = gr;
        }
        const Pack wr = ur + (z.re * jr - z.im * ji), wi = ui + (z.re * ji + z.im * jr);
        const Pack dr = wr - s.v_re[i].v, di = wi - s.v_im[i].v, change = dr * dr + di * di;
        worst = change <= worst ? worst : change;   // NaN comes through
        s.v_re[i].v = moving ? wr : s.v_re[i].v;
        s.v_im[i].v = moving ? wi : s.v_im[i].v;
    }
    largest = worst;
}

template <bool plain>
inline __attribute__((always_inline)) void run(const RadialTree& tree, SweepLanes& s, int used, const SweepLimits& limits) {
    for (std::size_t i = 0; i < tree.size(); ++i) {
        s.v_re[i].v = Pack{} + tree.no_load[i].re;
        s.v_im[i].v = Pack{} + tree.no_load[i].im;
    }
    Mask moving{};
    for (int l = 0; l < used; ++l) moving[l] = -1;
    s.converged = Mask{};
    const double squared_tolerance = limits.tolerance * limits.tolerance;
    for (s.sweeps = 0; s.sweeps < limits.sweeps && any(moving);) {
        ++s.sweeps;
        backward<plain>(tree, s);
        Pack largest;
        forward<plain>(tree, s, moving, largest);
        const Mask done = moving & (largest < squared_tolerance), lost = moving & ~(largest < 1e6);
        s.converged |= done;
        moving &= ~(done | lost);
    }
}

CITYTWIN_WIDE void run_plain(const RadialTree& tree, SweepLanes& s, int used, const SweepLimits& limits) { run<true>(tree, s, used, limits); }
CITYTWIN_WIDE void run_two_ports(const RadialTree& tree, SweepLanes& s, int used, const SweepLimits& limits) { run<false>(tree, s, used, limits); }

}  // namespace

SweepLanes::SweepLanes(const RadialTree& tree) {
    for (auto* column : {&v_re, &v_im, &j_re, &j_im, &p, &q}) column->assign(tree.size(), Lanes{});
}

void SweepLanes::root_power(const RadialTree& tree, std::size_t root, Pack& re, Pack& im) const {
    // What the branches pass on, and the shunts at the root: the feeding current is -J + Y V.
    const Complex y = tree.shunt[root];
    const Pack vr = v_re[root].v, vi = v_im[root].v;
    const Pack cr = y.re * vr - y.im * vi - j_re[root].v, ci = y.re * vi + y.im * vr - j_im[root].v;
    re = vr * cr + vi * ci - p[root].v;
    im = vi * cr - vr * ci - q[root].v;
}

void sweep(const RadialTree& tree, SweepLanes& lanes, int used, const SweepLimits& limits) {
    if (tree.plain) run_plain(tree, lanes, used, limits);
    else run_two_ports(tree, lanes, used, limits);
}

}  // namespace citytwin::energy
