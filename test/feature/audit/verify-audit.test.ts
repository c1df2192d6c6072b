import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CompactSign, calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { type ChainLink, hashEvent, type StoredEvent } from '../../../src/domain/audit/canonical-event.ts';
import { retireExpiredKeys } from '../../../src/domain/keys/retire-expired-keys.ts';
import { newId } from '../../../src/kernel/ids.ts';
import { operator } from '../keys/a-process.ts';
import { aSealedLog, type SealedLog } from './a-sealed-log.ts';

let log: SealedLog;

// 7 events of the key set-up, then 3 batches of 4: 1–7 | 8–11 | 12–15 | 16–19.
beforeAll(async () => {
  log = await aSealedLog();
});
beforeEach(() => log.restore());
afterAll(() => log.end());

const bad = (firstBadSequence: number, fault: string) =>
  expect.objectContaining({ ok: false, firstBadSequence, fault });

const changes: Readonly<Record<string, string>> = {
  id: 'gen_random_uuid()',
  occurred_at: `occurred_at + interval '1 microsecond'`,
  type: `'keys.retired'`,
  outcome: `'failure'`,
  reason: 'NULL',
  actor_type: `'user'`,
  actor_id: `'somebody'`,
  target_type: `'user'`,
  target_id: `'k9'`,
  client_id: `''`,
  request_id: `'other'`,
  ip_address: `'192.0.2.2'`,
  user_agent: 'NULL',
  details: `jsonb_set(details, '{changed,name,from}', '"x"')`,
  sequence: '1000',
  previous_hash: `set_byte(previous_hash, 0, get_byte(previous_hash, 0) # 1)`,
  hash: `set_byte(hash, 31, get_byte(hash, 31) # 1)`,
};

describe('an untouched log', () => {
  it('is verified to its last event', async () => {
    expect(await log.verify()).toMatchObject({ ok: true, verified: 19, checkpoints: 4, head: { sequence: 19 } });
  });

  it('stays verifiable after the keys that signed it were rotated and retired', async () => {
    await log.server.transact(operator, (tx) => log.ring.rotate(tx, {}));
    const keyEncryptionKey = log.key;
    await log.server.transact(operator, (tx) => retireExpiredKeys(tx, { keyEncryptionKey, periodSeconds: 0 }));
    await log.ring.reload();
    await log.seal();

    expect(await log.verify()).toMatchObject({ ok: true, checkpoints: 5 });
  });

  it('an empty log is whole', async () => {
    await log.tamper('DELETE FROM audit_events');
    await log.tamper('DELETE FROM audit_checkpoints');

    expect(await log.verify()).toMatchObject({ ok: true, verified: 0 });
  });
});

describe('tampering by someone who owns the database', () => {
  it('the matrix covers every column of the table', async () => {
    const columns = await log.server.read.query<{ name: string }>(
      `SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'audit_events'`,
    );

    expect(columns.map(({ name }) => name).sort()).toEqual(Object.keys(changes).sort());
  });

  it.each(Object.entries(changes))('a changed %s is found at its event', async (column, expression) => {
    await log.tamper(`UPDATE audit_events SET ${column} = ${expression} WHERE sequence = 13`);

    expect(await log.verify()).toEqual(bad(13, column === 'sequence' ? 'missing' : 'changed'));
  });

  it.each([1, 9, 15])('event %i removed is found there', async (sequence) => {
    await log.tamper('DELETE FROM audit_events WHERE sequence = $1', [sequence]);

    expect(await log.verify()).toEqual(bad(sequence, 'missing'));
  });

  it('a removed event with all later ones moved up is found there', async () => {
    await log.tamper('DELETE FROM audit_events WHERE sequence = 13');
    for (const sequence of [14, 15, 16, 17, 18, 19]) {
      await log.tamper('UPDATE audit_events SET sequence = sequence - 1 WHERE sequence = $1', [sequence]);
    }

    expect(await log.verify()).toEqual(bad(13, 'changed'));
  });

  it('two events that changed places are found at the first of them', async () => {
    for (const [from, to] of [
      [12, 500],
      [14, 12],
      [500, 14],
    ]) {
      await log.tamper('UPDATE audit_events SET sequence = $2 WHERE sequence = $1', [from, to]);
    }

    expect(await log.verify()).toEqual(bad(12, 'changed'));
  });

  it('a cut-off tail is found by the checkpoint after it', async () => {
    await log.tamper('DELETE FROM audit_events WHERE sequence > 17');

    expect(await log.verify()).toEqual(bad(18, 'missing'));
  });

  it('sealing goes on behind a cut-off tail and leaves the gap to be found', async () => {
    await log.tamper('DELETE FROM audit_events WHERE sequence > 17');
    await log.record(2);
    await log.seal();

    expect(await log.verify()).toEqual(bad(18, 'missing'));
  });

  it.each([0, -3])('an event put before the beginning, at %i, is found', async (sequence) => {
    await log.tamper(`UPDATE audit_events SET sequence = $1, id = id WHERE sequence = 19`, [sequence]);

    expect(await log.verify()).toEqual(bad(sequence, 'changed'));
  });

  it('a forged event at the end, correctly chained, is found: nobody signed for it', async () => {
    await forge(20, await headOf(log));

    expect(await log.verify()).toEqual(bad(20, 'checkpoint_missing'));
  });

  it('a log rewritten from some event on, correctly chained, is found at the checkpoint it no longer meets', async () => {
    await log.tamper('DELETE FROM audit_events WHERE sequence > 14');
    await forge(15, await linkAt(14));

    expect(await log.verify()).toEqual(bad(15, 'checkpoint_invalid'));
  });

  it('a rewritten log with checkpoints by a key that was put into the table of keys is found', async () => {
    await log.tamper('DELETE FROM audit_events WHERE sequence > 14');
    const head = await forge(15, await linkAt(14));
    await log.tamper('DELETE FROM audit_checkpoints WHERE sequence > 11');
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), alg: 'ES256' };
    const kid = log.ring.active('ES256').kid;
    await log.tamper('UPDATE signing_keys SET public_jwk = $1 WHERE kid = $2', [JSON.stringify({ ...jwk, kid }), kid]);
    await insertCheckpoint(head, kid, await signAs(privateKey, kid, head));

    expect(await calculateJwkThumbprint(jwk)).not.toBe(kid);
    expect(await log.verify()).toEqual(bad(15, 'checkpoint_invalid'));
  });

  it('a removed last checkpoint is found', async () => {
    await log.tamper('DELETE FROM audit_checkpoints WHERE sequence = 19');

    expect(await log.verify()).toEqual(bad(16, 'checkpoint_missing'));
  });

  it.each(['x', 'a.b.c', ''])('a checkpoint signature of %p is refused, not an error', async (signature) => {
    await log.tamper('UPDATE audit_checkpoints SET signature = $1 WHERE sequence = 15', [signature]);

    expect(await log.verify()).toEqual(bad(15, 'checkpoint_invalid'));
  });

  it('RFC 8725 §3.11: another checkpoint’s signature, or a token by the same key, is none', async () => {
    const { signature } = (await checkpointAt(11)) ?? { signature: '' };
    await log.tamper('UPDATE audit_checkpoints SET signature = $1 WHERE sequence = 15', [signature]);

    expect(await log.verify()).toEqual(bad(15, 'checkpoint_invalid'));
  });
});

async function checkpointAt(sequence: number) {
  const rows = await log.server.read.query<{ signature: string; hash: Buffer }>(
    'SELECT signature, hash FROM audit_checkpoints WHERE sequence = $1',
    [sequence],
  );
  return rows[0];
}

async function linkAt(sequence: number): Promise<ChainLink> {
  const [row] = await log.server.read.query<{ hash: Buffer }>('SELECT hash FROM audit_events WHERE sequence = $1', [
    sequence,
  ]);
  return { sequence, hash: row?.hash ?? Buffer.alloc(0) };
}

async function headOf(sealed: SealedLog): Promise<ChainLink> {
  const verdict = await sealed.verify();
  if (!verdict.ok) throw new Error('the log is not whole');
  return verdict.head;
}

async function forge(sequence: number, after: ChainLink): Promise<ChainLink> {
  const event: StoredEvent = {
    id: newId(),
    occurredAt: '2026-03-01T13:00:00.000000Z',
    type: 'keys.rotated',
    outcome: 'success',
    reason: null,
    actorType: 'user',
    actorId: 'mallory',
    targetType: null,
    targetId: null,
    clientId: null,
    requestId: null,
    ipAddress: null,
    userAgent: null,
    details: null,
  };
  const hash = hashEvent(event, sequence, after.hash);
  await log.tamper(
    `INSERT INTO audit_events (id, occurred_at, type, outcome, actor_type, actor_id, sequence, previous_hash, hash)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [event.id, event.occurredAt, event.type, event.outcome, event.actorType, event.actorId, sequence, after.hash, hash],
  );
  return { sequence, hash };
}

async function insertCheckpoint({ sequence, hash }: ChainLink, kid: string, signature: string): Promise<void> {
  await log.tamper(
    'INSERT INTO audit_checkpoints (sequence, hash, signed_at, kid, signature) VALUES ($1, $2, now(), $3, $4)',
    [sequence, hash, kid, signature],
  );
}

function signAs(privateKey: CryptoKey, kid: string, { sequence, hash }: ChainLink): Promise<string> {
  const payload = { sequence, hash: hash.toString('hex'), signedAt: new Date().toISOString() };
  return new CompactSign(Buffer.from(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'ES256', kid, typ: 'doorward-audit-checkpoint+jws' })
    .sign(privateKey);
}

describe('what events say of people, which goes with their erasure (ADR 0031)', () => {
  const userId = '01900000-0000-7000-8000-000000000001';
  const personal = { changed: { userName: { to: 'alice' } } };

  beforeEach(async () => {
    await log.server.transact(operator, async (tx) => {
      tx.record({ type: 'users.created', target: { type: 'user', id: userId }, details: { a: 1 }, personal });
    });
    await log.seal();
  });
  const remove = () =>
    log.tamper(`ALTER TABLE audit_personal_details DISABLE TRIGGER USER; DELETE FROM audit_personal_details;
      ALTER TABLE audit_personal_details ENABLE TRIGGER USER`);
  afterEach(remove);

  it('is verified with the event', async () => {
    expect(await log.verify()).toMatchObject({ ok: true, verified: 20 });
  });

  it('is found changed at its event', async () => {
    await log.tamper(`ALTER TABLE audit_personal_details DISABLE TRIGGER USER;
      UPDATE audit_personal_details SET content = replace(content, 'alice', 'mallory');
      ALTER TABLE audit_personal_details ENABLE TRIGGER USER`);

    expect(await log.verify()).toEqual(bad(20, 'personal_details'));
  });

  it('is found removed at its event, unless the person was erased', async () => {
    await remove();
    expect(await log.verify()).toEqual(bad(20, 'personal_details'));

    await log.server.transact(operator, async (tx) => {
      tx.record({ type: 'users.erased', target: { type: 'user', id: userId } });
    });
    await log.seal();

    expect(await log.verify()).toMatchObject({ ok: true, verified: 21 });
  });
});
