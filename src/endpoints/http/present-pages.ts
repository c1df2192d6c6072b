import type { Context, Middleware, Next } from 'koa';
import type { Brand } from '../../../views/brand.ts';
import { type Look, plainLook } from '../../../views/look.ts';
import { type Catalogue, withProduct } from '../../../views/messages/catalogue.ts';
import { isLanguage, type Language, lookUpLanguage } from '../../../views/messages/languages.ts';
import type { BrandingFor, BrandingLookup, Brandings } from '../../domain/branding/branding-lookup.ts';
import { brandOf } from './brand-of.ts';

export type PresentationParts = {
  readonly issuer: string;
  readonly catalogueOf: CatalogueOf;
  /** For people who ask for no language that there is. */
  readonly language: Language;
  readonly brandings: BrandingLookup;
};

export type CatalogueOf = (language: Language) => Catalogue;

/** What a door knows of the person's languages, beyond what their browser says. */
export type LanguageWishes = {
  /** OpenID Connect Core §3.1.2.1, as it was sent: tags in order of preference, divided by spaces. */
  readonly uiLocales?: unknown;
  /** Of the person the page speaks to (RFC 7643 §4.1.1). */
  readonly person?:
    | { readonly preferredLanguage?: string | undefined; readonly locale?: string | undefined }
    | undefined;
};

const nameFor = (issuer: string): string =>
  issuer.startsWith('https:') ? '__Host-doorward_language' : 'doorward_language';

const ONE_YEAR_MS = 365 * 24 * 60 * 60 * 1000;
const CHOICE = 'lang';

/** Stands before all doors: pages learn from it in which language they are. `?lang=` on any page chooses one and keeps the choice. */
export function presentPages(parts: PresentationParts): Middleware {
  return (ctx, next) => {
    ctx.state.presentation = parts;
    if (ctx.querystring.includes(`${CHOICE}=`)) keepChoice(ctx, parts.issuer);
    ctx.state.brandings = parts.brandings.held();
    return ctx.state.brandings === undefined && !UNBRANDED.test(ctx.path) ? loadBrandings(ctx, parts, next) : next();
  };
}

/** Whether the process lives is told without the database. */
const UNBRANDED = /^\/(?:health|metrics|assets)(?:\/|$)/;

/** Without them pages look as the product does: an error can be shown while the database is away. */
async function loadBrandings(ctx: Context, { brandings }: PresentationParts, next: Next): Promise<void> {
  ctx.state.brandings = await brandings.load().catch(() => undefined);
  await next();
}

/** Tells the pages of this request whom they are for, as far as that decides how they look. */
export function wishBrand(ctx: Context, wanted: BrandingFor): void {
  const known: BrandingFor | undefined = ctx.state.brandingFor;
  ctx.state.brandingFor = { ...known, ...wanted };
}

function brandFor(ctx: Context): Brand | undefined {
  const brandings: Brandings | undefined = ctx.state.brandings;
  if (brandings === undefined || brandings.all.length === 0) return undefined;
  return brandOf(brandings.layersFor(ctx.state.brandingFor ?? {}));
}

function keepChoice(ctx: Context, issuer: string): void {
  const choice = String(ctx.query[CHOICE]);
  if ((ctx.method !== 'GET' && ctx.method !== 'HEAD') || !isLanguage(choice)) return;
  ctx.state.language = choice;
  ctx.cookies.set(nameFor(issuer), choice, {
    httpOnly: true,
    sameSite: 'lax',
    secure: issuer.startsWith('https:'),
    path: '/',
    maxAge: ONE_YEAR_MS,
    signed: false,
    overwrite: true,
  });
}

/** Tells the pages of this request what is known of the person's languages. Called before the page is answered. */
export function wishLanguage(ctx: Context, wishes: LanguageWishes): void {
  const known: LanguageWishes | undefined = ctx.state.languageWishes;
  ctx.state.languageWishes = { ...known, ...wishes };
}

/** The language of the pages of this request: the person's own choice, else what is known of them, else the browser's. */
export function languageOf(ctx: Context): Language {
  const parts: PresentationParts | undefined = ctx.state.presentation;
  const wishes: LanguageWishes = ctx.state.languageWishes ?? {};
  const chosen: unknown = ctx.state.language ?? ctx.cookies.get(nameFor(parts?.issuer ?? ''), { signed: false });
  return (
    (typeof chosen === 'string' && isLanguage(chosen) ? chosen : undefined) ??
    lookUpLanguage(typeof wishes.uiLocales === 'string' ? wishes.uiLocales.split(' ') : []) ??
    languageOfPerson(wishes.person) ??
    lookUpLanguage(acceptedLanguages(ctx)) ??
    parts?.language ??
    'en'
  );
}

/** The language to write to a person in; undefined when nothing is known of it. */
export function languageOfPerson(person: LanguageWishes['person']): Language | undefined {
  const preferred = person?.preferredLanguage?.split(',').map((part) => part.split(';')[0]?.trim() ?? '') ?? [];
  return lookUpLanguage([...preferred, ...(person?.locale ? [person.locale] : [])]);
}

/** RFC 9110 §12.5.4, best first; without the header nothing is wished. */
function acceptedLanguages(ctx: Context): readonly string[] {
  return ctx.get('Accept-Language') === '' ? [] : ctx.acceptsLanguages();
}

/** The words of the pages of this request, for what a door says in words itself. */
export function catalogueFor(ctx: Context): Catalogue {
  const parts: PresentationParts | undefined = ctx.state.presentation;
  return parts ? parts.catalogueOf(languageOf(ctx)) : plainLook.catalogue;
}

const branded = (catalogue: Catalogue, brand: Brand | undefined): Catalogue =>
  brand?.name === undefined ? catalogue : withProduct(catalogue, brand.name);

/** How the pages of this request look. */
export function lookOf(ctx: Context): Look {
  const parts: PresentationParts | undefined = ctx.state.presentation;
  const kept = keptQuery(ctx);
  const brand = brandFor(ctx);
  return {
    catalogue: branded(catalogueFor(ctx), brand),
    english: parts && branded(parts.catalogueOf('en'), brand),
    brand,
    ...(kept === undefined ? {} : { inLanguage: (language) => `?${kept}${CHOICE}=${language}` }),
  };
}

/** What a page's links to itself repeat of its query: a one-time link's token, an application. Nothing else of an address is put into a page. */
const OWN_QUERY = /^((?:token=[\w-]{1,256}|client_id=[\w.~%-]{1,512})(?:&|$))?(?:lang=[\w-]*)?$/;

/** Undefined where there is no way back to the page: the answer to a form, the request of an application. */
function keptQuery({ method, querystring }: Context): string | undefined {
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  const [found, token = ''] = OWN_QUERY.exec(querystring) ?? [];
  if (found === undefined) return undefined;
  return token === '' || token.endsWith('&') ? token : `${token}&`;
}
