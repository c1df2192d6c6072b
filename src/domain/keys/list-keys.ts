import type { JWK } from 'jose';
import type { Reader } from '../../persistence/unit-of-work.ts';
import { findKeyRows } from './key-rows.ts';
import type { KeyState, SigningAlg } from './signing-key.ts';

/** What may be shown of a signing key. */
export type KeyFacts = {
  readonly kid: string;
  readonly alg: SigningAlg;
  readonly state: KeyState;
  readonly publicJwk: JWK;
  readonly createdAt: Date;
  readonly activatedAt: Date | null;
  readonly retiringAt: Date | null;
  readonly retiredAt: Date | null;
};

/** All keys there ever were, active ones first. Few rows: a set of six and three more every ninety days. */
export async function listKeys(read: Reader): Promise<readonly KeyFacts[]> {
  const rows = await findKeyRows(read, ['active', 'next', 'retiring', 'retired']);
  return rows.map(({ envelope: _, ...facts }) => facts);
}
