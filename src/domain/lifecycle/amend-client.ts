import { parseInput } from '../../kernel/input.ts';
import { mergePatch } from '../../kernel/merge-patch.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import { assertMayGrantEverything, assertMayGrantPermissions, assertMayManageClient } from '../access/may-grant.ts';
import { type ClientInput, type ClientPatch, clientInput } from '../clients/client-input.ts';
import { replaceClientPermissions } from '../clients/client-permissions.ts';
import type { ClientSecretKeeper } from '../clients/client-secret-keeper.ts';
import { metadataOf, settingChanges, sortedPermissions, wireSettings } from '../clients/client-state.ts';
import { resolvePermissions } from '../clients/granted-permissions.ts';
import { getRegisteredClient, lockClient, type RegisteredClient } from '../clients/registered-client.ts';
import { markClientEnabled } from '../clients/set-client-enabled.ts';
import { updateClient } from '../clients/update-client.ts';
import { type CheckWithProvider, type ClientWithSecret, grantTypesOf, signsInUnasked } from './admit-client.ts';
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
 * precondition `request.version_mismatch`, forbidden `access.exceeds_own_permissions` (for a client with more power too).
 */
export async function amendClient(tx: Tx, change: ClientAmendment): Promise<ClientWithSecret> {
  const before = await lockClient(tx, change);
  const was = wireSettings(before);
  const input = parseInput(clientInput, mergePatch(was, change.patch), 'clients.invalid');
  const {
    enabled = true,
    permissions = [],
    ...settings
  } = { ...input, permissions: sortedPermissions(input.permissions ?? []) };
  const { enabled: wasEnabled, permissions: hadPermissions, ...wereSettings } = was;
  const changed = settingChanges(wereSettings, withDefaults(settings));
  const changes = {
    settings: Object.keys(changed).length > 0,
    permissions: Object.keys(settingChanges(hadPermissions, permissions)).length > 0,
  };
  if (changes.settings || changes.permissions || (enabled && !wasEnabled)) await assertMayChange(tx, before, input);
  const generated = changes.settings
    ? await updateClient(tx, { before, input, changed, keeper: change.keeper })
    : undefined;
  if (changes.settings) change.checkWithProvider?.(before.clientId, metadataOf(input));
  if (changes.permissions) await changePermissions(tx, before, permissions);
  if (enabled !== wasEnabled) {
    const current = await getRegisteredClient(tx, before.clientId);
    await (enabled ? markClientEnabled(tx, current) : disableLockedClient(tx, current));
  }
  return { client: await getRegisteredClient(tx, before.clientId), generated };
}

async function assertMayChange(tx: Tx, before: RegisteredClient, input: ClientInput): Promise<void> {
  await assertMayManageClient(tx, before.clientId);
  const { firstParty: first_party, metadata } = before;
  const wasUnasked = signsInUnasked({ first_party, grant_types: grantTypesOf(metadata) });
  if (wasUnasked || signsInUnasked(input)) await assertMayGrantEverything(tx);
}

async function changePermissions(
  tx: Tx,
  before: RegisteredClient,
  permissions: RegisteredClient['permissions'],
): Promise<void> {
  const { clientId } = before;
  const permissionIds = await resolvePermissions(tx, permissions);
  const added = await replaceClientPermissions(tx, { clientId, permissionIds });
  await assertMayGrantPermissions(tx, added);
  await tx.query('UPDATE clients SET version = version + 1, updated_at = $2 WHERE client_id = $1', [clientId, tx.now]);
  tx.record({
    type: 'client-permissions.replaced',
    target: { type: 'client', id: clientId },
    details: { changed: { permissions: { from: before.permissions, to: permissions } } },
  });
}

/** The settings that are always there, so that leaving one out is not told as a change. */
const withDefaults = (settings: object): object => ({
  first_party: false,
  require_pkce: true,
  claims_in_id_token: false,
  ...settings,
});
