#include "adapters/mail/smtp_mailer.hpp"

#include "adapters/curl/transfer.hpp"
#include "adapters/mail/limits.hpp"

#include <curl/curl.h>
#include <fmt/core.h>

#include <algorithm>
#include <deque>

namespace kontor::mail {

using ports::MailAnswer;
using ports::MailVerdict;

namespace {

struct EasyEnd {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct MultiEnd {
    void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
};
struct MimeEnd {
    void operator()(curl_mime* mime) const { curl_mime_free(mime); }
};

/// One letter under way. It does not move: the library points into it. The handle goes last.
struct Flight {
    ports::MailId id;
    std::unique_ptr<CURL, EasyEnd> easy{};
    std::string text{};
    curl::HeaderList head{};
    curl::HeaderList recipients{};
    std::unique_ptr<curl_mime, MimeEnd> mime{};
};

std::string url_of(SmtpOptions const& options) {
    return (options.security == SmtpSecurity::tls ? "smtps://" : "smtp://") + options.server;
}

/// What of a call is said of the server and us, not of the letter.
void aim(CURL* easy, SmtpOptions const& options) {
    curl_easy_setopt(easy, CURLOPT_URL, url_of(options).c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                     static_cast<long>(connect_within.in_milliseconds()));
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(options.within.in_milliseconds()));
    curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN,
                     static_cast<long>(idle_connection_max.in_milliseconds() / 1'000));
    curl_easy_setopt(easy, CURLOPT_USE_SSL,
                     static_cast<long>(options.security == SmtpSecurity::none ? CURLUSESSL_NONE
                                                                              : CURLUSESSL_ALL));
    if (!options.ca_file.empty())
        curl_easy_setopt(easy, CURLOPT_CAINFO, options.ca_file.c_str());
    if (!options.user.empty()) {
        curl_easy_setopt(easy, CURLOPT_USERNAME, options.user.c_str());
        curl_easy_setopt(easy, CURLOPT_PASSWORD, options.password.c_str());
    }
}

curl::HeaderList list_of(std::vector<std::string> const& lines) {
    curl_slist* list = nullptr;
    for (auto const& line : lines)
        list = curl_slist_append(list, line.c_str());
    return curl::HeaderList(list);
}

/// False: the library has no memory for it.
bool put_letter(Flight& flight, ports::MailCall const& call, SmtpOptions const& options) {
    auto* const easy = flight.easy.get();
    flight.text = wire_text(call.mail.text);
    flight.head = list_of(head_lines(call, options.from));
    flight.recipients = list_of({"<" + call.mail.to + ">"});
    flight.mime.reset(curl_mime_init(easy));
    auto* const part = curl_mime_addpart(flight.mime.get());
    bool const is_made =
        ::curl_mime_data(part, flight.text.data(), flight.text.size()) == CURLE_OK &&
        curl_mime_type(part, "text/plain; charset=utf-8") == CURLE_OK &&
        curl_mime_encoder(part, "quoted-printable") == CURLE_OK;
    curl_easy_setopt(easy, CURLOPT_MAIL_FROM, ("<" + options.from.address + ">").c_str());
    curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, flight.recipients.get());
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, flight.head.get());
    curl_easy_setopt(easy, CURLOPT_MIMEPOST, flight.mime.get());
    return is_made;
}

/// Why every letter would fare alike; empty: the reply was about this one.
std::string trouble_of_all(CURLcode code, long reply, bool had_text) {
    constexpr long closing = 421;
    constexpr long wants_sign_in = 530;
    constexpr long first_refusal = 400;
    bool const is_about_letter = code == CURLE_SEND_ERROR || had_text;
    if (code == CURLE_LOGIN_DENIED || reply == wants_sign_in)
        return fmt::format("the server does not let us in ({})", reply);
    if (reply >= first_refusal && reply != closing && is_about_letter)
        return {};
    return reply >= first_refusal ? fmt::format("{} ({})", curl_easy_strerror(code), reply)
                                  : curl_easy_strerror(code);
}

MailAnswer answer_of(Flight const& flight, CURLcode code) {
    if (code == CURLE_OK)
        return {flight.id, MailVerdict::accepted, {}};
    constexpr long final_refusal = 500;
    long reply = 0;
    curl_off_t sent = 0;
    curl_easy_getinfo(flight.easy.get(), CURLINFO_RESPONSE_CODE, &reply);
    curl_easy_getinfo(flight.easy.get(), CURLINFO_SIZE_UPLOAD_T, &sent);
    if (auto why = trouble_of_all(code, reply, sent > 0); !why.empty())
        return {flight.id, MailVerdict::unavailable, std::move(why)};
    return {flight.id, reply >= final_refusal ? MailVerdict::refused : MailVerdict::later,
            fmt::format("the mail server says {}", reply)};
}

} // namespace

struct SmtpMailer::Wire {
    Wire(SmtpOptions options_given, CURLM* multi_given)
        : options(std::move(options_given)), multi(multi_given) {}
    /// Those under way end before their library does.
    ~Wire() {
        for (auto& flight : under_way)
            curl_multi_remove_handle(multi.get(), flight->easy.get());
    }
    std::size_t unanswered() const { return under_way.size() + answers.size(); }

    void start(ports::MailCall const& call) {
        if (!is_address(call.mail.to) || call.mail.text.size() > ports::mail_text_max) {
            answers.push_back({call.id, MailVerdict::refused, "this is no letter to an address"});
            return;
        }
        auto flight = std::make_unique<Flight>(Flight{call.id});
        flight->easy.reset(curl_easy_init());
        if (flight->easy)
            aim(flight->easy.get(), options);
        bool const goes = flight->easy && put_letter(*flight, call, options) &&
                          curl_multi_add_handle(multi.get(), flight->easy.get()) == CURLM_OK;
        if (goes)
            under_way.push_back(std::move(flight));
        else
            answers.push_back({call.id, MailVerdict::unavailable, "libcurl takes no more"});
    }

    void move_on() {
        int left = 0;
        curl_multi_perform(multi.get(), &left);
        while (auto const* const message = ::curl_multi_info_read(multi.get(), &left)) {
            if (message->msg != CURLMSG_DONE)
                continue;
            auto const found = std::ranges::find(under_way, message->easy_handle,
                                                 [](auto const& each) { return each->easy.get(); });
            KONTOR_ASSERT(found != under_way.end(), "the library ends a letter that nobody sent");
            answers.push_back(answer_of(**found, message->data.result));
            curl_multi_remove_handle(multi.get(), (*found)->easy.get());
            under_way.erase(found);
        }
    }

    SmtpOptions options;
    std::unique_ptr<CURLM, MultiEnd> multi;
    std::vector<std::unique_ptr<Flight>> under_way{};
    std::deque<MailAnswer> answers{};
};

SmtpMailer::SmtpMailer(std::unique_ptr<Wire> wire) : wire_(std::move(wire)) {}
SmtpMailer::~SmtpMailer() = default;

Result<std::unique_ptr<SmtpMailer>> SmtpMailer::open(SmtpOptions options) {
    auto* const multi = curl::is_library_ready() ? curl_multi_init() : nullptr;
    if (multi == nullptr)
        return unexpected(Failure{FailureKind::unavailable, "libcurl cannot be used"});
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, static_cast<long>(ports::mails_max));
    return std::unique_ptr<SmtpMailer>(
        new SmtpMailer(std::make_unique<Wire>(std::move(options), multi)));
}

Result<void> SmtpMailer::start(std::span<ports::MailCall const> calls) {
    if (wire_->unanswered() + calls.size() > ports::mails_max)
        return unexpected(Failure{FailureKind::full, "too many letters are under way"});
    for (auto const& call : calls)
        wire_->start(call);
    return {};
}

Result<std::size_t> SmtpMailer::collect(std::size_t up_to, std::vector<MailAnswer>& answers) {
    if (!wire_->under_way.empty())
        wire_->move_on();
    auto const count = std::min(up_to, wire_->answers.size());
    for (std::size_t i = 0; i < count; ++i) {
        answers.push_back(std::move(wire_->answers.front()));
        wire_->answers.pop_front();
    }
    return count;
}

Result<void> greet(SmtpOptions const& options) {
    std::unique_ptr<CURL, EasyEnd> const easy(curl::is_library_ready() ? curl_easy_init()
                                                                       : nullptr);
    if (!easy)
        return unexpected(Failure{FailureKind::unavailable, "libcurl cannot be used"});
    aim(easy.get(), options);
    curl_easy_setopt(easy.get(), CURLOPT_NOBODY, 1L);
    curl_easy_setopt(easy.get(), CURLOPT_CUSTOMREQUEST, "NOOP");
    if (auto const code = curl_easy_perform(easy.get()); code != CURLE_OK) {
        long reply = 0;
        curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &reply);
        auto why = trouble_of_all(code, reply, false);
        if (why.empty())
            why = fmt::format("the server says {}", reply);
        return unexpected(Failure{FailureKind::unavailable, std::move(why), options.server});
    }
    return {};
}

} // namespace kontor::mail
