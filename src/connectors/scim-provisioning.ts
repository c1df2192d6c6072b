import type pg from 'pg';
import {
  differences,
  digestOfAccount,
  newAccount,
  type WantedAccount,
} from '../domain/provisioning/account-mapping.ts';
import {
  type AccountOutcome,
  findWantedAccount,
  type ProvisionedAccount,
  releaseAccount,
  settleAccount,
  takeAccount,
} from '../domain/provisioning/provisioned-accounts.ts';
import {
  findProvisioningTarget,
  type ProvisioningPayload,
  type ProvisioningTarget,
} from '../domain/provisioning/provisioning-target.ts';
import { systemActor } from '../kernel/actor.ts';
import type { Clock } from '../kernel/clock.ts';
import {
  type DeliveryAnswer,
  DeliveryMoot,
  DeliveryRefused,
  type OutboxHandler,
} from '../persistence/outbox-delivery.ts';
import type { Reader, Transact } from '../persistence/unit-of-work.ts';
import { createScimTarget, type PatchOperation, type RemoteAccount, type ScimTarget } from './scim-target.ts';
import type { TargetAuthorizations } from './scim-target-authorization.ts';

export type ProvisioningParts = {
  readonly read: Reader;
  readonly pool: pg.Pool;
  readonly transact: Transact;
  readonly fetch: typeof globalThis.fetch;
  readonly authorizations: TargetAuthorizations;
  readonly clock: Clock;
};

/**
 * Brings one person's account at one target to what is true when it is delivered, whatever the message was enqueued for: so
 * neither order nor repetition of messages matters.
 */
export function provisionAccount(parts: ProvisioningParts): OutboxHandler {
  return async ({ payload }, signal): Promise<DeliveryAnswer> => {
    const who = payload as ProvisioningPayload & typeof payload;
    const target = await findProvisioningTarget(parts.read, who.targetId);
    if (!target) throw new DeliveryMoot('the provisioning target was deleted');
    if (target.state === 'paused') throw new Error('the provisioning target is paused');
    const remote = openTarget(parts, target, signal);
    const outcome = await bringAbout(parts, { target, remote, userId: who.userId });
    if (outcome.state === 'gone' && outcome.did === undefined) throw new DeliveryMoot('there is no account there');
    return remote.lastAnswer() ?? {};
  };
}

export const openTarget = (
  { fetch, authorizations }: Pick<ProvisioningParts, 'fetch' | 'authorizations'>,
  target: ProvisioningTarget,
  signal: AbortSignal,
): ScimTarget =>
  createScimTarget({
    fetch,
    baseUrl: target.baseUrl,
    authorization: (stop) => authorizations.of(target, stop),
    signal,
  });

type AtTarget = { readonly target: ProvisioningTarget; readonly remote: ScimTarget; readonly userId: string };

async function bringAbout(parts: ProvisioningParts, { target, remote, userId }: AtTarget): Promise<AccountOutcome> {
  const { pool, read, transact, clock, authorizations } = parts;
  const who = { targetId: target.id, userId };
  const account = await takeAccount(pool, who, clock.now());
  if (account === undefined) throw new Error('another delivery about this account is under way');
  try {
    const wanted = await findWantedAccount(read, { target, userId, at: clock.now() });
    const outcome = wanted
      ? await ensureAccount(remote, account, wanted)
      : await endAccount(remote, account, { userId, isDeleted: target.deprovisioning === 'delete' });
    await transact(systemActor('provision-accounts'), (tx) => settleAccount(tx, { ...who, outcome }));
    return outcome;
  } catch (error) {
    if (error instanceof DeliveryRefused && error.answer.status === 401) authorizations.forget(target.id);
    await releaseAccount(pool, who);
    throw error;
  }
}

async function ensureAccount(
  remote: ScimTarget,
  account: ProvisionedAccount,
  wanted: WantedAccount,
): Promise<AccountOutcome> {
  const digest = digestOfAccount(wanted);
  if (account.state === 'active' && account.remoteId !== null && account.sentDigest?.equals(digest))
    return { state: 'active', remoteId: account.remoteId, digest, did: undefined };
  const there = await lookUp(remote, account, wanted);
  if (there === undefined) {
    const { id } = await remote.create(newAccount(wanted));
    return { state: 'active', remoteId: id, digest, did: 'created' };
  }
  const operations = differences(there, wanted).map(({ path, wanted: value }) => operationFor(path, value));
  if (operations.length > 0 && !(await remote.patch(there.id, operations)))
    throw new Error('the account was deleted there meanwhile');
  return { state: 'active', remoteId: there.id, digest, did: operations.length > 0 ? 'updated' : undefined };
}

const operationFor = (path: string, value: unknown): PatchOperation =>
  value === undefined ? { op: 'remove', path } : { op: 'replace', path, value };

/** By the id it got there, else by our id, else by user name: an account that was there before is taken over, not made twice. */
async function lookUp(
  remote: ScimTarget,
  { remoteId }: ProvisionedAccount,
  { userId, userName }: WantedAccount,
): Promise<RemoteAccount | undefined> {
  const known = remoteId === null ? undefined : await remote.get(remoteId);
  if (known !== undefined) return known;
  const own = await findOwn(remote, userId);
  if (own !== undefined) return own;
  const [named] = await remote.findBy('userName', userName);
  if (named?.externalId !== undefined && named.externalId !== null && named.externalId !== '')
    throw new DeliveryRefused('an account there has this user name and belongs to somebody else (externalId)', {
      ...(remote.lastAnswer()?.status === undefined ? {} : { status: remote.lastAnswer()?.status }),
    });
  return named;
}

async function findOwn(remote: ScimTarget, userId: string): Promise<RemoteAccount | undefined> {
  const [own, ...others] = await remote.findBy('externalId', userId);
  if (others.length > 0) throw new Error('several accounts there have the id of this person as externalId');
  return own;
}

async function endAccount(
  remote: ScimTarget,
  { state, remoteId }: ProvisionedAccount,
  { userId, isDeleted }: { readonly userId: string; readonly isDeleted: boolean },
): Promise<AccountOutcome> {
  if (state === 'inactive' && remoteId !== null && !isDeleted) return { state, remoteId, did: undefined };
  // One was asked for, and the answer never came, when there is no id.
  const id = remoteId ?? (await findOwn(remote, userId))?.id;
  if (id === undefined) return { state: 'gone', remoteId: null, did: undefined };
  if (isDeleted) {
    await remote.delete(id);
    return { state: 'gone', remoteId: id, did: 'deleted' };
  }
  const isThere = await remote.patch(id, [{ op: 'replace', path: 'active', value: false }]);
  return isThere
    ? { state: 'inactive', remoteId: id, did: 'deactivated' }
    : { state: 'gone', remoteId: id, did: undefined };
}
