meta:
  id: result_section
  title: Result section
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: Starts the body of replies to changes. A change that was refused has one result and nothing behind it.
doc-ref: core/binary_protocol/src/consensus/reply_result.rs
seq:
  - id: num_results
    type: u4
  - id: results
    doc: What was refused; empty on success.
    type: change_result
    repeat: expr
    repeat-expr: num_results
types:
  change_result:
    doc: The refusal of one part of a change.
    seq:
      - id: index
        doc: The part, from 0.
        type: u4
      - id: code
        doc: Of the error.
        type: u4
