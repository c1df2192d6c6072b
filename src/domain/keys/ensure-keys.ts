import { randomBytes } from 'node:crypto';
import { sealEnvelope } from '../../kernel/crypto/envelope.ts';
import type { KeyEncryptionKey } from '../../kernel/crypto/key-encryption-key.ts';
import { advisoryLocks } from '../../persistence/advisory-lock.ts';
import type { Reader, Tx } from '../../persistence/unit-of-work.ts';
import { type KeyEncryptionKeySource, openMasterSecret } from './key-encryption-key-check.ts';
import { findKeyRows, findMasterEnvelope, insertKeyRows, MASTER_SECRET, secretContext } from './key-rows.ts';
import { lockKeys } from './lock-keys.ts';
import { generateSigningKey, type KeyState, type SigningAlg, sealPrivateJwk, signingAlgs } from './signing-key.ts';

type Missing = {
  readonly hasMaster: boolean;
  readonly keys: readonly { readonly alg: SigningAlg; readonly state: KeyState }[];
};

export const isComplete = ({ hasMaster, keys }: Missing): boolean => hasMaster && keys.length === 0;

/** What a server cannot do without and the database does not have. */
export async function findMissingKeys(read: Reader): Promise<Missing> {
  const rows = await findKeyRows(read, ['active', 'next']);
  const wanted = signingAlgs.flatMap((alg) => (['active', 'next'] as const).map((state) => ({ alg, state })));
  const keys = wanted.filter(({ alg, state }) => !rows.some((row) => row.alg === alg && row.state === state));
  return { hasMaster: (await findMasterEnvelope(read)) !== undefined, keys };
}

/**
 * Makes what is missing. Processes that start at once take turns; the later ones find everything there.
 * Throws StartRefused when the master secret is under another key-encryption key.
 */
export async function ensureKeys(tx: Tx, kek: KeyEncryptionKeySource): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [advisoryLocks.bootstrap]);
  await lockKeys(tx);
  const missing = await findMissingKeys(tx);
  if (isComplete(missing)) return;
  const master = await findMasterEnvelope(tx);
  // Another process may have made it meanwhile, under another key: then nothing is added to its set.
  if (master) openMasterSecret(kek, master);
  else await insertMaster(tx, kek.key);
  const made = await Promise.all(
    missing.keys.map(async ({ alg, state }) => ({ state, ...(await generateSigningKey(alg)) })),
  );
  await insertKeyRows(
    tx,
    made.map((signingKey) => ({ ...signingKey, envelope: sealPrivateJwk(kek.key, signingKey) })),
  );
  for (const { kid, alg, state } of made) {
    tx.record({ type: 'keys.created', target: { type: 'key', id: kid }, details: { alg, state } });
  }
  tx.announce({ topic: 'keys', key: '*' });
}

async function insertMaster(tx: Tx, key: KeyEncryptionKey): Promise<void> {
  const envelope = sealEnvelope(key, randomBytes(32), secretContext(MASTER_SECRET));
  await tx.query('INSERT INTO secrets (name, envelope, created_at) VALUES ($1, $2, $3)', [
    MASTER_SECRET,
    envelope,
    tx.now,
  ]);
  tx.record({ type: 'keys.created', target: { type: 'secret', id: MASTER_SECRET } });
}
