/**
 * The sessions room owns everything the OpenID provider stores about sign-ins, grants and tokens, and how it is ended.
 * It does not own what a token may contain (access) or who it is for (users, clients).
 */
import { keyedHash, sha256 } from '../../kernel/crypto/derive.ts';

/** What the provider hands over to be kept; names are its own. */
export type RecordPayload = { readonly [name: string]: unknown };

/** `id` is the raw one. */
export type RecordName = { readonly model: string; readonly id: string };

export type RecordUpsert = {
  readonly model: string;
  /** The raw id: the token, code or cookie itself. It is never stored. */
  readonly id: string;
  readonly payload: RecordPayload;
  readonly expiresAt: Date | undefined;
  /** Sessions: the raw id this one takes the place of. Nothing is written when that row has ended meanwhile. */
  readonly replaces?: string | undefined;
};

export type FoundRecord = {
  readonly payload: RecordPayload;
  /** The payload as it is kept. */
  readonly text: string;
  /** Seconds since a code or refresh token was used; undefined while it is unused. */
  readonly consumedSecondsAgo: number | undefined;
  /** Refresh tokens: the sealed successor. */
  readonly successor: Buffer | undefined;
  /** The grant this record belongs to, as far as it has one; undefined when it is gone. */
  readonly grant: RecordPayload | undefined;
  /** The session this record ends with, as far as it does. */
  readonly session: RecordPayload | undefined;
};

/** Ids are random tokens of full entropy, so a plain hash keeps the table from opening anything. */
export const recordId = (id: string): Buffer => sha256(id);

/** How sessions and grants are named to administrators: the stored hash, never the id itself. */
export const shownId = (stored: Buffer): string => stored.toString('base64url');

export function storedId(shown: string): Buffer | undefined {
  const bytes = Buffer.from(shown, 'base64url');
  return bytes.length === 32 && bytes.toString('base64url') === shown ? bytes : undefined;
}

/** RFC 8628 §6.1 user codes have few bits: only a keyed hash hides them. */
export const userCodeHash = (key: Uint8Array, userCode: string): Buffer => keyedHash(key, userCode);
