#include "platform/messaging/queues/queue_world.hpp"

namespace kontor::queues {
namespace {

using ports::DeadLetterPolicy;
using ports::Ending;
using ports::MoveTaskStatus;
using ports::QueueError;

/// Receives without settling, and lets the time of what was received run out.
void fail_once(QueueWorld& world, std::string_view name, std::size_t up_to = 1) {
    world.receive(name, up_to);
    world.pass(Duration::seconds(30));
}

QueueWorld& with_standard_queues(QueueWorld& world) {
    world.create("dead");
    world.create("work", dead_letters_in("dead", 2));
    return world;
}

QueueWorld& with_fifo_queues(QueueWorld& world, DeadLetterPolicy policy) {
    world.create("dead.fifo");
    world.create("work.fifo", dead_letters_in("dead.fifo", 1, policy));
    for (auto const* body : {"a1", "a2", "a3"})
        world.send("work.fifo", body, "a").value();
    world.send("work.fifo", "b1", "b").value();
    return world;
}

ports::MoveTaskId start_move(QueueWorld& world, std::string_view source) {
    ports::MoveTaskId const task(Id128(77, ++world.made));
    return world.queues.start_move({ports::QueueName(source), {}, 500, {}, {}}, task, world.now)
        ->id;
}

/// Lets time pass until nothing moves any more.
void finish_moves(QueueWorld& world) {
    for (int i = 0; i < 100; ++i) {
        world.pass(Duration::milliseconds(100));
        world.queues.work_on_moves(world.now, 10);
        EXPECT_TRUE(world.queues.is_whole());
    }
}

TEST(DeadLetters, a_message_is_given_up_when_it_would_be_received_too_often) {
    QueueWorld world;
    with_standard_queues(world).send("work", "a").value();
    auto const sent_at = world.now;
    fail_once(world, "work");
    auto const id = world.received.front().id;
    fail_once(world, "work");
    EXPECT_EQ(world.receive("work"), Bodies{});
    EXPECT_EQ(world.depth("work").dead, 1U);
    EXPECT_EQ(world.receive("dead"), Bodies{"a"});
    auto const& dead = world.received.front();
    EXPECT_EQ(dead.id, id);
    EXPECT_EQ(dead.sent_at, sent_at);
    EXPECT_EQ(dead.dead_letter_source, ports::QueueName("work"));
    EXPECT_EQ(dead.dead_letter_attempts, 2U);
    EXPECT_EQ(dead.receive_count, 1U);
}

TEST(DeadLetters, what_can_never_succeed_goes_at_once) {
    QueueWorld world;
    with_standard_queues(world).send("work", "a").value();
    world.receive("work");
    world.settle("work", world.received.front().receipt, Ending::dead, "no such order").value();
    EXPECT_EQ(world.receive("dead"), Bodies{"a"});
    EXPECT_EQ(world.received.front().cause, "no such order");
    EXPECT_EQ(world.settle("dead", world.received.front().receipt, Ending::dead).error().error,
              QueueError::unsupported_operation);
}

TEST(DeadLetters, leaving_and_coming_is_one_fact) {
    QueueWorld world;
    with_standard_queues(world).send("work", "a").value();
    world.receive("work");
    auto const before = world.facts.all.size();
    world.settle("work", world.received.front().receipt, Ending::dead).value();
    EXPECT_EQ(world.facts.all.size(), before + 1);
    EXPECT_EQ(world.facts.count<queue::MessagesMoved>(), 1U);
}

TEST(DeadLetters, they_expire_by_the_time_of_the_first_sending) {
    QueueWorld world;
    ports::QueueChange change;
    change.retention = Duration::seconds(100);
    world.create("dead", change);
    world.create("work", dead_letters_in("dead", 2));
    world.send("work", "a").value();
    world.pass(Duration::seconds(60));
    world.receive("work");
    world.settle("work", world.received.front().receipt, Ending::dead).value();
    world.pass(Duration::seconds(39));
    EXPECT_EQ(world.depth("dead").waiting, 1U);
    world.pass(Duration::seconds(1));
    EXPECT_EQ(world.depth("dead").expired, 1U);
}

/// Sends them, and has each given up at once; their numbers in `dead` are 1, 2, ….
void bury(QueueWorld& world, Bodies const& bodies, std::string const& cause = "") {
    for (auto const& body : bodies)
        world.send("work", body).value();
    world.receive("work");
    for (auto const& message : std::exchange(world.received, {}))
        world.settle("work", message.receipt, Ending::dead, cause).value();
}

ports::Peeked peek(QueueWorld& world, std::string_view name, ports::PeekRequest const& request) {
    return world.queues.peek(ports::QueueName(name), request, world.now)->peeked;
}

TEST(DeadLetters, a_look_changes_nothing_and_says_how_each_came_there) {
    QueueWorld world;
    with_standard_queues(world);
    auto const sent = world.send("work", "a").value();
    world.receive("work");
    auto const received_at = world.now;
    world.pass(Duration::seconds(5));
    world.settle("work", world.received.front().receipt, Ending::dead, "no such order").value();
    auto const before = world.facts.all.size();
    auto const standing = world.queues.standing();
    auto const seen = peek(world, "dead", {ports::SequenceNumber(), 10, ports::PeekAt::contents});
    ASSERT_EQ(seen.messages.size(), 1U);
    EXPECT_FALSE(seen.has_more);
    auto const& [message, stands, until, death, died_at] = seen.messages.front();
    EXPECT_EQ(message.id, sent.id);
    EXPECT_EQ(message.body, "a");
    EXPECT_TRUE(message.receipt.empty());
    EXPECT_EQ(message.receive_count, 0U);
    EXPECT_EQ(message.dead_letter_source, ports::QueueName("work"));
    EXPECT_EQ(message.dead_letter_attempts, 1U);
    EXPECT_EQ(message.first_received_at, received_at);
    EXPECT_EQ(message.cause, "no such order");
    EXPECT_EQ(death, ports::Death::refused);
    EXPECT_EQ(died_at, world.now);
    EXPECT_EQ(stands, ports::Standing::waiting);
    EXPECT_EQ(until, std::nullopt);
    EXPECT_EQ(world.facts.all.size(), before);
    EXPECT_EQ(world.queues.standing(), standing);
}

TEST(DeadLetters, a_look_has_pages_and_shows_who_is_at_work) {
    QueueWorld world;
    bury(with_standard_queues(world), {"a", "b", "c"});
    world.receive("dead", 1);
    auto const first = peek(world, "dead", {ports::SequenceNumber(), 2, ports::PeekAt::envelopes});
    ASSERT_EQ(first.messages.size(), 2U);
    EXPECT_TRUE(first.has_more);
    EXPECT_EQ(first.messages[0].message.body, "") << "only the envelope was asked for";
    EXPECT_EQ(first.messages[0].standing, ports::Standing::in_flight);
    EXPECT_EQ(first.messages[0].until, world.now + Duration::seconds(30));
    EXPECT_EQ(first.messages[1].standing, ports::Standing::waiting);
    auto const rest =
        peek(world, "dead", {first.messages[1].message.sequence, 2, ports::PeekAt::contents});
    ASSERT_EQ(rest.messages.size(), 1U);
    EXPECT_FALSE(rest.has_more);
    EXPECT_EQ(rest.messages[0].message.body, "c");
}

TEST(DeadLetters, a_look_at_large_ones_is_cut) {
    QueueWorld world;
    world.create("work");
    for (int n = 0; n < 6; ++n)
        world.send("work", std::string(1'000'000, 'x')).value();
    auto const seen = peek(world, "work", {ports::SequenceNumber(), 10, ports::PeekAt::contents});
    EXPECT_EQ(seen.messages.size(), 4U);
    EXPECT_TRUE(seen.has_more);
}

TEST(DeadLetters, what_is_discarded_is_gone_but_not_what_somebody_has) {
    QueueWorld world;
    bury(with_standard_queues(world), {"a", "b", "c"});
    world.receive("dead", 1);
    using ports::Discarded;
    using Number = ports::SequenceNumber;
    std::vector const numbers{Number(1), Number(2), Number(2), Number(9)};
    auto const answers = world.queues.discard(ports::QueueName("dead"), numbers, world.now).value();
    ASSERT_EQ(answers.entries.size(), 4U);
    EXPECT_EQ(answers.entries[0].value(), Discarded::in_flight);
    EXPECT_EQ(answers.entries[1].value(), Discarded::now);
    EXPECT_EQ(answers.entries[2].value(), Discarded::before);
    EXPECT_EQ(answers.entries[3].value(), Discarded::before);
    EXPECT_TRUE(world.queues.is_whole());
    EXPECT_EQ(world.depth("dead").settled, 1U);
    EXPECT_EQ(world.receive("dead"), Bodies{"c"});
    world.send("work", "d").value();
    EXPECT_EQ(world.queues.discard(ports::QueueName("work"), numbers, world.now).error().error,
              QueueError::unsupported_operation);
}

TEST(DeadLetters, what_is_selected_goes_back_and_nothing_else_does) {
    QueueWorld world;
    bury(with_standard_queues(world), {"a", "b", "c", "d"});
    world.receive("dead", 1); // a: somebody is at work on it
    using Number = ports::SequenceNumber;
    ports::MoveRequest request{ports::QueueName("dead"), {}, 500, {}, {}};
    request.only = {Number(4), Number(1), Number(2), Number(2), Number(77)};
    auto const task = ports::MoveTaskId(Id128(77, 1));
    world.queues.start_move(request, task, world.now).value();
    finish_moves(world);
    EXPECT_EQ(world.drain("work"), (Bodies{"b", "d"}));
    auto const tasks = world.queues.list_moves(ports::QueueName("dead"), ports::Limit(1)).value();
    EXPECT_EQ(tasks.front().status, MoveTaskStatus::completed);
    EXPECT_EQ(tasks.front().to_move, 4U) << "a number that is named twice counts once";
    EXPECT_EQ(tasks.front().moved, 2U);
    EXPECT_EQ(world.depth("dead").waiting + world.depth("dead").in_flight, 2U);
}

TEST(DeadLetters, a_move_that_waits_can_be_taken_back) {
    QueueWorld world;
    bury(with_standard_queues(world), {"a"});
    ports::MoveRequest request{ports::QueueName("dead"), {}, 10, Duration::seconds(10), {}};
    auto const task = ports::MoveTaskId(Id128(77, 1));
    world.queues.start_move(request, task, world.now).value();
    world.pass(Duration::milliseconds(9'999));
    EXPECT_EQ(world.queues.work_on_moves(world.now, 10), 0U);
    world.queues.cancel_move(task, world.now).value();
    world.pass(Duration::seconds(10));
    EXPECT_EQ(world.queues.work_on_moves(world.now, 10), 0U);
    EXPECT_EQ(world.depth("work").waiting, 0U);
    world.queues.start_move(request, ports::MoveTaskId(Id128(77, 2)), world.now).value();
    world.pass(Duration::seconds(10));
    EXPECT_EQ(world.queues.work_on_moves(world.now, 10), 1U);
    EXPECT_EQ(world.receive("work"), Bodies{"a"});
}

/// As a host does it; what the letter says it has looked up before.
Decided<ports::Retried> retry(QueueWorld& world, std::string_view name,
                              ports::RetryRequest const& request) {
    auto const seen =
        peek(world, name,
             {ports::SequenceNumber(request.message.value() - 1), 1, ports::PeekAt::contents});
    Content content{};
    if (!seen.messages.empty()) {
        auto const& message = seen.messages.front().message;
        content = {message.body,     message.attributes,       message.sender,
                   message.group_id, message.deduplication_id, message.trace_header};
    }
    auto planned =
        world.queues.plan_retry(ports::QueueName(name), request, std::move(content), world.now);
    if (!planned)
        return unexpected(planned.error());
    auto done = world.queues.carry_out(*std::move(planned));
    EXPECT_TRUE(world.queues.is_whole());
    return done;
}

TEST(DeadLetters, an_edited_copy_goes_back_once) {
    QueueWorld world;
    bury(with_standard_queues(world), {"a", "b"});
    auto const original = peek(world, "dead", {}).messages.at(0).message.id;
    auto const done = retry(world, "dead", {ports::SequenceNumber(1), {}, "A"}).value();
    EXPECT_EQ(done.destination, ports::QueueName("work"));
    EXPECT_EQ(done.deduplication_id, ports::uuid_text(original.value()) + "~1");
    EXPECT_EQ(retry(world, "dead", {ports::SequenceNumber(1), {}, "A"}).error().error,
              QueueError::resource_not_found)
        << "a second try sends a second copy";
    EXPECT_EQ(world.receive("work"), Bodies{"A"});
    EXPECT_EQ(world.received.front().id, done.sent.id);
    EXPECT_EQ(world.received.front().deduplication_id, done.deduplication_id);
    EXPECT_EQ(world.depth("dead").waiting, 1U);
    world.settle("work", world.received.front().receipt, Ending::dead, "again").value();
    auto const second = retry(world, "dead", {ports::SequenceNumber(3), {}, {}}).value();
    EXPECT_EQ(second.deduplication_id, ports::uuid_text(original.value()) + "~2")
        << "it is the original that the id names, however often it was edited";
    EXPECT_EQ(world.receive("work"), Bodies{"A"});
}

TEST(DeadLetters, what_somebody_has_or_does_not_fit_is_not_retried) {
    QueueWorld world;
    bury(with_standard_queues(world), {"a", "b"});
    world.receive("dead", 1);
    using Number = ports::SequenceNumber;
    EXPECT_EQ(retry(world, "dead", {Number(1), {}, {}}).error().error,
              QueueError::unsupported_operation);
    EXPECT_EQ(retry(world, "dead", {Number(2), {}, std::string(2'000'000, 'x')}).error().error,
              QueueError::invalid_parameter_value);
    EXPECT_EQ(retry(world, "dead", {Number(2), ports::QueueName("dead"), {}}).error().error,
              QueueError::unsupported_operation);
    EXPECT_EQ(retry(world, "dead", {Number(2), ports::QueueName("none"), {}}).error().error,
              QueueError::resource_not_found);
    EXPECT_EQ(world.depth("dead").waiting, 1U);
    EXPECT_EQ(world.depth("work").waiting, 0U);
}

TEST(DeadLetters, a_copy_waits_for_the_rest_of_its_parked_group) {
    QueueWorld world;
    fail_once(with_fifo_queues(world, DeadLetterPolicy::park), "work.fifo");
    EXPECT_EQ(world.drain("work.fifo"), Bodies{"b1"});
    EXPECT_EQ(world.depth("dead.fifo").waiting, 3U);
    auto const done = retry(world, "dead.fifo", {ports::SequenceNumber(1), {}, "A1"}).value();
    EXPECT_EQ(done.deduplication_id, "a1~1");
    EXPECT_EQ(world.drain("work.fifo"), Bodies{}) << "a2 and a3 lie behind it";
    EXPECT_EQ(world.depth("work.fifo").waiting, 1U);
    start_move(world, "dead.fifo");
    finish_moves(world);
    EXPECT_EQ(world.drain("work.fifo"), (Bodies{"A1", "a2", "a3"}));
}

TEST(DeadLetters, skip_frees_the_group) {
    QueueWorld world;
    fail_once(with_fifo_queues(world, DeadLetterPolicy::skip), "work.fifo");
    world.pass(Duration::seconds(30));
    EXPECT_EQ(world.drain("work.fifo"), (Bodies{"b1", "a2", "a3"}));
    EXPECT_EQ(world.drain("dead.fifo"), Bodies{"a1"});
}

TEST(DeadLetters, block_holds_the_group_until_its_queue_is_set_otherwise) {
    QueueWorld world;
    fail_once(with_fifo_queues(world, DeadLetterPolicy::block), "work.fifo");
    EXPECT_EQ(world.drain("work.fifo"), Bodies{"b1"});
    EXPECT_EQ(world.depth("work.fifo").waiting, 3U);
    world.queues
        .change(ports::QueueName("work.fifo"), dead_letters_in("dead.fifo", 5),
                ports::QueueOwner::caller, world.now)
        .value();
    EXPECT_EQ(world.drain("work.fifo"), (Bodies{"a1", "a2", "a3"}));
}

TEST(DeadLetters, park_sends_all_that_follows_in_sequence) {
    QueueWorld world;
    fail_once(with_fifo_queues(world, DeadLetterPolicy::park), "work.fifo");
    EXPECT_EQ(world.drain("work.fifo"), Bodies{"b1"});
    world.send("work.fifo", "a4", "a").value();
    EXPECT_EQ(world.drain("work.fifo"), Bodies{});
    EXPECT_EQ(world.drain("dead.fifo"), (Bodies{"a1", "a2", "a3", "a4"}));
    world.send("work.fifo", "a5", "a").value();
    EXPECT_EQ(world.drain("work.fifo"), Bodies{"a5"}) << "none of its group is dead any more";
}

TEST(DeadLetters, a_parked_group_comes_back_whole_and_in_sequence) {
    QueueWorld world;
    fail_once(with_fifo_queues(world, DeadLetterPolicy::park), "work.fifo");
    EXPECT_EQ(world.drain("work.fifo"), Bodies{"b1"});
    start_move(world, "dead.fifo");
    world.queues.work_on_moves(world.now, 1);
    EXPECT_EQ(world.depth("dead.fifo").waiting, 2U);
    EXPECT_EQ(world.drain("work.fifo"), Bodies{}) << "it waits for the rest of its group";
    world.send("work.fifo", "a4", "a").value();
    finish_moves(world);
    EXPECT_EQ(world.drain("work.fifo"), (Bodies{"a1", "a2", "a3", "a4"}));
}

TEST(DeadLetters, what_was_taken_with_the_one_that_failed_comes_first) {
    QueueWorld world;
    with_fifo_queues(world, DeadLetterPolicy::park);
    EXPECT_EQ(world.receive("work.fifo", 2), (Bodies{"a1", "a2"}));
    auto const second = world.received[1].receipt;
    world.settle("work.fifo", world.received[0].receipt, Ending::dead).value();
    EXPECT_EQ(world.depth("dead.fifo").waiting, 1U) << "the rest waits for whoever has a2";
    world.settle("work.fifo", second).value();
    EXPECT_EQ(world.receive("work.fifo"), Bodies{"b1"});
    EXPECT_EQ(world.drain("dead.fifo"), (Bodies{"a1", "a3"}));
}

TEST(MoveTask, dead_letters_go_back_where_they_came_from) {
    QueueWorld world;
    with_standard_queues(world);
    for (auto const* body : {"a", "b"})
        world.send("work", body).value();
    world.receive("work");
    auto const ids = std::pair(world.received[0].id, world.received[1].id);
    for (auto const& message : world.received)
        world.settle("work", message.receipt, Ending::dead).value();
    auto const task = start_move(world, "dead");
    EXPECT_EQ(world.queues.list_moves(ports::QueueName("dead"), ports::Limit(10))->front().to_move,
              2U);
    finish_moves(world);
    auto const tasks = world.queues.list_moves(ports::QueueName("dead"), ports::Limit(10)).value();
    EXPECT_EQ(tasks.front().status, MoveTaskStatus::completed);
    EXPECT_EQ(tasks.front().moved, 2U);
    EXPECT_EQ(tasks.front().id, task);
    EXPECT_EQ(world.receive("work"), (Bodies{"a", "b"}));
    EXPECT_NE(world.received[0].id, ids.first) << "it has a new id";
    EXPECT_EQ(world.received[0].dead_letter_source, ports::QueueName());
}

TEST(MoveTask, it_keeps_its_rate_and_can_be_cancelled) {
    QueueWorld world;
    with_standard_queues(world);
    for (int i = 0; i < 100; ++i)
        world.send("work", "m" + std::to_string(i)).value();
    for (int i = 0; i < 10; ++i)
        for (world.receive("work"); auto const& message : world.received)
            world.settle("work", message.receipt, Ending::dead).value();
    ports::MoveTaskId const task(Id128(5, 5));
    world.queues.start_move({ports::QueueName("dead"), {}, 10}, task, world.now).value();
    for (int i = 0; i < 20; ++i) {
        world.pass(Duration::milliseconds(100));
        world.queues.work_on_moves(world.now, 1000);
    }
    EXPECT_EQ(world.queues.cancel_move(task, world.now)->moved, 21U);
    EXPECT_EQ(world.queues.cancel_move(task, world.now).error().error,
              QueueError::unsupported_operation);
    finish_moves(world);
    EXPECT_EQ(world.depth("dead").waiting, 79U);
}

TEST(MoveTask, it_makes_up_for_no_time_in_which_nobody_worked) {
    QueueWorld world;
    bury(with_standard_queues(world), {"a", "b", "c", "d", "e", "f", "g", "h"});
    ports::MoveTaskId const task(Id128(5, 5));
    world.queues.start_move({ports::QueueName("dead"), {}, 1}, task, world.now).value();
    EXPECT_EQ(world.queues.work_on_moves(world.now, 1000), 1U);
    world.pass(Duration::hours(1));
    EXPECT_EQ(world.queues.work_on_moves(world.now, 1000), 1U);
    world.pass(Duration::milliseconds(999));
    EXPECT_EQ(world.queues.work_on_moves(world.now, 1000), 0U);
    world.pass(Duration::milliseconds(1));
    EXPECT_EQ(world.queues.work_on_moves(world.now, 1000), 1U);
}

TEST(MoveTask, only_dead_letters_move_and_one_task_at_a_time) {
    QueueWorld world;
    with_standard_queues(world).send("dead", "from nowhere").value();
    ports::MoveTaskId const task(Id128(5, 5));
    EXPECT_EQ(world.queues.start_move({ports::QueueName("work")}, task, world.now).error().error,
              QueueError::unsupported_operation);
    EXPECT_EQ(world.queues.start_move({ports::QueueName("none")}, task, world.now).error().error,
              QueueError::resource_not_found);
    start_move(world, "dead");
    EXPECT_EQ(world.queues.start_move({ports::QueueName("dead")}, task, world.now).error().error,
              QueueError::unsupported_operation);
    finish_moves(world);
    EXPECT_EQ(world.queues.list_moves(ports::QueueName("dead"), ports::Limit(10))->front().status,
              MoveTaskStatus::failed)
        << "nobody gave it up, so nobody knows where it should go";
    EXPECT_EQ(world.depth("dead").waiting, 1U);
}

TEST(DeadLetters, a_queue_admits_whom_it_names) {
    QueueWorld world;
    ports::QueueChange change;
    change.redrive_allow =
        ports::RedriveAllow{ports::RedriveAllow::Kind::by_queue, {ports::QueueName("work")}};
    world.create("dead", change);
    world.create("work", dead_letters_in("dead", 2));
    EXPECT_EQ(world.try_create("other", dead_letters_in("dead", 2)).error().error,
              QueueError::invalid_parameter_value);
    EXPECT_EQ(world.try_create("other.fifo", dead_letters_in("dead", 2)).error().error,
              QueueError::invalid_parameter_value);
    EXPECT_EQ(world.try_create("other", dead_letters_in("nowhere", 2)).error().error,
              QueueError::invalid_parameter_value);
}

} // namespace
} // namespace kontor::queues
