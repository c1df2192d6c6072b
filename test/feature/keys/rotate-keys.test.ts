import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CompactSign, compactVerify, createLocalJWKSet, importJWK } from 'jose';
import type { KeyRing } from '../../../src/domain/keys/key-ring.ts';
import { listKeys } from '../../../src/domain/keys/list-keys.ts';
import { RETIRING_PERIOD_SECONDS, retireExpiredKeys } from '../../../src/domain/keys/retire-expired-keys.ts';
import { clientSecretContext, rewrapKeys } from '../../../src/domain/keys/rewrap-keys.ts';
import { ROTATION_PERIOD_SECONDS, rotateDueKeys } from '../../../src/domain/keys/rotate-keys.ts';
import { openEnvelope, sealEnvelope } from '../../../src/kernel/crypto/envelope.ts';
import { generateKeyEncryptionKey } from '../../../src/kernel/crypto/key-encryption-key.ts';
import { newId } from '../../../src/kernel/ids.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';
import { aProcess, nextChange, operator, type ServerProcess } from './a-process.ts';

const key = generateKeyEncryptionKey();
let database: TestDatabase;
let one: ServerProcess;
let other: ServerProcess;
let ring: KeyRing;

beforeEach(async () => {
  database = await freshDatabase();
  one = await aProcess(database.url);
  other = await aProcess(database.url);
  ring = await one.ring(key);
});

afterEach(async () => {
  await one.end();
  await other.end();
  await database.drop();
});

const jwksOf = (from: KeyRing) => createLocalJWKSet({ keys: from.current().signing.map((each) => each.publicJwk) });

async function aSignature(from: KeyRing): Promise<string> {
  const { kid, privateJwk } = from.active('ES256');
  const signer = new CompactSign(Buffer.from('token')).setProtectedHeader({ alg: 'ES256', kid });
  return signer.sign(await importJWK(privateJwk, 'ES256'));
}

describe('rotation', () => {
  it('next signs, active only verifies, and a new next is published; another process follows without a restart', async () => {
    const otherRing = await other.ring(key);
    const before = jwksOf(ring);
    const old = ring.active('ES256').kid;
    const token = await aSignature(ring);
    const followed = nextChange(otherRing);

    await one.transact(operator, (tx) => ring.rotate(tx, { alg: 'ES256' }));
    await followed;

    expect(otherRing.active('ES256').kid).not.toBe(old);
    await expect(compactVerify(await aSignature(otherRing), before)).resolves.toBeDefined();
    await expect(compactVerify(token, jwksOf(otherRing))).resolves.toBeDefined();
    const states = (await listKeys(one.read)).filter(({ alg }) => alg === 'ES256').map(({ state }) => state);
    expect(states).toEqual(['active', 'next', 'retiring']);
  });

  it('every algorithm is rotated when none is named, and each is recorded', async () => {
    const done = await one.transact(operator, (tx) => ring.rotate(tx, {}));

    const events = await one.read.query<{ id: string }>(
      `SELECT target_id AS id FROM audit_events WHERE type = 'keys.rotated' AND actor_id = 'test'`,
    );
    expect(done.map(({ active }) => active).sort()).toEqual(events.map(({ id }) => id).sort());
    expect(done).toHaveLength(3);
  });

  it('parallel rotations on two processes take turns: one active and one next remain', async () => {
    const otherRing = await other.ring(key);

    await Promise.all([
      one.transact(operator, (tx) => ring.rotate(tx, { alg: 'EdDSA' })),
      other.transact(operator, (tx) => otherRing.rotate(tx, { alg: 'EdDSA' })),
    ]);

    const states = (await listKeys(one.read)).filter(({ alg }) => alg === 'EdDSA').map(({ state }) => state);
    expect(states).toEqual(['active', 'next', 'retiring', 'retiring']);
  });

  it('a key is due after ninety days and not before', async () => {
    const due = () =>
      one.transact(operator, (tx) =>
        rotateDueKeys(tx, { keyEncryptionKey: key, periodSeconds: ROTATION_PERIOD_SECONDS }),
      );

    one.clock.advanceSeconds(ROTATION_PERIOD_SECONDS - 1);
    expect(await due()).toEqual([]);
    one.clock.advanceSeconds(1);
    expect(await due()).toHaveLength(3);
    expect(await due()).toEqual([]);
  });
});

describe('retirement', () => {
  it('a key is retired when nothing it signed can matter, leaves the published set and loses its private part', async () => {
    const privateJwk = ring.active('ES256').privateJwk;
    const [rotation] = await one.transact(operator, (tx) => ring.rotate(tx, { alg: 'ES256' }));
    const retire = () => one.transact(operator, (tx) => retireExpiredKeys(tx, { keyEncryptionKey: key }));

    one.clock.advanceSeconds(RETIRING_PERIOD_SECONDS - 1);
    expect(await retire()).toEqual([]);
    one.clock.advanceSeconds(1);
    expect(await retire()).toEqual([rotation?.retiring]);

    await ring.reload();
    expect(ring.current().signing.map(({ kid }) => kid)).not.toContain(rotation?.retiring);
    const rows = await one.read.query<{ kid: string; envelope: Buffer }>(
      `SELECT kid, private_jwk_envelope AS envelope FROM signing_keys WHERE state = 'retired'`,
    );
    const [row] = rows;
    const left = row && openEnvelope(key, row.envelope, `retired_signing_key:${row.kid}`).toString();
    expect(left).toContain(row?.kid);
    expect(left).not.toContain(String(privateJwk.d));
  });
});

describe('a new key-encryption key', () => {
  const next = generateKeyEncryptionKey();

  // It would go on following changes, and report that it can no longer read them.
  beforeEach(() => ring.stop());

  it('opens everything that the old one opened, and the old one opens nothing more', async () => {
    const id = newId();
    await one.dataSource.query(
      `INSERT INTO clients (client_id, enabled, first_party, require_pkce, claims_in_id_token, metadata, created_at, updated_at)
       VALUES ('c', true, true, true, false, '{}', now(), now())`,
    );
    await one.dataSource.query(
      `INSERT INTO client_secrets (id, client_id, hash, envelope, created_at) VALUES ($1, 'c', 'h', $2, now())`,
      [id, sealEnvelope(key, Buffer.from('shared'), clientSecretContext(id))],
    );
    const cookies = ring.derive('cookies');

    const { rewrapped } = await one.transact(operator, (tx) => rewrapKeys(tx, { from: key, to: next }));

    const again = await one.ring(next);
    expect(rewrapped).toBe(8);
    expect(again.derive('cookies')).toEqual(cookies);
    expect(again.active('RS256')).toEqual(ring.active('RS256'));
    const [row] = await one.read.query<{ envelope: Buffer }>('SELECT envelope FROM client_secrets');
    expect(row && openEnvelope(next, row.envelope, clientSecretContext(id)).toString()).toBe('shared');
    await expect(one.ring(key)).rejects.toThrow(/is not the one/);
  });

  it('a process that still has the old one cannot add keys that nobody could open', async () => {
    await one.transact(operator, (tx) => rewrapKeys(tx, { from: key, to: next }));

    const rotation = one.transact(operator, (tx) => ring.rotate(tx, {}));

    await expect(rotation).rejects.toMatchObject({ kind: 'conflict', code: 'keys.key_encryption_key_replaced' });
  });

  it('running it again takes what was sealed under the old one meanwhile and leaves the rest', async () => {
    await one.transact(operator, (tx) => rewrapKeys(tx, { from: key, to: next }));
    await one.dataSource.query(`INSERT INTO secrets (name, envelope) VALUES ('late', $1)`, [
      sealEnvelope(key, Buffer.from('late'), 'secret:late'),
    ]);

    expect(await one.transact(operator, (tx) => rewrapKeys(tx, { from: key, to: next }))).toEqual({ rewrapped: 1 });
  });

  it('with a key that is not the old one nothing is changed and the row is named', async () => {
    const wrong = one.transact(operator, (tx) => rewrapKeys(tx, { from: generateKeyEncryptionKey(), to: next }));

    await expect(wrong).rejects.toThrow(/The secret of secrets master was sealed under another key/);
    await expect(one.ring(key)).resolves.toBeDefined();
  });
});
