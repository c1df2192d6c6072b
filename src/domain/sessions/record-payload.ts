import { openEnvelope, sealEnvelope } from '../../kernel/crypto/envelope.ts';
import type { KeyEncryptionKey } from '../../kernel/crypto/key-encryption-key.ts';
import type { RecordPayload } from './provider-record.ts';

/** Fields that hold another record's raw id: whoever reads them could present it. */
const LIVE_SECRETS = ['deviceCode', 'parJti'] as const;
const SEALED = 'sealed';
const OWN_ID = 'sealedId';

/**
 * The text that is kept. The record's own id (which is the token or the cookie) is left out, a user code too, the cookie of
 * the session an interaction began in is dropped (nothing reads it back), and other records' ids are sealed.
 */
export function storedPayload(key: KeyEncryptionKey, id: string, payload: RecordPayload): string {
  const { jti: _, userCode: __, ...rest } = payload;
  // A device code is found by its user code too, and written again: it must then know its id.
  if (payload.kind === 'DeviceCode') return JSON.stringify({ ...rest, [OWN_ID]: seal(key, OWN_ID, id) });
  if (payload.kind !== 'Interaction') return JSON.stringify(rest);
  const kept: Record<string, unknown> = { ...rest };
  if (isRecord(kept.session)) {
    const { cookie: ___, ...session } = kept.session;
    kept.session = session;
  }
  // The address to go on at ends in the interaction's id.
  if (typeof kept.returnTo === 'string' && kept.returnTo.endsWith(id)) {
    kept.returnTo = kept.returnTo.slice(0, -id.length);
  }
  for (const name of LIVE_SECRETS) {
    const secret = kept[name];
    if (typeof secret === 'string') kept[name] = { [SEALED]: seal(key, name, secret) };
  }
  return JSON.stringify(kept);
}

/** Restores what {@link storedPayload} left out; `id` is the one that was presented. */
export function restoredPayload(key: KeyEncryptionKey, id: string, stored: string): RecordPayload {
  const payload: RecordPayload = { ...parsePayload(stored), jti: id };
  return payload.kind === 'Interaction' ? restoredInteraction(key, id, payload) : payload;
}

/** A device code that was found by the user code a person entered. */
export function restoredByUserCode(key: KeyEncryptionKey, userCode: string, stored: string): RecordPayload {
  const { [OWN_ID]: sealed, ...payload } = parsePayload(stored);
  return { ...payload, userCode, ...(typeof sealed === 'string' ? { jti: open(key, OWN_ID, sealed) } : {}) };
}

/** A record that was not found by its id: everything but the id. */
export const parsePayload = (stored: string): RecordPayload => JSON.parse(stored) as RecordPayload;

function restoredInteraction(key: KeyEncryptionKey, id: string, payload: RecordPayload): RecordPayload {
  const restored: Record<string, unknown> = { ...payload };
  if (typeof restored.returnTo === 'string' && restored.returnTo.endsWith('/')) restored.returnTo += id;
  for (const name of LIVE_SECRETS) {
    const sealed = restored[name];
    if (isRecord(sealed) && typeof sealed[SEALED] === 'string') restored[name] = open(key, name, sealed[SEALED]);
  }
  return restored;
}

const seal = (key: KeyEncryptionKey, name: string, secret: string): string =>
  sealEnvelope(key, Buffer.from(secret), `provider_record:${name}`).toString('base64url');

const open = (key: KeyEncryptionKey, name: string, sealed: string): string =>
  openEnvelope(key, Buffer.from(sealed, 'base64url'), `provider_record:${name}`).toString('utf8');

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
