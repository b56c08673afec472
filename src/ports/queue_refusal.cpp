#include "ports/queue_refusal.hpp"

#include "base/overloaded.hpp"

namespace kontor::ports {

QueueErrorNames names_of(QueueError error) {
    switch (error) {
    case QueueError::queue_does_not_exist:
        return {"QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", true};
    case QueueError::queue_name_exists: return {"QueueNameExists", "QueueAlreadyExists", true};
    case QueueError::queue_deleted_recently:
        return {"QueueDeletedRecently", "AWS.SimpleQueueService.QueueDeletedRecently", true};
    case QueueError::purge_queue_in_progress:
        return {"PurgeQueueInProgress", "AWS.SimpleQueueService.PurgeQueueInProgress", true};
    case QueueError::unsupported_operation:
        return {"UnsupportedOperation", "AWS.SimpleQueueService.UnsupportedOperation", true};
    case QueueError::message_not_in_flight:
        return {"MessageNotInflight", "AWS.SimpleQueueService.MessageNotInflight", true};
    case QueueError::receipt_handle_is_invalid:
        return {"ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid", true};
    case QueueError::invalid_message_contents:
        return {"InvalidMessageContents", "InvalidMessageContents", true};
    case QueueError::invalid_attribute_name:
        return {"InvalidAttributeName", "InvalidAttributeName", true};
    case QueueError::invalid_attribute_value:
        return {"InvalidAttributeValue", "InvalidAttributeValue", true};
    case QueueError::invalid_parameter_value:
        return {"InvalidParameterValue", "InvalidParameterValue", true};
    case QueueError::missing_parameter: return {"MissingParameter", "MissingParameter", true};
    case QueueError::over_limit: return {"OverLimit", "OverLimit", true};
    case QueueError::resource_not_found:
        return {"ResourceNotFoundException", "ResourceNotFoundException", true};
    case QueueError::request_throttled: return {"RequestThrottled", "RequestThrottled", true};
    case QueueError::access_denied: return {"AccessDeniedException", "AccessDenied", true};
    case QueueError::empty_batch_request:
        return {"EmptyBatchRequest", "AWS.SimpleQueueService.EmptyBatchRequest", true};
    case QueueError::too_many_entries_in_batch_request:
        return {"TooManyEntriesInBatchRequest",
                "AWS.SimpleQueueService.TooManyEntriesInBatchRequest", true};
    case QueueError::batch_entry_ids_not_distinct:
        return {"BatchEntryIdsNotDistinct", "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
                true};
    case QueueError::invalid_batch_entry_id:
        return {"InvalidBatchEntryId", "AWS.SimpleQueueService.InvalidBatchEntryId", true};
    case QueueError::batch_request_too_long:
        return {"BatchRequestTooLong", "AWS.SimpleQueueService.BatchRequestTooLong", true};
    }
    KONTOR_UNREACHABLE();
}

QueueErrorNames names_of(FailureKind kind) {
    switch (kind) {
    case FailureKind::full:
    case FailureKind::throttled: return {"RequestThrottled", "RequestThrottled", true};
    case FailureKind::unavailable:
    case FailureKind::timed_out:
    case FailureKind::conflict:
    case FailureKind::cancelled: return {"ServiceUnavailable", "ServiceUnavailable", false};
    case FailureKind::not_found:
    case FailureKind::invalid:
    case FailureKind::unsupported:
    case FailureKind::corrupt:
    case FailureKind::broken: return {"InternalFailure", "InternalFailure", false};
    }
    KONTOR_UNREACHABLE();
}

QueueErrorNames names_of(QueueFault const& fault) {
    return std::visit(overloaded{[](QueueRefusal const& no) { return names_of(no.error); },
                                 [](Failure const& no) { return names_of(no.kind); }},
                      fault);
}

std::string const& what_of(QueueFault const& fault) {
    return std::visit([](auto const& no) -> std::string const& { return no.what; }, fault);
}

} // namespace kontor::ports
