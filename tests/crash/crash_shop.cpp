/// A shop to be killed: sells in an endless stream of orders, or imports a file, and says what
/// became durable on its standard output, a line at a time, only once the store has said so. The
/// driver, `loops.py`, is another program in another language: it remembers these lines, ends this
/// one in the middle, and looks into the directory.
///
///     crash_shop sell DIRECTORY          prints "acked ORDER POSITION" for each order placed
///     crash_shop import DIRECTORY FILE   prints "durable POSITION" as the log grows, then "done"
///     crash_shop drain DIRECTORY         sells nothing more; waits until every order has ended,
///                                        and prints the books

#include "adapters/embedded/disk.hpp"
#include "adapters/embedded/event_store.hpp"
#include "adapters/files/file_source.hpp"
#include "base/random.hpp"
#include "runtime/runner.hpp"
#include "runtime/system_clock.hpp"
#include "services/carrier/carrier_runner.hpp"
#include "services/checkout/checkout_runner.hpp"
#include "services/import/import.hpp"
#include "services/import/limits.hpp"
#include "services/inventory/inventory_runner.hpp"
#include "tests/support/shop_sums.hpp"
#include "tests/support/storefront.hpp"
#include "tests/support/trusting_provider.hpp"

#include <fmt/core.h>

#include <cstdlib>
#include <random>
#include <thread>
#include <unistd.h>

namespace kontor::crash {
namespace {

using services::Compound, services::On, services::StockItems;

constexpr std::size_t sku_count = 50;
constexpr std::size_t in_flight_max = 64;
constexpr std::size_t sold_at_once = 4;

auto const warehouse = Location::parse("main").value();

template <class T>
T must(Result<T> result) {
    if (!result) {
        fmt::print(stderr, "crash_shop: {}\n", to_string(result.error()));
        std::_Exit(1);
    }
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

/// One write, so that no line is torn and nothing waits in a buffer of ours when the end comes.
void say(std::string const& lines) {
    for (std::size_t at = 0; at < lines.size();) {
        auto const written = ::write(STDOUT_FILENO, lines.data() + at, lines.size() - at);
        if (written < 0)
            std::_Exit(2);
        at += static_cast<std::size_t>(written);
    }
}

/// Small segments, so that the end often comes while one follows another.
embedded::StoreOptions small_segments() {
    embedded::StoreOptions options;
    options.limits.segment_bytes = 2U << 20;
    options.limits.chunk_bytes = 1U << 20;
    options.limits.window_bytes = 4U << 20;
    options.limits.free_bytes_min = 8U << 20;
    options.limits.padding_percent_max = 5;
    options.limits.cold_after = Duration::seconds(1);
    return options;
}

class OpenStore {
public:
    explicit OpenStore(std::string const& directory)
        : disk_(must(embedded::Disk::open(directory))),
          store_(must(embedded::EventStore::open(*disk_, clock_, faults_, small_segments()))),
          writer_(store_->writer(), {}, die), upkeep_(store_->upkeep(), {1}, die) {}

    ports::EventStore& store() { return *store_; }
    Clock& clock() { return clock_; }
    void close() {
        writer_.stop();
        upkeep_.stop();
        must(store_->close());
    }

private:
    static void die(Failure const& failure) {
        fmt::print(stderr, "crash_shop: {}\n", to_string(failure));
        std::_Exit(1);
    }

    SystemClock clock_;
    NoFaults faults_;
    std::unique_ptr<embedded::Disk> disk_;
    std::unique_ptr<embedded::EventStore> store_;
    Runner writer_;
    Runner upkeep_;
};

/// The n-th thing on the shelf.
Sku sku_of(std::size_t number) {
    return Sku::parse(fmt::format("SKU-{}", number)).value();
}

/// As the second reader of the journal spells it.
std::string hex_of(Id128 id) {
    std::string text;
    for (auto const byte : id.bytes())
        text += fmt::format("{:02x}", byte);
    return text;
}

order::Place an_order(OrderId id, Random& dice) {
    std::vector<order::Line> lines;
    for (auto more = dice.between(1, 3); more > 0; --more)
        lines.push_back(testing::goods_line(static_cast<std::uint16_t>(lines.size() + 1),
                                            sku_of(dice.below(sku_count)), dice.between(1, 3),
                                            Money::of(dice.between(100, 900), Currency::gbp())));
    return testing::storefront_order(id, std::move(lines));
}

/// "ended ORDER" for each order that is complete, and "books NAME=SUM …", a line each.
std::string books_of(ports::EventStore& store) {
    auto const sums = testing::sum_up(store);
    std::string lines;
    for (auto const order : sums.completed)
        lines += fmt::format("ended {}\n", hex_of(order.value()));
    return lines + fmt::format("books placed={} completed={} total={} captured={} ordered={} "
                               "reserved={} issued={}\n",
                               sums.placed, sums.completed.size(), sums.total, sums.captured,
                               sums.ordered, sums.reserved, sums.issued);
}

/// Desk, order process, inventory, carrier, provider and buyers on one thread; the disk has its
/// own.
class Shop {
public:
    explicit Shop(OpenStore& log)
        : clock_(log.clock()), provider_(clock_),
          desk_(log.store(), services::Shop{{warehouse}}, desk_states_max),
          buyer_(desk_.add_client()), runner_(log.store(), clock_, provider_,
                                              payment::Provider("trusting"), desk_.add_client()),
          carrier_(log.store(), clock_, Random(1), desk_.add_client(),
                   {std::int64_t{1} << 50, services::Luck::always}),
          inventory_(log.store(), clock_, desk_.add_client()), dice_(std::random_device{}()) {
        must(runner_.recover());
        must(carrier_.recover());
        must(inventory_.recover());
        stock_up();
    }

    [[noreturn]] void sell() {
        for (;;) {
            for (std::size_t n = 0; n < sold_at_once && waiting_.size() < in_flight_max; ++n)
                place();
            work();
            tell_what_is_durable();
            std::this_thread::sleep_for(std::chrono::microseconds(500));
        }
    }

    void drain() {
        for (int idle = 0; idle < 200 || runner_.open_orders() > 0;) {
            idle = work() == 0 ? idle + 1 : 0;
            if (idle > 0)
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }

private:
    static constexpr std::size_t desk_states_max = 4096;

    std::size_t work() {
        return must(desk_.do_work({256})).items + must(runner_.do_work({256})).items +
               must(inventory_.do_work({256})).items + must(carrier_.do_work({256})).items;
    }

    /// Only what is not there yet: the last life may have ended in the middle of this.
    void stock_up() {
        for (std::size_t n = 0; n < sku_count; ++n) {
            services::StockKey const key{warehouse, sku_of(n)};
            if (std::holds_alternative<stock::Item>(desk_.desk().state<StockItems>(key)))
                continue;
            stock::Receive const receive{key.sku, key.location, Quantity::of(Quantity::max),
                                         "opening stock"};
            ask(CommandId::mint(clock_.now(), dice_), OrderId(), 0,
                Compound{{On<StockItems>{key, receive}}});
        }
        while (!desk_.desk().is_idle())
            work();
    }

    void place() {
        auto const order = OrderId::mint(clock_.now(), dice_);
        waiting_.emplace(++tickets_, order);
        ask(derive_id<CommandId>(order, "place"), order, tickets_,
            Compound{{On<services::Orders>{order, an_order(order, dice_)}}});
    }

    void ask(CommandId id, OrderId order, std::uint64_t ticket, services::Work work) {
        services::ShopRequest request{
            id, order.value(), {}, clock_.now(), {ActorKind::customer, {}}, std::move(work)};
        request.ticket = ticket;
        while (!buyer_.try_submit(std::move(request)))
            this->work();
    }

    void tell_what_is_durable() {
        std::string lines;
        while (auto const answer = buyer_.try_answer()) {
            auto const order = waiting_.find(answer->ticket);
            auto const* const accepted = std::get_if<commands::Accepted>(&answer->content);
            if (order == waiting_.end() || accepted == nullptr) {
                fmt::print(stderr, "crash_shop: an order was refused\n");
                std::_Exit(1);
            }
            lines += fmt::format("acked {} {}\n", hex_of(order->second.value()),
                                 accepted->position.value());
            waiting_.erase(order);
        }
        say(lines);
    }

    Clock& clock_;
    testing::TrustingProvider provider_;
    services::ShopDeskAgent desk_;
    services::ShopClient& buyer_;
    services::CheckoutRunner runner_;
    services::CarrierRunner carrier_;
    services::InventoryRunner inventory_;
    Random dice_;
    std::uint64_t tickets_{0};
    std::unordered_map<std::uint64_t, OrderId> waiting_;
};

void import(OpenStore& log, std::string const& path) {
    auto const source = must(files::FileSource::open(path));
    services::ShopDesk desk(log.store(), {}, online_retail::desk_states_max);
    online_retail::Import import(must(online_retail::read_invoices(*source)), log.store(), desk);
    ports::Position told{};
    while (!import.is_finished()) {
        auto const done = must(import.do_work({16}));
        if (auto const durable = log.store().durable().position; durable > told) {
            told = durable;
            say(fmt::format("durable {}\n", told.value()));
        }
        if (done.items == 0 || import.progress().stage == online_retail::Stage::asking)
            std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
    say(import.outcome() == online_retail::Outcome::reconciled ? "done\n" : "not reconciled\n");
}

int run(std::string const& verb, std::string const& directory, std::string const& file) {
    OpenStore log(directory);
    if (verb == "import") {
        say("open\n");
        import(log, file);
    } else {
        Shop shop(log);
        say("open\n");
        if (verb == "sell")
            shop.sell();
        shop.drain();
        say(books_of(log.store()));
    }
    log.close();
    return 0;
}

} // namespace
} // namespace kontor::crash

int main(int argc, char** argv) {
    if (argc < 3) {
        fmt::print(stderr, "crash_shop sell|import|drain DIRECTORY [FILE]\n");
        return 2;
    }
    return kontor::crash::run(argv[1], argv[2], argc > 3 ? argv[3] : "");
}
