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
          switch-on: header.code
          cases:
            1: nothing
            7: everything
            9: item_list
  request_header:
    seq:
      - id: length
        type: u4
      - id: code
        type: u4
