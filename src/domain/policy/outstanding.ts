import { invalid } from '../../kernel/errors.ts';
import type { Reader, Tx } from '../../persistence/unit-of-work.ts';
import { listUserAttributes, type UserAttribute } from '../user-attributes/user-attribute.ts';
import { CUSTOM } from '../users/custom-input.ts';
import { findUser } from '../users/find-user.ts';
import type { Verdict } from './evaluate-policies.ts';
import { CUSTOM_PREFIX, type Rule, type TermsDocument } from './policy-rule.ts';

/** What a person has yet to accept and to say of themselves. */
export type Outstanding = {
  readonly terms: readonly TermsDocument[];
  readonly attributes: readonly string[];
};

export const NOTHING_OUTSTANDING: Outstanding = { terms: [], attributes: [] };

export async function findOutstanding(
  read: Reader,
  userId: string,
  { terms, attributes }: Pick<Verdict, 'terms' | 'attributes'>,
): Promise<Outstanding> {
  const [missingTerms, missingAttributes] = await Promise.all([
    terms.length === 0 ? [] : notAccepted(read, userId, terms),
    attributes.length === 0 ? [] : notFilled(read, userId, attributes),
  ]);
  return { terms: missingTerms, attributes: missingAttributes };
}

const keyOf = ({ document, version }: Pick<TermsDocument, 'document' | 'version'>): string => `${document}\n${version}`;

async function notAccepted(
  read: Reader,
  userId: string,
  terms: readonly TermsDocument[],
): Promise<readonly TermsDocument[]> {
  const rows = await read.query<Pick<TermsDocument, 'document' | 'version'>>(
    'SELECT document, version FROM terms_acceptances WHERE user_id = $1 AND document = ANY ($2::text[])',
    [userId, terms.map(({ document }) => document)],
  );
  const accepted = new Set(rows.map(keyOf));
  return terms.filter((one) => !accepted.has(keyOf(one)));
}

/** What nobody could fill in, because it is not theirs to write (any more), is not asked for. */
async function notFilled(read: Reader, userId: string, attributes: readonly string[]): Promise<readonly string[]> {
  const user = await findUser(read, userId);
  if (user === undefined) return [];
  const own = attributes.some(isCustom) ? await ownAttributes(read) : new Set<string>();
  const said = (name: string): unknown => {
    if (isCustom(name)) return user[CUSTOM]?.[name.slice(CUSTOM_PREFIX.length)];
    return name === 'givenName' || name === 'familyName' ? user.name?.[name] : user[name as 'nickName'];
  };
  return attributes.filter((name) => (!isCustom(name) || own.has(name)) && isEmpty(said(name)));
}

const isCustom = (name: string): boolean => name.startsWith(CUSTOM_PREFIX);
const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

const ownAttributes = async (read: Reader): Promise<ReadonlySet<string>> =>
  new Set((await listUserAttributes(read)).filter(isOwn).map(({ name }) => `${CUSTOM_PREFIX}${name}`));

const isOwn = ({ mutability, readableBy, writableBy }: UserAttribute): boolean =>
  mutability !== 'readOnly' && readableBy.includes('self') && writableBy.includes('self');

/** Throws `policies.invalid` at attributes of the operator that are not defined, or not the person's own to write. */
export async function assertAttributes(read: Reader, rules: readonly Rule[]): Promise<void> {
  const asked = rules.flatMap((rule, at) =>
    rule.effect === 'require'
      ? (rule.requirements.attributes ?? []).map((name, index) => ({
          name,
          pointer: `/rules/${at}/requirements/attributes/${index}`,
        }))
      : [],
  );
  if (!asked.some(({ name }) => isCustom(name))) return;
  const own = await ownAttributes(read);
  const detail = 'there is no such attribute that people read and write themselves';
  const faults = asked
    .filter(({ name }) => isCustom(name) && !own.has(name))
    .map(({ pointer }) => ({ pointer, code: 'unknown_reference', detail }));
  if (faults.length > 0) throw invalid('policies.invalid', { detail, faults });
}

/** The event is the proof: sealed, with time, address and browser. Accepted before counts as it was. */
export async function acceptDocuments(
  tx: Tx,
  { userId, terms }: { readonly userId: string; readonly terms: readonly TermsDocument[] },
): Promise<void> {
  for (const { document, version, title, url } of terms) {
    const rows = await tx.query(
      `INSERT INTO terms_acceptances (user_id, document, version, accepted_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT DO NOTHING RETURNING version`,
      [userId, document, version, tx.now],
    );
    if (rows.length === 0) continue;
    const details = { document, version, title, url };
    tx.record({ type: 'terms.accepted', target: { type: 'user', id: userId }, details });
  }
}
