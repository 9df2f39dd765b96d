meta:
  id: snapshot_compression
  title: Snapshot compression
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: Compression of the entries of a snapshot archive.
doc-ref: sdk/src/snapshot.rs
enums:
  snapshot_compression:
    1:
      id: stored
      doc: Not compressed.
    2: deflated
    3: bzip2
    4: zstd
    5: lzma
    6: xz
