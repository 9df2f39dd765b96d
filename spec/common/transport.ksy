meta:
  id: transport
  title: Transport
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: How a client is connected. Generation 0.4 clients know 1 and 2 only.
doc-ref: server/src/binary/mapper.rs
enums:
  transport:
    1: tcp
    2: quic
    3: http
    4: web_socket
