#include "adapters/embedded/journal/squeeze.hpp"

#include "adapters/embedded/journal/new_file.hpp"

namespace kontor::journal {

Squeeze::Squeeze(ports::Disk& disk, std::shared_ptr<SegmentIndex const> index, SegmentReader reader,
                 DenseWriter writer, SegmentForm form)
    : disk_(&disk), index_(std::move(index)), reader_(std::move(reader)),
      writer_(std::move(writer)), form_(form), form_before_(reader_.file().form()) {}

Result<Squeeze> Squeeze::begin(ports::Disk& disk, SegmentFiles& files,
                               std::shared_ptr<SegmentIndex const> index, SegmentForm form) {
    auto const generation = index->facts().generation;
    KONTOR_TRY(auto file, files.open(generation));
    KONTOR_TRY(auto writer, DenseWriter::begin(disk, dense_name(generation), form));
    Squeeze squeeze(disk, std::move(index), SegmentReader(std::move(file)), std::move(writer),
                    form);
    KONTOR_TRY(squeeze.take_head());
    return squeeze;
}

Result<void> Squeeze::take_head() {
    chain_ = index_->start_chain();
    KONTOR_TRY(auto const head, reader_.head(chain_));
    return writer_ ? writer_->add(0, {head.bytes, frame_header_bytes + head.header.length})
                   : Result<void>{};
}

Result<bool> Squeeze::walk(std::uint64_t bytes) {
    for (auto const until = reader_.offset() + bytes; reader_.offset() < until;) {
        KONTOR_TRY(auto const frame, reader_.next(chain_));
        if (!frame)
            return true;
        if (writer_)
            KONTOR_TRY(writer_->add(frame->offset,
                                    {frame->bytes, frame_header_bytes + frame->header.length}));
    }
    return false;
}

Result<bool> Squeeze::step(std::uint64_t bytes) {
    KONTOR_TRY(bool const passed_all, walk(bytes));
    if (!passed_all)
        return false;
    KONTOR_TRY(check_passed(index_->facts(), chain_, reader_));
    if (writer_) {
        KONTOR_TRY(read_back());
        return false;
    }
    KONTOR_TRY(name_file(*disk_, dense_name(generation())));
    return true;
}

Result<void> Squeeze::read_back() {
    auto const& facts = index_->facts();
    KONTOR_TRY(writer_->finish({facts.lineage, facts.generation, reader_.size(), facts.end}));
    writer_.reset();
    KONTOR_TRY(auto written,
               SegmentFile::open_squeezed(*disk_, half_made_name(dense_name(facts.generation)),
                                          facts.generation));
    reader_ = SegmentReader(std::move(written));
    return take_head();
}

} // namespace kontor::journal
