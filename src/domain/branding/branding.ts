/**
 * The branding room owns how pages and mails look where an operator wants them to look like theirs: for the whole deployment,
 * for an organization and for an application. It is data that was checked, never a template: see branding-input.ts.
 */
import { notFound } from '../../kernel/errors.ts';
import { isUuid } from '../../kernel/ids.ts';
import type { Reader } from '../../persistence/unit-of-work.ts';
import type { BrandingInput } from './branding-input.ts';
import { type LogoImage, logoDataUrl } from './logo-image.ts';

export type BrandingOwner =
  | { readonly type: 'deployment' }
  | { readonly type: 'organization'; readonly id: string }
  | { readonly type: 'client'; readonly id: string };

export type Logo = Omit<LogoImage, 'bytes'>;
type Logos = { readonly light: Logo; readonly dark?: Logo };

/** As it is kept and shown: images by their hash, so that all of them fit in memory. */
export type BrandingSettings = Omit<BrandingInput, 'logo'> & { readonly logo?: Logos };

export type Branding = {
  readonly id: string;
  readonly settings: BrandingSettings;
  readonly managedBy: string | null;
  readonly version: number;
  readonly updatedAt: Date;
};

export const BRANDING_COLUMNS = /* sql */ `
  b.id, b.settings, b.managed_by AS "managedBy", b.version, b.updated_at AS "updatedAt"`;

/** The condition that finds a branding by `$1`, with its parameter. */
export function whereOwner(owner: BrandingOwner): { readonly where: string; readonly value: string | null } {
  if (owner.type === 'deployment')
    return { where: 'b.organization_id IS NULL AND b.client_id IS NULL AND $1::text IS NULL', value: null };
  return owner.type === 'client'
    ? { where: 'b.client_id = $1', value: owner.id }
    : { where: 'b.organization_id = $1::uuid', value: owner.id };
}

export async function findBranding(read: Reader, owner: BrandingOwner): Promise<Branding | undefined> {
  if (owner.type === 'organization' && !isUuid(owner.id)) return undefined;
  const { where, value } = whereOwner(owner);
  const [found] = await read.query<Branding>(`SELECT ${BRANDING_COLUMNS} FROM brandings b WHERE ${where}`, [value]);
  return found;
}

/** Whether there is anybody whose branding it could be. */
export async function hasOwner(read: Reader, owner: BrandingOwner): Promise<boolean> {
  if (owner.type === 'deployment') return true;
  if (owner.type === 'organization' && !isUuid(owner.id)) return false;
  const found =
    owner.type === 'organization'
      ? await read.query('SELECT id FROM organizations WHERE id = $1', [owner.id])
      : await read.query('SELECT client_id FROM clients WHERE client_id = $1', [owner.id]);
  return found.length > 0;
}

/** Throws `not_found`, for a malformed id as well. */
export async function getBranding(read: Reader, owner: BrandingOwner): Promise<Branding> {
  const found = await findBranding(read, owner);
  if (found === undefined) throw brandingNotFound();
  return found;
}

export const brandingNotFound = () =>
  notFound('brandings.not_found', { detail: 'nothing was said here: it looks as what is above it' });

type LogoRow = Pick<LogoImage, 'hash' | 'mediaType' | 'bytes'>;

/** What was put in, images included: the same again changes nothing. */
export async function brandingInputOf(read: Reader, { id, settings }: Branding): Promise<BrandingInput> {
  const { logo, ...rest } = settings;
  if (logo === undefined) return rest;
  const rows = await read.query<LogoRow>(
    'SELECT hash, media_type AS "mediaType", bytes FROM branding_logos WHERE branding_id = $1',
    [id],
  );
  const urlOf = ({ hash }: Logo): string => {
    const row = rows.find((one) => one.hash === hash);
    return row === undefined ? '' : logoDataUrl(row);
  };
  return { ...rest, logo: { light: urlOf(logo.light), ...(logo.dark && { dark: urlOf(logo.dark) }) } };
}

/** By its hash, whoever's it is; undefined once nobody uses it. */
export async function findLogo(read: Reader, hash: string): Promise<Omit<LogoRow, 'hash'> | undefined> {
  const [found] = await read.query<Omit<LogoRow, 'hash'>>(
    'SELECT media_type AS "mediaType", bytes FROM branding_logos WHERE hash = $1 LIMIT 1',
    [hash],
  );
  return found;
}
