/**
 * The keys room owns the signing keys, their states and the master secret from which other keys are derived.
 * It does not own the key-encryption key (handed in by configuration) or what is signed with the keys.
 */
import { systemActor } from '../../kernel/actor.ts';
import { deriveKey } from '../../kernel/crypto/derive.ts';
import { openEnvelope, sealEnvelope } from '../../kernel/crypto/envelope.ts';
import { StartRefused } from '../../kernel/start-refused.ts';
import type { ChangeFeed } from '../../persistence/change-feed.ts';
import type { Reader, Transact, Tx } from '../../persistence/unit-of-work.ts';
import { ensureKeys, findMissingKeys, isComplete } from './ensure-keys.ts';
import { type KeyEncryptionKeySource, openMasterSecret, refusal } from './key-encryption-key-check.ts';
import { findKeyRows, findMasterEnvelope, type KeyRow } from './key-rows.ts';
import { type Rotation, rotateKeys } from './rotate-keys.ts';
import { openJwk, publicJwkOf, type SigningAlg, type SigningKey } from './signing-key.ts';

export type KeyRing = {
  /** The published keys, those that sign first: the first of an algorithm is its active one. */
  current(): { readonly signing: readonly SigningKey[] };
  active(alg: SigningAlg): SigningKey;
  /** 32 bytes for one purpose, the same on every process; `purpose` is a constant of the calling code. */
  derive(purpose: string): Buffer;
  /** For secrets that must be readable again (client_secret_jwt): under the key-encryption key. `open` throws EnvelopeError. */
  seal(plaintext: Uint8Array, context: string): Buffer;
  open(envelope: Uint8Array, context: string): Buffer;
  /** Called after the set has changed. Returns the way to stop listening. */
  onChange(listener: () => void): () => void;
  /** Rotates one algorithm, or all; every ring follows by itself. */
  rotate(tx: Tx, input: { readonly alg?: SigningAlg }): Promise<readonly Rotation[]>;
  reload(): Promise<void>;
  /** Follows no more changes, and waits for a reload that is under way: call it before the pool ends. */
  stop(): Promise<void>;
};

export type KeyRingParts = {
  readonly read: Reader;
  readonly transact: Transact;
  readonly kek: KeyEncryptionKeySource;
  readonly changes: ChangeFeed;
  /** A reload after a change failed; the ring goes on with the keys it has. */
  readonly onError: (error: unknown) => void;
};

/** Makes what is missing, then reads. Throws {@link StartRefused} when the key-encryption key is not this database's. */
export async function createKeyRing({ read, transact, kek, changes, onError }: KeyRingParts): Promise<KeyRing> {
  const master = await openOrMakeKeys(read, transact, kek);
  const derived = new Map<string, Buffer>();
  const listeners = new Set<() => void>();
  let signing = await readSigningKeys(read, kek);

  let isStopped = false;
  const reload = oneAtATime(async () => {
    if (isStopped) return;
    const fresh = await readSigningKeys(read, kek);
    if (describe(fresh) === describe(signing)) return;
    signing = fresh;
    for (const listener of listeners) listener();
  });
  const unsubscribe = changes.subscribe('keys', () => void reload().catch(onError));
  // A change between the read and the subscription would otherwise be missed.
  await reload();

  return {
    current: () => ({ signing }),
    active(alg) {
      const key = signing.find((one) => one.alg === alg && one.state === 'active');
      if (!key) throw new Error(`there is no active ${alg} key`);
      return key;
    },
    derive(purpose) {
      const known = derived.get(purpose) ?? deriveKey(master, purpose);
      derived.set(purpose, known);
      return known;
    },
    seal: (plaintext, context) => sealEnvelope(kek.key, plaintext, context),
    open: (envelope, context) => openEnvelope(kek.key, envelope, context),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    rotate: (tx, { alg }) => rotateKeys(tx, { keyEncryptionKey: kek.key, ...(alg === undefined ? {} : { alg }) }),
    reload,
    async stop() {
      unsubscribe();
      isStopped = true;
      // Joins the run under way; whoever asked for it hears of its failure.
      await reload().catch(() => undefined);
    },
  };
}

async function openOrMakeKeys(read: Reader, transact: Transact, kek: KeyEncryptionKeySource): Promise<Buffer> {
  const existing = await findMasterEnvelope(read);
  // Opened before anything is made: keys under a wrong key-encryption key would spoil a good database.
  if (existing) openMasterSecret(kek, existing);
  if (!isComplete(await findMissingKeys(read))) {
    await transact(systemActor('start'), (tx) => ensureKeys(tx, kek));
  }
  const envelope = await findMasterEnvelope(read);
  if (!envelope) throw new StartRefused('The master secret disappeared from the database while starting; start again.');
  return openMasterSecret(kek, envelope);
}

async function readSigningKeys(read: Reader, kek: KeyEncryptionKeySource): Promise<readonly SigningKey[]> {
  const rows = await findKeyRows(read, ['active', 'next', 'retiring']);
  return rows.map((row) => openRow(kek, row));
}

function openRow(kek: KeyEncryptionKeySource, { kid, alg, state, envelope }: KeyRow): SigningKey {
  if (state === 'retired') throw new Error(`key ${kid} is retired`);
  try {
    const privateJwk = openJwk(kek.key, kid, state, envelope);
    return { kid, alg, state, privateJwk, publicJwk: publicJwkOf(privateJwk) };
  } catch (error) {
    throw refusal(kek, envelope, error);
  }
}

const describe = (keys: readonly SigningKey[]): string => keys.map(({ kid, state }) => `${kid} ${state}`).join();

/** Calls that come while one is running share the run after it, which sees what they came for. */
function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let following: Promise<void> | undefined;
  const start = (): Promise<void> => {
    following = undefined;
    running = work().finally(() => {
      running = undefined;
    });
    return running;
  };
  return () => {
    if (following) return following;
    if (!running) return start();
    following = running.then(start, start);
    return following;
  };
}
