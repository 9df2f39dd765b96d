meta:
  id: get_stats
  title: Get statistics
  license: Apache-2.0
  ks-version: '0.11'
  encoding: UTF-8
  endian: le
doc: Reads counters of the server and facts about its machine.
doc-ref: core/binary_protocol/src/responses/system/get_stats.rs
-command:
  name: stats
  auth: user
  permission:
    rule: get_stats
seq: []
types:
  response:
    seq:
      - id: process_id
        type: u4
      - id: cpu_usage
        doc: Percent, of the server process.
        type: f4
      - id: total_cpu_usage
        doc: Percent, of the machine.
        type: f4
      - id: memory_usage
        doc: Bytes, of the server process.
        type: u8
        -type: number
      - id: total_memory
        doc: Bytes, of the machine.
        type: u8
        -type: number
      - id: available_memory
        doc: Bytes, of the machine.
        type: u8
        -type: number
      - id: run_time
        doc: Microseconds since the server started.
        type: u8
        -type: number
      - id: start_time
        doc: When the server started.
        type: u8
        -type: timestamp_micros
      - id: read_bytes
        doc: Read from disk by the server process.
        type: u8
        -type: number
      - id: written_bytes
        doc: Written to disk by the server process.
        type: u8
        -type: number
      - id: messages_size_bytes
        doc: Sum of the sizes of all messages.
        type: u8
        -type: number
      - id: streams_count
        type: u4
      - id: topics_count
        type: u4
      - id: partitions_count
        type: u4
      - id: segments_count
        type: u4
      - id: messages_count
        type: u8
        -type: number
      - id: clients_count
        doc: Connected clients, logged in or not.
        type: u4
      - id: consumer_groups_count
        type: u4
      - id: len_hostname
        type: u4
      - id: hostname
        type: str
        size: len_hostname
      - id: len_os_name
        type: u4
      - id: os_name
        type: str
        size: len_os_name
      - id: len_os_version
        type: u4
      - id: os_version
        type: str
        size: len_os_version
      - id: len_kernel_version
        type: u4
      - id: kernel_version
        type: str
        size: len_kernel_version
      - id: len_server_version
        type: u4
      - id: server_version
        -orig-id: iggy_server_version
        doc: Release of the server, like `0.8.0`.
        type: str
        size: len_server_version
        -default: ''
      - id: server_semver
        -orig-id: iggy_server_semver
        doc: The release as one number, major * 1 000 000 + minor * 1000 + patch; 0 when it is not such a release.
        type: u4
        -default: 0
      - id: num_cache_metrics
        type: u4
      - id: cache_metrics
        doc: In any order; may be empty.
        type: cache_metric
        repeat: expr
        repeat-expr: num_cache_metrics
        -default: []
      - id: threads_count
        doc: Threads of the server process.
        type: u4
        -default: 0
      - id: free_disk_space
        doc: Bytes, where the server keeps its data.
        type: u8
        -type: number
        -default: 0
      - id: total_disk_space
        doc: Bytes, where the server keeps its data.
        type: u8
        -type: number
        -default: 0
  cache_metric:
    doc: How well the message cache of one partition does.
    seq:
      - id: stream_id
        type: u4
        -type: id
      - id: topic_id
        type: u4
        -type: id
      - id: partition_id
        type: u4
        -type: id
      - id: hits
        doc: Messages read from the cache.
        type: u8
        -type: number
      - id: misses
        doc: Messages read from disk.
        type: u8
        -type: number
      - id: hit_ratio
        doc: Part of `hits` in both.
        type: f4
