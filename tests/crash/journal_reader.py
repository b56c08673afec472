#!/usr/bin/env python3
"""A second reader of the journal, written from docs/reference/journal-format.md alone.

    journal_reader.py DIRECTORY [--facts [KEYS]]

Prints one line a fact, one line an outcome, and a last line that says where the log ends. Damage is printed with
position, file and offset; then the exit code is 1. With --facts each fact has another line, with what it holds as JSON
(payload_reader.py); given a directory with keys, what is sealed stands there in the clear.
"""
import ctypes
import json
import os
import struct
import sys

try:
    import xxhash
except ImportError:
    print("python3-xxhash is missing", file=sys.stderr)
    sys.exit(77)
import payload_reader

BLOCK = 4096
MAGIC = b"KONTORFR"
HEAD, RECORDS, CONFIRM, SEAL = 1, 2, 3, 4
CATEGORIES = ["", "order", "stock", "reservation", "payment", "fulfilment", "checkout", "product", "coupon", "customer",
              "documents", "notification", "ops", "process", "queue", "webhook", "webhook_book"]
KEYED_BY_ID = {1, 3, 4, 5, 6, 9, 11, 14, 15}


class Damage(Exception):
    pass


class Frame:
    def __init__(self, data, at):
        (self.checksum, self.version, self.kind, self.length, self.lineage, self.generation, self.number,
         self.position, self.events, self.records, self.previous, self.written) = struct.unpack_from(
             "<16sHHI16sQQQII16sq", data, at + 8)
        self.end = at + 128 + self.length
        self.next = -(-self.end // BLOCK) * BLOCK
        self.body = data[at + 128:self.end]


def frame_at(data, at):
    """The whole frame at an offset, or None."""
    if data[at:at + 8] != MAGIC:
        return None
    frame = Frame(data, at)
    if frame.next > len(data) or xxhash.xxh3_128(data[at + 24:frame.end]).digest() != frame.checksum:
        return None
    if frame.version > 1:
        raise Damage("format version %d is newer than this reader" % frame.version)
    return frame


def stream_name(category, key):
    text = key.hex() if category in KEYED_BY_ID else key.decode()
    return "%s-%s" % (CATEGORIES[category], text)


def name_at(record, at):
    category, length = record[at], record[at + 1]
    return stream_name(category, record[at + 2:at + 2 + length]), at + 2 + length


def fact_line(facts, position, stream, version, kind, command, number, payload):
    """As `kontor stream show --json` says it, but for what stands in the commit."""
    category, _, key = stream.partition("-")
    if CATEGORIES.index(category) in KEYED_BY_ID:
        key = payload_reader.id_text(bytes.fromhex(key))
    event = payload_reader.event_id(command, number)
    try:
        name, data = facts.decoded(kind, payload, event)
    except payload_reader.Unreadable as error:
        raise Damage("the fact at position %d does not read: %s" % (position, error))
    return "fact " + json.dumps({"position": position, "stream": category + "-" + key, "version": version, "type": name,
                                 "id": "evt_" + payload_reader.id_text(event),
                                 "command_id": "cmd_" + payload_reader.id_text(command), "data": data}, ensure_ascii=False)


def print_commit(record, at, first_position, facts):
    length, events, before, streams, flags = struct.unpack_from("<IIIHH", record, at)
    command = record[at + 16:at + 32].hex()
    position = first_position + before
    cursor = at + 74 + record[at + 73]
    known = []
    for _ in range(streams):
        reference, version = struct.unpack_from("<IQ", record, cursor)
        cursor += 12
        if reference == 0:
            name, cursor = name_at(record, cursor)
        else:
            name, _ = name_at(record, reference)
        known.append([name, version])
    for number in range(events):
        stream, kind, size = struct.unpack_from("<HHI", record, cursor)
        payload = record[cursor + 8:cursor + 8 + size]
        cursor += 8 + size
        known[stream][1] += 1
        print("event %d %s %d %d %s %s" % (position, known[stream][0], known[stream][1], kind, command,
                                           xxhash.xxh3_64(payload).hexdigest()))
        if facts:
            print(fact_line(facts, position, *known[stream], kind, bytes.fromhex(command), number, payload))
        position += 1
    if flags & 1:
        fingerprint = record[cursor:cursor + 16].hex()
        problem, status = struct.unpack_from("<HH", record, cursor + 16)
        name, cursor = name_at(record, cursor + 20)
        version, = struct.unpack_from("<Q", record, cursor)
        cursor += 8
        print("outcome %s %s %d %d %s %d" % (command, fingerprint, problem, status, name, version))
    if flags & 2:
        count, = struct.unpack_from("<H", record, cursor)
        for stream in struct.unpack_from("<%dH" % count, record, cursor + 2):
            print("at_rest %d %s" % (position - 1, known[stream][0]))
        cursor += 2 + 2 * count
    if cursor != at + length:
        raise Damage("a commit of %d bytes ends after %d" % (length, cursor - at))
    return at + length


def print_records(frame, facts):
    at, position = 0, frame.position
    while at < len(frame.body):
        checksum, length, commits, first, _, events = struct.unpack_from("<QIIQqI", frame.body, at)
        record = frame.body[at:at + length]
        if xxhash.xxh3_64(record[8:]).intdigest() != checksum or first != position:
            raise Damage("a record at position %d does not check" % position)
        cursor = 40
        for _ in range(commits):
            cursor = print_commit(record, cursor, first, facts)
        position += events
        at += length


def segments(directory):
    """Of each generation the raw file if it is there, else the squeezed one."""
    files = {}
    for name in sorted(os.listdir(directory)):
        if name[:20].isdigit() and name[20:] in (".seg", ".dense"):
            files[int(name[:20])] = name  # .seg comes last
    for number, generation in enumerate(sorted(files), 1):
        if generation != number:
            raise Damage("segment %d is missing" % number)
        yield generation, files[generation], number == len(files)


def decompressed(stored, size):
    zstd = ctypes.CDLL("libzstd.so.1")
    zstd.ZSTD_decompress.restype = ctypes.c_size_t
    zstd.ZSTD_decompress.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t]
    content = ctypes.create_string_buffer(size)
    if zstd.ZSTD_decompress(content, size, stored, len(stored)) != size:
        raise Damage("a block cannot be decompressed")
    return content.raw


def spread(name, file, generation):
    """The segment's bytes out of its squeezed file: every frame where it was, zeros between."""
    last = file[-BLOCK:]
    good = last[:8] == b"KONTORDS" and xxhash.xxh3_128(last[24:]).digest() == last[8:24]
    version, _, of, size, _, table_at, blocks = struct.unpack_from("<HH20xQQQQQ", last, 24) if good else (0,) * 7
    if not good or of != generation:
        raise Damage("the end of a squeezed segment does not check (%s)" % name)
    if version > 1:
        raise Damage("a squeezed segment of version %d is newer than this reader" % version)
    table = file[table_at:table_at + 32 * blocks]
    if xxhash.xxh3_128(table).digest() != last[88:104]:
        raise Damage("the table of a squeezed segment does not check (%s, offset %d)" % (name, table_at))
    data = bytearray(size)
    for raw, length, place, stored_length, flags, checksum in struct.iter_unpack("<IIQIIQ", table):
        stored = file[place:place + stored_length]
        if xxhash.xxh3_64(stored).intdigest() != checksum:
            raise Damage("a block of a squeezed segment does not check (%s, offset %d)" % (name, place))
        content = decompressed(stored, length) if flags & 1 else stored
        at = 0
        while at < len(content):
            frame = len(content) - at
            if not flags & 2:  # whole frames, or the begin of a long one
                frame = min(frame, 128 + struct.unpack_from("<I", content, at + 28)[0])
            data[raw:raw + frame] = content[at:at + frame]
            raw += -(-frame // BLOCK) * BLOCK
            at += frame
    return bytes(data)


def was_used_before(head):
    """Whether bytes of an earlier generation may stand behind the frames."""
    types, = struct.unpack_from("<I", head, 8)
    at = 12
    for _ in range(types):
        at += 4 + struct.unpack_from("<H", head, at + 2)[0]
    return len(head) >= at + 8 and struct.unpack_from("<Q", head, at)[0] > 0


def is_torn(data, at, used_before, expected):
    """Whether a frame was begun where the log ends."""
    if not used_before:
        return any(data[at:])
    if at >= len(data) or frame_at(data, at):
        return False
    lineage, generation, number, previous = expected
    return data[at + 80:at + 96] == previous or data[at + 32:at + 64] == lineage + struct.pack("<QQ", generation, number)


def read(directory, facts=None):
    number, position, previous, last, torn = 1, 1, bytes(16), 0, False
    for generation, name, is_open in segments(directory):
        with open(os.path.join(directory, name), "rb") as file:
            data = file.read()
        if name.endswith(".dense"):
            data = spread(name, data, generation)
        at, lineage, used_before = 0, None, False
        while at < len(data):
            frame = frame_at(data, at)
            fits = (frame and frame.generation == generation and frame.lineage == (lineage or frame.lineage) and
                    frame.number == number and frame.position == position and frame.previous == previous and
                    (frame.kind == HEAD) == (at == 0))
            if not fits:
                break
            lineage, previous, last = frame.lineage, frame.checksum, frame.kind
            if frame.kind == HEAD:
                used_before = was_used_before(frame.body)
            if frame.kind == RECORDS:
                print_records(frame, facts)
            number += frame.kind != HEAD
            position += frame.events
            at = frame.next
        if at == 0:
            raise Damage("the log does not go on at position %d (%s, offset 0)" % (position, name))
        for later in range(at, len(data), BLOCK):
            frame = frame_at(data, later)
            if frame and frame.lineage == lineage and frame.generation == generation and frame.number > number:
                raise Damage("the frame at position %d does not check (%s, offset %d)" % (position, name, at))
        torn = is_open and is_torn(data, at, used_before, (lineage, generation, number, previous))
    print("end %d frame %d %s%s" % (position - 1, number - 1, "sealed" if last == SEAL else "open",
                                    " torn" if torn else ""))


def main(directory, with_facts=None, keys=None):
    read(directory, with_facts and payload_reader.Facts(keys and payload_reader.Keys(keys)))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except ImportError:
        print("python3-cryptography is missing", file=sys.stderr)
        sys.exit(77)
    except Damage as damage:
        print("damage: %s" % damage)
        sys.exit(1)
