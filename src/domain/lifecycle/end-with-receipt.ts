import { newId } from '../../kernel/ids.ts';
import { onWhole, type Tx } from '../../persistence/unit-of-work.ts';
import { endAllDeviceTrust } from '../authentication/trusted-devices.ts';
import { ACCOUNT_CLIENT_ID } from '../clients/account-client.ts';
import { stopFactorRecoveries } from '../credentials/factor-recoveries.ts';
import { findPasswordHolders } from '../credentials/find-password-holders.ts';
import { voidLinks } from '../credentials/void-links.ts';
import { enqueueProvisioning, type ProvisioningDue } from '../provisioning/enqueue-provisioning.ts';
import { openReceipts } from '../receipts/open-receipts.ts';
import type { NewReceipt, NewTarget, ReceiptCause } from '../receipts/receipt.ts';
import { backchannelLogoutDue } from '../sessions/backchannel-logout.ts';
import { type EndedAccess, type EndedAtClient, endAccessOf } from '../sessions/end-all-access.ts';
import { type EmittedSignal, emitSignals, type Signal } from '../signals/emit-signals.ts';
import { cancelEmailChanges } from './cancel-email-changes.ts';

/**
 * Ends all access of these people, tells whoever can be told, and opens a receipt for each that accounts for both.
 * The caller has made sure that they cannot sign in again, and records why. Answers the receipts' ids by person.
 */
export async function endWithReceipt(
  within: Tx,
  { userIds, cause }: { userIds: readonly string[]; cause: ReceiptCause },
): Promise<ReadonlyMap<string, string>> {
  // Who may end someone's access ends all of it, wherever it was given.
  const tx = onWhole(within);
  const links = await voidLinks(tx, userIds);
  await cancelEmailChanges(tx, userIds);
  await endAllDeviceTrust(tx, userIds);
  await stopFactorRecoveries(tx, { userIds, by: 'left' });
  const ended = await endAccessOf(tx, userIds);
  const clients = await describeClients(tx, new Set(ended.flatMap(({ clients }) => [...clients.keys()])));
  const lifetimes = await jwtLifetimes(tx, ended);
  const signals = await tellStreams(tx, { userIds, cause });
  const provisioning = await enqueueProvisioning(tx, { userIds });
  const receipts = ended.map((one): NewReceipt => {
    const local = localTarget(one, links.get(one.userId) ?? 0);
    const told = [...one.clients].flatMap(([clientId, held]) =>
      clientId === ACCOUNT_CLIENT_ID
        ? []
        : relyingPartyTargets(tx, { userId: one.userId, clientId, held, client: clients.get(clientId), lifetimes }),
    );
    const streams = signals.filter(({ userId }) => userId === one.userId).map(streamTargetOf);
    const accounts = provisioning.filter(({ userId }) => userId === one.userId).map(accountTargetOf);
    return {
      id: newId(tx.now.getTime()),
      userId: one.userId,
      cause,
      targets: [local, ...told, ...streams, ...accounts],
    };
  });
  await openReceipts(tx, receipts);
  return new Map(receipts.map(({ id, userId }) => [userId, id]));
}

const REASONS: Readonly<Record<ReceiptCause, string>> = {
  deactivated: 'The account was deactivated',
  suspended: 'The account was suspended',
  staged: 'The account is not open yet',
  deleted: 'The account was deleted',
  end_date: 'The end date of the account has passed',
  inactivity: 'The account was not used for as long as is allowed',
};

/** CAEP and RISC events for whoever asked for them. Who is deleted can be restored: they are purged when they are erased. */
async function tellStreams(
  tx: Tx,
  { userIds, cause }: { userIds: readonly string[]; cause: ReceiptCause },
): Promise<readonly EmittedSignal[]> {
  const withPassword = cause === 'deleted' ? new Set<string>() : await findPasswordHolders(tx, userIds);
  const revoked = { credential_type: 'password', change_type: 'revoke' };
  const reason = REASONS[cause];
  return emitSignals(
    tx,
    userIds.flatMap((userId): Signal[] => [
      { userId, name: 'session-revoked', reason },
      ...(withPassword.has(userId) ? [{ userId, name: 'credential-change', reason, claims: revoked } as const] : []),
      { userId, name: 'account-disabled' },
    ]),
  );
}

const streamTargetOf = ({ streamId, receiver, name, messageId }: EmittedSignal): NewTarget => ({
  kind: 'signal_stream',
  id: streamId,
  name: receiver,
  sent: name,
  state: 'pending',
  details: {},
  messageId,
});

const accountTargetOf = ({ targetId, targetName, messageId }: ProvisioningDue): NewTarget => ({
  kind: 'scim_target',
  id: targetId,
  name: targetName,
  sent: 'the end of the account',
  state: 'pending',
  details: {},
  messageId,
});

/** How the provider calls what it keeps, and what a receipt calls it. */
const RECORD_NAMES: Readonly<Record<string, string>> = {
  Grant: 'grants',
  RefreshToken: 'refreshTokens',
  AccessToken: 'accessTokens',
  AuthorizationCode: 'authorizationCodes',
  DeviceCode: 'deviceCodes',
  BackchannelAuthenticationRequest: 'backchannelAuthenticationRequests',
  Interaction: 'signInsUnderWay',
};

function localTarget({ sessions, records }: EndedAccess, links: number): NewTarget {
  const counted = [...records].map(([model, count]) => [RECORD_NAMES[model] ?? model, count] as const);
  const ended = Object.fromEntries([['sessions', sessions], ...counted, ['oneTimeLinks', links]]);
  return { kind: 'local', state: 'done', sent: 'ended in the same transaction', details: { ended } };
}

type ClientFacts = {
  readonly clientId: string;
  readonly name: string | null;
  readonly enabled: boolean;
  readonly wantsLogout: boolean;
  readonly needsSid: boolean;
};

async function describeClients(tx: Tx, ids: ReadonlySet<string>): Promise<ReadonlyMap<string, ClientFacts>> {
  const rows = await tx.query<ClientFacts>(
    `SELECT client_id AS "clientId", client_name AS name, enabled, metadata ? 'backchannel_logout_uri' AS "wantsLogout",
       coalesce(metadata -> 'backchannel_logout_session_required' = 'true', false) AS "needsSid"
     FROM clients WHERE client_id = ANY($1::text[])`,
    [[...ids]],
  );
  return new Map(rows.map((row) => [row.clientId, row]));
}

/** Seconds that a JWT access token for a resource server lives. Opaque ones are gone already. */
async function jwtLifetimes(tx: Tx, ended: readonly EndedAccess[]): Promise<ReadonlyMap<string, number>> {
  const identifiers = new Set(
    ended.flatMap(({ clients }) => [...clients.values()].flatMap(({ resources }) => [...resources])),
  );
  const rows = await tx.query<{ identifier: string; seconds: number }>(
    `SELECT identifier, access_token_lifetime_seconds AS seconds FROM resource_servers
     WHERE identifier = ANY($1::text[]) AND access_token_format = 'jwt'`,
    [[...identifiers]],
  );
  return new Map(rows.map(({ identifier, seconds }) => [identifier, seconds]));
}

type AtClient = {
  readonly userId: string;
  readonly clientId: string;
  readonly held: EndedAtClient;
  readonly client: ClientFacts | undefined;
  readonly lifetimes: ReadonlyMap<string, number>;
};

/** One target for each session the client knows, or one that says why it is not told. */
function relyingPartyTargets(tx: Tx, { userId, clientId, held, client, lifetimes }: AtClient): readonly NewTarget[] {
  const seconds = Math.max(0, ...[...held.resources].map((resource) => lifetimes.get(resource) ?? 0));
  const tokens = seconds === 0 ? {} : { tokensEndBy: new Date(tx.now.getTime() + seconds * 1000).toISOString() };
  const common = {
    kind: 'relying_party',
    id: clientId,
    ...(client?.name ? { name: client.name } : {}),
  } as const;
  const reason = whyNotTold(client, held);
  if (reason !== undefined) {
    const note = `${reason}; ${seconds === 0 ? 'its tokens have ended' : `tokens end by ${tokens.tokensEndBy}`}`;
    return [{ ...common, state: 'not_notified', details: { note, ...tokens } }];
  }
  // OIDC Back-Channel Logout 1.0 §2.4: without a sid it is about every session of the person at that client.
  const sids: readonly (string | undefined)[] = held.sids.size > 0 ? [...held.sids] : [undefined];
  return sids.map((sid): NewTarget => {
    const messageId = newId(tx.now.getTime());
    const which = sid === undefined ? {} : { sid };
    tx.enqueue({ id: messageId, ...backchannelLogoutDue({ clientId, accountId: userId, ...which }) });
    return { ...common, sent: 'logout_token', state: 'pending', details: { ...which, ...tokens }, messageId };
  });
}

function whyNotTold(client: ClientFacts | undefined, { sids }: EndedAtClient): string | undefined {
  if (!client?.enabled) return 'the client is disabled or deleted';
  if (!client.wantsLogout) return 'no back-channel logout URI';
  if (client.needsSid && sids.size === 0) return 'no session of this person is known at it';
  return undefined;
}
