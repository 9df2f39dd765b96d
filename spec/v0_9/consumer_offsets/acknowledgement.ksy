meta:
  id: acknowledgement
  title: Acknowledgement
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: How far a change must have come before it is answered. A server that is alone answers both when it has the change at the level of the topic.
doc-ref: core/binary_protocol/src/primitives/ack_level.rs
enums:
  acknowledgement:
    0: none
    1: quorum
