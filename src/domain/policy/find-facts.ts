import type { Clock } from '../../kernel/clock.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import type { AccessLookup } from '../access/access-lookup.ts';
import { findSignInHistory } from '../audit/sign-in-signals.ts';
import { type DeviceTokens, deviceHashes } from '../authentication/known-devices.ts';
import { type FindPlace, travelsImpossibly } from '../authentication/travel.ts';
import { organizationsAbove } from '../organizations/organizations-in-reach.ts';
import type { CompiledPolicy } from './compile-policy.ts';
import type { Conditions } from './policy-rule.ts';
import type { SignInFacts } from './sign-in-facts.ts';
import { type Risk, type RiskLevel, riskOf } from './sign-in-risk.ts';

/** Whom, where and how facts are looked for. */
export type Concerned = {
  /** Undefined: somebody who has no account yet. */
  readonly userId?: string | undefined;
  readonly clientId: string;
  /** The tokens that are asked for are for it. */
  readonly organizationId?: string | undefined;
  /** Undefined where the person is not there: at a refresh. */
  readonly ipAddress?: string | undefined;
  /** What their browser holds, or what is assumed of it. */
  readonly browser?: { readonly deviceTokens: DeviceTokens } | { readonly isKnown: boolean } | undefined;
  /** What is assumed of it; found in the log when left out. */
  readonly risk?: RiskLevel | undefined;
  /** Undefined: nobody has signed in yet. */
  readonly signedIn?:
    | { readonly amr: readonly string[]; readonly at: Date; readonly usedAt?: Date | undefined }
    | undefined;
};

export type FactParts = {
  readonly read: Reader;
  readonly access: Pick<AccessLookup, 'forUser'>;
  readonly clock: Clock;
  /** Undefined where nobody knows where addresses are. */
  readonly findPlace?: FindPlace | undefined;
};

const asks = (policies: readonly CompiledPolicy[], condition: keyof Conditions): boolean =>
  policies.some(({ rules }) => rules.some(({ when }) => when[condition] !== undefined));

const NOBODY = { roles: [], groups: [] } as const;

/** Only what a rule asks for is asked of the database. */
export async function findFacts(
  parts: FactParts,
  signIn: Concerned,
  policies: readonly CompiledPolicy[],
): Promise<Omit<SignInFacts, 'risk'> & { readonly risk: Risk | undefined }> {
  const now = parts.clock.now();
  const { userId, clientId, ipAddress, signedIn } = signIn;
  const asksAccess = asks(policies, 'roles') || asks(policies, 'groups');
  const asksOrganizations =
    asks(policies, 'organizations') || policies.some(({ organizationId }) => organizationId !== null);
  const asksRisk = asks(policies, 'risk');
  const asksBrowser = asksRisk || asks(policies, 'knownBrowser');
  const at = signedIn?.at ?? now;
  const [access, organizationIds, knownBrowser, history, isFar] = await Promise.all([
    asksAccess && userId !== undefined ? parts.access.forUser(userId, now) : NOBODY,
    asksOrganizations ? findOrganizations(parts.read, signIn) : [],
    asksBrowser ? isKnownBrowser(parts.read, signIn, now) : undefined,
    asksRisk && ipAddress !== undefined && userId !== undefined
      ? findSignInHistory(parts.read, { userId, before: at })
      : undefined,
    asksRisk && userId !== undefined && travelsImpossibly(parts, { userId, ipAddress, at }),
  ]);
  const found =
    history && ipAddress !== undefined && knownBrowser !== undefined
      ? riskOf(history, { ipAddress, isKnownBrowser: knownBrowser, isFar })
      : undefined;
  const assumed = signIn.risk && { level: signIn.risk, signals: [] };
  return {
    clientId,
    organizationIds: new Set(organizationIds),
    roles: new Set(access.roles),
    groups: new Set(access.groups),
    ipAddress,
    knownBrowser,
    risk: assumed ?? found,
    signedInSecondsAgo: signedIn && Math.max(0, Math.floor((now.getTime() - signedIn.at.getTime()) / 1000)),
  };
}

const CONCERNED = /* sql */ `
  SELECT home_organization_id FROM users WHERE id = $1::uuid
  UNION SELECT organization_id FROM clients WHERE client_id = $2
  UNION SELECT $3::uuid`;

/** Those that manage the account or have the application, the one asked for, and all above them. */
export async function findOrganizations(
  read: Reader,
  { userId, clientId, organizationId }: Pick<Concerned, 'userId' | 'clientId' | 'organizationId'>,
): Promise<readonly string[]> {
  const rows = await read.query<{ id: string }>(
    `WITH RECURSIVE ${organizationsAbove(`ANY (ARRAY(${CONCERNED}))`)} SELECT id FROM organization_above`,
    [userId ?? null, clientId, organizationId ?? null],
  );
  return rows.map(({ id }) => id);
}

/** Before this sign-in: the sign-in itself makes a browser known. */
async function isKnownBrowser(
  read: Reader,
  { userId, browser, signedIn }: Concerned,
  now: Date,
): Promise<boolean | undefined> {
  if (browser === undefined) return undefined;
  if ('isKnown' in browser) return browser.isKnown;
  const rows = await read.query(
    'SELECT FROM known_devices WHERE token_hash = ANY ($1::bytea[]) AND user_id = $2 AND created_at < $3 AND expires_at > $4',
    [deviceHashes(browser.deviceTokens), userId, signedIn?.at ?? now, now],
  );
  return rows.length > 0;
}
