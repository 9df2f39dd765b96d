meta:
  id: compression_algorithm
  title: Compression algorithm
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: How the messages of a topic are said to be compressed. Kept and shown, never applied by the server.
doc-ref: sdk/src/compression/compression_algorithm.rs
enums:
  compression_algorithm:
    1: none
    2: gzip
