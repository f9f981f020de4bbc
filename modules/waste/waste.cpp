// Waste as a module: bins fill with what the people in the buildings make, trucks collect it over the live network (as trips of the
// traffic module), plants sort, burn and bury it. Its parts are bins, dispatch, truck_fleet, plants and waste_books; the models are in model/.
#include <array>
#include <optional>
#include <string_view>

#include "core/module/citytwin/module.hpp"
#include "modules/waste/dispatch.hpp"
#include "modules/waste/lay_out.hpp"
#include "modules/waste/waste_books.hpp"

namespace citytwin::waste {

class Waste final : public Module {
public:
    static constexpr std::array<std::string_view, 1> grows{"truck"};
    static void build(CityBuilder& builder) { lay_out(builder); }

    explicit Waste(Setup& setup) {
        setup.period("15 min");
        choices_.emplace(setup);
        const City& city = setup.city();
        if (city.find("bin") != nullptr && city.find("bin")->size() > 0 && city.find("truck") != nullptr) parts_.emplace(setup, *choices_);
    }

    void prepare() override {
        if (!parts_) return;
        parts_->dispatch.prepare();
        parts_->bins.prepare(parts_->dispatch.calendar());
        parts_->trucks.prepare(parts_->dispatch.rows());
        parts_->plants.prepare(choices_->incinerator_efficiency);
        parts_->books.begin(parts_->bins);
    }

    void start(const Step&) override { tell(); }

    void step(const Step& now) override {
        if (!parts_) return;
        parts_->dispatch.watch(now);
        parts_->bins.fill(now);
        parts_->trucks.follow(now, parts_->bins, parts_->plants);
        parts_->plants.work(now.seconds());
        parts_->dispatch.step(now, parts_->bins, parts_->trucks, parts_->plants);
        parts_->books.step(now.seconds());
        tell();
    }

    void close(const Step&) override {
        if (parts_) parts_->books.close(parts_->bins, parts_->trucks, parts_->plants, choices_->by_traffic);
    }

    void save(StateWriter& out) const override {
        if (!parts_) return;
        parts_->bins.save(out);
        parts_->trucks.save(out);
        parts_->plants.save(out);
        parts_->dispatch.save(out);
        parts_->books.save(out);
    }

    void load(StateReader& in) override {
        if (!parts_) return;
        parts_->bins.load(in);
        parts_->trucks.load(in);
        parts_->plants.load(in);
        parts_->dispatch.load(in);
        parts_->books.load(in);
    }

private:
    struct Parts {
        Parts(Setup& setup, const WasteChoices& choices) : bins(setup, choices), trucks(setup, choices), plants(setup), dispatch(setup, choices), books(setup) {}
        Bins bins;
        TruckFleet trucks;
        Plants plants;
        Dispatch dispatch;
        WasteBooks books;
    };

    void tell() {
        if (!parts_) return;
        parts_->bins.write();
        parts_->trucks.write();
        parts_->plants.write();
        parts_->books.balance(parts_->bins, parts_->trucks, parts_->plants);
    }

    std::optional<WasteChoices> choices_;
    std::optional<Parts> parts_;   ///< none where the city has no bins
};

CITYTWIN_MODULE(Waste, "waste", "0.1.0")

}  // namespace citytwin::waste
