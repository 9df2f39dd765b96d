// The whole configuration: the reference's variables and files, what is refused and how it is said.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { type Environment, variableOf } from '../src/config/given.ts';
import { leavesOf } from '../src/config/section.ts';
import { ConfigError, loadConfig, settings } from '../src/config.ts';
import { formatDurationMicros, formatSize } from '../src/lib/quantities.ts';

const folder = mkdtempSync(join(tmpdir(), 'whippet-config-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function problemsOf(environment: Environment): readonly string[] {
  try {
    loadConfig(environment);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems;
  }
  return assert.fail('the configuration was accepted');
}

test('nothing given is a server for development on loopback', () => {
  const { config, warnings } = loadConfig({});
  assert.deepEqual(config.tcp.address, { host: '127.0.0.1', port: 8090 });
  assert.equal(config.rootUser.username, 'iggy');
  assert.equal(config.rootUser.password.reveal(), 'iggy');
  assert.equal(config.system.segment.sizeBytes, 1024 ** 3);
  assert.equal(config.system.topic.maxSizeBytes, undefined);
  assert.equal(config.messageSaver.intervalMs, 30_000);
  assert.equal(config.whippet.limits.frameSizeMaxBytes, 64_000_000 + 1024 ** 2);
  assert.deepEqual(warnings, []);
});

test('the variables of a script that starts the reference work', () => {
  const { config, warnings } = loadConfig({
    IGGY_TCP_ADDRESS: '[::1]:0',
    IGGY_SYSTEM_PATH: '/tmp/data',
    IGGY_HTTP_ENABLED: 'false',
    IGGY_QUIC_ENABLED: 'FALSE',
    IGGY_SYSTEM_SEGMENT_SIZE: '100 KB',
    IGGY_SYSTEM_SEGMENT_MESSAGE_EXPIRY: '7 days',
    IGGY_SYSTEM_SEGMENT_CACHE_INDEXES: 'true',
    IGGY_SYSTEM_PARTITION_ENFORCE_FSYNC: 'true',
    IGGY_SYSTEM_CACHE_SIZE: '50%',
    IGGY_HEARTBEAT_INTERVAL: 'none',
    IGGY_TCP_TLS_PASSWORD: 'iggy123',
    IGGY_SYSTEM_SHARDING_CPU_ALLOCATION: '4',
    IGGY_HTTP_CORS_ALLOWED_METHODS: '[GET, "PUT, POST"]',
    IGGY_HTTP_CORS_ALLOWED_ORIGINS_1: 'b',
    IGGY_HTTP_CORS_ALLOWED_ORIGINS_0: 'a',
    IGGY_CLUSTER_NODE_OTHERS_0_NAME: 'second',
    IGGY_CLUSTER_NODE_OTHERS_0_PORTS_TCP: '8091',
    IGGY_SYSTEM_LOGGING_LEVEL: '',
    IGGY_CI_BUILD: '1',
    IGGY_USERNAME: 'of the command line',
    PATH: '/bin',
  });
  assert.deepEqual(warnings, []);
  assert.deepEqual(config.tcp.address, { host: '::1', port: 0 });
  assert.equal(config.system.path, '/tmp/data');
  assert.equal(config.http.enabled, false);
  assert.equal(config.quic.enabled, false);
  assert.equal(config.system.segment.sizeBytes, 100_000);
  assert.equal(config.system.topic.messageExpiryMicros, 604_800_000_000, 'the older spelling counts');
  assert.equal(config.system.segment.cacheIndexes, 'all');
  assert.equal(config.system.partition.enforceFsync, true);
  assert.equal(config.heartbeat.intervalMs, 0);
  assert.equal(config.tcp.tls.password.reveal(), 'iggy123');
  assert.equal(config.system.sharding.cpuAllocation, '4');
  assert.deepEqual(config.http.cors.allowedMethods, ['GET', 'PUT, POST']);
  assert.deepEqual(config.http.cors.allowedOrigins, ['a', 'b']);
  assert.equal(config.cluster.node.others[0]?.name, 'second');
  assert.equal(config.cluster.node.others[0]?.ports.tcp, 8091);
  assert.equal(config.system.logging.level, 'info');
});

test('a variable names one setting only', () => {
  const names = leavesOf(settings).map((leaf) => variableOf(leaf.path));
  assert.equal(new Set(names).size, names.length);
  assert.ok(names.includes('IGGY_HTTP_JWT_ENCODING_SECRET') && names.includes('WHIPPET_LIMITS_LOGIN_DEADLINE'));
});

test('an unknown name gets one warning with the nearest known one', () => {
  const { warnings } = loadConfig({
    IGGY_TCP_ADRESS: '1.2.3.4:1',
    WHIPPET_LIMITS_CONECTIONS_MAX: '5',
    IGGY_PURPLE: '1',
  });
  assert.deepEqual(warnings, [
    'unknown variable IGGY_TCP_ADRESS is ignored; the nearest known name is IGGY_TCP_ADDRESS',
    'unknown variable WHIPPET_LIMITS_CONECTIONS_MAX is ignored; the nearest known name is WHIPPET_LIMITS_CONNECTIONS_MAX',
    'unknown variable IGGY_PURPLE is ignored',
  ]);
});

test('a bad value is one line with the variable, the value and what is accepted', () => {
  const cases: [string, string, string][] = [
    ['IGGY_TCP_ADDRESS', 'nowhere', 'host:port such as "127.0.0.1:8090" or "[::1]:0"'],
    ['IGGY_TCP_ADDRESS', '127.0.0.1:65536', 'host:port such as "127.0.0.1:8090" or "[::1]:0"'],
    ['IGGY_TCP_ENABLED', 'yes', 'true or false'],
    ['IGGY_SYSTEM_SEGMENT_SIZE', '3 parsecs', 'bytes, or a number with a unit such as "100 KB" or "1 GiB"'],
    ['IGGY_MESSAGE_SAVER_INTERVAL', 'soon', 'a duration such as "30 s" or "1h 30m", or "none"'],
    ['IGGY_SYSTEM_TOPIC_MAX_SIZE', '0', '"unlimited", or a number above 0 with a unit such as "10 GB"'],
    ['IGGY_SYSTEM_TOPIC_MESSAGE_EXPIRY', 'default', '"none", or a duration above 0 such as "7 days"'],
    ['IGGY_PERSONAL_ACCESS_TOKEN_MAX_TOKENS_PER_USER', '0', 'a whole number from 1 to 4294967295'],
    ['IGGY_SYSTEM_LOGGING_LEVEL', 'loud', 'off, error, warn, info, debug, trace'],
    [
      'WHIPPET_GENERATIONS',
      '[v0_4, v0_7]',
      'at least one of v0_4, v0_5, v0_6, v0_8, v0_9; several with commas between them',
    ],
  ];
  for (const [name, value, accepted] of cases) {
    assert.ok(
      problemsOf({ [name]: value }).includes(`${name} is ${JSON.stringify(value)}; accepted: ${accepted}`),
      name,
    );
  }
});

test('generations are words with commas between them, or a list', () => {
  for (const text of ['v0_8,v0_4', 'v0_4, v0_8', '[v0_4, v0_8]', '["v0_8", "v0_4"]']) {
    assert.deepEqual(loadConfig({ WHIPPET_GENERATIONS: text }).config.whippet.generations, ['v0_4', 'v0_8']);
  }
});

test('settings that do not go together are refused by name', () => {
  assert.deepEqual(problemsOf({ IGGY_SYSTEM_SEGMENT_SIZE: '2 GiB' }), [
    'IGGY_SYSTEM_SEGMENT_SIZE is 2147483648 bytes; accepted: 1 byte to 1 GiB',
  ]);
  assert.match(
    problemsOf({ IGGY_SYSTEM_TOPIC_MAX_SIZE: '1 MB' })[0]!,
    /^IGGY_SYSTEM_TOPIC_MAX_SIZE .* at least the segment size/,
  );
  assert.match(problemsOf({ IGGY_MESSAGE_SAVER_INTERVAL: '0' })[0]!, /^IGGY_MESSAGE_SAVER_INTERVAL is 0 for a job/);
  const both = { WHIPPET_BUFFERING: 'true', IGGY_SYSTEM_PARTITION_ENFORCE_FSYNC: 'true' };
  assert.match(problemsOf(both)[0]!, /^WHIPPET_BUFFERING is true and so is IGGY_SYSTEM_PARTITION_ENFORCE_FSYNC/);
  const pinned = { WHIPPET_GENERATIONS: 'v0_4, v0_6', WHIPPET_DEFAULT_GENERATION: 'v0_8' };
  assert.match(problemsOf(pinned)[0]!, /^WHIPPET_DEFAULT_GENERATION is v0_8, which/);
  assert.deepEqual(problemsOf({ IGGY_CLUSTER_NODE_OTHERS_1_NAME: 'x' }), [
    'cluster.node.others has an entry 1 but no entry 0',
  ]);
});

test('the root user needs both variables and their lengths, and the password is not shown', () => {
  const { config, secretVariables } = loadConfig({ IGGY_ROOT_USERNAME: 'admin', IGGY_ROOT_PASSWORD: 'hush-hush' });
  assert.equal(config.rootUser.password.reveal(), 'hush-hush');
  assert.deepEqual(secretVariables, ['IGGY_ROOT_PASSWORD']);
  const shown = `${inspect(config, { depth: 9 })}${JSON.stringify(config)}${config.rootUser.password}`;
  assert.ok(!shown.includes('hush'));
  const both = 'IGGY_ROOT_USERNAME and IGGY_ROOT_PASSWORD go together: set both or neither';
  assert.deepEqual(problemsOf({ IGGY_ROOT_USERNAME: 'admin' }), [both]);
  assert.deepEqual(problemsOf({ IGGY_ROOT_PASSWORD: 'secret' }), [both]);
  const lengths = problemsOf({ IGGY_ROOT_USERNAME: 'x'.repeat(51), IGGY_ROOT_PASSWORD: 'zq' });
  assert.equal(lengths.length, 2);
  assert.ok(!lengths.join().includes('zq'));
});

test('a file is merged over the defaults, and variables over the file', () => {
  const toml = file(
    'server.toml',
    `[tcp]\naddress = "0.0.0.0:7"\nenabled = true\n[system.partition]\nmessages_required_to_save = 5_000
     [[http.jwt.trusted_issuers]]\nissuer = "a"\n[whippet.limits]\nlogin_deadline = "1 m"\n`,
  );
  const { config, warnings } = loadConfig({ IGGY_CONFIG_PATH: toml, IGGY_TCP_ADDRESS: '0.0.0.0:9' });
  assert.deepEqual(warnings, []);
  assert.equal(config.tcp.address.port, 9);
  assert.equal(config.system.partition.messagesRequiredToSave, 5000);
  assert.equal(config.http.jwt.trustedIssuers[0]?.issuer, 'a');
  assert.equal(config.whippet.limits.loginDeadlineMs, 60_000);
  assert.equal(config.system.segment.sizeBytes, 1024 ** 3);

  const json = file('server.json', '{"system":{"segment":{"size":"1 MB"}},"__proto__":{"x":1},"tcp":{"adress":"x"}}');
  const fromJson = loadConfig({ IGGY_CONFIG_PATH: json });
  assert.equal(fromJson.config.system.segment.sizeBytes, 1_000_000);
  assert.match(fromJson.warnings.join('\n'), /unknown key tcp\.adress in .* the nearest known name is tcp\.address/);
});

test('a file that cannot be used is one line', () => {
  const bad = file('bad.toml', '[tcp]\naddress = 5\nenabled = "no"\nsocket = 3\n');
  assert.deepEqual(problemsOf({ IGGY_CONFIG_PATH: bad }), [
    `${bad}: tcp.socket is not a section`,
    `${bad}: tcp.enabled is "no"; accepted: true or false`,
    `${bad}: tcp.address is 5; accepted: host:port such as "127.0.0.1:8090" or "[::1]:0"`,
  ]);
  for (const path of [
    join(folder, 'missing.toml'),
    'no-such-folder/x.toml',
    file('x.yaml', ''),
    file('broken.toml', '[tcp\nx'),
  ]) {
    const problems = problemsOf({ IGGY_CONFIG_PATH: path });
    assert.equal(problems.length, 1);
    assert.ok(
      problems[0]!.startsWith(`IGGY_CONFIG_PATH is ${JSON.stringify(path)}: `) && !problems[0]!.includes('\n'),
      problems[0]!,
    );
  }
});

test('IGGY_ENV_PATH adds variables, RUST_LOG sets the level', () => {
  const variables = file('server.env', 'IGGY_TCP_ADDRESS=127.0.0.1:5\nIGGY_SYSTEM_PATH=from-file\n');
  const { config } = loadConfig({
    IGGY_ENV_PATH: variables,
    IGGY_SYSTEM_PATH: 'from-process',
    RUST_LOG: 'quinn=off,debug',
  });
  assert.equal(config.tcp.address.port, 5);
  assert.equal(config.system.path, 'from-process');
  assert.equal(config.system.logging.level, 'debug');
});

test('sizes and durations given in any accepted form arrive exactly', () => {
  const sizes = fc.integer({ min: 1, max: 1024 ** 3 });
  const micros = fc.integer({ min: 1, max: 1e14 });
  fc.assert(
    fc.property(sizes, micros, (bytes, expiry) => {
      const { config } = loadConfig({
        IGGY_SYSTEM_SEGMENT_SIZE: formatSize(bytes),
        IGGY_SYSTEM_TOPIC_MESSAGE_EXPIRY: formatDurationMicros(expiry),
      });
      assert.equal(config.system.segment.sizeBytes, bytes);
      assert.equal(config.system.topic.messageExpiryMicros, expiry);
    }),
  );
});

test('whatever a variable holds, the answer is a configuration or a ConfigError that names it', () => {
  const names = leavesOf(settings).map((leaf) => variableOf(leaf.path).replaceAll('#', '0'));
  const values = fc.oneof(
    fc.string({ maxLength: 40 }),
    fc.constantFrom('0', '-1', 'true', '[', '[]', '1e9', '1 KB', 'none', '1 s'),
  );
  fc.assert(
    fc.property(fc.constantFrom(...names), values, (name, value) => {
      try {
        loadConfig({ [name]: value });
      } catch (error) {
        assert.ok(error instanceof ConfigError);
        assert.match(error.message, /IGGY_|WHIPPET_/);
        assert.ok(error.problems.every((problem) => !problem.includes('\n')));
      }
    }),
    { numRuns: 500 },
  );
});
