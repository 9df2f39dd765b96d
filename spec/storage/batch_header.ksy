meta:
  id: batch_header
  title: Header of a frame
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: |
  Begins every frame of a log file; `length - 64` bytes of body follow. A frame is valid only if magic, both checksums, the chain, the incarnation
  and the expected offset all hold. No length is believed before the header's own checksum is.
-view: true
seq:
  - id: magic
    doc: Never 0, so that preallocated space is no frame.
    type: u4
  - id: header_checksum
    doc: CRC-32 of the bytes after this field up to the body.
    type: u4
  - id: length
    doc: Size of the whole frame, header included.
    type: u4
  - id: count
    doc: Messages or entries in the body, at least 1.
    type: u4
  - id: base_offset
    doc: Offset of the first one.
    type: u8
    -type: number
  - id: timestamp
    doc: When the frame was appended; one for all its messages, never less than that of the frame before.
    type: u8
    -type: timestamp_micros
  - id: layout
    doc: What the body holds, a `frame_layout`.
    type: u1
  - id: flags
    doc: |
      Bit 0: the body is encrypted: 8 bytes of counter, the content, 16 bytes of tag. The nonce is 4 zero bytes and the counter, high byte first; what is
      authenticated besides is this header from `length` up to `body_checksum`. Bit 1 will mean compressed.
    type: u1
  - id: reserved
    type: u2
  - id: previous_checksum
    doc: Header checksum of the frame before.
    type: u4
  - id: incarnation
    doc: Low 8 bytes of the file's incarnation.
    type: u8
  - id: durable_up_to
    doc: Every offset below this was known to be on disk when the frame was written.
    type: u8
    -type: number
  - id: body_checksum
    doc: XXH3-64 of the body.
    type: u8
enums:
  frame_layout:
    1: messages
    2: journal_entry
    3: consumer_offsets
    4: catalog_snapshot
