import { comparisonKey } from '../../kernel/text.ts';
import type { Tx } from '../../persistence/unit-of-work.ts';
import type { ClientPatch } from '../clients/client-input.ts';
import { needsSecret } from '../clients/client-metadata.ts';
import { declareClientSecret } from '../clients/client-secret.ts';
import type { ClientSecretKeeper } from '../clients/client-secret-keeper.ts';
import { metadataOf, settingChanges, sortedPermissions, wireSettings } from '../clients/client-state.ts';
import { replaceDeclaredSecret } from '../clients/replace-declared-secret.ts';
import { admitClient } from '../lifecycle/admit-client.ts';
import { amendClient } from '../lifecycle/amend-client.ts';
import { notGiven, withoutBuiltIn } from './built-in-power.ts';
import {
  type CurrentClient,
  type CurrentState,
  clientSubject,
  type Item,
  itemOf,
  MANAGED_BY,
} from './current-state.ts';
import type { DeclaredClient } from './declaration-schema.ts';
import { union } from './plan-roles.ts';
import { additions, idOf, type Known, type Step } from './plan-step.ts';
import { reactivated } from './reactivated.ts';

export type ClientPlan = {
  readonly steps: readonly Step[];
  readonly notes: readonly string[];
  readonly items: readonly Item[];
};

export type ClientPlanParts = { readonly keeper: ClientSecretKeeper; readonly reactivate: boolean };

export function planClients(
  declared: readonly DeclaredClient[],
  state: CurrentState,
  parts: ClientPlanParts,
): ClientPlan {
  const notes: string[] = [];
  const items: Item[] = [];
  const steps = declared.flatMap((entry): readonly Step[] => {
    const clientId = entry.input.client_id ?? '';
    const secret = declaredSecret(entry, parts.keeper);
    const item =
      secret && ({ kind: 'client_secret', subject: clientSubject(clientId), object: secret.fingerprint } as const);
    if (item) items.push(item);
    const before = state.clients.get(clientId);
    if (before === undefined) {
      if (needsSecret(metadataOf(entry.input)) && secret === undefined)
        notes.push(
          `client ${clientId} got a secret that nobody has seen: run doorward clients rotate-secret ${clientId}`,
        );
      return [creation(clientId, entry)];
    }
    const isRemembered = item !== undefined && state.items.has(itemOf(item));
    return [
      ...settings(before, before.managedBy === MANAGED_BY ? entry : grantable(before, entry, state, notes), state),
      ...whetherEnabled(before, entry, parts, notes),
      ...(secret === undefined || isRemembered ? [] : rotation(before, secret)),
    ];
  });
  return { steps, notes, items };
}

function creation(name: string, { input, organization }: DeclaredClient): Step {
  const { client_id: _, client_secret: __, client_secret_hash: ___, ...settings } = input;
  const secret = __ === undefined && ___ === undefined ? {} : { client_secret: { to: '[redacted]' } };
  return {
    action: 'create',
    noun: 'client',
    name,
    changed: { ...additions({ ...settings, organization }), ...secret },
    run(tx, { known, keeper, checkWithProvider }) {
      const owner = organization === undefined ? {} : { organization_id: organizationId(known, organization) };
      return admitClient(tx, { input: { ...input, ...owner }, keeper, managedBy: MANAGED_BY, checkWithProvider });
    },
  };
}

const organizationId = (known: Known, name: string): string => idOf(known.organizationIds, comparisonKey(name));

/** What the file may give to a client of somebody else: no power over this product, and no sign-in without consent. */
function grantable(before: CurrentClient, entry: DeclaredClient, state: CurrentState, notes: string[]): DeclaredClient {
  const { permissions = [], ...said } = entry.input;
  const allowed = withoutBuiltIn(permissions, state);
  if (allowed.length < permissions.length)
    notes.push(notGiven('client', before.clientId, 'permissions of a built-in resource server'));
  const isUnasked = said.first_party === true && !before.firstParty && entry.given.has('first_party');
  if (isUnasked) notes.push(notGiven('client', before.clientId, 'first_party'));
  const input = { ...said, ...(isUnasked ? { first_party: false } : {}), permissions: [...allowed] };
  return Object.assign({}, entry, { input });
}

/** Settings of our own that every client has, so that leaving one out means its default. */
const DEFAULTS = { first_party: false, require_pkce: true, claims_in_id_token: false } as const;

function settings(
  before: CurrentClient,
  { input, given, organization }: DeclaredClient,
  state: CurrentState,
): readonly Step[] {
  const { client_secret: _, client_secret_hash: __, enabled: ___, permissions = [], ...rest } = input;
  const { enabled: ____, permissions: had, ...wire } = wireSettings(before);
  const [was, said] = [
    named(wire, state),
    organization === undefined ? named(rest, state) : { ...rest, organization: nameNow(organization, state) },
  ];
  const isOwned = before.managedBy === MANAGED_BY;
  const is = isOwned
    ? { ...DEFAULTS, ...said, permissions: sortedPermissions(permissions) }
    : { ...was, ...only(said, given), permissions: sortedPermissions(union(had, permissions)) };
  const changed = settingChanges({ ...was, permissions: sortedPermissions(had) }, is);
  if (Object.keys(changed).length === 0) return [];
  const { organization: moved, ...others } = changed;
  const patch: ClientPatch = Object.fromEntries(Object.entries(others).map(([name, { to }]) => [name, to ?? null]));
  const run: Step['run'] = (tx, { known, keeper, checkWithProvider }) => {
    const to = moved?.to === undefined ? null : organizationId(known, String(moved.to));
    const owner = moved === undefined ? {} : { organization_id: to };
    return amendClient(tx, { clientId: before.clientId, patch: { ...owner, ...patch }, keeper, checkWithProvider });
  };
  return [{ action: 'update', noun: 'client', name: before.clientId, changed, run }];
}

const nameNow = (name: string, { organizations }: CurrentState): string =>
  organizations.get(comparisonKey(name))?.name ?? name;

/** With the organization by the name it has now, as files say it. */
function named<S extends { organization_id?: string }>(
  { organization_id: id, ...settings }: S,
  { organizations }: CurrentState,
): object {
  const found = [...organizations.values()].find((organization) => organization.id === id);
  return found === undefined ? settings : { ...settings, organization: found.name };
}

const only = (said: object, given: ReadonlySet<string>): object =>
  Object.fromEntries(Object.entries(said).filter(([name]) => given.has(name)));

/** A file can switch a client off; what somebody switched off comes back with --reactivate alone. */
function whetherEnabled(
  before: CurrentClient,
  { input, given }: DeclaredClient,
  { reactivate }: ClientPlanParts,
  notes: string[],
): readonly Step[] {
  if (!given.has('enabled') || input.enabled === undefined || input.enabled === before.enabled) return [];
  const enabled = input.enabled;
  if (enabled && !reactivate) {
    notes.push(`client ${before.clientId} is disabled and stays so (--reactivate enables it)`);
    return [];
  }
  const run = async (tx: Tx, { keeper }: { keeper: ClientSecretKeeper }) => {
    await amendClient(tx, { clientId: before.clientId, patch: { enabled }, keeper });
    if (enabled) reactivated(tx, { type: 'client', id: before.clientId }, 'client');
  };
  const action = enabled ? 'reactivate' : 'update';
  return [
    { action, noun: 'client', name: before.clientId, changed: { enabled: { from: !enabled, to: enabled } }, run },
  ];
}

type DeclaredSecret = {
  readonly secret: string | undefined;
  readonly hash: string;
  /** Every stored form this secret may have. */
  readonly forms: readonly string[];
  readonly fingerprint: string;
};

function declaredSecret({ input }: DeclaredClient, keeper: ClientSecretKeeper): DeclaredSecret | undefined {
  const { client_secret: secret, client_secret_hash: hash } = input;
  if (hash !== undefined) return { secret: undefined, hash, forms: [hash], fingerprint: hash };
  if (secret === undefined) return undefined;
  const own = keeper.hash(secret);
  return { secret, hash: own, forms: [own, declareClientSecret(secret)], fingerprint: own };
}

/** Another secret in the file: the one in use works on during the change-over. */
function rotation(before: CurrentClient, declared: DeclaredSecret): readonly Step[] {
  if (before.secretHashes.some((hash) => declared.forms.includes(hash))) return [];
  return [
    {
      action: 'update',
      noun: 'client',
      name: before.clientId,
      changed: { client_secret: { to: '[redacted]' } },
      run: (tx, { keeper }) => replaceDeclaredSecret(tx, { clientId: before.clientId, keeper, ...secretOf(declared) }),
    },
  ];
}

const secretOf = ({ secret, hash }: DeclaredSecret) => (secret === undefined ? { hash } : { secret });
