meta:
  id: protocol
  title: Iggy binary protocol, generation 0.8
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /common/reply_header
    - /common/request_header
    - /v0_4/system/ping
    - /v0_8/system/get_stats
    - /v0_4/system/get_snapshot
    - /v0_6/system/get_cluster_metadata
    - /v0_6/system/get_me
    - /v0_6/system/get_client
    - /v0_6/system/get_clients
    - /v0_4/users/get_user
    - /v0_4/users/get_users
    - /v0_4/users/create_user
    - /v0_4/users/delete_user
    - /v0_4/users/update_user
    - /v0_4/users/update_permissions
    - /v0_4/users/change_password
    - /v0_4/users/login_user
    - /v0_4/users/logout_user
    - /v0_4/personal_access_tokens/get_personal_access_tokens
    - /v0_4/personal_access_tokens/create_personal_access_token
    - /v0_8/personal_access_tokens/delete_personal_access_token
    - /v0_8/personal_access_tokens/login_with_personal_access_token
    - /v0_8/messages/poll_messages
    - /v0_8/messages/send_messages
    - /v0_4/messages/flush_unsaved_buffer
    - /v0_6/consumer_offsets/get_consumer_offset
    - /v0_6/consumer_offsets/store_consumer_offset
    - /v0_6/consumer_offsets/delete_consumer_offset
    - /v0_4/streams/get_stream
    - /v0_4/streams/get_streams
    - /v0_6/streams/create_stream
    - /v0_4/streams/delete_stream
    - /v0_6/streams/update_stream
    - /v0_4/streams/purge_stream
    - /v0_4/topics/get_topic
    - /v0_4/topics/get_topics
    - /v0_6/topics/create_topic
    - /v0_4/topics/delete_topic
    - /v0_6/topics/update_topic
    - /v0_4/topics/purge_topic
    - /v0_4/partitions/create_partitions
    - /v0_8/partitions/delete_partitions
    - /v0_5/segments/delete_segments
    - /v0_4/consumer_groups/get_consumer_group
    - /v0_4/consumer_groups/get_consumer_groups
    - /v0_6/consumer_groups/create_consumer_group
    - /v0_4/consumer_groups/delete_consumer_group
    - /v0_4/consumer_groups/join_consumer_group
    - /v0_4/consumer_groups/leave_consumer_group
  endian: le
doc: |
  Frames of generation 0.8; server 0.7.0 and its clients (Rust SDK 0.9.0) speak it too, but for the end of `get_stats`.
  A client sends requests one after the other; the server answers each with one reply, in the same order. Catalog ids count from 0.
doc-ref: core/binary_protocol/src/codes.rs
-generation:
  server: 0.8.0
  rust-sdk: 0.10.0
seq:
  - id: requests
    type: request
    repeat: eos
types:
  request:
    doc: One request. A payload of an unknown command stays bytes.
    seq:
      - id: header
        type: request_header
      - id: payload
        size: header.length - 4
        type:
          switch-on: header.code
          cases:
            1: ping
            10: get_stats
            11: get_snapshot
            12: get_cluster_metadata
            20: get_me
            21: get_client
            22: get_clients
            31: get_user
            32: get_users
            33: create_user
            34: delete_user
            35: update_user
            36: update_permissions
            37: change_password
            38: login_user
            39: logout_user
            41: get_personal_access_tokens
            42: create_personal_access_token
            43: delete_personal_access_token
            44: login_with_personal_access_token
            100: poll_messages
            101: send_messages
            102: flush_unsaved_buffer
            120: get_consumer_offset
            121: store_consumer_offset
            122: delete_consumer_offset
            200: get_stream
            201: get_streams
            202: create_stream
            203: delete_stream
            204: update_stream
            205: purge_stream
            300: get_topic
            301: get_topics
            302: create_topic
            303: delete_topic
            304: update_topic
            305: purge_topic
            402: create_partitions
            403: delete_partitions
            503: delete_segments
            600: get_consumer_group
            601: get_consumer_groups
            602: create_consumer_group
            603: delete_consumer_group
            604: join_consumer_group
            605: leave_consumer_group
