import { isDeepStrictEqual } from 'node:util';
import { assertVersion, versionMismatch } from '../../kernel/assert-version.ts';
import { notFound } from '../../kernel/errors.ts';
import { isUuid, newId } from '../../kernel/ids.ts';
import { onConstraint, type Tx } from '../../persistence/unit-of-work.ts';
import {
  type Branding,
  type BrandingOwner,
  type BrandingSettings,
  brandingNotFound,
  findBranding,
  getBranding,
} from './branding.ts';
import type { BrandingInput } from './branding-input.ts';
import { type LogoImage, readLogo } from './logo-image.ts';

export type BrandingChange = {
  readonly owner: BrandingOwner;
  readonly input: BrandingInput;
  readonly expectedVersion?: number | undefined;
  readonly managedBy?: string;
};

/** Sets the whole of it. Throws `not_found` for an owner that there is not, `precondition('request.version_mismatch')`. */
export async function setBranding(
  tx: Tx,
  { owner, input, expectedVersion, managedBy }: BrandingChange,
): Promise<Branding> {
  await lockOwner(tx, owner);
  const before = await findBranding(tx, owner);
  // If-Match on what is not there yet: somebody removed it meanwhile.
  if (before === undefined && expectedVersion !== undefined) throw versionMismatch('branding');
  if (before !== undefined) assertVersion('branding', before.version, expectedVersion);
  const { settings, images } = keptForm(input);
  if (before !== undefined && isDeepStrictEqual(before.settings, settings)) return before;
  const id = before?.id ?? newId<string>(tx.now.getTime());
  await write(tx, { id, owner, settings, isNew: before === undefined, managedBy: managedBy ?? null });
  await writeLogos(tx, id, images);
  const names = new Set([...Object.keys(before?.settings ?? {}), ...Object.keys(settings)]) as Set<
    keyof BrandingSettings
  >;
  const changed = [...names]
    .filter((name) => !isDeepStrictEqual(before?.settings[name], settings[name]))
    .map((name) => [name, { from: before?.settings[name] ?? null, to: settings[name] ?? null }]);
  tx.record({ type: 'brandings.set', target: targetOf(owner), details: { changed: Object.fromEntries(changed) } });
  tx.announce({ topic: 'brandings', key: '*' });
  return getBranding(tx, owner);
}

/** From now on it looks as what is above it. Throws `not_found`, `precondition('request.version_mismatch')`. */
export async function removeBranding(
  tx: Tx,
  { owner, expectedVersion }: Pick<BrandingChange, 'owner' | 'expectedVersion'>,
): Promise<void> {
  await lockOwner(tx, owner).catch(() => {
    throw brandingNotFound();
  });
  const before = await getBranding(tx, owner);
  assertVersion('branding', before.version, expectedVersion);
  await tx.query('DELETE FROM brandings WHERE id = $1', [before.id]);
  tx.record({ type: 'brandings.removed', target: targetOf(owner), details: { was: before.settings } });
  tx.announce({ topic: 'brandings', key: '*' });
}

const targetOf = (owner: BrandingOwner) => ({
  type: owner.type,
  id: owner.type === 'deployment' ? 'deployment' : owner.id,
});

type Kept = { readonly settings: BrandingSettings; readonly images: readonly LogoImage[] };

/** Images apart from what refers to them. */
export function keptForm({ logo, ...rest }: BrandingInput): Kept {
  if (logo === undefined) return { settings: rest, images: [] };
  const light = checkedLogo(logo.light);
  const dark = logo.dark === undefined ? undefined : checkedLogo(logo.dark);
  const logos = { light: withoutBytes(light), ...(dark && { dark: withoutBytes(dark) }) };
  return { settings: { ...rest, logo: logos }, images: dark === undefined ? [light] : [light, dark] };
}

const withoutBytes = ({ bytes: _, ...logo }: LogoImage) => logo;

function checkedLogo(text: string): LogoImage {
  const logo = readLogo(text);
  if ('fault' in logo) throw new Error(`a logo reached the room unchecked: ${logo.fault}`);
  return logo;
}

/** Two that set it at once: the second sees what the first did. */
async function lockOwner(tx: Tx, owner: BrandingOwner): Promise<void> {
  if (owner.type === 'deployment') return;
  const isOrganization = owner.type === 'organization';
  if (isOrganization && !isUuid(owner.id)) throw ownerNotFound(owner.type);
  const found = isOrganization
    ? await tx.query('SELECT FROM organizations WHERE id = $1 FOR NO KEY UPDATE', [owner.id])
    : await tx.query('SELECT FROM clients WHERE client_id = $1 FOR NO KEY UPDATE', [owner.id]);
  if (found.length === 0) throw ownerNotFound(owner.type);
}

const ownerNotFound = (type: 'organization' | 'client') =>
  type === 'client'
    ? notFound('clients.not_found', { detail: 'there is no client with this client_id' })
    : notFound('organizations.not_found', { detail: 'there is no such organization' });

type Row = {
  readonly id: string;
  readonly owner: BrandingOwner;
  readonly settings: BrandingSettings;
  readonly isNew: boolean;
  readonly managedBy: string | null;
};

async function write(tx: Tx, { id, owner, settings, isNew, managedBy }: Row): Promise<void> {
  const json = JSON.stringify(settings);
  if (!isNew) {
    await tx.query(
      `UPDATE brandings SET settings = $2::jsonb, managed_by = coalesce($3, managed_by), version = version + 1, updated_at = $4
       WHERE id = $1`,
      [id, json, managedBy, tx.now],
    );
    return;
  }
  await tx
    .query(
      `INSERT INTO brandings (id, organization_id, client_id, settings, managed_by, created_at, updated_at)
       VALUES ($1, $2, $3, $4::jsonb, $5, $6, $6)`,
      [
        id,
        owner.type === 'organization' ? owner.id : null,
        owner.type === 'client' ? owner.id : null,
        json,
        managedBy,
        tx.now,
      ],
    )
    .catch(onConstraint('brandings_of_deployment', () => versionMismatch('branding')));
}

export async function writeLogos(tx: Tx, brandingId: string, images: readonly LogoImage[]): Promise<void> {
  await tx.query('DELETE FROM branding_logos WHERE branding_id = $1 AND NOT hash = ANY ($2::text[])', [
    brandingId,
    images.map(({ hash }) => hash),
  ]);
  for (const { hash, mediaType, bytes } of images)
    await tx.query(
      `INSERT INTO branding_logos (branding_id, hash, media_type, bytes) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
      [brandingId, hash, mediaType, bytes],
    );
}
