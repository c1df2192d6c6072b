/**
 * The provisioning room owns the applications that are given accounts over SCIM: who is to have one there, what is sent, and
 * what is known of the accounts there. It does not own calling them (connectors), nor how messages travel (the outbox).
 */
import { notFound } from '../../kernel/errors.ts';
import { isUuid } from '../../kernel/ids.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';

export const DEPROVISIONING = ['deactivate', 'delete'] as const;
export const TARGET_STATES = ['active', 'paused'] as const;

/** How a target is called, without the secret. */
export type TargetAuthentication =
  | { readonly type: 'bearer' }
  | {
      readonly type: 'client_credentials';
      readonly tokenUrl: string;
      readonly clientId: string;
      readonly scope?: string;
      readonly resource?: string;
    };

export type ProvisioningTarget = {
  readonly id: string;
  readonly name: string;
  readonly baseUrl: string;
  readonly authentication: TargetAuthentication;
  readonly secretEnvelope: Buffer;
  readonly groupId: string | null;
  readonly roleId: string | null;
  /** Path there → attribute here. */
  readonly mapping: Readonly<Record<string, string>>;
  readonly deprovisioning: (typeof DEPROVISIONING)[number];
  readonly state: (typeof TARGET_STATES)[number];
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** Type of the outbox messages: one person at one target, whatever is to be done there when it is delivered. */
export const PROVISIONING_DUE = 'provisioning.due';

export type ProvisioningPayload = { readonly targetId: string; readonly userId: string };

export const outboxTargetOf = (targetId: string): string => `scim:${targetId}`;

const COLUMNS = /* sql */ `
  id, name, base_url AS "baseUrl", authentication, secret_envelope AS "secretEnvelope", group_id AS "groupId",
  role_id AS "roleId", mapping, deprovisioning, state, version, created_at AS "createdAt", updated_at AS "updatedAt"`;

/** They are few; all of them, oldest first. */
export const listProvisioningTargets = (read: Reader): Promise<readonly ProvisioningTarget[]> =>
  read.query<ProvisioningTarget>(`SELECT ${COLUMNS} FROM provisioning_targets ORDER BY id`);

export async function findProvisioningTarget(read: Reader, id: string): Promise<ProvisioningTarget | undefined> {
  if (!isUuid(id)) return undefined;
  const [row] = await read.query<ProvisioningTarget>(`SELECT ${COLUMNS} FROM provisioning_targets WHERE id = $1`, [id]);
  return row;
}

/** Throws `not_found`. */
export async function getProvisioningTarget(read: Reader, id: string): Promise<ProvisioningTarget> {
  const target = await findProvisioningTarget(read, id);
  if (target === undefined)
    throw notFound('provisioning_targets.not_found', { detail: 'there is no such provisioning target' });
  return target;
}
