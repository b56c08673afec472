#include "adapters/aws_wire/xml_form.hpp"

#include "codec/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace kontor::aws_wire {
namespace {

/// What the repeated element of a list or map of SQS is called.
struct Repeated {
    std::string_view json;
    std::string_view element;
    std::string_view key{"Name"};
    std::string_view value{"Value"};
};
constexpr std::array<Repeated, 9> repeated_by_sqs{{
    {"QueueUrls", "QueueUrl"},
    {"queueUrls", "QueueUrl"},
    {"Messages", "Message"},
    {"Attributes", "Attribute"},
    {"MessageAttributes", "MessageAttribute"},
    {"Tags", "Tag", "Key"},
    {"Results", "ListMessageMoveTasksResultEntry"},
    {"Successful", "ResultEntry"}, // with the operation before it
    {"Failed", "BatchResultErrorEntry"},
}};

class XmlWriter {
public:
    XmlWriter(std::string& out, XmlAnswer const& about) : out_(out), about_(about) {}

    void open(std::string_view name) { out_.append("<").append(name).append(">"); }
    void close(std::string_view name) { out_.append("</").append(name).append(">"); }

    void members(Value const& value) {
        for (auto const& [name, content] : value.members())
            member(name, content);
    }

private:
    void member(std::string_view name, Value const& content) {
        bool const is_many = content.kind() == ValueKind::list || content.kind() == ValueKind::map;
        if (!is_many)
            return element(name, content);
        if (about_.service == Service::sqs)
            return repeated(name, content);
        open(name);
        for (auto const& item : content.members())
            if (content.kind() == ValueKind::list)
                element("member", item.value);
            else
                entry({{}, "entry", "key", "value"}, item);
        close(name);
    }

    void repeated(std::string_view name, Value const& content) {
        auto const* const found = std::ranges::find(repeated_by_sqs, name, &Repeated::json);
        KONTOR_ASSERT(found != repeated_by_sqs.end(), "no element is known for {}", name);
        auto form = *found;
        std::string const of_operation = std::string(about_.operation) + "ResultEntry";
        if (name == "Successful")
            form.element = of_operation;
        for (auto const& item : content.members())
            if (content.kind() == ValueKind::list)
                element(form.element, item.value);
            else
                entry(form, item);
    }

    void entry(Repeated const& form, Member const& item) {
        open(form.element);
        element(form.key, Value::text(item.name));
        element(form.value, item.value);
        close(form.element);
    }

    void element(std::string_view name, Value const& value) {
        open(name);
        content_of(value);
        close(name);
    }

    void content_of(Value const& value) {
        switch (value.kind()) {
        case ValueKind::nothing: return;
        case ValueKind::boolean: out_ += value.boolean() ? "true" : "false"; return;
        case ValueKind::integer: codec::append_number(out_, value.integer()); return;
        case ValueKind::fraction:
            fmt::format_to(std::back_inserter(out_), "{}", value.fraction());
            return;
        case ValueKind::text: append_xml_text(out_, value.text()); return;
        case ValueKind::list:
        case ValueKind::map: KONTOR_ASSERT(false, "a list has no element of its own"); return;
        case ValueKind::object: members(value); return;
        }
        KONTOR_UNREACHABLE();
    }

    std::string& out_;
    XmlAnswer const& about_;
};

} // namespace

std::string_view namespace_of(Service service) {
    switch (service) {
    case Service::sqs: return "http://queue.amazonaws.com/doc/2012-11-05/";
    case Service::sns: return "http://sns.amazonaws.com/doc/2010-03-31/";
    case Service::sts: return "https://sts.amazonaws.com/doc/2011-06-15/";
    case Service::events: return "http://events.amazonaws.com/doc/2015-10-07/";
    }
    KONTOR_UNREACHABLE();
}

void append_xml_text(std::string& out, std::string_view text) {
    for (char const c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\r': out += "&#xD;"; break; // a reader would make a line feed of it
        default:
            if (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n')
                out += "\xEF\xBF\xBD";
            else
                out += c;
        }
    }
}

std::string to_xml(Value const& answer, XmlAnswer const& about) {
    std::string out = "<?xml version=\"1.0\"?>";
    std::string const root = std::string(about.operation) + "Response";
    std::string const result = std::string(about.operation) + "Result";
    XmlWriter writer(out, about);
    writer.open(fmt::format("{} xmlns=\"{}\"", root, namespace_of(about.service)));
    if (!answer.is_nothing()) {
        writer.open(result);
        writer.members(answer);
        writer.close(result);
    }
    out.append("<ResponseMetadata><RequestId>");
    append_xml_text(out, about.request_id);
    out.append("</RequestId></ResponseMetadata>");
    writer.close(root);
    return out;
}

} // namespace kontor::aws_wire
