import { createHash } from 'node:crypto';
import type { Context } from 'koa';
import { BrandingPreviewPage, type BrandingPreviewProps } from '../../../views/account/branding-preview.tsx';
import { type SamplePage, sampleDocuments } from '../../../views/account/branding-samples.tsx';
import { assetUrl } from '../../../views/assets.ts';
import { type Brand, type BrandLogo, contentIdOf, logosOf } from '../../../views/brand.ts';
import { sheetFor } from '../../../views/email/styles.ts';
import { withProduct } from '../../../views/messages/catalogue.ts';
import { sitePaths } from '../../../views/site.ts';
import {
  type BrandingOwner,
  type BrandingSettings,
  brandingInputOf,
  findBranding,
  hasOwner,
} from '../../domain/branding/branding.ts';
import { brandingInput } from '../../domain/branding/branding-input.ts';
import { keptForm } from '../../domain/branding/change-branding.ts';
import { type LogoImage, logoDataUrl } from '../../domain/branding/logo-image.ts';
import { forbidden } from '../../kernel/errors.ts';
import { faultsOf } from '../../kernel/input.ts';
import { answerPage, seeOther } from '../http/answer-page.ts';
import { brandOf, sheetOf } from '../http/brand-of.ts';
import { type ForcedScheme, forcedSheetPath, inScheme } from '../http/forced-scheme.ts';
import { addressee } from '../http/person-summary.ts';
import { catalogueFor } from '../http/present-pages.ts';
import { maySeeBranding } from './may-see-branding.ts';
import type { AccountParts } from './parts.ts';
import { formTo, postedForm, type SignedInPerson, signedInPerson } from './signed-in.ts';

/** `/account/branding`: administrators see how the saved branding looks, or one that is not saved. It changes nothing. */
export async function brandingPreview(ctx: Context, parts: AccountParts): Promise<void> {
  const person = await signedInPerson(ctx, parts, sitePaths.brandingPreview);
  if (!person) return;
  const owner = ownerIn(ctx.query);
  await assertMaySee(parts, person, owner);
  const { read } = parts.authentication;
  if (!(await hasOwner(read, owner))) return show(ctx, parts, { person, owner, typed: '{}', problem: 'no_owner' });
  const saved = await findBranding(read, owner);
  const typed = JSON.stringify(saved === undefined ? {} : await brandingInputOf(read, saved), null, 2);
  return show(ctx, parts, { person, owner, typed, tried: { settings: saved?.settings ?? {}, images: [] } });
}

/** POST `branding`: JSON, as the admin API takes it; or `saved=yes` with `organization` or `client_id`: whose is to be shown. */
export async function previewBranding(ctx: Context, parts: AccountParts): Promise<void> {
  const posted = await postedForm(ctx, parts, sitePaths.brandingPreview);
  if (!posted) return;
  const { person, form, isOurs } = posted;
  if (form.saved !== undefined) return seeOther(ctx, pathFor(ownerIn(form)));
  const { branding: typed = '' } = form;
  const owner = ownerIn(ctx.query);
  await assertMaySee(parts, person, owner);
  if (!isOurs) return show(ctx, parts, { person, owner, typed, problem: 'form_expired' });
  if (!(await hasOwner(parts.authentication.read, owner)))
    return show(ctx, parts, { person, owner, typed, problem: 'no_owner' });
  return show(ctx, parts, { person, owner, typed, ...wishIn(typed) });
}

type Named = Readonly<Record<string, string | string[] | undefined>>;

function ownerIn({ organization, client_id: clientId }: Named): BrandingOwner {
  if (typeof clientId === 'string' && clientId !== '') return { type: 'client', id: clientId };
  if (typeof organization === 'string' && organization !== '') return { type: 'organization', id: organization };
  return { type: 'deployment' };
}

function pathFor(owner: BrandingOwner): string {
  if (owner.type === 'deployment') return sitePaths.brandingPreview;
  const name = owner.type === 'client' ? 'client_id' : 'organization';
  return `${sitePaths.brandingPreview}?${name}=${encodeURIComponent(owner.id)}`;
}

/** As the admin API: whoever may see how everything is branded, or what is below an organization of theirs. */
async function assertMaySee(parts: AccountParts, { user }: SignedInPerson, owner: BrandingOwner): Promise<void> {
  const now = parts.authentication.clock.now();
  const accesses = [
    await parts.access.forUser(user.id, now),
    owner.type === 'organization' ? await parts.access.inOrganization(user.id, owner.id, now) : undefined,
  ];
  if (!accesses.some((access) => access !== undefined && maySeeBranding(access)))
    throw forbidden('branding.preview_forbidden', { detail: 'this needs the permission branding:read' });
}

type Tried = { readonly settings: BrandingSettings; readonly images: readonly LogoImage[] };
type Wish = Pick<BrandingPreviewProps, 'problem' | 'faults'> & { readonly tried?: Tried };

function wishIn(typed: string): Wish {
  let json: unknown;
  try {
    json = JSON.parse(typed);
  } catch {
    return { problem: 'not_json' };
  }
  const parsed = brandingInput.safeParse(json);
  if (parsed.success) return { tried: keptForm(parsed.data) };
  const faults = parsed.error.issues
    .flatMap((issue) => faultsOf(issue))
    .map(({ pointer = '', detail = '' }) => ({ place: pointer === '' ? '/' : pointer, detail }));
  return { problem: 'invalid', faults };
}

type Shown = Wish & { readonly person: SignedInPerson; readonly owner: BrandingOwner; readonly typed: string };

async function show(ctx: Context, parts: AccountParts, shown: Shown): Promise<void> {
  const { person, owner, typed, problem, faults, tried } = shown;
  const pictures = tried && (await picturesOf(ctx, parts, owner, tried));
  const ids = {
    organization: owner.type === 'organization' ? owner.id : '',
    clientId: owner.type === 'client' ? owner.id : '',
  };
  ctx.set('Content-Security-Policy', policyFor(pictures?.sheets ?? []));
  answerPage(
    ctx,
    <BrandingPreviewPage
      person={addressee(ctx, person.user)}
      owner={ids}
      form={formTo(parts, person, pathFor(owner))}
      typed={typed}
      problem={problem}
      faults={faults}
      documents={pictures?.documents}
    />,
    problem === undefined ? 200 : problem === 'no_owner' ? 404 : 422,
  );
}

/** Documents within the page have its policy: no script, nothing from elsewhere, our own styles by their hashes. */
const policyFor = (sheets: readonly string[]): string =>
  [
    "default-src 'none'",
    `style-src 'self' ${sheets.map((css) => `'sha256-${createHash('sha256').update(css).digest('base64')}'`).join(' ')}`.trim(),
    ...(sheets.length > 0 ? ["style-src-attr 'unsafe-inline'"] : []),
    "img-src 'self' data:",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

type Pictures = {
  readonly documents: NonNullable<BrandingPreviewProps['documents']>;
  readonly sheets: readonly string[];
};

async function picturesOf(ctx: Context, parts: AccountParts, owner: BrandingOwner, tried: Tried): Promise<Pictures> {
  const brandings = parts.brandings.held() ?? (await parts.brandings.load());
  const layers = brandings.layersWith(owner, tried.settings);
  const brand: Brand = { ...withImages(brandOf(layers), tried.images), stylesheets: [] };
  const words = catalogueFor(ctx);
  const look = { catalogue: brand.name === undefined ? words : withProduct(words, brand.name), brand };
  const drawn = sampleDocuments(look, new URL(parts.issuer).host);
  const css = layers.map((layer) => sheetOf(layer)?.css ?? '').join('');
  const schemes = ['light', 'dark'] as const;
  const forScheme = (scheme: ForcedScheme) =>
    Object.fromEntries(
      Object.entries(drawn).map(([page, html]) => [page, standAlone(html, { brand, css, scheme })]),
    ) as Record<SamplePage, string>;
  return {
    documents: { light: forScheme('light'), dark: forScheme('dark') },
    sheets: schemes.flatMap((scheme) => [inScheme(css, scheme), inScheme(sheetFor(brand), scheme)]),
  };
}

type Frame = { readonly brand: Brand; readonly css: string; readonly scheme: ForcedScheme };

/** A document that needs nothing of the request it was made in. */
function standAlone(html: string, { brand, css, scheme }: Frame): string {
  // A picture takes no focus.
  const still = html.replaceAll(/(<input [^>]*) autofocus/g, '$1');
  const withLogos = logosOf(brand).reduce((text, one) => text.replaceAll(`cid:${contentIdOf(one)}`, one.url), still);
  const own = withLogos.replace(assetUrl('doorward.css'), forcedSheetPath(scheme));
  const isPage = own !== withLogos;
  return inScheme(isPage ? own.replace('</head>', () => `<style>${css}</style></head>`) : own, scheme);
}

/** Images that nobody has saved stand in the page itself. */
function withImages(brand: Brand, images: readonly LogoImage[]): Brand {
  const here = (logo: BrandLogo): BrandLogo => {
    const image = images.find(({ hash }) => hash === logo.hash);
    return image === undefined ? logo : { ...logo, url: logoDataUrl(image) };
  };
  const { logo } = brand;
  return logo === undefined
    ? brand
    : { ...brand, logo: { light: here(logo.light), ...(logo.dark && { dark: here(logo.dark) }) } };
}
