// Narrowing over generated frames of every generation: the true generation is never ruled out, and what must be told apart is.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { arbitraries as v04 } from '../../generated/v0_4/arbitraries.ts';
import { arbitraries as v05 } from '../../generated/v0_5/arbitraries.ts';
import { arbitraries as v06 } from '../../generated/v0_6/arbitraries.ts';
import { arbitraries as v08 } from '../../generated/v0_8/arbitraries.ts';
import { Writer } from '../../src/bytes/writer.ts';
import { evidenceOf } from '../../src/protocol/evidence.ts';
import { classicNames, protocols } from '../../src/protocol/index.ts';
import type { ClassicName, Protocol } from '../../src/protocol/protocol.ts';
import { Narrowing, ProvenGenerations } from '../../src/protocol/sniff.ts';

const arbitrariesOf = { v0_4: v04, v0_5: v05, v0_6: v06, v0_8: v08 };

function frames(generation: ClassicName, code: number): fc.Arbitrary<Uint8Array> {
  const { commands, idBase } = protocols.byName[generation];
  const command = commands.get(code)!;
  return arbitrariesOf[generation][command.command]!.request.map((value) => {
    const writer = new Writer(command.sizeOfRequest(value), idBase);
    command.encodeRequest(writer, value);
    return writer.bytes;
  });
}

function narrowing(
  options: Partial<ConstructorParameters<typeof Narrowing>[2]> = {},
  proven = new ProvenGenerations(),
): Narrowing {
  return new Narrowing(protocols, proven, { allowed: classicNames, preferred: 'v0_8', remoteHost: 'h', ...options });
}

const noBytes = new Uint8Array(0);

/** Shows a classic frame to a connection. */
function observed(connection: Narrowing, code: number, payload: Uint8Array): Protocol {
  return connection.observe({ code, payload, head: noBytes });
}

function login(version: string, context = ''): Uint8Array {
  const command = protocols.byName.v0_8.commands.get(38)!;
  const value = { username: 'iggy', password: 'iggy', version, context };
  const writer = new Writer(command.sizeOfRequest(value));
  command.encodeRequest(writer, value);
  return writer.bytes;
}

const none = new Uint8Array(0);

describe('one frame', () => {
  for (const generation of classicNames) {
    for (const code of protocols.byName[generation].commands.keys()) {
      if (code === 38 || code === 101) continue;
      test(`code ${code} of ${generation} never rules its own generation out`, () => {
        fc.assert(
          fc.property(frames(generation, code), (payload) => {
            const evidence = evidenceOf(code, payload);
            // A wanted id of 256 and more whose low byte is the rest's length reads like a name: the login decides before that.
            if (code === 202 || code === 602 || code === 302)
              fc.pre(evidence === undefined || evidence.possible.includes(generation));
            assert.ok(evidence === undefined || evidence.possible.includes(generation), evidence?.reason ?? '');
          }),
          { numRuns: 200 },
        );
      });
    }
  }

  for (const [code, name] of [
    [100, 'poll_messages'],
    [120, 'get_consumer_offset'],
    [121, 'store_consumer_offset'],
  ] as const) {
    test(`${name} tells old ids from new ones`, () => {
      fc.assert(
        fc.property(frames('v0_4', code), (payload) =>
          assert.deepEqual(evidenceOf(code, payload)?.possible, ['v0_4', 'v0_5']),
        ),
      );
      fc.assert(
        fc.property(frames('v0_8', code), (payload) =>
          assert.deepEqual(evidenceOf(code, payload)?.possible, ['v0_6', 'v0_8']),
        ),
      );
    });
  }

  test('any bytes under any code are taken without an error', () => {
    fc.assert(
      fc.property(fc.nat(700), fc.uint8Array({ maxLength: 200 }), (code, payload) => void evidenceOf(code, payload)),
      { numRuns: 2000 },
    );
  });
});

describe('login strings', () => {
  const cases: readonly [version: string, context: string, candidates: readonly ClassicName[]][] = [
    ['0.6.31', '', ['v0_4']],
    ['0.6.40', '', ['v0_4']],
    ['0.6.202', '', ['v0_4']],
    ['0.7.0', '', ['v0_5']],
    ['0.8.0', '', ['v0_6', 'v0_8']],
    ['0.8.1-edge.3', '', ['v0_6']],
    ['0.8.3-edge.1', '', ['v0_8']],
    ['0.9.0', '', ['v0_8']],
    ['0.10.0', '', ['v0_8']],
    ['0.6.30', 'java-sdk', ['v0_4', 'v0_5', 'v0_6']],
    ['iggy-java-sdk/0.8.0', 'Iggy Java SDK 0.8.0', ['v0_8']],
    ['0.5.0', 'csharp-sdk', ['v0_6', 'v0_8']],
    ['0.8.0', 'csharp-sdk', ['v0_8']],
    ['', '', classicNames],
    ['anything', 'else', classicNames],
  ];
  for (const [version, context, candidates] of cases) {
    test(`"${version}", "${context}" leaves ${candidates.join(', ')}`, () => {
      const connection = narrowing();
      observed(connection, 38, login(version, context));
      assert.deepEqual(connection.candidates, candidates);
    });
  }

  test('SDK 0.6.59 reads a text behind an error, SDK 0.6.60 does not', () => {
    const refusalSize = (version: string): number =>
      observed(narrowing(), 38, login(version)).writeRefusal('unauthenticated', 'Unauthenticated', {
        code: 38,
        payload: noBytes,
        head: noBytes,
      })[0]!.byteLength;
    assert.equal(refusalSize('0.6.59'), 27);
    assert.equal(refusalSize('0.6.60'), 8);
  });
});

describe('a connection', () => {
  test('before a login errors carry their text, for the clients that break without it', () => {
    assert.equal(observed(narrowing(), 200, none).name, 'v0_4');
  });

  test('the two SDKs that log in as 0.8.0 are told apart by a ping right before or right behind the login', () => {
    const rust = narrowing();
    observed(rust, 1, none);
    assert.equal(observed(rust, 38, login('0.8.0')).name, 'v0_6');
    const rustWithLatePing = narrowing();
    observed(rustWithLatePing, 38, login('0.8.0'));
    observed(rustWithLatePing, 1, none);
    assert.equal(observed(rustWithLatePing, 12, none).name, 'v0_6');
    const plainRust = narrowing();
    observed(plainRust, 38, login('0.8.0'));
    assert.equal(observed(plainRust, 100, none).name, 'v0_6', 'neither a ping nor cluster metadata');
    const reconnectedPython = narrowing();
    for (const code of [100, 38, 12]) observed(reconnectedPython, code, code === 38 ? login('0.8.0') : none);
    assert.equal(observed(reconnectedPython, 100, none).name, 'v0_6', 'a request before the login');
    const go = narrowing();
    assert.equal(observed(go, 38, login('0.8.0')).name, 'v0_8');
    observed(go, 38, login('0.8.0'));
    observed(go, 12, none);
    assert.equal(observed(go, 1, none).name, 'v0_8');
  });

  test('cluster metadata directly after an empty login is a 0.7 client', () => {
    const connection = narrowing();
    observed(connection, 38, login(''));
    observed(connection, 12, none);
    assert.deepEqual(connection.candidates, ['v0_8']);
  });

  test('it never widens: later frames of another generation change nothing', () => {
    const connection = narrowing();
    observed(connection, 38, login('0.6.40'));
    observed(connection, 12, none);
    assert.deepEqual(connection.candidates, ['v0_4']);
  });

  test('Go 0.7.0, which logs in without a version, is known by its question for cluster metadata, a ping between or not', () => {
    for (const codes of [
      [38, 12],
      [38, 1, 12],
    ]) {
      const go = narrowing();
      for (const code of codes) observed(go, code, code === 38 ? login('') : none);
      assert.equal(observed(go, 100, none).name, 'v0_8');
    }
  });

  test('what a host proved decides for its next connection without evidence', () => {
    const proven = new ProvenGenerations();
    observed(narrowing({}, proven), 38, login('0.7.0'));
    const next = narrowing({}, proven);
    assert.equal(observed(next, 44, none).name, 'v0_5');
    assert.equal(observed(narrowing({ remoteHost: 'other' }, proven), 44, none).name, 'v0_8');
  });

  test('a listener can pin one generation', () => {
    const connection = narrowing({ allowed: ['v0_6'] });
    assert.equal(observed(connection, 38, login('0.10.0')).name, 'v0_6');
  });

  test('what begins like no frame of the pinned generation leaves it as it is, and is answered with nothing', () => {
    const frame = { code: 0, payload: none, head: none };
    const protocol = narrowing({ allowed: ['v0_9'] }).observe(frame);
    assert.equal(protocol.name, 'v0_9');
    assert.deepEqual(protocol.writeRefusal('invalid_command', '', frame), []);
  });

  test('any run of frames of one generation keeps it among the candidates', () => {
    for (const generation of classicNames) {
      const codes = [...protocols.byName[generation].commands.keys()].filter(
        (code) => ![38, 101, 202, 302, 602].includes(code),
      );
      const run = fc.array(
        fc.constantFrom(...codes).chain((code) => frames(generation, code).map((payload) => ({ code, payload }))),
        { maxLength: 12 },
      );
      fc.assert(
        fc.property(run, (sent) => {
          const connection = narrowing();
          for (const { code, payload } of sent) observed(connection, code, payload);
          assert.ok(connection.candidates.includes(generation));
        }),
      );
    }
  });
});
