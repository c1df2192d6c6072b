import { createHmac, randomBytes } from 'node:crypto';

/**
 * What an audit event says of a person (ADR 0031): kept beside the event, which is sealed with a digest of it. Without the
 * salt, which goes with the content when the person is erased, the digest tells nothing.
 */
export type PersonalDetails = {
  readonly userId: string;
  readonly salt: Buffer;
  readonly content: string;
};

export function personalDetails(userId: string, personal: Readonly<Record<string, unknown>>): PersonalDetails {
  return { userId, salt: randomBytes(16), content: JSON.stringify(personal) };
}

/** Lower-case hex of HMAC-SHA-256(salt, UTF-8(content)). */
export const digestOf = ({ salt, content }: Pick<PersonalDetails, 'salt' | 'content'>): string =>
  createHmac('sha256', salt).update(content).digest('hex');

export async function insertPersonalDetails(
  run: (sql: string, parameters: unknown[]) => Promise<unknown>,
  rows: readonly { readonly id: string; readonly personal: PersonalDetails }[],
): Promise<void> {
  await run(
    `INSERT INTO audit_personal_details (event_id, user_id, salt, content)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::text[])`,
    [
      rows.map(({ id }) => id),
      rows.map(({ personal }) => personal.userId),
      rows.map(({ personal }) => personal.salt),
      rows.map(({ personal }) => personal.content),
    ],
  );
}
