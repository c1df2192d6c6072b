import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CompactSign, calculateJwkThumbprint, compactVerify, importJWK } from 'jose';
import { listKeys } from '../../../src/domain/keys/list-keys.ts';
import { signingAlgs } from '../../../src/domain/keys/signing-key.ts';
import { generateKeyEncryptionKey } from '../../../src/kernel/crypto/key-encryption-key.ts';
import { StartRefused } from '../../../src/kernel/start-refused.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import { aProcess, type ServerProcess } from './a-process.ts';

const key = generateKeyEncryptionKey();
let database: TestDatabase;
let processes: ServerProcess[];

beforeAll(async () => {
  database = await freshDatabase();
  processes = await Promise.all([aProcess(database.url), aProcess(database.url), aProcess(database.url)]);
});

afterAll(async () => {
  await Promise.all(processes.map((one) => one.end()));
  await database.drop();
});

describe('the first start', () => {
  it('several processes that start at once make one set of keys and one master secret between them', async () => {
    const rings = await Promise.all(processes.map((one) => one.ring(key)));

    const kids = rings.map((ring) => ring.current().signing.map(({ kid, state }) => `${kid} ${state}`));
    const cookieKeys = rings.map((ring) => ring.derive('cookies').toString('hex'));
    const rows = await listKeys(processes[0]?.read ?? never());

    expect(new Set(kids.map(String)).size).toBe(1);
    expect(new Set(cookieKeys).size).toBe(1);
    expect(rows.map(({ alg, state }) => `${alg} ${state}`).sort()).toEqual(
      signingAlgs.flatMap((alg) => [`${alg} active`, `${alg} next`]).sort(),
    );
    const events = await processes[0]?.read.query('SELECT 1 FROM audit_events WHERE type = $1', ['keys.created']);
    expect(events).toHaveLength(7);
  });

  it('what is derived differs by purpose', async () => {
    const ring = await processes[0]?.ring(key);

    expect(ring?.derive('cookies')).not.toEqual(ring?.derive('csrf'));
  });

  it.each(signingAlgs)('RFC 7515: the active %s key signs what its published part verifies', async (alg) => {
    const ring = (await processes[0]?.ring(key)) ?? never();
    const { privateJwk, publicJwk, kid } = ring.active(alg);

    const jws = await new CompactSign(Buffer.from('signed'))
      .setProtectedHeader({ alg, kid })
      .sign(await importJWK(privateJwk, alg));

    const { payload } = await compactVerify(jws, await importJWK(publicJwk, alg));
    expect(Buffer.from(payload).toString()).toBe('signed');
  });

  it('RFC 7517 §9.3: what is published and what is listed has no private member', async () => {
    const ring = await processes[0]?.ring(key);
    const listed = await listKeys(processes[0]?.read ?? never());

    const published = [...(ring?.current().signing ?? []), ...listed].map(({ publicJwk }) => publicJwk);

    const allowed = ['alg', 'crv', 'e', 'kid', 'kty', 'n', 'use', 'x', 'y'];
    expect(published.flatMap((jwk) => Object.keys(jwk)).filter((name) => !allowed.includes(name))).toEqual([]);
    expect(JSON.stringify(listed)).not.toContain('nvelope');
  });

  it('RFC 7638: the kid is the thumbprint of the key', async () => {
    const listed = await listKeys(processes[0]?.read ?? never());

    const thumbprints = await Promise.all(listed.map(({ publicJwk }) => calculateJwkThumbprint(publicJwk)));

    expect(listed.map(({ kid }) => kid)).toEqual(thumbprints);
  });

  it('no private part and no master secret lies readable in the database', async () => {
    const ring = await processes[0]?.ring(key);
    const secrets = ring?.current().signing.map(({ privateJwk }) => String(privateJwk.d)) ?? [];

    const rows = await processes[0]?.read.query<{ text: string }>(
      `SELECT (s.*)::text AS text FROM signing_keys s UNION ALL SELECT (s.*)::text FROM secrets s`,
    );

    expect(secrets).toHaveLength(6);
    for (const { text } of rows ?? []) {
      const decoded = text + Buffer.from(/\\x([0-9a-f]+)/.exec(text)?.[1] ?? '', 'hex').toString('latin1');
      expect(secrets.filter((secret) => decoded.includes(secret))).toEqual([]);
    }
  });
});

describe('a wrong key-encryption key', () => {
  it('stops the start with one sentence that says where it was and what to do', async () => {
    const start = processes[0]?.ring(generateKeyEncryptionKey());

    await expect(start).rejects.toThrow(StartRefused);
    await expect(start).rejects.toThrow(/in the test .* put that key back .* doorward keys rewrap/);
  });

  it('makes nothing: no key is added to a set that is sealed under another', async () => {
    const own = await freshDatabase();
    const one = await aProcess(own.url);
    await one.ring(key);
    await one.dataSource.query(`DELETE FROM signing_keys WHERE alg = 'EdDSA'`);

    await expect(one.ring(generateKeyEncryptionKey())).rejects.toThrow(StartRefused);

    expect(await listKeys(one.read)).toHaveLength(4);
    await one.end();
    await own.drop();
  });

  it('is told from damage', async () => {
    const own = await freshDatabase();
    const one = await aProcess(own.url);
    await one.ring(key);
    await one.dataSource.query(`UPDATE secrets SET envelope = set_byte(envelope, 30, get_byte(envelope, 30) # 1)`);

    await expect(one.ring(key)).rejects.toThrow(/damaged; restore the database/);

    await one.end();
    await own.drop();
  });
});

function never(): never {
  throw new Error('the processes were not started');
}
