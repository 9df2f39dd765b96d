meta:
  id: errors
  title: Status codes
  license: Apache-2.0
  ks-version: '0.11'
  endian: le
doc: |
  What a reply says about its request. 0 is success; every other status comes without a result.
  One list serves all generations; "since" and "until" say which releases of the reference know a code.
doc-ref: core/common/src/error/iggy_error.rs
enums:
  status_code:
    1: { id: error, doc: 'Something went wrong.' }
    2: { id: invalid_configuration, doc: 'The configuration is not valid.' }
    3: { id: invalid_command, doc: 'The request cannot be read: unknown code, or wrong payload.' }
    4: { id: invalid_format, doc: 'A field of the request has a value that is not allowed.' }
    5: { id: feature_unavailable, doc: 'This server does not offer that.' }
    6: { id: invalid_identifier, doc: 'The identifier is neither a number nor a name.' }
    7: { id: invalid_version, doc: 'The version is not valid.' }
    8: { id: disconnected, doc: 'The server is shutting down, or the connection is lost.' }
    9: { id: cannot_establish_connection, doc: 'The connection cannot be made.' }
    10: { id: cannot_create_base_directory, doc: 'The data folder cannot be created.' }
    11: { id: cannot_create_runtime_directory, doc: 'The runtime folder cannot be created.' }
    12: { id: cannot_remove_runtime_directory, doc: 'The runtime folder cannot be removed.' }
    13: { id: cannot_create_state_directory, doc: 'The state folder cannot be created.' }
    14: { id: state_file_not_found, doc: 'The state file is missing.' }
    15: { id: state_file_corrupted, doc: 'The state file is damaged.' }
    16: { id: invalid_state_entry_checksum, doc: 'An entry of the state file has a wrong checksum.' }
    19: { id: cannot_open_database, doc: 'The database cannot be opened.' }
    20: { id: resource_not_found, -http: 404, doc: 'There is nothing with that key.' }
    21: { id: cannot_close_web_socket_connection, doc: 'The WebSocket cannot be closed. Since 0.6; until 0.4: a resource cannot be loaded.' }
    22: { id: cannot_save_resource, doc: 'The resource cannot be saved. Until 0.4.' }
    23: { id: cannot_delete_resource, doc: 'The resource cannot be deleted. Until 0.4.' }
    24: { id: cannot_serialize_resource_v0_4, doc: 'The resource cannot be encoded. Until 0.4; later 10000.' }
    25: { id: cannot_deserialize_resource_v0_4, doc: 'The resource cannot be decoded. Until 0.4; later 10001.' }
    30: { id: stale_client, doc: 'The client was silent for too long.' }
    31: { id: tcp_error, doc: 'The TCP connection failed. Since 0.5.' }
    32: { id: quic_error, doc: 'The QUIC connection failed. Since 0.5.' }
    33: { id: invalid_server_address, doc: 'The server address is not valid. Since 0.5.' }
    34: { id: invalid_client_address, doc: 'The client address is not valid. Since 0.5.' }
    35: { id: invalid_ip_address, doc: 'The IP address is not valid. Since 0.5.' }
    36: { id: http_error, doc: 'The HTTP request failed. Since 0.7.' }
    37: { id: invalid_api_url, doc: 'The address of the HTTP interface is not valid. Since 0.9.' }
    40: { id: unauthenticated, -http: 401, doc: 'Log in first.' }
    41: { id: unauthorized, -http: 403, doc: 'The user has no permission for this.' }
    42: { id: invalid_credentials, doc: 'Wrong username or password.' }
    43: { id: invalid_username, doc: 'A username has 3 to 50 bytes.' }
    44: { id: invalid_password, doc: 'A password has 3 to 100 bytes.' }
    45: { id: invalid_user_status, doc: 'The user status is unknown.' }
    46: { id: user_already_exists, doc: 'A user of that name exists already.' }
    47: { id: user_inactive, doc: 'The user is not active.' }
    48: { id: cannot_delete_user, doc: 'This user cannot be deleted.' }
    49: { id: cannot_change_permissions, doc: 'The permissions of this user cannot be changed.' }
    50: { id: invalid_personal_access_token_name, doc: 'A token name has 3 to 30 bytes.' }
    51: { id: personal_access_token_already_exists, doc: 'The user has a token of that name already.' }
    52: { id: personal_access_tokens_limit_reached, doc: 'The user has as many tokens as allowed.' }
    53: { id: invalid_personal_access_token, -http: 401, doc: 'The token is not valid.' }
    54: { id: personal_access_token_expired, doc: 'The token has expired.' }
    55: { id: users_limit_reached, doc: 'There are as many users as allowed.' }
    56: { id: invalid_personal_access_token_expiry, doc: 'The expiry of the token is not valid. Since 0.9.' }
    57: { id: transient_not_committed, -http: 503, doc: 'The outcome is not known yet; send the same request again. Since 0.9.' }
    58: { id: transient_not_accepted, -http: 503, doc: 'The request was not taken; send it again. Since 0.9.' }
    59: { id: request_already_applied, doc: 'The request was answered before, and that answer is no longer kept. Since 0.9.' }
    61: { id: not_connected, doc: 'The client is not connected.' }
    62: { id: request_error, doc: 'The request failed on its way. Until 0.4.' }
    63: { id: client_shutdown, doc: 'The client was shut down.' }
    64: { id: invalid_tls_domain, doc: 'The TLS domain is not valid.' }
    65: { id: invalid_tls_certificate_path, doc: 'The path of the TLS certificate is not valid.' }
    66: { id: invalid_tls_certificate, doc: 'The TLS certificate is not valid.' }
    67: { id: failed_to_add_certificate, doc: 'The certificate cannot be added.' }
    70: { id: invalid_encryption_key, doc: 'The encryption key is not valid.' }
    71: { id: cannot_encrypt_data, doc: 'The data cannot be encrypted.' }
    72: { id: cannot_decrypt_data, doc: 'The data cannot be decrypted.' }
    73: { id: invalid_jwt_algorithm, doc: 'The JWT algorithm is unknown.' }
    74: { id: invalid_jwt_secret, doc: 'The JWT secret is not valid.' }
    75: { id: jwt_missing, doc: 'The JWT is missing.' }
    76: { id: cannot_generate_jwt, doc: 'The JWT cannot be made.' }
    77: { id: access_token_missing, -http: 401, doc: 'The access token is missing.' }
    78: { id: invalid_access_token, -http: 401, doc: 'The access token is not valid.' }
    79: { id: cannot_fetch_jwks, doc: 'The keys of the token issuer cannot be fetched. Since 0.8.' }
    80: { id: invalid_size_bytes, doc: 'A size in the request is too large. Since 0.5.' }
    81: { id: invalid_utf8, doc: 'A text in the request is not UTF-8. Since 0.5.' }
    82: { id: invalid_number_encoding, doc: 'A number in the request cannot be read. Since 0.5.' }
    83: { id: invalid_boolean_value, doc: 'The text is neither true nor false. Since 0.5.' }
    84: { id: invalid_number_value, doc: 'The text is not a number. Since 0.5.' }
    100: { id: client_not_found, -http: 404, doc: 'There is no such client.' }
    101: { id: invalid_client_id, doc: 'The client id is not valid.' }
    200: { id: io_error_v0_4, -http: 500, doc: 'Reading or writing failed. Until 0.4; later 13000.' }
    201: { id: write_error, -http: 500, doc: 'Writing to the QUIC stream failed. Until 0.4.' }
    202: { id: cannot_parse_utf8, -http: 500, doc: 'The text is not UTF-8. Until 0.4.' }
    203: { id: cannot_parse_int, -http: 500, doc: 'The text is not an integer. Until 0.4.' }
    204: { id: cannot_parse_slice, -http: 500, doc: 'The value has a wrong length. Until 0.4.' }
    205: { id: cannot_parse_byte_unit, doc: 'The text is not a size in bytes. Until 0.4.' }
    206: { id: connection_closed, doc: 'The connection was closed.' }
    207: { id: cannot_parse_float, doc: 'The text is not a number. Until 0.4.' }
    208: { id: cannot_parse_bool, doc: 'The text is neither true nor false. Until 0.4.' }
    209: { id: cannot_parse_header_kind, doc: 'The header kind is unknown.' }
    300: { id: http_response_error, doc: 'The HTTP response reports a failure.' }
    301: { id: invalid_http_request, doc: 'The HTTP request is not valid. Until 0.4: a step before the HTTP request failed.' }
    302: { id: invalid_json_response, doc: 'The response is not the JSON expected. Until 0.4: the endpoint cannot be created.' }
    303: { id: invalid_bytes_response, doc: 'The response is not the bytes expected. Until 0.4: the URL cannot be read.' }
    304: { id: empty_response, doc: 'The response is empty. Until 0.4: the response is not valid.' }
    305: { id: cannot_create_endpoint, doc: 'The endpoint cannot be created. Until 0.4: the response is empty.' }
    306: { id: cannot_parse_url, doc: 'The URL cannot be read. Until 0.4: the address cannot be read.' }
    307: { id: read_error, doc: 'Reading from the QUIC stream failed. Until 0.4.' }
    308: { id: connection_error, doc: 'The QUIC connection failed. Until 0.4.' }
    309: { id: read_to_end_error, doc: 'The QUIC stream cannot be read to its end. Until 0.4.' }
    310: { id: closed_error, doc: 'The QUIC stream is closed. Until 0.4.' }
    400: { id: web_socket_error, doc: 'The WebSocket failed. Since 0.6.' }
    401: { id: web_socket_connection_error, doc: 'The WebSocket cannot be opened. Since 0.6.' }
    402: { id: web_socket_close_error, doc: 'The WebSocket was not closed properly. Since 0.6.' }
    403: { id: web_socket_receive_error, doc: 'Receiving from the WebSocket failed. Since 0.6.' }
    404: { id: web_socket_send_error, doc: 'Sending to the WebSocket failed. Since 0.6.' }
    1000: { id: cannot_create_streams_directory, doc: 'The folder of the streams cannot be created.' }
    1001: { id: cannot_create_stream_directory, doc: 'The folder of the stream cannot be created.' }
    1002: { id: cannot_create_stream_info, doc: 'The stream info cannot be created.' }
    1003: { id: cannot_update_stream_info, doc: 'The stream info cannot be changed.' }
    1004: { id: cannot_open_stream_info, doc: 'The stream info cannot be opened.' }
    1005: { id: cannot_read_stream_info, doc: 'The stream info cannot be read.' }
    1006: { id: cannot_create_stream, doc: 'The stream cannot be created.' }
    1007: { id: cannot_delete_stream, doc: 'The stream cannot be deleted.' }
    1008: { id: cannot_delete_stream_directory, doc: 'The folder of the stream cannot be deleted.' }
    1009: { id: stream_id_not_found, -http: 404, doc: 'There is no stream with that id.' }
    1010: { id: stream_name_not_found, doc: 'There is no stream of that name.' }
    1011: { id: stream_id_already_exists, doc: 'A stream with that id exists already. Since 0.6: the folder of the stream is missing.' }
    1012: { id: stream_name_already_exists, doc: 'A stream of that name exists already.' }
    1013: { id: invalid_stream_name, doc: 'A stream name has 1 to 255 bytes.' }
    1014: { id: invalid_stream_id, doc: 'The stream id is not valid.' }
    1015: { id: cannot_read_streams, doc: 'The streams cannot be read.' }
    1016: { id: missing_streams, doc: 'Streams are missing. Until 0.4.' }
    1017: { id: missing_topics, doc: 'Topics of the stream are missing. Until 0.4.' }
    1018: { id: missing_partitions, doc: 'Partitions of the topic are missing. Until 0.4.' }
    1019: { id: invalid_topic_size, doc: 'The largest size of a topic must not be below the segment size.' }
    1020: { id: too_many_streams, doc: 'There are as many streams as allowed. Since 0.9.' }
    2000: { id: cannot_create_topics_directory, doc: 'The folder of the topics cannot be created.' }
    2001: { id: cannot_create_topic_directory, doc: 'The folder of the topic cannot be created.' }
    2002: { id: cannot_create_topic_info, doc: 'The topic info cannot be created.' }
    2003: { id: cannot_update_topic_info, doc: 'The topic info cannot be changed.' }
    2004: { id: cannot_open_topic_info, doc: 'The topic info cannot be opened.' }
    2005: { id: cannot_read_topic_info, doc: 'The topic info cannot be read.' }
    2006: { id: cannot_create_topic, doc: 'The topic cannot be created.' }
    2007: { id: cannot_delete_topic, doc: 'The topic cannot be deleted.' }
    2008: { id: cannot_delete_topic_directory, doc: 'The folder of the topic cannot be deleted.' }
    2009: { id: cannot_poll_topic, doc: 'The topic cannot be polled.' }
    2010: { id: topic_id_not_found, -http: 404, doc: 'There is no topic with that id.' }
    2011: { id: topic_name_not_found, doc: 'There is no topic of that name.' }
    2012: { id: topic_id_already_exists, doc: 'A topic with that id exists already. Until 0.5.' }
    2013: { id: topic_name_already_exists, doc: 'A topic of that name exists already.' }
    2014: { id: invalid_topic_name, doc: 'A topic name has 1 to 255 bytes.' }
    2015: { id: too_many_partitions, doc: 'The number of partitions is out of range.' }
    2016: { id: invalid_topic_id, doc: 'The topic id is not valid.' }
    2017: { id: cannot_read_topics, doc: 'The topics cannot be read.' }
    2018: { id: invalid_replication_factor, doc: 'The replication factor is not valid.' }
    2019: { id: invalid_partitions_count, doc: 'The topic has fewer partitions than that. Since 0.6.' }
    2020: { id: topic_directory_not_found, doc: 'The folder of the topic is missing. Since 0.6.' }
    2021: { id: too_many_topics, doc: 'The stream has as many topics as allowed. Since 0.9.' }
    3000: { id: cannot_create_partition, doc: 'The partition cannot be created.' }
    3001: { id: cannot_create_partitions_directory, doc: 'The folder of the partitions cannot be created.' }
    3002: { id: cannot_create_partition_directory, doc: 'The folder of the partition cannot be created.' }
    3003: { id: cannot_open_partition_log_file, doc: 'The log of the partition cannot be opened.' }
    3004: { id: cannot_read_partitions, doc: 'The partitions cannot be read.' }
    3005: { id: cannot_delete_partition, doc: 'The partition cannot be deleted.' }
    3006: { id: cannot_delete_partition_directory, doc: 'The folder of the partition cannot be deleted.' }
    3007: { id: partition_not_found, -http: 404, doc: 'There is no such partition.' }
    3008: { id: no_partitions, doc: 'The topic has no partitions.' }
    3009: { id: topic_full, doc: 'The topic has reached its largest size.' }
    3010: { id: cannot_delete_consumer_offsets_directory, doc: 'The folder of the consumer offsets cannot be deleted.' }
    3011: { id: cannot_delete_consumer_offset_file, doc: 'The consumer offset cannot be deleted.' }
    3012: { id: cannot_create_consumer_offsets_directory, doc: 'The folder of the consumer offsets cannot be created.' }
    3013: { id: partition_id_space_exhausted, doc: 'The topic has had as many partitions as there are ids. Since 0.9.' }
    3020: { id: cannot_read_consumer_offsets, doc: 'The consumer offsets cannot be read.' }
    3021: { id: consumer_offset_not_found, -http: 404, doc: 'The consumer has no stored offset. Since 0.5.' }
    3022: { id: not_resolved_consumer, doc: 'The consumer cannot be told from the request. Since 0.6.' }
    3023: { id: cannot_open_consumer_offsets_file, doc: 'The consumer offsets cannot be opened. Since 0.6.' }
    3024: { id: too_many_consumer_offsets, doc: 'The partition keeps as many consumer offsets as allowed. Since 0.9.' }
    4000: { id: segment_not_found, -http: 404, doc: 'There is no such segment.' }
    4001: { id: segment_closed, doc: 'The segment is closed.' }
    4002: { id: invalid_segment_size, doc: 'The segment size is not valid.' }
    4003: { id: cannot_create_segment_log_file, doc: 'The log of the segment cannot be created.' }
    4004: { id: cannot_create_segment_index_file, doc: 'The index of the segment cannot be created.' }
    4005: { id: cannot_create_segment_time_index_file, doc: 'The time index of the segment cannot be created.' }
    4006: { id: cannot_save_messages_to_segment, doc: 'The messages cannot be saved.' }
    4007: { id: cannot_save_index_to_segment, doc: 'The index of the segment cannot be saved.' }
    4008: { id: cannot_save_time_index_to_segment, doc: 'The time index of the segment cannot be saved.' }
    4009: { id: invalid_messages_count, doc: 'The number of messages is not valid.' }
    4010: { id: cannot_append_message, doc: 'The message cannot be appended.' }
    4011: { id: cannot_read_message, doc: 'The message cannot be read.' }
    4012: { id: cannot_read_message_id, doc: 'The message id cannot be read.' }
    4013: { id: cannot_read_message_state, doc: 'The message state cannot be read.' }
    4014: { id: cannot_read_message_timestamp, doc: 'The message timestamp cannot be read.' }
    4015: { id: cannot_read_headers_length, doc: 'The length of the user headers cannot be read.' }
    4016: { id: cannot_read_headers_payload, doc: 'The user headers cannot be read.' }
    4017: { id: too_big_headers_payload, doc: 'The user headers are larger than 100 000 bytes. Called `too_big_user_headers` since 0.5.' }
    4018: { id: invalid_header_key, doc: 'A header key has 1 to 255 bytes.' }
    4019: { id: invalid_header_value, doc: 'A header value has 1 to 255 bytes, and the size of its kind.' }
    4020: { id: cannot_read_message_length, doc: 'The length of the message cannot be read.' }
    4021: { id: cannot_read_message_payload, doc: 'The payload of the message cannot be read.' }
    4022: { id: too_big_message_payload, doc: 'The payload is larger than allowed.' }
    4023: { id: too_many_messages, doc: 'There are too many messages in the request.' }
    4024: { id: empty_message_payload, doc: 'The payload is empty.' }
    4025: { id: invalid_message_payload_length, doc: 'The length of the payload is not valid.' }
    4026: { id: cannot_read_message_checksum, doc: 'The checksum of the message cannot be read.' }
    4027: { id: invalid_message_checksum, doc: 'The message has a wrong checksum.' }
    4028: { id: invalid_key_value_length, doc: 'The messages key has 1 to 255 bytes.' }
    4029: { id: command_length_error, doc: 'The length of the request is wrong.' }
    4030: { id: invalid_segments_count, doc: 'The number of segments is not valid. Since 0.5.' }
    4031: { id: non_zero_offset, doc: 'An index entry was sent with an offset other than 0. Since 0.5.' }
    4032: { id: non_zero_timestamp, doc: 'An index entry was sent with a timestamp other than 0. Since 0.5.' }
    4033: { id: missing_index, doc: 'An index entry is missing, or points outside the messages. Since 0.5.' }
    4034: { id: invalid_indexes_byte_size, doc: 'The index is not made of whole entries. Since 0.5.' }
    4035: { id: invalid_indexes_count, doc: 'There are not as many index entries as messages. Since 0.5.' }
    4036: { id: invalid_messages_size, doc: 'The sizes of the messages do not add up. Since 0.5.' }
    4037: { id: too_small_message, doc: 'A message is shorter than its header. Since 0.5.' }
    4038: { id: invalid_message_timestamp_delta, doc: 'A message has a wrong timestamp in its batch. Since 0.8.' }
    4039: { id: invalid_batch_checksum, doc: 'The batch has a wrong checksum. Since 0.8.' }
    4040: { id: invalid_header_kind, doc: 'The header kind is unknown. Since 0.8.' }
    4041: { id: unsupported_option_key, doc: 'There is no such option, or it cannot be changed. Since 0.9.' }
    4042: { id: invalid_option_value, doc: 'The option cannot have that value. Since 0.9.' }
    4043: { id: options_block_too_large, doc: 'There are more options than allowed. Since 0.9.' }
    4050: { id: cannot_send_messages_due_to_client_disconnection, doc: 'The client is disconnected, so nothing was sent. Since 0.5.' }
    4051: { id: background_send_error, doc: 'Sending in the background failed. Since 0.5.' }
    4052: { id: background_send_timeout, doc: 'Sending in the background took too long. Since 0.5.' }
    4053: { id: background_send_buffer_full, doc: 'The send buffer is full. Since 0.5.' }
    4054: { id: background_worker_disconnected, doc: 'The background sender is gone. Since 0.5.' }
    4055: { id: background_send_buffer_overflow, doc: 'The messages do not fit in the send buffer. Since 0.5.' }
    4056: { id: producer_send_failed, doc: 'The producer could not send all messages. Since 0.5.' }
    4057: { id: producer_closed, doc: 'The producer is closed. Since 0.5.' }
    4100: { id: invalid_offset, doc: 'The offset is not in the partition.' }
    4101: { id: invalid_reserved_field, doc: 'A reserved field is not 0. Since 0.7.' }
    4102: { id: segment_size_mismatch_at_open, doc: 'A segment has another size on the disk than expected. Since 0.9.' }
    5000: { id: consumer_group_id_not_found, -http: 404, doc: 'There is no consumer group with that id.' }
    5001: { id: consumer_group_id_already_exists, doc: 'A consumer group with that id exists already. Until 0.5.' }
    5002: { id: invalid_consumer_group_id, doc: 'The consumer group id is not valid.' }
    5003: { id: consumer_group_name_not_found, -http: 404, doc: 'There is no consumer group of that name.' }
    5004: { id: consumer_group_name_already_exists, doc: 'A consumer group of that name exists already.' }
    5005: { id: invalid_consumer_group_name, doc: 'A consumer group name has 1 to 255 bytes.' }
    5006: { id: consumer_group_member_not_found, -http: 404, doc: 'The client is not a member of the consumer group.' }
    5007: { id: cannot_create_consumer_group_info, doc: 'The consumer group info cannot be created.' }
    5008: { id: cannot_delete_consumer_group_info, doc: 'The consumer group info cannot be deleted.' }
    5009: { id: consumer_group_partition_not_owned, doc: 'The partition belongs to another member of the consumer group. Since 0.9.' }
    6000: { id: missing_base_offset_retained_message_batch, doc: 'The stored batch has no base offset.' }
    6001: { id: missing_last_offset_delta_retained_message_batch, doc: 'The stored batch has no last offset.' }
    6002: { id: missing_max_timestamp_retained_message_batch, doc: 'The stored batch has no timestamp.' }
    6003: { id: missing_length_retained_message_batch, doc: 'The stored batch has no length.' }
    6004: { id: missing_payload_retained_message_batch, doc: 'The stored batch has no payload.' }
    7000: { id: cannot_read_batch_base_offset, doc: 'The base offset of the batch cannot be read.' }
    7001: { id: cannot_read_batch_length, doc: 'The length of the batch cannot be read.' }
    7002: { id: cannot_read_last_offset_delta, doc: 'The last offset of the batch cannot be read.' }
    7003: { id: cannot_read_max_timestamp, doc: 'The timestamp of the batch cannot be read.' }
    7004: { id: cannot_read_batch_payload, doc: 'The payload of the batch cannot be read.' }
    8000: { id: invalid_connection_string, doc: 'The connection string is not valid.' }
    9000: { id: snapshot_file_completion_failed, doc: 'The snapshot cannot be completed.' }
    10000: { id: cannot_serialize_resource, doc: 'The resource cannot be encoded. Since 0.5.' }
    10001: { id: cannot_deserialize_resource, doc: 'The resource cannot be decoded. Since 0.5.' }
    10002: { id: cannot_read_file, doc: 'The file cannot be read. Since 0.5.' }
    10003: { id: cannot_read_file_metadata, doc: 'The facts about the file cannot be read. Since 0.5.' }
    10004: { id: cannot_seek_file, doc: 'The position in the file cannot be reached. Since 0.5.' }
    10005: { id: cannot_append_to_file, doc: 'The file cannot be appended to. Since 0.5.' }
    10006: { id: cannot_write_to_file, doc: 'The file cannot be written. Since 0.5.' }
    10007: { id: cannot_overwrite_file, doc: 'The file cannot be replaced. Since 0.5.' }
    10008: { id: cannot_delete_file, doc: 'The file cannot be deleted. Since 0.5.' }
    10009: { id: cannot_sync_file, doc: 'The file cannot be synced to disk. Since 0.5.' }
    10010: { id: cannot_read_index_offset, doc: 'The offset of an index entry cannot be read. Since 0.5.' }
    10011: { id: cannot_read_index_position, doc: 'The position of an index entry is not valid. Since 0.5.' }
    10012: { id: cannot_read_index_timestamp, doc: 'The timestamp of an index entry cannot be read. Since 0.5.' }
    10013: { id: timestamp_out_of_range, doc: 'The timestamp is out of range. Since 0.6.' }
    11000: { id: shard_not_found, doc: 'There is no such shard. Since 0.6.' }
    11001: { id: shard_communication_error, doc: 'A shard cannot be reached. Since 0.6.' }
    12000: { id: cannot_bind_to_socket, doc: 'The server cannot listen on the address. Since 0.6.' }
    12001: { id: task_timeout, doc: 'The task took too long. Since 0.6.' }
    13000: { id: io_error, doc: 'Reading or writing failed. Since 0.6.' }
    14000: { id: already_authenticated, doc: 'The connection has a session already. Since 0.9.' }
    14001: { id: invalid_session, doc: 'The session is not valid. Since 0.9.' }
    14003: { id: incompatible_protocol_version, doc: 'The client speaks a version of the protocol that this server does not. Since 0.9.' }
