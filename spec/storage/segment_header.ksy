meta:
  id: segment_header
  title: Header of a log file
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: |
  Begins every file of frames: a segment of a partition, a part of the catalog's journal, its snapshot, a partition's consumer offsets. The file's first 4096 bytes are
  this header and zeros; frames follow without gaps. Written and synced before the first frame, never changed.
seq:
  - id: magic
    doc: The text WHIPPET and a byte 1.
    contents: [0x57, 0x48, 0x49, 0x50, 0x50, 0x45, 0x54, 0x01]
  - id: format_version
    doc: A newer one than ours is refused.
    type: u2
  - id: kind
    type: u1
    enum: file_kind
    valid:
      in-enum: true
  - id: cipher
    doc: 0 when frames are plain, 1 when their bodies are encrypted with AES-256-GCM.
    type: u1
  - id: key_id
    doc: Number of the master key from which this file's key is derived; 0 when frames are plain.
    type: u4
  - id: incarnation
    doc: Random, one per life of a partition; frames of another life are not part of this file.
    size: 16
    -type: u16
  - id: stream_id
    type: u4
  - id: topic_id
    type: u4
  - id: partition_id
    type: u4
  - id: chain_start
    doc: What the first frame must carry as `previous_checksum`; the last frame's header checksum of the file before.
    type: u4
  - id: base_offset
    doc: Offset of the first message of this file.
    type: u8
    -type: number
  - id: base_size
    doc: Bytes of messages in all files of this life before this one, deleted ones too.
    type: u8
    -type: number
  - id: base_timestamp
    doc: Timestamp of the last message before this file; no message in it is older.
    type: u8
    -type: timestamp_micros
  - id: created_at
    type: u8
    -type: timestamp_micros
  - id: salt
    doc: Random, so that no two files have the same header.
    size: 16
    -type: u16
  - id: checksum
    doc: XXH3-64 of the bytes before this field.
    type: u8
enums:
  file_kind:
    1: segment
    2: journal
    3: consumer_offsets
    4: catalog_snapshot
