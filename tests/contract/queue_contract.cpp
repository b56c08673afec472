#include "tests/contract/queue_contract.hpp"

#include "tests/contract/sentences.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace kontor::contract {
namespace {

using ports::Ending;
using ports::OutgoingMessage;
using ports::QueueChange;
using ports::QueueError;
using ports::QueueFault;
using ports::QueueKind;
using ports::QueueName;
using ports::QueueOwner;
using ports::QueueRefusal;
using ports::Settled;

using Bodies = std::vector<std::string>;

QueueName const work("work");
QueueName const dead("dead");
QueueName const fifo("work.fifo");
QueueName const dead_fifo("dead.fifo");

QueueError error_of(QueueFault const& fault) {
    auto const* const refusal = std::get_if<QueueRefusal>(&fault);
    EXPECT_NE(refusal, nullptr) << ports::what_of(fault);
    return refusal != nullptr ? refusal->error : QueueError::empty_batch_request;
}

void create(QueuesUnderTest& queues, QueueName const& name, QueueChange const& change = {}) {
    auto const kind = name.view().ends_with(".fifo") ? QueueKind::fifo : QueueKind::standard;
    auto const made = queues.admin().create(name, kind, change, QueueOwner::caller);
    ASSERT_TRUE(made) << ports::what_of(made.error());
    queues.work();
    EXPECT_GE(queues.progress().durable(), *made);
}

QueueChange with_dead_letters(QueueName const& target, std::uint32_t receives) {
    QueueChange change;
    change.redrive = ports::RedrivePolicy{target, receives};
    return change;
}

Result<ports::SentMessage, QueueRefusal> send(QueuesUnderTest& queues, QueueName const& name,
                                              OutgoingMessage message) {
    std::vector const messages{std::move(message)};
    auto sent = queues.queue().send(name, ports::SenderId("tester"), messages);
    EXPECT_TRUE(sent) << (sent ? "" : ports::what_of(sent.error()));
    queues.work();
    EXPECT_GE(queues.progress().durable(), sent->mark);
    return sent->entries.front();
}

void send(QueuesUnderTest& queues, QueueName const& name, std::string const& body,
          std::string const& group = "") {
    bool const is_fifo = name.view().ends_with(".fifo");
    auto const sent = send(queues, name,
                           OutgoingMessage{.body = body,
                                           .group_id = is_fifo && group.empty() ? "g" : group,
                                           .deduplication_id = is_fifo ? body : ""});
    EXPECT_TRUE(sent) << body;
}

std::vector<ports::ReceivedMessage> receive(QueuesUnderTest& queues, QueueName const& name,
                                            std::size_t up_to = 10,
                                            std::optional<Duration> visibility = {},
                                            std::string const& attempt = "") {
    auto received = queues.queue().receive(name, {up_to, visibility, attempt});
    EXPECT_TRUE(received) << (received ? "" : ports::what_of(received.error()));
    queues.work();
    EXPECT_GE(queues.progress().durable(), received->mark);
    return received->messages;
}

Bodies bodies_of(std::vector<ports::ReceivedMessage> const& messages) {
    Bodies bodies;
    for (auto const& message : messages)
        bodies.push_back(message.body);
    return bodies;
}

Result<Settled, QueueRefusal> settle(QueuesUnderTest& queues, QueueName const& name,
                                     ports::ReceiptHandle const& receipt,
                                     Ending ending = Ending::done) {
    std::vector const one{ports::Settlement{receipt, ending, "the spec says so"}};
    auto settled = queues.queue().settle(name, one);
    EXPECT_TRUE(settled) << (settled ? "" : ports::what_of(settled.error()));
    queues.work();
    EXPECT_GE(queues.progress().durable(), settled->mark);
    return settled->entries.front();
}

Bodies drain(QueuesUnderTest& queues, QueueName const& name) {
    Bodies all;
    for (auto messages = receive(queues, name); !messages.empty(); messages = receive(queues, name))
        for (auto const& message : messages) {
            all.push_back(message.body);
            EXPECT_EQ(settle(queues, name, message.receipt).value(), Settled::now);
        }
    return all;
}

ports::QueueDepth depth(QueuesUnderTest& queues, QueueName const& name) {
    auto const depth = queues.queue().depth(name);
    EXPECT_TRUE(depth);
    EXPECT_TRUE(ports::is_conserved(*depth));
    return *depth;
}

void a_message_comes_as_it_was_sent(QueuesUnderTest& queues) {
    create(queues, work);
    OutgoingMessage const message{.body = "caf\xc3\xa9",
                                  .attributes = {{"kind", "String", "order"},
                                                 {"sum", "Number.int", "12"},
                                                 {"bytes", "Binary", std::string("\x00\xff", 2)}},
                                  .trace_header = "Root=1"};
    auto const sent = send(queues, work, message).value();
    auto const sent_at = queues.now();
    auto const got = receive(queues, work).at(0);
    EXPECT_EQ(got.id, sent.id);
    EXPECT_EQ(got.body, message.body);
    EXPECT_EQ(got.attributes, message.attributes);
    EXPECT_EQ(got.trace_header, message.trace_header);
    EXPECT_EQ(got.sender, ports::SenderId("tester"));
    EXPECT_EQ(got.sent_at, sent_at);
    EXPECT_EQ(got.receive_count, 1U);
}

void each_entry_has_its_own_answer(QueuesUnderTest& queues) {
    create(queues, work);
    std::vector const messages{OutgoingMessage{.body = "a"}, OutgoingMessage{.body = "\x01"},
                               OutgoingMessage{.body = "c"}};
    auto const sent = queues.queue().send(work, {}, messages);
    ASSERT_EQ(sent->entries.size(), 3U);
    EXPECT_TRUE(sent->entries[0]);
    EXPECT_EQ(sent->entries[1].error().error, QueueError::invalid_message_contents);
    EXPECT_TRUE(sent->entries[2]);
    queues.work();
    EXPECT_EQ(drain(queues, work), (Bodies{"a", "c"}));
}

void what_is_in_flight_is_nobody_elses_until_its_time_is_over(QueuesUnderTest& queues) {
    create(queues, work);
    send(queues, work, "a");
    auto const first = receive(queues, work, 10, Duration::seconds(10)).at(0);
    EXPECT_EQ(depth(queues, work).in_flight, 1U);
    EXPECT_TRUE(receive(queues, work).empty());
    queues.pass(Duration::seconds(10));
    auto const second = receive(queues, work).at(0);
    EXPECT_EQ(second.receive_count, 2U);
    EXPECT_EQ(second.first_received_at, first.first_received_at);
    EXPECT_NE(second.receipt, first.receipt);
}

void an_old_receipt_settles_nothing(QueuesUnderTest& queues) {
    create(queues, work);
    send(queues, work, "a");
    auto const old = receive(queues, work).at(0).receipt;
    queues.pass(Duration::seconds(30));
    auto const latest = receive(queues, work).at(0).receipt;
    EXPECT_EQ(settle(queues, work, old).value(), Settled::not_ours);
    EXPECT_EQ(depth(queues, work).settled, 0U);
    EXPECT_EQ(settle(queues, work, latest).value(), Settled::now);
    EXPECT_EQ(settle(queues, work, latest).value(), Settled::before);
    EXPECT_EQ(depth(queues, work).settled, 1U);
}

void a_receipt_that_nobody_wrote_is_refused(QueuesUnderTest& queues) {
    create(queues, work);
    send(queues, work, "a");
    auto text = std::string(receive(queues, work).at(0).receipt.view());
    text[3] = text[3] == 'A' ? 'B' : 'A';
    EXPECT_EQ(settle(queues, work, ports::ReceiptHandle(text)).error().error,
              QueueError::receipt_handle_is_invalid);
    EXPECT_EQ(depth(queues, work).settled, 0U);
}

void a_fifo_receipt_that_ran_out_is_refused(QueuesUnderTest& queues) {
    create(queues, fifo);
    send(queues, fifo, "a");
    auto const old = receive(queues, fifo).at(0).receipt;
    queues.pass(Duration::seconds(30));
    EXPECT_EQ(settle(queues, fifo, old).error().error, QueueError::invalid_parameter_value);
    EXPECT_EQ(drain(queues, fifo), Bodies{"a"});
}

void an_extension_counts_from_now_and_zero_gives_back(QueuesUnderTest& queues) {
    create(queues, work);
    send(queues, work, "a");
    auto const receipt = receive(queues, work).at(0).receipt;
    queues.pass(Duration::seconds(20));
    std::vector extension{ports::Extension{receipt, Duration::seconds(60)}};
    ASSERT_TRUE(queues.queue().extend(work, extension)->entries.at(0));
    queues.pass(Duration::seconds(59));
    EXPECT_TRUE(receive(queues, work).empty());
    extension[0].visibility = Duration();
    ASSERT_TRUE(queues.queue().extend(work, extension)->entries.at(0));
    EXPECT_EQ(drain(queues, work), Bodies{"a"});
    EXPECT_EQ(queues.queue().extend(work, extension)->entries.at(0).error().error,
              QueueError::message_not_in_flight);
}

void a_delay_hides_a_message(QueuesUnderTest& queues) {
    QueueChange change;
    change.delay = Duration::seconds(5);
    create(queues, work, change);
    send(queues, work, "by the queue");
    ASSERT_TRUE(send(queues, work, {.body = "at once", .delay = Duration()}));
    EXPECT_EQ(depth(queues, work).delayed, 1U);
    EXPECT_EQ(drain(queues, work), Bodies{"at once"});
    auto const nothing = queues.queue().receive(work, {});
    EXPECT_EQ(nothing->ask_again_at, queues.now() + Duration::seconds(5));
    queues.pass(Duration::seconds(5));
    EXPECT_EQ(drain(queues, work), Bodies{"by the queue"});
}

void what_is_too_old_is_counted(QueuesUnderTest& queues) {
    QueueChange change;
    change.retention = Duration::seconds(60);
    create(queues, work, change);
    send(queues, work, "a");
    queues.pass(Duration::seconds(60));
    EXPECT_TRUE(receive(queues, work).empty());
    EXPECT_EQ(depth(queues, work).expired, 1U);
}

void a_group_is_locked_while_one_of_it_is_in_flight(QueuesUnderTest& queues) {
    create(queues, fifo);
    for (auto const* body : {"a1", "a2", "a3"})
        send(queues, fifo, body, "a");
    send(queues, fifo, "b1", "b");
    auto const first = receive(queues, fifo, 2);
    EXPECT_EQ(bodies_of(first), (Bodies{"a1", "a2"}));
    EXPECT_EQ(bodies_of(receive(queues, fifo)), Bodies{"b1"});
    settle(queues, fifo, first[0].receipt).value();
    EXPECT_TRUE(receive(queues, fifo).empty());
    settle(queues, fifo, first[1].receipt).value();
    EXPECT_EQ(bodies_of(receive(queues, fifo)), Bodies{"a3"});
}

void a_repetition_gets_the_first_ones_answer(QueuesUnderTest& queues) {
    create(queues, fifo);
    OutgoingMessage const message{.body = "a", .group_id = "g", .deduplication_id = "d"};
    auto const first = send(queues, fifo, message).value();
    EXPECT_EQ(drain(queues, fifo), Bodies{"a"});
    queues.pass(Duration::seconds(299));
    auto const again = send(queues, fifo, message).value();
    EXPECT_TRUE(again.is_duplicate);
    EXPECT_EQ(again.id, first.id);
    EXPECT_EQ(again.sequence, first.sequence);
    EXPECT_TRUE(receive(queues, fifo).empty());
    queues.pass(Duration::seconds(2));
    auto const later = send(queues, fifo, message).value();
    EXPECT_FALSE(later.is_duplicate);
    EXPECT_GT(later.sequence, first.sequence);
}

void an_attempt_may_be_repeated(QueuesUnderTest& queues) {
    create(queues, fifo);
    send(queues, fifo, "a");
    auto const first = receive(queues, fifo, 1, {}, "try");
    EXPECT_EQ(receive(queues, fifo, 1, {}, "try"), first);
    settle(queues, fifo, first.at(0).receipt).value();
    EXPECT_TRUE(receive(queues, fifo, 1, {}, "try").empty());
}

void what_fails_too_often_is_a_dead_letter(QueuesUnderTest& queues) {
    create(queues, dead);
    create(queues, work, with_dead_letters(dead, 2));
    send(queues, work, "a");
    auto const sent_at = queues.now();
    auto const id = receive(queues, work).at(0).id;
    queues.pass(Duration::seconds(30));
    EXPECT_EQ(receive(queues, work).size(), 1U);
    queues.pass(Duration::seconds(30));
    EXPECT_TRUE(receive(queues, work).empty());
    EXPECT_EQ(depth(queues, work).dead, 1U);
    auto const letter = receive(queues, dead).at(0);
    EXPECT_EQ(letter.id, id);
    EXPECT_EQ(letter.body, "a");
    EXPECT_EQ(letter.sent_at, sent_at);
    EXPECT_EQ(letter.dead_letter_source, work);
}

void dead_letters_go_back_by_a_move_task(QueuesUnderTest& queues) {
    create(queues, dead_fifo);
    create(queues, fifo, with_dead_letters(dead_fifo, 3));
    send(queues, fifo, "a");
    auto const first = receive(queues, fifo).at(0);
    settle(queues, fifo, first.receipt, Ending::dead).value();
    auto const started = queues.moves().start_move({dead_fifo, {}, 100});
    ASSERT_TRUE(started);
    for (int i = 0; i < 10; ++i) {
        queues.pass(Duration::milliseconds(100));
        queues.work();
    }
    auto const tasks = queues.moves().list_moves(dead_fifo, ports::Limit(10)).value();
    EXPECT_EQ(tasks.at(0).status, ports::MoveTaskStatus::completed);
    EXPECT_EQ(tasks.at(0).moved, 1U);
    auto const back = receive(queues, fifo).at(0);
    EXPECT_EQ(back.body, "a");
    EXPECT_EQ(back.group_id, "g");
    EXPECT_NE(back.id, first.id);
}

void a_queue_is_made_changed_and_removed(QueuesUnderTest& queues) {
    create(queues, work);
    QueueChange change;
    change.visibility = Duration::seconds(5);
    change.tags = {{"team", "orders"}};
    ASSERT_TRUE(queues.admin().change(work, change, QueueOwner::caller));
    EXPECT_EQ(queues.admin().find(work)->settings.visibility, Duration::seconds(5));
    EXPECT_EQ(queues.admin().find(work)->tags.at("team"), "orders");
    EXPECT_EQ(
        error_of(queues.admin()
                     .create(work, QueueKind::standard,
                             QueueChange{.visibility = Duration::seconds(6)}, QueueOwner::caller)
                     .error()),
        QueueError::queue_name_exists);
    ASSERT_TRUE(queues.admin().remove(work, QueueOwner::caller));
    queues.work();
    EXPECT_EQ(error_of(queues.queue().receive(work, {}).error()), QueueError::queue_does_not_exist);
    EXPECT_EQ(
        error_of(queues.admin().create(work, QueueKind::standard, {}, QueueOwner::caller).error()),
        QueueError::queue_deleted_recently);
    queues.pass(Duration::seconds(60));
    create(queues, work);
}

void a_purge_empties_a_queue(QueuesUnderTest& queues) {
    create(queues, work);
    send(queues, work, "a");
    send(queues, work, "b");
    receive(queues, work, 1);
    ASSERT_TRUE(queues.admin().purge(work));
    queues.work();
    EXPECT_EQ(depth(queues, work).purged, 2U);
    queues.pass(Duration::minutes(2));
    EXPECT_TRUE(receive(queues, work).empty());
}

void a_paused_queue_hands_nothing_out(QueuesUnderTest& queues) {
    create(queues, work);
    send(queues, work, "a");
    ASSERT_TRUE(queues.admin().set_flow(work, ports::QueueFlow::paused));
    queues.work();
    send(queues, work, "b");
    EXPECT_TRUE(receive(queues, work).empty());
    EXPECT_EQ(depth(queues, work).waiting, 2U);
    ASSERT_TRUE(queues.admin().set_flow(work, ports::QueueFlow::open));
    queues.work();
    EXPECT_EQ(receive(queues, work).size(), 2U);
}

class Heard final : public ports::QueueBell {
public:
    void ring(QueueName const& queue) override { names.emplace_back(queue.view()); }
    void ring_durable() override { ++durable; }
    std::vector<std::string> names;
    int durable{0};
};

void a_bell_rings_for_whoever_found_nothing(QueuesUnderTest& queues) {
    create(queues, work);
    Heard bell;
    queues.progress().listen(bell);
    send(queues, work, "nobody waits");
    EXPECT_TRUE(bell.names.empty());
    drain(queues, work);
    EXPECT_TRUE(receive(queues, work).empty());
    send(queues, work, "a");
    send(queues, work, "b");
    EXPECT_EQ(bell.names, Bodies{"work"}) << "once, until somebody finds nothing again";
    drain(queues, work);
    queues.progress().forget(bell);
    send(queues, work, "c");
    EXPECT_EQ(bell.names, Bodies{"work"});
}

void a_queue_that_goes_on_rings(QueuesUnderTest& queues) {
    create(queues, work);
    send(queues, work, "a");
    ASSERT_TRUE(queues.admin().set_flow(work, ports::QueueFlow::paused));
    Heard bell;
    queues.progress().listen(bell);
    EXPECT_TRUE(receive(queues, work).empty());
    ASSERT_TRUE(queues.admin().set_flow(work, ports::QueueFlow::open));
    EXPECT_EQ(bell.names, std::vector<std::string>{std::string(work.view())});
    queues.progress().forget(bell);
}

void a_freed_group_rings_as_well(QueuesUnderTest& queues) {
    create(queues, fifo);
    send(queues, fifo, "a1", "a");
    send(queues, fifo, "a2", "a");
    auto const first = receive(queues, fifo, 1).at(0);
    Heard bell;
    queues.progress().listen(bell);
    EXPECT_TRUE(receive(queues, fifo).empty());
    settle(queues, fifo, first.receipt).value();
    EXPECT_EQ(bell.names, Bodies{"work.fifo"});
    queues.progress().forget(bell);
}

void after_a_crash_what_was_accepted_is_there(QueuesUnderTest& queues) {
    create(queues, work);
    create(queues, fifo);
    send(queues, work, "a");
    send(queues, work, "b");
    send(queues, fifo, "f1");
    auto const settled = receive(queues, work, 1).at(0);
    settle(queues, work, settled.receipt).value();
    auto const taken = receive(queues, work, 1).at(0);
    EXPECT_EQ(taken.body, "b");
    queues.crash();
    auto const again = receive(queues, work);
    ASSERT_EQ(bodies_of(again), Bodies{"b"}) << "what was in flight is visible again";
    EXPECT_GE(again[0].receive_count, 1U);
    EXPECT_EQ(settle(queues, work, taken.receipt).value(), Settled::not_ours);
    EXPECT_EQ(settle(queues, work, again[0].receipt).value(), Settled::now);
    EXPECT_EQ(drain(queues, work), Bodies{});
    OutgoingMessage const repeated{.body = "f1", .group_id = "g", .deduplication_id = "f1"};
    EXPECT_TRUE(send(queues, fifo, repeated)->is_duplicate);
    EXPECT_EQ(drain(queues, fifo), Bodies{"f1"});
}

void after_a_crash_dead_letters_are_in_one_place(QueuesUnderTest& queues) {
    create(queues, dead);
    create(queues, work, with_dead_letters(dead, 2));
    send(queues, work, "a");
    auto const first = receive(queues, work).at(0);
    settle(queues, work, first.receipt, Ending::dead).value();
    queues.crash();
    EXPECT_EQ(drain(queues, work), Bodies{});
    auto const letter = receive(queues, dead).at(0);
    EXPECT_EQ(letter.body, "a");
    EXPECT_EQ(letter.id, first.id);
    EXPECT_EQ(letter.cause, "the spec says so");
}

void after_a_crash_settings_and_removals_stand(QueuesUnderTest& queues) {
    QueueChange change;
    change.visibility = Duration::seconds(7);
    create(queues, work, change);
    create(queues, dead);
    ASSERT_TRUE(queues.admin().remove(dead, QueueOwner::caller));
    queues.work();
    queues.crash();
    EXPECT_EQ(queues.admin().find(work)->settings.visibility, Duration::seconds(7));
    EXPECT_FALSE(queues.admin().find(dead));
}

void after_a_crash_a_pause_stands(QueuesUnderTest& queues) {
    create(queues, work);
    create(queues, fifo);
    send(queues, work, "a");
    ASSERT_TRUE(queues.admin().set_flow(work, ports::QueueFlow::paused));
    ASSERT_TRUE(queues.admin().set_flow(fifo, ports::QueueFlow::paused));
    ASSERT_TRUE(queues.admin().set_flow(fifo, ports::QueueFlow::open));
    queues.work();
    queues.crash();
    EXPECT_TRUE(queues.admin().find(work)->paused_at);
    EXPECT_FALSE(queues.admin().find(fifo)->paused_at);
    EXPECT_TRUE(receive(queues, work).empty());
    ASSERT_TRUE(queues.admin().set_flow(work, ports::QueueFlow::open));
    queues.work();
    EXPECT_EQ(receive(queues, work).size(), 1U);
}

/// What outlives the process is promised by those that keep it.
bool survives(QueuesUnderTest& queues) {
    return queues.survives();
}

void a_look_at_dead_letters_takes_nothing(QueuesUnderTest& queues) {
    create(queues, dead);
    create(queues, work, with_dead_letters(dead, 3));
    send(queues, work, "a");
    auto const first = receive(queues, work).at(0);
    settle(queues, work, first.receipt, Ending::dead).value();
    auto const before = depth(queues, dead);
    auto const seen = queues.letters().peek(dead, {{}, 10, ports::PeekAt::contents});
    ASSERT_TRUE(seen) << ports::what_of(seen.error());
    ASSERT_EQ(seen->messages.size(), 1U);
    auto const& letter = seen->messages[0];
    EXPECT_EQ(letter.message.id, first.id);
    EXPECT_EQ(letter.message.body, "a");
    EXPECT_EQ(letter.message.dead_letter_source, work);
    EXPECT_EQ(letter.message.cause, "the spec says so");
    EXPECT_EQ(letter.death, ports::Death::refused);
    EXPECT_TRUE(letter.message.receipt.empty());
    EXPECT_FALSE(seen->has_more);
    EXPECT_EQ(depth(queues, dead), before);
    EXPECT_EQ(error_of(queues.letters().peek(QueueName("none"), {}).error()),
              QueueError::queue_does_not_exist);
}

void what_is_discarded_comes_no_more(QueuesUnderTest& queues) {
    create(queues, dead);
    create(queues, work, with_dead_letters(dead, 3));
    for (auto const* body : {"a", "b"})
        send(queues, work, body);
    for (auto const& message : receive(queues, work))
        settle(queues, work, message.receipt, Ending::dead).value();
    auto const seen = queues.letters().peek(dead, {{}, 10, ports::PeekAt::contents}).value();
    std::vector const first{seen.messages.at(0).message.sequence};
    auto const gone = queues.letters().discard(dead, first);
    ASSERT_TRUE(gone) << ports::what_of(gone.error());
    EXPECT_EQ(gone->entries.at(0).value(), ports::Discarded::now);
    queues.work();
    EXPECT_GE(queues.progress().durable(), gone->mark);
    EXPECT_EQ(queues.letters().discard(dead, first)->entries.at(0).value(),
              ports::Discarded::before);
    EXPECT_EQ(drain(queues, dead), Bodies{seen.messages.at(1).message.body});
    EXPECT_EQ(error_of(queues.letters().discard(work, first).error()),
              QueueError::unsupported_operation);
}

void what_is_selected_goes_back_after_its_wait(QueuesUnderTest& queues) {
    create(queues, dead);
    create(queues, work, with_dead_letters(dead, 3));
    for (auto const* body : {"a", "b"})
        send(queues, work, body);
    for (auto const& message : receive(queues, work))
        settle(queues, work, message.receipt, Ending::dead).value();
    auto const seen = queues.letters().peek(dead, {{}, 10, ports::PeekAt::contents}).value();
    ports::MoveRequest request{dead, {}, 500, Duration::seconds(10), {}};
    request.only = {seen.messages.at(1).message.sequence};
    ASSERT_TRUE(queues.moves().start_move(request));
    queues.pass(Duration::seconds(9));
    queues.work();
    EXPECT_EQ(receive(queues, work).size(), 0U) << "it may still be cancelled";
    queues.pass(Duration::seconds(2));
    queues.work();
    EXPECT_EQ(drain(queues, work), Bodies{seen.messages.at(1).message.body});
    EXPECT_EQ(depth(queues, dead).waiting, 1U);
    auto const task = queues.moves().list_moves(dead, ports::Limit(1)).value().at(0);
    EXPECT_EQ(task.status, ports::MoveTaskStatus::completed);
    EXPECT_EQ(task.moved, 1U);
}

void an_edited_copy_takes_the_place_of_a_dead_letter(QueuesUnderTest& queues) {
    create(queues, dead);
    create(queues, work, with_dead_letters(dead, 3));
    send(queues, work, "a");
    settle(queues, work, receive(queues, work).at(0).receipt, Ending::dead).value();
    ports::RetryRequest const request{ports::SequenceNumber(1), {}, "A"};
    auto const done = queues.letters().retry(dead, request);
    ASSERT_TRUE(done) << ports::what_of(done.error());
    queues.work();
    EXPECT_GE(queues.progress().durable(), done->mark);
    EXPECT_EQ(error_of(queues.letters().retry(dead, request).error()),
              QueueError::resource_not_found);
    if (queues.survives())
        queues.crash();
    EXPECT_EQ(depth(queues, dead).waiting, 0U);
    auto const copies = receive(queues, work);
    ASSERT_EQ(bodies_of(copies), Bodies{"A"});
    EXPECT_EQ(copies[0].deduplication_id, done->deduplication_id);
    EXPECT_EQ(copies[0].id, done->sent.id);
}

void after_a_crash_a_selection_goes_on(QueuesUnderTest& queues) {
    create(queues, dead);
    create(queues, work, with_dead_letters(dead, 3));
    for (auto const* body : {"a", "b", "c"})
        send(queues, work, body);
    for (auto const& message : receive(queues, work))
        settle(queues, work, message.receipt, Ending::dead).value();
    ports::MoveRequest request{dead, {}, 1, Duration::seconds(10), {}};
    request.only = {ports::SequenceNumber(1), ports::SequenceNumber(3)};
    ASSERT_TRUE(queues.moves().start_move(request));
    queues.pass(Duration::milliseconds(10'500)); // one has gone, of one a second
    queues.work();
    queues.crash();
    EXPECT_EQ(depth(queues, work).waiting, 1U);
    queues.pass(Duration::seconds(10));
    queues.work();
    EXPECT_EQ(depth(queues, work).waiting, 2U);
    EXPECT_EQ(depth(queues, dead).waiting, 1U);
    queues.pass(Duration::seconds(1)); // when the next one might go, there is none
    queues.work();
    auto const task = queues.moves().list_moves(dead, ports::Limit(1)).value().at(0);
    EXPECT_EQ(task.status, ports::MoveTaskStatus::completed);
    EXPECT_EQ(task.moved, 2U);
}

void look_whole(QueuesUnderTest& queues) {
    EXPECT_TRUE(queues.is_whole());
}

constexpr Sentence<QueuesUnderTest> sentences[] = {
    {"a_message_comes_as_it_was_sent", a_message_comes_as_it_was_sent},
    {"each_entry_has_its_own_answer", each_entry_has_its_own_answer},
    {"what_is_in_flight_is_nobody_elses_until_its_time_is_over",
     what_is_in_flight_is_nobody_elses_until_its_time_is_over},
    {"an_old_receipt_settles_nothing", an_old_receipt_settles_nothing},
    {"a_receipt_that_nobody_wrote_is_refused", a_receipt_that_nobody_wrote_is_refused},
    {"a_fifo_receipt_that_ran_out_is_refused", a_fifo_receipt_that_ran_out_is_refused},
    {"an_extension_counts_from_now_and_zero_gives_back",
     an_extension_counts_from_now_and_zero_gives_back},
    {"a_delay_hides_a_message", a_delay_hides_a_message},
    {"what_is_too_old_is_counted", what_is_too_old_is_counted},
    {"a_group_is_locked_while_one_of_it_is_in_flight",
     a_group_is_locked_while_one_of_it_is_in_flight},
    {"a_repetition_gets_the_first_ones_answer", a_repetition_gets_the_first_ones_answer},
    {"an_attempt_may_be_repeated", an_attempt_may_be_repeated},
    {"what_fails_too_often_is_a_dead_letter", what_fails_too_often_is_a_dead_letter},
    {"dead_letters_go_back_by_a_move_task", dead_letters_go_back_by_a_move_task},
    {"a_look_at_dead_letters_takes_nothing", a_look_at_dead_letters_takes_nothing},
    {"what_is_discarded_comes_no_more", what_is_discarded_comes_no_more},
    {"what_is_selected_goes_back_after_its_wait", what_is_selected_goes_back_after_its_wait},
    {"an_edited_copy_takes_the_place_of_a_dead_letter",
     an_edited_copy_takes_the_place_of_a_dead_letter},
    {"a_queue_is_made_changed_and_removed", a_queue_is_made_changed_and_removed},
    {"a_purge_empties_a_queue", a_purge_empties_a_queue},
    {"a_paused_queue_hands_nothing_out", a_paused_queue_hands_nothing_out},
    {"a_queue_that_goes_on_rings", a_queue_that_goes_on_rings},
    {"a_bell_rings_for_whoever_found_nothing", a_bell_rings_for_whoever_found_nothing},
    {"a_freed_group_rings_as_well", a_freed_group_rings_as_well},
    {"after_a_crash_what_was_accepted_is_there", after_a_crash_what_was_accepted_is_there,
     survives},
    {"after_a_crash_dead_letters_are_in_one_place", after_a_crash_dead_letters_are_in_one_place,
     survives},
    {"after_a_crash_a_selection_goes_on", after_a_crash_a_selection_goes_on, survives},
    {"after_a_crash_a_pause_stands", after_a_crash_a_pause_stands, survives},
    {"after_a_crash_settings_and_removals_stand", after_a_crash_settings_and_removals_stand,
     survives},
};

} // namespace

bool queue_contract(std::string const& name, MakeQueues make) {
    return hold_to("QueueContract/" + name, std::move(make), sentences, look_whole);
}

} // namespace kontor::contract
