import type { User } from '../../../src/domain/users/user.ts';
import { type Asked, Authenticator, type AuthenticatorFacts } from '../../support/authenticator.ts';
import type { RunningServer } from '../../support/running-server.ts';
import { type Page, WebVisitor } from '../../support/web-visitor.ts';
import { password } from '../interaction/a-sign-in.ts';

export const passkeysPath = '/account/passkeys';

/** What the page's script reads. */
export const askedOn = (page: Page): Asked => JSON.parse(attributeOn(page, 'data-options') ?? 'null');
export const signalsOn = (page: Page): { method: string; options: Record<string, unknown> }[] =>
  JSON.parse(attributeOn(page, 'data-signals') ?? '[]');

const attributeOn = ({ html }: Page, name: string): string | undefined =>
  new RegExp(`${name}="([^"]*)"`).exec(html)?.[1]?.replaceAll('&quot;', '"').replaceAll('&amp;', '&');

export async function signedIn(server: RunningServer, user: User): Promise<WebVisitor> {
  const visitor = new WebVisitor(server);
  await visitor.signIn(await visitor.get('/account/sign-in'), user.userName, password);
  return visitor;
}

export type WithPasskey = { readonly visitor: WebVisitor; readonly authenticator: Authenticator; readonly page: Page };

/** Signs in by password and adds one; a later one needs a visitor who has signed in by the first. */
export async function addPasskey(
  server: RunningServer,
  visitor: WebVisitor,
  facts: AuthenticatorFacts = {},
): Promise<WithPasskey> {
  const authenticator = new Authenticator(new URL(server.issuer).origin, facts);
  const offer = await visitor.get(passkeysPath);
  const page = await visitor.submit(offer, 'passkey', { passkey: authenticator.create(askedOn(offer)) });
  return { visitor, authenticator, page };
}

export const useOn = (visitor: WebVisitor, page: Page, authenticator: Authenticator): Promise<Page> =>
  visitor.submit(page, 'passkey', { passkey: authenticator.get(askedOn(page)) });

export async function eventsOf({ foundation }: RunningServer, userId: string): Promise<string[]> {
  const sql = `SELECT concat_ws(' ', type, reason) AS event FROM audit_events WHERE target_id = $1`;
  const { rows } = await foundation.pool.query<{ event: string }>(sql, [userId]);
  return rows.map(({ event }) => event);
}

export async function passkeyRows({ foundation }: RunningServer, userId: string) {
  const { rows } = await foundation.pool.query<{ name: string; sign_count: string; is_backed_up: boolean }>(
    'SELECT name, sign_count, is_backed_up FROM passkeys WHERE user_id = $1 ORDER BY created_at, id',
    [userId],
  );
  return rows;
}

/** The session says how somebody signed in. */
export async function sessionOf(
  { foundation }: RunningServer,
  userId: string,
): Promise<{ acr: string; amr: string[] } | undefined> {
  const { rows } = await foundation.pool.query<{ payload: { acr: string; amr: string[] } }>(
    `SELECT payload::jsonb AS payload FROM provider_records
     WHERE model = 'Session' AND account_id = $1 AND ended_at IS NULL ORDER BY created_at DESC LIMIT 1`,
    [userId],
  );
  return rows[0]?.payload;
}

export async function passkeyMails({ foundation }: RunningServer, userId: string): Promise<string[]> {
  const { rows } = await foundation.pool.query<{ change: string }>(
    `SELECT payload->>'change' AS change FROM outbox_messages
     WHERE payload->>'kind' = 'passkey_changed' AND payload->>'userId' = $1 ORDER BY created_at`,
    [userId],
  );
  return rows.map(({ change }) => change);
}
