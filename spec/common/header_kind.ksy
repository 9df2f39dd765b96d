meta:
  id: header_kind
  title: Header kind
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: Type of a user header value. Numbers are little-endian; their size follows from the kind and is not checked by the server.
doc-ref: sdk/src/models/header.rs
enums:
  header_kind:
    1: raw
    2: string
    3:
      id: bool
      doc: One byte, 0 or 1.
    4: int8
    5: int16
    6: int32
    7: int64
    8: int128
    9: uint8
    10: uint16
    11: uint32
    12: uint64
    13: uint128
    14: float32
    15: float64
