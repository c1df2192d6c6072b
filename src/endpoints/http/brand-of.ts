import { createHash } from 'node:crypto';
import type { Brand, BrandLogo } from '../../../views/brand.ts';
import { brandSheet, fontFamily } from '../../../views/brand-sheet.ts';
import type { BrandingSettings, Logo } from '../../domain/branding/branding.ts';
import { paletteOf } from '../../domain/branding/palette.ts';

export const BRANDING_PATH = '/branding';

/** Of each branding's colours and fonts; the address changes with what is in it. */
export type Sheet = { readonly path: string; readonly css: string };

const sheets = new WeakMap<BrandingSettings, Sheet | undefined>();

export function sheetOf(settings: BrandingSettings): Sheet | undefined {
  if (!sheets.has(settings)) sheets.set(settings, makeSheet(settings));
  return sheets.get(settings);
}

function makeSheet({ colors, font }: BrandingSettings): Sheet | undefined {
  const css = brandSheet(colors && paletteOf(colors), font);
  if (css === '') return undefined;
  const hash = createHash('sha256').update(css).digest('base64url').slice(0, 22);
  return { path: `${BRANDING_PATH}/${hash}.css`, css };
}

/** From the deployment's to the client's: what comes later counts, colours and logos as a whole. */
export function brandOf(layers: readonly BrandingSettings[]): Brand {
  const last = <Name extends keyof BrandingSettings>(name: Name): BrandingSettings[Name] | undefined =>
    layers.findLast((layer) => layer[name] !== undefined)?.[name];
  const logo = last('logo');
  const colors = last('colors');
  return {
    name: last('name'),
    ...(logo && { logo: { light: logoOf(logo.light), ...(logo.dark && { dark: logoOf(logo.dark) }) } }),
    stylesheets: layers.map(sheetOf).flatMap((sheet) => (sheet === undefined ? [] : [sheet.path])),
    links: Object.assign({}, ...layers.map(({ links }) => links)),
    ...(colors && { mailColors: paletteOf(colors) }),
    mailFont: fontFamily(last('font')),
  };
}

const logoOf = ({ hash, width, height }: Logo): BrandLogo => ({
  url: `${BRANDING_PATH}/logos/${hash}`,
  hash,
  width,
  height,
});

export const senderOf = (layers: readonly BrandingSettings[]): string | undefined =>
  layers.findLast(({ mailSender }) => mailSender !== undefined)?.mailSender;
