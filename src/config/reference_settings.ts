// Every section and key of the reference's configuration: those of 0.4.72 and of 0.8.0 together, with 0.8.0's defaults.
// Whippet acts on some of them; the others are accepted and shown, so that files and scripts written for the reference keep working.
import { SectionList } from './section.ts';
import {
  address,
  cachedIndexes,
  count,
  duration,
  expiry,
  flag,
  oneOf,
  optional,
  quota,
  secret,
  size,
  sizeLimit,
  text,
  texts,
} from './setting.ts';

const certificateFiles = { cert_file: text('core/certs/iggy_cert.pem'), key_file: text('core/certs/iggy_key.pem') };
const exporter = (endpoint: string) => ({ transport: oneOf(['grpc', 'http'], 'grpc'), endpoint: text(endpoint) });

/** The words of `system.logging.level`, from silent to everything. */
export const logLevels = ['off', 'error', 'warn', 'info', 'debug', 'trace'] as const;

const http = {
  enabled: flag(true),
  address: address('127.0.0.1:3000'),
  max_request_size: size('2 MB'),
  web_ui: flag(false),
  cors: {
    enabled: flag(true),
    allowed_methods: texts(['GET', 'POST', 'PUT', 'DELETE']),
    allowed_origins: texts(['*']),
    allowed_headers: texts(['content-type', 'authorization']),
    exposed_headers: texts(['']),
    allow_credentials: flag(false),
    allow_private_network: flag(false),
  },
  jwt: {
    algorithm: oneOf(['HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512'], 'HS256'),
    issuer: text('iggy.apache.org'),
    audience: text('iggy.apache.org'),
    valid_issuers: texts(['iggy.apache.org']),
    valid_audiences: texts(['iggy.apache.org']),
    access_token_expiry: expiry('1 h'),
    clock_skew: duration('5 s'),
    not_before: duration('0 s'),
    encoding_secret: secret(),
    decoding_secret: secret(),
    use_base64_secret: flag(false),
    trusted_issuers: new SectionList({ issuer: text(''), jwks_url: text(''), audience: text(''), user_id: count(0) }),
  },
  metrics: { enabled: flag(true), endpoint: text('/metrics') },
  tls: { enabled: flag(false), ...certificateFiles },
};

const tcp = {
  enabled: flag(true),
  address: address('127.0.0.1:8090'),
  socket_migration: flag(true),
  ipv6: flag(false),
  // `certificate` and `password` are a PKCS#12 file (0.4.72), `cert_file` and `key_file` PEM files (0.8.0).
  tls: {
    enabled: flag(false),
    self_signed: flag(true),
    ...certificateFiles,
    certificate: text(''),
    password: secret(),
  },
  socket: {
    override_defaults: flag(false),
    recv_buffer_size: size('100 KB'),
    send_buffer_size: size('100 KB'),
    keepalive: flag(false),
    nodelay: flag(false),
    linger: duration('0 s'),
  },
};

const quic = {
  enabled: flag(true),
  address: address('127.0.0.1:8080'),
  max_concurrent_bidi_streams: count(10_000),
  datagram_send_buffer_size: size('100 KB'),
  initial_mtu: size('8 KB'),
  send_window: size('100 KB'),
  receive_window: size('100 KB'),
  keep_alive_interval: duration('5 s'),
  max_idle_timeout: duration('10 s'),
  certificate: { self_signed: flag(true), ...certificateFiles },
  socket: {
    override_defaults: flag(false),
    recv_buffer_size: size('64 KB'),
    send_buffer_size: size('64 KB'),
    keepalive: flag(false),
  },
};

const websocket = {
  enabled: flag(true),
  address: address('127.0.0.1:8092'),
  read_buffer_size: optional(size('0')),
  write_buffer_size: optional(size('0')),
  max_write_buffer_size: optional(size('0')),
  max_message_size: optional(size('0')),
  max_frame_size: optional(size('0')),
  accept_unmasked_frames: flag(false),
  tls: { enabled: flag(false), self_signed: flag(true), ...certificateFiles },
};

const dataMaintenance = {
  archiver: {
    enabled: flag(false),
    kind: oneOf(['disk', 's3'], 'disk'),
    disk: { path: text('local_data/archive') },
    s3: {
      key_id: text(''),
      key_secret: secret(),
      bucket: text('iggy'),
      endpoint: text('http://localhost:9000'),
      region: text('eu-west-1'),
      tmp_upload_dir: text('local_data/s3_tmp'),
    },
  },
  messages: { archiver_enabled: flag(false), cleaner_enabled: flag(false), interval: duration('1 m') },
  state: { archiver_enabled: flag(false), overwrite: flag(true), interval: duration('1 m') },
};

const system = {
  path: text('local_data'),
  backup: { path: text('backup'), compatibility: { path: text('compatibility') } },
  database: { path: optional(text('')) },
  state: { enforce_fsync: flag(false), max_file_operation_retries: count(1), retry_delay: duration('1 s') },
  runtime: { path: text('runtime') },
  logging: {
    path: text('logs'),
    level: oneOf(logLevels, 'info'),
    file_enabled: flag(true),
    max_size: size('512 MB'),
    max_file_size: size('500 MB'),
    max_total_size: size('4 GB'),
    rotation_check_interval: duration('1 h'),
    retention: duration('7 days'),
    sysinfo_print_interval: duration('10 s'),
  },
  cache: { enabled: flag(true), size: quota('4 GB') },
  encryption: { enabled: flag(false), key: secret() },
  compression: { allow_override: flag(false), default_algorithm: oneOf(['none', 'gzip'], 'none') },
  stream: { path: text('streams') },
  topic: {
    path: text('topics'),
    max_size: sizeLimit(),
    message_expiry: expiry('none'),
    delete_oldest_segments: flag(false),
  },
  partition: {
    path: text('partitions'),
    enforce_fsync: flag(false),
    validate_checksum: flag(false),
    messages_required_to_save: count(1024, 1),
    size_of_messages_required_to_save: size('1 MiB'),
  },
  segment: {
    size: size('1 GiB'),
    message_expiry: expiry('none'),
    archive_expired: flag(false),
    cache_indexes: cachedIndexes('open_segment'),
    server_confirmation: text('wait'),
  },
  message_deduplication: { enabled: flag(false), max_entries: count(10_000), expiry: duration('1 m') },
  recovery: { recreate_missing_state: flag(false) },
  memory_pool: { enabled: flag(true), size: size('4 GiB'), bucket_capacity: count(8192) },
  sharding: { cpu_allocation: text('numa:auto') },
};

const ports = { tcp: port(), quic: port(), http: port(), websocket: port() };

/** The reference's settings. A key's variable is `IGGY_` + its path in upper case, joined by `_`. */
export const referenceSettings = {
  consumer_group: { rebalancing_timeout: duration('30 s'), rebalancing_check_interval: duration('5 s') },
  data_maintenance: dataMaintenance,
  http,
  tcp,
  quic,
  websocket,
  // Stands in 0.4.72's file though nothing reads it; expiry follows data_maintenance.messages.
  message_cleaner: { enabled: flag(false), interval: duration('1 m') },
  message_saver: { enabled: flag(true), enforce_fsync: flag(true), interval: duration('30 s') },
  personal_access_token: {
    max_tokens_per_user: count(100, 1),
    cleaner: { enabled: flag(true), interval: duration('1 m') },
  },
  heartbeat: { enabled: flag(false), interval: duration('5 s') },
  telemetry: {
    enabled: flag(false),
    service_name: text('iggy'),
    logs: exporter('http://localhost:7281/v1/logs'),
    traces: exporter('http://localhost:7281/v1/traces'),
  },
  system,
  cluster: {
    enabled: flag(false),
    name: text('iggy-cluster'),
    node: {
      current: { name: text('iggy-node-1'), ip: text('127.0.0.1') },
      others: new SectionList({ name: text(''), ip: text(''), ports }),
    },
  },
};

/** Two spellings of one setting, of different releases. What is given for one holds for the other, unless that is given too. */
export const sameSettings: readonly (readonly [string, string])[] = [
  ['system.topic.message_expiry', 'system.segment.message_expiry'],
];

function port() {
  return optional(count(0, 0, 0xffff));
}
