import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { parseInput } from '../../kernel/input.ts';
import { mergePatch } from '../../kernel/merge-patch.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { assertMayGrantEverything, assertMayGrantPermissions, assertMayManageClient } from '../access/may-grant.ts';
import { assertNotBuiltIn } from '../clients/account-client.ts';
import { type ClientInput, type ClientPatch, clientInput } from '../clients/client-input.ts';
import { listClientPermissions, replaceClientPermissions } from '../clients/client-permissions.ts';
import type { ClientSecretKeeper } from '../clients/client-secret-keeper.ts';
import {
  metadataOf,
  ownMetadata,
  type SettingChanges,
  settingChanges,
  sortedPermissions,
  wireSettings,
} from '../clients/client-state.ts';
import { type GrantedPermissions, grantedPermissions, resolvePermissions } from '../clients/granted-permissions.ts';
import { getRegisteredClient, lockClient, type RegisteredClient } from '../clients/registered-client.ts';
import { markClientEnabled } from '../clients/set-client-enabled.ts';
import { updateClient } from '../clients/update-client.ts';
import { type CheckWithProvider, type ClientWithSecret, signsInUnasked } from './admit-client.ts';
import { askPeopleAnew } from './ask-people-anew.ts';
import { disableLockedClient } from './disable-client.ts';

export type ClientAmendment = {
  readonly clientId: string;
  readonly expectedVersion?: number | undefined;
  readonly patch: ClientPatch;
  readonly keeper: ClientSecretKeeper;
  readonly checkWithProvider?: CheckWithProvider | undefined;
};

/**
 * RFC 7396 merge patch of a client's settings, permissions and whether it is enabled. Throws not_found, invalid,
 * precondition `request.version_mismatch`, conflict `clients.built_in`, forbidden `access.exceeds_own_permissions` (for a client with more
 * power too).
 */
export async function amendClient(tx: Tx, change: ClientAmendment): Promise<ClientWithSecret> {
  // What changes nothing takes no lock and leaves no trace.
  const seen = await getRegisteredClient(tx, change.clientId);
  if (isEmpty(planOf(seen, change.patch)) && (change.expectedVersion ?? seen.version) === seen.version)
    return { client: seen, generated: undefined };
  const before = await lockClient(tx, change);
  const { settings, ...plan } = planOf(before, change.patch);
  if (settings !== undefined || plan.permissions !== undefined || plan.enabled === true)
    await assertMayChange(tx, before, settings?.input);
  if (settings !== undefined || plan.permissions !== undefined) assertNotBuiltIn(before.clientId);
  const generated = settings && (await updateClient(tx, { before, ...settings, keeper: change.keeper }));
  if (settings !== undefined) change.checkWithProvider?.(before.clientId, metadataOf(settings.input));
  if (plan.permissions !== undefined) await changePermissions(tx, before, plan.permissions);
  if (plan.enabled !== undefined) {
    const current = await getRegisteredClient(tx, before.clientId);
    await (plan.enabled ? markClientEnabled(tx, current) : disableLockedClient(tx, current));
  }
  const client = await getRegisteredClient(tx, before.clientId);
  await askPeopleAnew(tx, before, client);
  return { client, generated };
}

/** What a patch would do to a client; what stays as it is, is undefined. */
type Plan = {
  readonly settings: { readonly input: ClientInput; readonly changed: SettingChanges } | undefined;
  readonly permissions: GrantedPermissions | undefined;
  readonly enabled: boolean | undefined;
};

const isEmpty = ({ settings, permissions, enabled }: Plan): boolean =>
  settings === undefined && permissions === undefined && enabled === undefined;

const stateInput = z.strictObject({ enabled: z.boolean().nullish(), permissions: grantedPermissions.nullish() });

/** Settings are looked at only where the patch names some: any client can be disabled, whatever was once stored for it. */
function planOf(before: RegisteredClient, { enabled, permissions, ...settings }: ClientPatch): Plan {
  const wanted = parseInput(stateInput, { enabled, permissions }, 'clients.invalid');
  const isEnabled = wanted.enabled ?? true;
  const granted = wanted.permissions ?? [];
  const arePermissionsKept =
    permissions === undefined || isDeepStrictEqual(sortedPermissions(granted), before.permissions);
  return {
    settings: planSettings(before, settings),
    permissions: arePermissionsKept ? undefined : granted,
    enabled: enabled === undefined || isEnabled === before.enabled ? undefined : isEnabled,
  };
}

function planSettings(before: RegisteredClient, patch: ClientPatch): Plan['settings'] {
  if (Object.keys(patch).length === 0) return undefined;
  const { enabled: _, permissions: __, ...was } = wireSettings({ ...before, metadata: ownMetadata(before.metadata) });
  const input = parseInput(clientInput, mergePatch(was, patch), 'clients.invalid');
  const changed = settingChanges(was, withDefaults(input));
  return Object.keys(changed).length === 0 ? undefined : { input, changed };
}

async function assertMayChange(tx: Tx, before: RegisteredClient, input: ClientInput | undefined): Promise<void> {
  await assertMayManageClient(tx, before.clientId);
  const wasUnasked = signsInUnasked({ first_party: before.firstParty });
  if (wasUnasked || (input !== undefined && signsInUnasked(input))) await assertMayGrantEverything(tx);
}

async function changePermissions(tx: Tx, before: RegisteredClient, permissions: GrantedPermissions): Promise<void> {
  const { clientId } = before;
  const permissionIds = await resolvePermissions(tx, permissions);
  const had = new Set(await listClientPermissions(tx, clientId));
  // Checked before it is written: a client must not vouch for what it is being given.
  await assertMayGrantPermissions(
    tx,
    permissionIds.filter((id) => !had.has(id)),
  );
  await replaceClientPermissions(tx, { clientId, permissionIds });
  await tx.query('UPDATE clients SET version = version + 1, updated_at = $2 WHERE client_id = $1', [clientId, tx.now]);
  tx.record({
    type: 'client-permissions.replaced',
    target: { type: 'client', id: clientId },
    details: { changed: { permissions: { from: before.permissions, to: sortedPermissions(permissions) } } },
  });
}

/** The settings that are always there, so that leaving one out is not told as a change. */
const withDefaults = (settings: object): object => ({
  first_party: false,
  require_pkce: true,
  claims_in_id_token: false,
  ...settings,
});
