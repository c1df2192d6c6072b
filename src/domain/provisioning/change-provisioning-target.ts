import { isDeepStrictEqual } from 'node:util';
import { assertVersion } from '../../kernel/assert-version.ts';
import { conflict, invalid } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { onConstraint, type Tx } from '../../persistence/unit-of-work.ts';
import { assertMaySendPeople } from '../access/may-grant.ts';
import { dropDeliveries } from '../receipts/drop-deliveries.ts';
import { enqueueProvisioning, HELD_UNTIL } from './enqueue-provisioning.ts';
import {
  getProvisioningTarget,
  outboxTargetOf,
  type ProvisioningTarget,
  type TargetAuthentication,
} from './provisioning-target.ts';
import type {
  AuthenticationInput,
  ProvisioningTargetInput,
  ProvisioningTargetPatch,
} from './provisioning-target-input.ts';

const MOST_TARGETS = 200;

/** Seals the secret of one target. */
export type SealTargetSecret = (targetId: string, secret: string) => Buffer;

/**
 * Everyone who is to have an account there gets one. Throws invalid `provisioning_targets.source_unknown`, conflict
 * `provisioning_targets.too_many`, forbidden `access.exceeds_own_permissions` to whom `users:read` is not given.
 */
export async function createProvisioningTarget(
  tx: Tx,
  { input, seal }: { readonly input: ProvisioningTargetInput; readonly seal: SealTargetSecret },
): Promise<ProvisioningTarget> {
  await assertMaySendPeople(tx);
  const id = newId<string>(tx.now.getTime());
  const { publicPart, secret } = splitSecret(input.authentication);
  const rows = await tx
    .query<{ id: string }>(
      `INSERT INTO provisioning_targets (id, name, base_url, authentication, secret_envelope, group_id, role_id, mapping,
         deprovisioning, state, created_at, updated_at)
       SELECT $1, $2, $3, $4::jsonb, $5, $6, $7, $8::jsonb, $9, $10, $11, $11
       WHERE (SELECT count(*) FROM provisioning_targets) < ${MOST_TARGETS} RETURNING id`,
      [
        ...[id, input.name, input.baseUrl, JSON.stringify(publicPart), seal(id, secret), input.groupId ?? null],
        ...[input.roleId ?? null, JSON.stringify(input.mapping), input.deprovisioning, input.state, tx.now],
      ],
    )
    .catch(onGroupUnknown)
    .catch(onRoleUnknown);
  if (rows.length === 0)
    throw conflict('provisioning_targets.too_many', { detail: `at most ${MOST_TARGETS} targets can be defined` });
  const target = await getProvisioningTarget(tx, id);
  tx.record({
    type: 'provisioning-targets.created',
    target: { type: 'provisioning_target', id },
    details: { changed: Object.fromEntries(Object.entries(factsOf(target)).map(([name, to]) => [name, { to }])) },
  });
  await enqueueProvisioning(tx, { whom: 'everyone', targetId: id });
  return target;
}

export type TargetChange = {
  readonly id: string;
  readonly expectedVersion?: number | undefined;
  readonly patch: ProvisioningTargetPatch;
  readonly seal: SealTargetSecret;
};

/** Throws not_found, precondition `request.version_mismatch`, and as `createProvisioningTarget`. */
export async function updateProvisioningTarget(
  tx: Tx,
  { id, expectedVersion, patch, seal }: TargetChange,
): Promise<ProvisioningTarget> {
  const before = await lockTarget(tx, id, expectedVersion);
  const { authentication, groupId, roleId, ...rest } = patch;
  const split = authentication && splitSecret(authentication);
  const source =
    groupId === undefined && roleId === undefined ? {} : { groupId: groupId ?? null, roleId: roleId ?? null };
  const after = { ...before, ...rest, ...source, ...(split ? { authentication: split.publicPart } : {}) };
  const changed = Object.fromEntries(
    Object.entries(factsOf(after)).flatMap(([name, to]) => {
      const from = factsOf(before)[name];
      return isDeepStrictEqual(from, to) ? [] : [[name, { from, to }]];
    }),
  );
  if (Object.keys(changed).length === 0 && split === undefined) return before;
  if (SENDS.some((name) => name in changed)) await assertMaySendPeople(tx);
  await tx
    .query(
      `UPDATE provisioning_targets SET name = $2, base_url = $3, authentication = $4::jsonb, secret_envelope = $5, group_id = $6,
         role_id = $7, mapping = $8::jsonb, deprovisioning = $9, state = $10, updated_at = $11, version = version + 1 WHERE id = $1`,
      [
        ...[before.id, after.name, after.baseUrl, JSON.stringify(after.authentication)],
        ...[split ? seal(before.id, split.secret) : before.secretEnvelope, after.groupId, after.roleId],
        ...[JSON.stringify(after.mapping), after.deprovisioning, after.state, tx.now],
      ],
    )
    .catch(onGroupUnknown)
    .catch(onRoleUnknown);
  tx.record({
    type: 'provisioning-targets.updated',
    target: { type: 'provisioning_target', id: before.id },
    details: { changed, ...(split === undefined ? {} : { secretReplaced: true }) },
  });
  if (before.state !== after.state) await (after.state === 'paused' ? hold(tx, id) : release(tx, id));
  // The same group at another address, or with another mapping, is other accounts, or other ones than were sent.
  if ('baseUrl' in changed) await forgetAccounts(tx, id);
  const isAll = 'baseUrl' in changed || 'mapping' in changed;
  if (isAll || 'groupId' in changed || 'roleId' in changed)
    await enqueueProvisioning(tx, { whom: isAll ? 'everyone' : 'access', targetId: id });
  return getProvisioningTarget(tx, id);
}

/** Accounts there stay as they are: nobody is told. Throws not_found, precondition `request.version_mismatch`. */
export async function deleteProvisioningTarget(
  tx: Tx,
  { id, expectedVersion }: { readonly id: string; readonly expectedVersion?: number | undefined },
): Promise<void> {
  const target = await lockTarget(tx, id, expectedVersion);
  await dropDeliveries(tx, { target: outboxTargetOf(id), reason: 'the provisioning target was deleted' });
  await tx.query('DELETE FROM provisioning_targets WHERE id = $1', [id]);
  tx.record({
    type: 'provisioning-targets.deleted',
    target: { type: 'provisioning_target', id },
    details: factsOf(target),
  });
}

async function lockTarget(tx: Tx, id: string, expectedVersion: number | undefined): Promise<ProvisioningTarget> {
  const { id: known } = await getProvisioningTarget(tx, id);
  await tx.query('SELECT 1 FROM provisioning_targets WHERE id = $1 FOR NO KEY UPDATE', [known]);
  const target = await getProvisioningTarget(tx, known);
  assertVersion('provisioning target', target.version, expectedVersion);
  return target;
}

/** What says who is sent what where. */
const SENDS = ['baseUrl', 'mapping', 'groupId', 'roleId'];

const WAITING = 'target = $1 AND delivered_at IS NULL AND failed_at IS NULL';

const hold = (tx: Tx, id: string) =>
  tx.query(`UPDATE outbox_messages SET available_at = $2 WHERE ${WAITING}`, [outboxTargetOf(id), HELD_UNTIL]);

/** What was held has a new day to be delivered. */
async function release(tx: Tx, id: string): Promise<void> {
  await tx.query(`UPDATE outbox_messages SET available_at = $2, created_at = $2 WHERE ${WAITING}`, [
    outboxTargetOf(id),
    tx.now,
  ]);
  tx.announce({ topic: 'outbox', key: '*' });
}

const forgetAccounts = (tx: Tx, id: string) => tx.query('DELETE FROM provisioned_accounts WHERE target_id = $1', [id]);

function splitSecret(input: AuthenticationInput): { publicPart: TargetAuthentication; secret: string } {
  if (input.type === 'bearer') return { publicPart: { type: 'bearer' }, secret: input.token };
  const { clientSecret, ...publicPart } = input;
  return { publicPart, secret: clientSecret };
}

const factsOf = (target: ProvisioningTarget): Readonly<Record<string, unknown>> => ({
  name: target.name,
  baseUrl: target.baseUrl,
  authentication: target.authentication,
  groupId: target.groupId,
  roleId: target.roleId,
  mapping: target.mapping,
  deprovisioning: target.deprovisioning,
  state: target.state,
});

const unknownSource = (pointer: string, detail: string) => () =>
  invalid('provisioning_targets.source_unknown', { detail, faults: [{ pointer, code: 'unknown', detail }] });
const onGroupUnknown = onConstraint(
  'provisioning_targets_group_id_fkey',
  unknownSource('/groupId', 'there is no such group'),
);
const onRoleUnknown = onConstraint(
  'provisioning_targets_role_id_fkey',
  unknownSource('/roleId', 'there is no such role'),
);
