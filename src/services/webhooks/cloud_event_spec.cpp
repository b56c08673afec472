#include "services/webhooks/cloud_event.hpp"

#include "adapters/memory/event_store.hpp"
#include "codec/json_document.hpp"
#include "services/webhooks/webhook_world.hpp"

namespace kontor::services::hooks {
namespace {

class CloudEvents : public WebhookWorld {};

TEST_F(CloudEvents, a_fact_is_shown_as_cloud_events_says) {
    auto const position = receive_goods();
    auto const page = store.read_log(ports::Position(position - 1), ports::Limit(1)).value();
    auto const& event = page.events.front();
    auto const text = cloud_event(event, page.commit_of(event)).value();
    for (std::string const part :
         {R"("specversion":"1.0")", R"("source":"/kontor/stock")",
          R"("type":"kontor.stock.received.v1")", R"("subject":"stock-main.MUG")",
          R"("datacontenttype":"application/json")", R"("dataschema":"/schemas/stock.received/1")",
          R"("streamversion":"1")", R"("data":{"sku":"MUG")"})
        EXPECT_NE(text.find(part), std::string::npos) << part << " in " << text;
    EXPECT_NE(text.find("\"id\":\"" + page.id_of(event).to_string()), std::string::npos) << text;
    EXPECT_NE(text.find("\"position\":\"" + std::to_string(position)), std::string::npos) << text;
    codec::JsonDocument document;
    EXPECT_TRUE(document.parse(text));
}

TEST(MessageId, names_one_fact_for_one_webhook) {
    WebhookId const one(Id128(5, 1));
    WebhookId const other(Id128(5, 2));
    auto const id = message_id(one, 4711);
    EXPECT_EQ(id.find('.'), std::string::npos);
    EXPECT_EQ(position_in(one, id), 4711U);
    EXPECT_FALSE(position_in(other, id));
    for (auto const* const end : {"", "0", "-1", "01", "1x", "99999999999999999999999"})
        EXPECT_FALSE(position_in(one, one.to_string() + "_" + end)) << end;
}

} // namespace
} // namespace kontor::services::hooks
