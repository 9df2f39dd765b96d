meta:
  id: permissions
  title: Permissions
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: What a user may do everywhere, per stream and per topic. Rights on a topic also need the right to read its stream. A list is there only if not empty.
doc-ref: sdk/src/models/permissions.rs
seq:
  - id: global
    type: global_permissions
  - id: has_streams
    type: u1
    -type: bool
  - id: streams
    doc: One entry per stream, in any order.
    type: stream_permissions
    repeat: until
    repeat-until: _.has_next == 0
    if: has_streams != 0
types:
  global_permissions:
    doc: Rights on everything.
    seq:
      - id: manage_servers
        doc: Includes `read_servers`.
        type: u1
        -type: bool
      - id: read_servers
        doc: Statistics and clients.
        type: u1
        -type: bool
      - id: manage_users
        doc: Create, change and delete users; includes `read_users`.
        type: u1
        -type: bool
      - id: read_users
        type: u1
        -type: bool
      - id: manage_streams
        doc: Create, change, purge and delete streams and topics; includes `read_streams`.
        type: u1
        -type: bool
      - id: read_streams
        doc: Read streams and topics.
        type: u1
        -type: bool
      - id: manage_topics
        doc: Create, change, purge and delete topics and partitions; includes `read_topics`.
        type: u1
        -type: bool
      - id: read_topics
        doc: Read topics and use their consumer groups.
        type: u1
        -type: bool
      - id: poll_messages
        doc: Poll from every topic that may be read.
        type: u1
        -type: bool
      - id: send_messages
        doc: Send to every topic that may be read.
        type: u1
        -type: bool
  stream_permissions:
    doc: Rights on one stream, on top of the global ones.
    seq:
      - id: stream_id
        type: u4
        -type: id
      - id: manage_stream
        doc: Read, change, purge and delete the stream.
        type: u1
        -type: bool
      - id: read_stream
        doc: Read the stream.
        type: u1
        -type: bool
      - id: manage_topics
        doc: Manage the topics of the stream, send to them and poll from them.
        type: u1
        -type: bool
      - id: read_topics
        doc: Read the topics of the stream and poll from them.
        type: u1
        -type: bool
      - id: poll_messages
        doc: Poll from those topics of the stream that may be read.
        type: u1
        -type: bool
      - id: send_messages
        doc: Send to those topics of the stream that may be read.
        type: u1
        -type: bool
      - id: has_topics
        type: u1
        -type: bool
      - id: topics
        doc: One entry per topic, in any order.
        type: topic_permissions
        repeat: until
        repeat-until: _.has_next == 0
        if: has_topics != 0
      - id: has_next
        type: u1
        -type: bool
  topic_permissions:
    doc: Rights on one topic, on top of those on its stream.
    seq:
      - id: topic_id
        type: u4
        -type: id
      - id: manage_topic
        doc: Manage the topic, send to it and poll from it.
        type: u1
        -type: bool
      - id: read_topic
        doc: Read the topic and poll from it.
        type: u1
        -type: bool
      - id: poll_messages
        doc: Poll from the topic, if it may be read.
        type: u1
        -type: bool
      - id: send_messages
        doc: Send to the topic, if it may be read.
        type: u1
        -type: bool
      - id: has_next
        type: u1
        -type: bool
