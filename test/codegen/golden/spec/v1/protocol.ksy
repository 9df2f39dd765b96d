meta:
  id: protocol
  title: Test protocol, generation 1
  imports:
    - /v1/group/everything
    - /v1/group/nothing
  endian: le
-generation:
  server: 1.0.0
types:
  request_header:
    -view: true
    seq:
      - id: length
        type: u4
      - id: code
        type: u4
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
