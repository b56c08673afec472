#include "tests/gateway/shop_door.hpp"

#include "codec/json_document.hpp"
#include "services/views/models.hpp"
#include "services/workers/warehouse_news.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>

namespace kontor::services::gateway {
namespace {

Location const warehouse = Location::parse("main").value();

/// Finds a place like "lines.0.sku".
std::optional<codec::JsonNode> node_at(codec::JsonNode node, std::string_view place) {
    while (!place.empty()) {
        auto const step = place.substr(0, place.find('.'));
        place.remove_prefix(std::min(step.size() + 1, place.size()));
        std::optional<codec::JsonNode> next;
        if (node.kind() == codec::JsonKind::object)
            node.each_member([&](std::string_view key, codec::JsonNode value) {
                if (key == step)
                    next = value;
                return !next;
            });
        else if (node.kind() == codec::JsonKind::list) {
            std::size_t index = 0;
            node.each_item([&](codec::JsonNode value) {
                if (std::to_string(index++) == step)
                    next = value;
                return !next;
            });
        }
        if (!next)
            return std::nullopt;
        node = *next;
    }
    return node;
}

std::string text_of(codec::JsonNode node) {
    switch (node.kind()) {
    case codec::JsonKind::null: return "null";
    case codec::JsonKind::boolean: return node.boolean() ? "true" : "false";
    case codec::JsonKind::integer: return std::to_string(node.signed_number().value_or(0));
    case codec::JsonKind::fraction: return "a fraction";
    case codec::JsonKind::text: return std::string(node.text());
    case codec::JsonKind::list: return "a list";
    case codec::JsonKind::object: return "an object";
    }
    return {};
}

Got got_of(Reply const& reply) {
    Got got{reply.status,
            reply.lasting_body.empty() ? reply.body : std::string(reply.lasting_body),
            {}};
    auto lines = reply.headers.text();
    while (!lines.empty()) {
        auto const line = lines.substr(0, lines.find("\r\n"));
        lines.remove_prefix(line.size() + 2);
        auto const colon = line.find(": ");
        got.headers.emplace(std::string(line.substr(0, colon)),
                            std::string(line.substr(colon + 2)));
    }
    return got;
}

pricing::Tariff demo_tariff() {
    auto const gbp = Currency::gbp();
    pricing::Tariff tariff;
    tariff.rates = {{TaxClass("standard"), std::nullopt, BasisPoints::create(2000).value()}};
    pricing::ShippingMethod standard{};
    standard.code = ShippingMethodCode("standard");
    standard.title = "Standard";
    standard.bands = {{pricing::ShippingBand::By::value, INT64_MAX, {Money::of(399, gbp)}}};
    standard.free_from = {Money::of(5000, gbp)};
    standard.tax_class = TaxClass("standard");
    standard.delivery_days = 3;
    tariff.methods = {standard};
    return tariff;
}

} // namespace

Result<std::size_t> OutsideSandbox::collect(std::size_t up_to,
                                            std::vector<ports::ProviderAnswer>& answers) {
    auto const before = answers.size();
    std::vector<ports::ProviderAnswer> came;
    KONTOR_TRY(book_.collect(up_to, came));
    for (auto& each : came) {
        bool const is_report = each.source == ports::OutcomeSource::webhook;
        auto& to = is_report ? reports : holds_back ? held_back : answers;
        to.push_back(std::move(each));
    }
    if (!holds_back)
        answers.insert(answers.end(), std::make_move_iterator(held_back.begin()),
                       std::make_move_iterator(held_back.end()));
    if (!holds_back)
        held_back.clear();
    auto const room = up_to - std::min(up_to, answers.size() - before);
    inbox->collect(room, answers);
    return answers.size() - before;
}

std::string Got::header(std::string const& name) const {
    auto const found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
}

std::string Got::at(std::string_view place) const {
    codec::JsonDocument document;
    auto const root = document.parse(body);
    auto const found = root ? node_at(*root, place) : std::nullopt;
    return found ? text_of(*found) : std::string();
}

std::size_t Got::count(std::string_view place) const {
    codec::JsonDocument document;
    auto const root = document.parse(body);
    auto const found = root ? node_at(*root, place) : std::nullopt;
    return found && found->kind() == codec::JsonKind::list ? found->size() : 0;
}

ShopDoor::ShopDoor() : tariff_(demo_tariff()) {
    book_ = TokenBook::open("pepper", "", secrets_, [](std::string_view) {
                return Result<void>();
            }).value();
    all = book_->make_dev_token(clock.now());
    open();
}

ShopDoor::~ShopDoor() = default;

ShopDoor::Sealing::Sealing(ShopDoor& door)
    : keys(sealing::PersonKeys::open(door.people, sealing::Key{}, door.secrets_).value()),
      sealer(*keys, door.secrets_), desk_opener(*keys), runner_opener(*keys), gateway_opener(*keys),
      keeper(door.store, *keys, door.clock, Id128(7, 7)), addresses(*keys, door.clock) {}

void ShopDoor::open() {
    sealing_ = std::make_unique<Sealing>(*this);
    EXPECT_TRUE(sealing_->keeper.recover());
    Shop shop{{warehouse}};
    shop.sealer = &sealing_->sealer;
    shop.opener = &sealing_->desk_opener;
    desk_ = std::make_unique<ShopDeskAgent>(store, shop);
    auto& asked = webhooks_ ? static_cast<ports::PaymentProvider&>(outside) : provider;
    runner_ = std::make_unique<CheckoutRunner>(store, clock, asked, payment::Provider("sandbox"),
                                               desk_->add_client());
    runner_->open_by(&sealing_->runner_opener);
    carrier_ = std::make_unique<CarrierRunner>(store, clock, Random(7), desk_->add_client(),
                                               CarrierOptions{.luck = Luck::always});
    documents_ = std::make_unique<DocumentRunner>(store, clock, desk_->add_client());
    EXPECT_TRUE(documents_->recover());
    EXPECT_TRUE(runner_->recover());
    EXPECT_TRUE(carrier_->recover());
    for (auto const& model : views::kept_models())
        projectors_.push_back(std::make_unique<projections::Projector>(store, models, model.make));
    std::vector<std::uint8_t> const seed(proofs::Signer::seed_bytes, 7);
    proofs_ =
        std::make_unique<proofs::ProofTree>(store, clock, proofs::TreeFiles(nodes, leaves),
                                            proofs::Signer::of("kontor/spec", seed).value(),
                                            proofs::ProofTree::Keep{[this] { return kept_head_; },
                                                                    [this](std::string_view text) {
                                                                        kept_head_ = text;
                                                                        return Result<void>();
                                                                    }});
    EXPECT_TRUE(proofs_->recover());
    queues_ = std::make_unique<hosting::JournaledQueues>(store, clock, queue_secrets_);
    EXPECT_TRUE(queues_->recover());
    queue_desk_.emplace(QueueDesk{queues_->queue(),
                                  queues_->admin(),
                                  queues_->moves(),
                                  queues_->letters(),
                                  queues_->progress(),
                                  {warehouse_job(store, {})}});
    Parts parts{store,           models,  clock,
                *book_,          tariff_, Random(11 + ++openings_),
                "secret",        "0",     "no lineage yet",
                Catalogue(store)};
    parts.tokens = &*book_;
    parts.queues = has_queues_ ? &*queue_desk_ : nullptr;
    parts.archives = has_queues_ ? &archives : nullptr;
    parts.ready_checks = [this] { return checks; };
    parts.webhooks = webhooks_ ? &*webhooks_ : nullptr;
    parts.opener = &sealing_->gateway_opener;
    parts.persons = sealing_->keys.get();
    parts.addresses = &sealing_->addresses;
    parts.node = &node;
    parts.store = &log_files;
    parts.mail = &outbox;
    parts.projections = &projection_desk_;
    parts.passwords = &passwords_;
    parts.proofs = proofs_.get();
    gateway_ = std::make_unique<Gateway>(std::move(parts), desk_->add_client());
    settle();
}

void ShopDoor::put_provider_outside(std::vector<webhooks::WebhookSecret> secrets) {
    webhooks_.emplace(WebhookDoor{"sandbox", std::move(secrets), *outside.inbox});
    crash();
}

void ShopDoor::open_without_queues() {
    has_queues_ = false;
    crash();
}

void ShopDoor::crash() {
    gateway_.reset();
    projectors_.clear();
    documents_.reset();
    carrier_.reset();
    runner_.reset();
    desk_.reset();
    open_.clear();
    outside.inbox = std::make_unique<payments::WebhookInbox>();
    if (webhooks_)
        webhooks_.emplace(WebhookDoor{"sandbox", std::move(webhooks_->secrets), *outside.inbox});
    open();
}

std::size_t ShopDoor::work() {
    std::size_t items = 0;
    auto const run = [&](Agent& agent) {
        auto const done = agent.do_work({1000});
        if (!done)
            ADD_FAILURE() << agent.name() << ": " << to_string(done.error());
        items += done ? done->items : 0;
    };
    run(*desk_);
    if (writes_queues_)
        run(*queues_);
    if (asks_archives_)
        run(archives);
    run(*runner_);
    run(*carrier_);
    run(*documents_);
    run(sealing_->keeper);
    run(passwords_);
    run(*proofs_);
    if (follows_)
        for (auto& projector : projectors_)
            run(*projector);
    return items + collect();
}

std::size_t ShopDoor::collect() {
    std::vector<Answered> answers;
    gateway_->collect(answers);
    for (auto& [ticket, reply] : answers) {
        got_.emplace(ticket.value(), got_of(reply));
        open_.erase(ticket.value());
    }
    return answers.size();
}

Got ShopDoor::answered_at_once(Knock const& knock) {
    auto const ticket = start(knock);
    collect();
    auto const got = collected(ticket);
    EXPECT_TRUE(got) << knock.path << " is not answered at once";
    return got.value_or(Got{});
}

void ShopDoor::settle() {
    for (int idle = 0; idle < 3;)
        idle = work() == 0 ? idle + 1 : 0;
}

void ShopDoor::live(Duration time) {
    auto const end = clock.now() + time;
    for (settle();;) {
        std::optional<Instant> next;
        for (auto const& due :
             {runner_->next_deadline(), carrier_->next_deadline(), provider.next_due()})
            if (due && (!next || *due < *next))
                next = due;
        if (!next || *next > end)
            break;
        clock.pass(std::max(Duration::microseconds(1), *next - clock.now()));
        settle();
    }
    if (clock.now() < end)
        clock.pass(end - clock.now());
    settle();
}

Ticket ShopDoor::start(Knock const& knock) {
    Ticket const ticket(++tickets_);
    auto kept = std::make_unique<Kept>(Kept{knock});
    auto& mine = kept->knock;
    if (!mine.token.empty())
        mine.headers.emplace("authorization", "Bearer " + mine.token);
    if (!mine.body.empty())
        mine.headers.emplace("content-type", "application/json");
    for (auto const& [name, value] : mine.headers)
        kept->headers.push_back({name, value});
    auto const question = std::min(mine.path.find('?'), mine.path.size());
    auto const path = std::string_view(mine.path);
    Request const request{mine.method,
                          path.substr(0, question),
                          path.substr(std::min(question + 1, path.size())),
                          kept->headers,
                          mine.body,
                          mine.listener,
                          {},
                          "0123456789abcdef0123456789abcdef",
                          clock.monotonic(),
                          mine.deadline};
    open_.emplace(ticket.value(), std::move(kept));
    gateway_->start(ticket, request);
    return ticket;
}

void ShopDoor::go_away(Ticket ticket) {
    gateway_->abandon(ticket);
    open_.erase(ticket.value());
}

std::optional<Got> ShopDoor::collected(Ticket ticket) {
    auto const found = got_.find(ticket.value());
    return found == got_.end() ? std::nullopt : std::optional(found->second);
}

Got ShopDoor::ask(Knock knock) {
    auto const ticket = start(knock);
    settle();
    for (int steps = 0; !collected(ticket) && steps < 5000; ++steps)
        live(Duration::milliseconds(5));
    auto const got = collected(ticket);
    EXPECT_TRUE(got) << knock.path << " is never answered";
    return got.value_or(Got{});
}

Got ShopDoor::get(std::string path, std::string token) {
    return ask({.path = std::move(path), .token = token.empty() ? all : std::move(token)});
}

Got ShopDoor::post(std::string path, std::string body, std::string token, std::string key) {
    Knock knock{Method::post, std::move(path), std::move(body),
                token.empty() ? all : std::move(token)};
    if (!key.empty())
        knock.headers.emplace("idempotency-key", std::move(key));
    return ask(std::move(knock));
}

std::string ShopDoor::make_token(std::vector<Role> roles, std::vector<std::string> scopes) {
    return book_->create({"spec", std::move(roles), std::move(scopes)}, clock.now()).value().secret;
}

std::map<std::string, std::string> ShopDoor::new_guest() {
    auto const got = ask({Method::post, "/v1/session/guest", {}, {}, {}, Listener::shop});
    EXPECT_EQ(got.status, 201) << got.body;
    auto const cookie = got.header("Set-Cookie");
    return {{"cookie", cookie.substr(0, cookie.find(';'))}, {"kontor-csrf", got.at("csrf")}};
}

void ShopDoor::stock_the_shelves() {
    EXPECT_EQ(
        post("/v1/products", R"({"sku":"MUG","title":"A mug","tax_class":"standard"})").status,
        201);
    auto const priced = ask({Method::put,
                             "/v1/products/MUG/price",
                             R"({"price":{"amount":1250,"currency":"GBP"}})",
                             all,
                             {{"if-match", "\"v1\""}}});
    EXPECT_EQ(priced.status, 200) << priced.body;
    auto const received = post("/v1/inventory/MUG/main/receipts",
                               R"({"quantity":10,"reference":"po-1"})", all, "receipt-1");
    EXPECT_EQ(received.status, 201) << received.body;
}

void ShopDoor::add_many_shelves() {
    for (std::size_t i = 0; i < many_shelves; ++i)
        EXPECT_EQ(post("/v1/products", fmt::format(R"({{"sku":"CUP-{}","title":"A cup",)"
                                                   R"("tax_class":"standard"}})",
                                                   i))
                      .status,
                  201);
}

Ticket ShopDoor::start_receipt(std::size_t number) {
    return start({Method::post,
                  fmt::format("/v1/inventory/CUP-{}/main/receipts", number % many_shelves),
                  R"({"quantity":1,"reference":"po"})",
                  all,
                  {{"idempotency-key", "k" + std::to_string(number)}}});
}

std::string ShopDoor::order_body(std::int64_t units, std::string const& token) const {
    auto const goods = 1250 * units;
    auto const total = goods + (goods >= 5000 ? 0 : 399);
    return fmt::format(
        R"({{"lines":[{{"sku":"MUG","quantity":{}}}],"currency":"GBP","shipping_method":"standard",)"
        R"("ship_to":{{"name":"Ada","lines":["1 Street"],"city":"London","postcode":"N1",)"
        R"("country":"GB"}},"contact":{{"email":"ada@example.org"}},)"
        R"("payment":{{"method":"card","token":"{}"}},)"
        R"("expected_total":{{"amount":{},"currency":"GBP"}}}})",
        units, token, total);
}

} // namespace kontor::services::gateway
