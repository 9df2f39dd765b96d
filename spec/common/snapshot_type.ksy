meta:
  id: snapshot_type
  title: Snapshot type
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: One part of a snapshot; it becomes the archive entry `<name>.txt`. Generation 0.4 clients send 1 to 5.
doc-ref: sdk/src/snapshot.rs
enums:
  snapshot_type:
    1:
      id: filesystem_overview
      doc: File systems with their sizes and free space.
    2:
      id: process_list
      doc: Processes of the machine.
    3:
      id: resource_usage
      doc: Processor and memory use.
    4:
      id: test
      doc: Fixed text, to try the command.
    5:
      id: server_logs
      doc: What the server logged.
    6:
      id: server_config
      doc: The configuration in use.
    100:
      id: all
      doc: Every part; not to be mixed with others.
