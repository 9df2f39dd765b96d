meta:
  id: protocol
  title: Iggy binary protocol, generation 0.9
  license: Apache-2.0
  ks-version: '0.11'
  imports:
    - /v0_9/eviction
    - /v0_9/reply_header
    - /v0_9/request_header
    - /v0_9/result_section
    - /v0_4/system/ping
    - /v0_8/system/get_stats
    - /v0_4/system/get_snapshot
    - /v0_6/system/get_cluster_metadata
    - /v0_9/system/describe_options
    - /v0_9/system/attach_consumer_session
    - /v0_6/system/get_me
    - /v0_6/system/get_client
    - /v0_6/system/get_clients
    - /v0_9/users/get_user
    - /v0_9/users/get_users
    - /v0_9/users/create_user
    - /v0_4/users/delete_user
    - /v0_9/users/update_user
    - /v0_4/users/update_permissions
    - /v0_4/users/change_password
    - /v0_4/users/logout_user
    - /v0_9/users/login_register
    - /v0_4/personal_access_tokens/get_personal_access_tokens
    - /v0_4/personal_access_tokens/create_personal_access_token
    - /v0_8/personal_access_tokens/delete_personal_access_token
    - /v0_9/personal_access_tokens/login_register_with_personal_access_token
    - /v0_9/messages/poll_messages
    - /v0_9/messages/send_messages
    - /v0_4/messages/flush_unsaved_buffer
    - /v0_9/messages/get_poll_routing
    - /v0_9/messages/poll_messages_on_primary
    - /v0_6/consumer_offsets/get_consumer_offset
    - /v0_9/consumer_offsets/store_consumer_offset
    - /v0_9/consumer_offsets/delete_consumer_offset
    - /v0_9/consumer_offsets/get_consumer_offset_routing
    - /v0_9/streams/get_stream
    - /v0_9/streams/get_streams
    - /v0_9/streams/create_stream
    - /v0_4/streams/delete_stream
    - /v0_9/streams/update_stream
    - /v0_4/streams/purge_stream
    - /v0_9/topics/get_topic
    - /v0_9/topics/get_topics
    - /v0_9/topics/create_topic
    - /v0_4/topics/delete_topic
    - /v0_9/topics/update_topic
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
    - /v0_9/consumer_groups/sync_consumer_group
  endian: le
doc: |
  Frames of generation 0.9 as its final clients speak it (protocol version 0.11.0): 256-byte headers on both sides, and a login that begins a session.
  Changes have operations of their own; everything else comes as operation 2 with a command code. Both ways a command has the same body.
doc-ref: core/binary_protocol/src/consensus/operation.rs
-generation:
  server: 0.9.0
  rust-sdk: 0.11.0
seq:
  - id: requests
    type: request
    repeat: eos
types:
  request:
    doc: One request. The body of an unknown operation or command stays bytes.
    seq:
      - id: header
        type: request_header
      - id: body
        size: header.frame_size - 256
        type:
          switch-on: header.operation
          cases:
            1: login_register
            2: by_code
            3: logout_user
            128: create_stream
            129: update_stream
            130: delete_stream
            131: purge_stream
            132: create_topic
            133: update_topic
            134: delete_topic
            135: purge_topic
            136: create_partitions
            137: delete_partitions
            138: delete_segments
            139: create_consumer_group
            140: delete_consumer_group
            141: create_user
            142: update_user
            143: delete_user
            144: change_password
            145: update_permissions
            146: create_personal_access_token
            147: delete_personal_access_token
            148: join_consumer_group
            149: leave_consumer_group
            160: send_messages
            161: store_consumer_offset
            162: delete_consumer_offset
  by_code:
    doc: |
      The body of operation 2. The two logins stand here for their codes only: both come as operation 1, and are told apart by which one their bytes are.
    seq:
      - id: payload
        size-eos: true
        type:
          switch-on: _parent.header.code
          cases:
            1: ping
            10: get_stats
            11: get_snapshot
            12: get_cluster_metadata
            13: describe_options
            14: attach_consumer_session
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
            39: logout_user
            40: login_register
            41: get_personal_access_tokens
            42: create_personal_access_token
            43: delete_personal_access_token
            45: login_register_with_personal_access_token
            100: poll_messages
            101: send_messages
            102: flush_unsaved_buffer
            103: get_poll_routing
            104: poll_messages_on_primary
            120: get_consumer_offset
            121: store_consumer_offset
            122: delete_consumer_offset
            123: get_consumer_offset_routing
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
            606: sync_consumer_group
