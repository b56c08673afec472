#include "platform/projections/projector.hpp"

#include "platform/projections/limits.hpp"

#include <utility>

namespace kontor::projections {

using ports::Limit;
using ports::Position;

Projector::Projector(ports::EventStore& log, ports::ReadModels& models, MakeProjection make,
                     ProjectorOptions options)
    : log_(log), models_(models), make_(std::move(make)), options_(options),
      shape_(make_()->shape()), name_("projector " + std::string(shape_.name)) {
    now_.name = shape_.name;
    now_.version = shape_.version;
    publish();
}

Result<WorkDone> Projector::do_work(WorkBudget budget) {
    take_requests();
    std::size_t done = 0;
    auto const worked = [&](Result<std::size_t> const& part) {
        if (part)
            done += *part;
        return part.has_value();
    };
    Result<std::size_t> live = std::size_t{0};
    if (now_.state == ProjectorState::opening) {
        auto opened = open();
        live = opened ? Result<std::size_t>(std::size_t{1}) : unexpected(opened.error());
    } else if (now_.state == ProjectorState::checking) {
        live = check(budget.items_max);
    } else if (now_.state == ProjectorState::following) {
        live = follow(job_ ? budget.items_max / 2 + 1 : budget.items_max);
    } else if (auto settled = settle(); !settled) {
        live = unexpected(std::move(settled).error());
    }
    if (!worked(live)) {
        bool const is_of_store = !live_ || live_->is_store_to_blame();
        auto answered = answer(live.error(), is_of_store);
        publish();
        return answered;
    }
    if (job_ && !job_->is_paused && now_.state != ProjectorState::opening) {
        auto const part = work_on_job(budget.items_max / 2 + 1);
        if (!worked(part)) {
            abandon_job(part.error());
            if (part.error().kind == FailureKind::broken)
                return unexpected(part.error());
        }
    }
    publish();
    return WorkDone{done};
}

Result<void> Projector::open() {
    auto opened = models_.open(shape_);
    if (!opened)
        return unexpected(std::move(opened).error());
    return open_checked(std::move(*opened));
}

Result<void> Projector::open_checked(ports::OpenedModel opened) {
    if (!opened.discarded.empty())
        now_.discard_reason = opened.discarded;
    auto checkpoint = opened.model->checkpoint();
    auto const end = log_.durable().position;
    std::string reason;
    if (!checkpoint && checkpoint.error().kind != FailureKind::corrupt)
        return unexpected(checkpoint.error());
    if (!checkpoint)
        reason = to_string(checkpoint.error());
    else if (checkpoint->position > end)
        reason = "its position lies beyond the end of the log";
    else if (checkpoint->position > Position(0) && checkpoint->lineage != options_.lineage)
        reason = "it followed a log of another lineage";
    if (!reason.empty()) {
        opened.model.reset();
        return discard(std::move(reason));
    }
    checkpoint->lineage = options_.lineage;
    bool const is_empty = checkpoint->position == Position(0);
    live_ = std::make_unique<Fold>(make_(), std::move(opened.model), *checkpoint);
    bool const is_checked = options_.check == CheckOnStart::rows;
    now_.state = is_checked ? ProjectorState::checking : ProjectorState::following;
    checking_.reset();
    if (is_checked)
        checking_.emplace(shape_);
    if (is_empty && end.value() >= events_built_beside_min)
        begin_job({.job = Job::rebuild, .live_waits = true});
    return {};
}

Result<void> Projector::discard(std::string reason) {
    live_.reset();
    checking_.reset();
    end_job(JobEnd::failed, reason);
    now_.discard_reason = std::move(reason);
    now_.state = ProjectorState::opening;
    now_.checkpoint = {};
    return models_.discard(shape_);
}

Result<std::size_t> Projector::check(std::size_t limit) {
    auto const rows = checking_->step(*live_->model(), Limit(limit));
    if (!rows) {
        if (rows.error().kind != FailureKind::corrupt)
            return rows;
        KONTOR_TRY(discard(to_string(rows.error())));
        return std::size_t{1};
    }
    if (!checking_->is_done())
        return rows;
    if (checking_->digest() != live_->checkpoint().digest) {
        KONTOR_TRY(discard("its rows do not add up to the digest of its checkpoint"));
        return std::size_t{1};
    }
    checking_.reset();
    now_.state = ProjectorState::following;
    return *rows + 1;
}

Result<std::size_t> Projector::follow(std::size_t limit) {
    bool const rows_are_read = job_ && job_->scan && !job_->scan->is_done();
    if (rows_are_read || (job_ && job_->live_waits))
        return std::size_t{0};
    auto const until = log_.durable().position;
    if (options_.clock == nullptr)
        return live_->follow(log_, Limit(limit), until);
    auto const now = options_.clock->monotonic();
    bool const may_write = now - written_at_ >= options_.writes_apart;
    auto const before = live_->checkpoint().position;
    KONTOR_TRY(auto const folded, live_->follow(log_, Limit(limit), until,
                                                may_write ? Write::at_the_end : Write::when_full));
    if (live_->checkpoint().position > before)
        written_at_ = now;
    return folded;
}

Result<void> Projector::settle() {
    return live_ ? live_->commit() : Result<void>{};
}

Result<WorkDone> Projector::answer(Failure failure, bool is_of_store) {
    switch (failure.kind) {
    case FailureKind::conflict:
    case FailureKind::unavailable:
    case FailureKind::timed_out:
    case FailureKind::throttled: return WorkDone{0};
    case FailureKind::full: pause_because(to_string(failure)); return WorkDone{0};
    case FailureKind::corrupt:
        if (is_of_store) {
            KONTOR_TRY(discard(to_string(failure)));
            return WorkDone{1};
        }
        return unexpected(std::move(failure));
    case FailureKind::not_found:
    case FailureKind::invalid:
    case FailureKind::unsupported:
    case FailureKind::cancelled:
    case FailureKind::broken: return unexpected(std::move(failure));
    }
    KONTOR_UNREACHABLE();
}

void Projector::pause_because(std::string reason) {
    now_.state = live_ ? ProjectorState::paused : ProjectorState::opening;
    now_.pause_reason = std::move(reason);
}

Result<std::size_t> Projector::work_on_job(std::size_t limit) {
    if (now_.state == ProjectorState::checking)
        return std::size_t{0};
    bool const has_rows = !job_->live_waits && !job_->rows_differed;
    if (has_rows && !job_->scan)
        KONTOR_TRY(begin_scan());
    if (job_->scan && !job_->scan->is_done())
        return scan_rows(limit);
    if (!job_->beside)
        KONTOR_TRY(begin_beside());
    return fold_beside(limit);
}

Result<void> Projector::begin_scan() {
    KONTOR_TRY(live_->commit());
    job_->until = live_->checkpoint().position;
    job_->claimed = live_->checkpoint().digest;
    job_->scan.emplace(shape_);
    return {};
}

Result<std::size_t> Projector::scan_rows(std::size_t limit) {
    auto& scan = *job_->scan;
    auto const rows = scan.step(*live_->model(), Limit(limit));
    if (job_->job == Job::rebuild && !rows && rows.error().kind == FailureKind::corrupt) {
        job_->rows_differed = true; // what cannot be read is why one rebuilds
        job_->scan.reset();
        return std::size_t{1};
    }
    KONTOR_TRY(auto const read, rows);
    if (job_->job == Job::rebuild && scan.is_done())
        job_->rows_differed = scan.digest() != job_->claimed;
    return read + 1;
}

Result<void> Projector::begin_beside() {
    KONTOR_TRY(auto model, models_.begin_rebuild(shape_));
    job_->beside = std::make_unique<Fold>(make_(), std::move(model),
                                          ports::Checkpoint{{}, options_.lineage, {}});
    return {};
}

Result<std::size_t> Projector::fold_beside(std::size_t limit) {
    auto& beside = *job_->beside;
    if (job_->job == Job::rebuild)
        job_->until = job_->live_waits ? log_.durable().position : live_->checkpoint().position;
    std::size_t folded = 0;
    if (beside.position() < job_->until) {
        KONTOR_TRY(folded, beside.follow(log_, Limit(limit), job_->until));
    }
    if (beside.position() == job_->until)
        KONTOR_TRY(finish_job());
    return folded + 1;
}

Result<void> Projector::finish_job() {
    auto beside = std::move(job_->beside);
    if (job_->job == Job::verify) {
        now_.last_comparison = Comparison{Job::verify, job_->until, job_->claimed,
                                          job_->scan->digest(), beside->checkpoint().digest};
        now_.disagreements += now_.last_comparison->agrees() ? 0 : 1;
        end_job(JobEnd::completed);
        return {};
    }
    auto const built = beside->checkpoint();
    bool const is_first = job_->live_waits;
    if (!is_first) {
        now_.last_comparison = Comparison{Job::rebuild, built.position, live_->checkpoint().digest,
                                          std::nullopt, built.digest,   job_->rows_differed};
        now_.disagreements += now_.last_comparison->agrees() ? 0 : 1;
    }
    auto old = live_->release();
    live_.reset();
    auto replaced = models_.replace(shape_, std::move(old), beside->release());
    if (!replaced) {
        now_.state = ProjectorState::opening;
        return unexpected(std::move(replaced).error());
    }
    live_ = std::make_unique<Fold>(make_(), std::move(*replaced), built);
    end_job(JobEnd::completed);
    return {};
}

void Projector::abandon_job(Failure const& failure) {
    now_.job_failure = failure;
    end_job(JobEnd::failed, to_string(failure));
}

std::optional<Instant> Projector::time() const {
    return options_.clock == nullptr ? std::nullopt : std::optional(options_.clock->now());
}

void Projector::begin_job(RunningJob job) {
    job.number = ++jobs_begun_;
    job.began_at = time();
    job_.emplace(std::move(job));
}

void Projector::end_job(JobEnd end, std::string why) {
    if (!job_)
        return;
    auto last = progress_of(*job_);
    last.is_paused = false;
    if (end == JobEnd::completed)
        last.position = last.until;
    now_.last_job = EndedJob{std::move(last), end, time(), std::move(why)};
    job_.reset();
}

JobProgress Projector::progress_of(RunningJob const& job) {
    return {job.job,       job.beside ? job.beside->position() : Position(0),
            job.until,     job.number,
            job.is_paused, job.live_waits,
            job.began_at,  job.asked_by};
}

void Projector::pause() {
    std::lock_guard const lock(mutex_);
    requests_.is_paused = true;
    show_request();
}

void Projector::resume() {
    std::lock_guard const lock(mutex_);
    requests_.is_paused = false;
    show_request();
}

void Projector::show_request() {
    auto& state = published_.state;
    if (requests_.is_paused == true && state == ProjectorState::following)
        state = ProjectorState::paused;
    if (requests_.is_paused == false && state == ProjectorState::paused) {
        state = ProjectorState::following;
        published_.pause_reason.clear();
    }
}

void Projector::start(Job job, std::string asked_by) {
    std::lock_guard const lock(mutex_);
    requests_.job = job;
    requests_.asked_by = std::move(asked_by);
}

void Projector::tell_job(std::uint64_t number, JobWish wish) {
    std::lock_guard const lock(mutex_);
    auto const& earlier = requests_.of_job;
    bool const is_cancelled =
        earlier && earlier->number == number && earlier->wish == JobWish::cancel;
    if (!is_cancelled)
        requests_.of_job = {number, wish};
}

namespace {

/// Empty: it may not be done.
std::optional<JobProgress> as_wished(JobProgress job, JobWish wish) {
    bool const may = wish == JobWish::cancel ? job.may_be_cancelled() : job.may_pause();
    if (!may)
        return std::nullopt;
    job.is_paused = wish == JobWish::pause;
    return job;
}

} // namespace

void Projector::take_wish(Wished const& wished) {
    if (!job_ || job_->number != wished.number)
        return;
    auto const told = as_wished(progress_of(*job_), wished.wish);
    if (!told)
        return;
    job_->is_paused = told->is_paused;
    if (job_->is_paused && job_->scan && !job_->scan->is_done())
        job_->scan.reset(); // the live rows follow meanwhile: they are read anew when it goes on
    if (wished.wish == JobWish::cancel)
        end_job(JobEnd::cancelled);
    publish();
}

void Projector::take_requests() {
    std::unique_lock lock(mutex_);
    auto const requests = std::exchange(requests_, {});
    lock.unlock();
    if (requests.is_paused == true && now_.state == ProjectorState::following)
        now_.state = ProjectorState::paused;
    if (requests.is_paused == true && now_.state != ProjectorState::paused) {
        std::lock_guard const again(mutex_); // not yet following: ask again
        if (!requests_.is_paused)
            requests_.is_paused = true;
    }
    if (requests.is_paused == false && now_.state == ProjectorState::paused) {
        now_.state = ProjectorState::following;
        now_.pause_reason.clear();
    }
    if (requests.of_job)
        take_wish(*requests.of_job);
    if (requests.job && !job_) {
        now_.job_failure.reset();
        begin_job({.job = *requests.job, .asked_by = requests.asked_by});
    }
}

void Projector::publish() {
    now_.log_end = log_.durable().position;
    if (live_)
        now_.checkpoint = live_->checkpoint();
    now_.job.reset();
    if (job_)
        now_.job = progress_of(*job_);
    std::lock_guard const lock(mutex_);
    published_ = now_;
    show_request();
}

bool Projector::is_following() const {
    std::lock_guard const lock(mutex_);
    return published_.state == ProjectorState::following;
}

ProjectorStatus Projector::status() const {
    std::lock_guard const lock(mutex_);
    auto status = published_;
    auto const& wished = requests_.of_job; // what is not taken yet is certain to be
    if (!wished || !status.job || status.job->number != wished->number)
        return status;
    auto told = as_wished(*status.job, wished->wish);
    if (told && wished->wish == JobWish::cancel) {
        status.last_job = EndedJob{*std::move(told), JobEnd::cancelled};
        status.job.reset();
    } else if (told) {
        status.job = std::move(told);
    }
    return status;
}

namespace {

/// How often a model is opened anew before it is given up.
constexpr int openings_max = 100;

} // namespace

Result<void> catch_up(Projector& projector,
                      std::function<void(ProjectorStatus const&)> const& seen) {
    int idle = 0;
    int openings = 0;
    while (true) {
        KONTOR_TRY(auto const done, projector.do_work({events_per_page_max}));
        auto const status = projector.status();
        if (seen)
            seen(status);
        openings += status.state == ProjectorState::opening ? 1 : 0;
        if (openings > openings_max)
            return unexpected(Failure{
                FailureKind::unavailable,
                "the rows are thrown away again and again: " + status.discard_reason, status.name});
        bool const is_settled =
            status.state == ProjectorState::following || status.state == ProjectorState::paused;
        if (is_settled && !status.job && done.items == 0 &&
            (status.lag() == 0 || status.state == ProjectorState::paused)) {
            if (status.lag() == 0)
                return {};
            return unexpected(Failure{FailureKind::unavailable,
                                      "the projection is paused: " + status.pause_reason,
                                      status.name});
        }
        idle = done.items == 0 ? idle + 1 : 0;
        if (idle > 100)
            return unexpected(Failure{FailureKind::unavailable,
                                      "the projection does not come forward", status.name});
    }
}

} // namespace kontor::projections
