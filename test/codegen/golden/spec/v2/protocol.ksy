meta:
  id: protocol
  title: Test protocol, generation 2
  imports:
    - /v1/group/nothing
    - /v2/group/everything
    - /v2/group/item_list
  endian: le
-generation:
  server: 2.0.0
types:
  request:
    seq:
      - id: header
        type: request_header
      - id: payload
        size: header.length - 4
        type:
          switch-on: header.operation
          cases:
            2: by_code
            5: everything
  by_code:
    seq:
      - id: payload
        size-eos: true
        type:
          switch-on: _parent.header.code
          cases:
            1: nothing
            7: everything
            9: item_list
  request_header:
    seq:
      - id: length
        type: u4
      - id: operation
        type: u4
      - id: code
        type: u4
